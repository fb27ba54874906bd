//! Lists come in pages: so many after the one that was last (`?limit=&after=`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_policies::code::Code;

use crate::administration::{FieldFault, Refusal};
use crate::http::visit::Visit;

use super::endpoint::{Answer, Endpoint, Gives};

/// Elements of a page at most, and where nothing is said.
pub(super) const MOST: usize = 100;
const USUAL: usize = 50;
/// The longest cursor: a name or a number of ours.
const LONGEST: usize = 128;

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    limit: usize,
    after: Option<String>,
}

impl Page {
    /// What the query says. What an address does not know is refused: a misspelt parameter must never pass as a default.
    pub(super) fn of(visit: &Visit<'_>, endpoint: &Endpoint) -> Result<Self, Refusal> {
        let mut page = Self { limit: USUAL, after: None };
        let mut faults = Vec::new();
        let is_list = matches!(endpoint.gives, Gives::List(_));
        let query = visit.parts.uri.query().unwrap_or_default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(16) {
            if seen.iter().any(|one| *one == name) {
                faults.push(FieldFault::invalid("", "a parameter stands there twice"));
            }
            match &*name {
                "limit" if is_list => match value.parse() {
                    Ok(limit) if (1..=MOST).contains(&limit) => page.limit = limit,
                    _ => faults.push(FieldFault::invalid("limit", "expected a number from 1 to 100")),
                },
                "after" if is_list => match cursor(&value) {
                    Some(after) => page.after = Some(after),
                    None => faults.push(FieldFault::invalid("after", "expected `next` of another page")),
                },
                _ => faults.push(FieldFault::invalid("", "there is no such parameter here")),
            }
            seen.push(name.into_owned());
        }
        if faults.is_empty() { Ok(page) } else { Err(Refusal::Faults(Code::RequestMalformed, faults)) }
    }

    /// How many, and the key of the last one before.
    pub(super) fn bounds(&self) -> (Option<&str>, usize) {
        (self.after.as_deref(), self.limit)
    }

    /// A page that was cut elsewhere, with the key of its last element if there may be more.
    pub(super) fn whole<T: Serialize>(items: &[T], last: Option<&str>) -> Result<Answer, Refusal> {
        let mut page = Map::new();
        if let Some(last) = last {
            page.insert("next".to_owned(), URL_SAFE_NO_PAD.encode(last).into());
        }
        let items = serde_json::to_value(items).map_err(|_| Code::Internal)?;
        page.insert("items".to_owned(), items);
        Ok(Answer::One { value: Value::Object(page), version: None, location: None })
    }

    /// The page of a list whose elements each have a key, by which they are ordered here.
    pub(super) fn cut<T: Serialize>(&self, mut all: Vec<(String, T)>) -> Result<Answer, Refusal> {
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut rest = all.into_iter().filter(|(key, _)| self.after.as_ref().is_none_or(|after| key > after));
        let items: Vec<(String, T)> = rest.by_ref().take(self.limit).collect();
        let more = rest.next().is_some();
        let last = items.last().map(|(last, _)| last.clone()).filter(|_| more);
        let items: Vec<T> = items.into_iter().map(|(_, item)| item).collect();
        Self::whole(&items, last.as_deref())
    }
}

fn cursor(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
