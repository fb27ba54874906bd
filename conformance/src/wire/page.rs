//! What a request ended in: the last answer, the hops that led there, and how to read it.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, REFRESH};
use http::{HeaderMap, StatusCode};
use url::Url;

use super::form::{Form, Link, collapse, forms, links};
use super::html::{Token, tokens};
use super::navigation::{Initiator, Navigation};
use super::referrer::ReferrerPolicy;
use super::transport::WireError;

/// One answer on the way to a page.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The address that was asked.
    pub url: Url,
    /// What it answered.
    pub status: StatusCode,
    /// With which headers; every `Set-Cookie` is here.
    pub headers: HeaderMap,
}

/// An answer in the browser's window.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address in the bar.
    pub url: Url,
    /// The status of the last answer.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, 16 MiB at most.
    pub body: Bytes,
    /// Every answer that led here, this one last.
    pub hops: Vec<Hop>,
    /// How the browser came here, for going on from a redirect that it stopped before.
    pub(super) navigation: Option<Navigation>,
}

impl Page {
    /// A page that no server sent: an attacker's page with links, forms and pictures of its own.
    ///
    /// # Errors
    /// `Address` when `url` is none.
    pub fn imagined(url: &str, html: &str) -> Result<Self, WireError> {
        let url = Url::parse(url).map_err(|_| WireError::Address(url.to_owned()))?;
        Ok(Self {
            url,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(html.as_bytes()),
            hops: Vec::new(),
            navigation: None,
        })
    }

    /// The body as text; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text_body(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What a person reads: no markup, no scripts, single spaces.
    #[must_use]
    pub fn text(&self) -> String {
        let mut read = String::new();
        for token in tokens(&self.text_body()) {
            match token {
                Token::Text(text) => read.push_str(&text),
                // A place where a word may break is none between two words.
                Token::Open { name, .. } if name == "wbr" => {}
                Token::Open { .. } | Token::Close(_) => read.push(' '),
            }
        }
        collapse(&read)
    }

    /// The body as JSON, `Null` if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header's first value, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Every form, in order.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        forms(self)
    }

    /// The first form that has a field of this name.
    ///
    /// # Errors
    /// `Missing`, with the page's text.
    pub fn form_with(&self, field: &str) -> Result<Form, WireError> {
        let mut forms = self.forms().into_iter();
        forms
            .find(|form| form.field(field).is_some())
            .ok_or_else(|| WireError::missing("form with", field, self))
    }

    /// The first form that has a button of this text.
    ///
    /// # Errors
    /// `Missing`, with the page's text.
    pub fn form_saying(&self, button: &str) -> Result<Form, WireError> {
        let says = |form: &Form| form.buttons.iter().any(|found| found.text.contains(button));
        self.forms()
            .into_iter()
            .find(says)
            .ok_or_else(|| WireError::missing("form with button", button, self))
    }

    /// Every link, in order.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        links(self)
    }

    /// The first link whose text contains `text`.
    ///
    /// # Errors
    /// `Missing`, with the page's text.
    pub fn link(&self, text: &str) -> Result<Link, WireError> {
        let mut links = self.links().into_iter();
        links.find(|link| link.text.contains(text)).ok_or_else(|| WireError::missing("link", text, self))
    }

    /// Where a redirect would lead.
    #[must_use]
    pub fn location(&self) -> Option<Url> {
        if !self.status.is_redirection() {
            return None;
        }
        self.resolve(self.headers.get(LOCATION)?.to_str().ok()?)
    }

    /// Where the page goes on by itself: seconds to wait and address, of the `Refresh` header or the
    /// `meta` element (HTML §4.2.5.3).
    #[must_use]
    pub fn refresh(&self) -> Option<(u32, Url)> {
        let header = self.headers.get(REFRESH).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let content = header.or_else(|| {
            let tags = tokens(&self.text_body()).into_iter();
            let is_refresh = |tag: &Token| {
                tag.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"))
            };
            tags.filter(is_refresh).find_map(|tag| tag.attribute("content").map(str::to_owned))
        })?;
        let (seconds, rest) = content.split_once([';', ',']).unwrap_or((&content, ""));
        let rest = rest.trim();
        let address = match rest.get(..4) {
            Some(key) if key.eq_ignore_ascii_case("url=") => rest.get(4..).unwrap_or_default(),
            Some(_) | None => rest,
        };
        Some((seconds.trim().parse().ok()?, self.resolve(address.trim_matches(['\'', '"']))?))
    }

    /// Whether the answer says that it is HTML.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// An address relative to the page's own.
    pub(super) fn resolve(&self, reference: &str) -> Option<Url> {
        self.url.join(reference).ok()
    }

    /// The page as the starter of a further request.
    pub(super) fn initiator(&self) -> Initiator {
        let policy = ReferrerPolicy::of(&self.headers).unwrap_or_default();
        Initiator { url: self.url.clone(), policy }
    }
}
