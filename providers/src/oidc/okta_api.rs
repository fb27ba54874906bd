//! Okta's own API, read with the organisation's token (OKT-06; annex c.8): what `id_token` and userinfo leave out of a person.
//!
//! Shapes from Okta's documentation: `GET /api/v1/users/{id}`, `GET /api/v1/users/{id}/groups`, header
//! `Authorization: SSWS <token>`, pages by `Link: <…>; rel="next"`, limits in `X-Rate-Limit-*`. The token goes to the
//! configured domain and nowhere else.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, LINK};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use serde_json::{Map, Value};
use url::Url;
use vestibule_certs::secret::Secret;
use vestibule_certs::strict_json;
use vestibule_policies::claims::ClaimName;
use vestibule_policies::code::Code;
use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::ports::Http;

use super::json::{self, CAPS, object};

/// Groups of one page; Okta gives as many at most.
const PAGE: usize = 200;
/// More than these are more groups than are kept of anybody.
const MOST_PAGES: usize = 26;
/// How long a sign-in waits for the next minute of Okta's limits.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// For everything that one sign-in asks.
const DEADLINE: Duration = Duration::from_secs(10);
/// Okta's ids have 20 characters.
const LONGEST_ID: usize = 64;
/// Members of a profile that say nothing of themselves: groups come from their own address, and no word is for a claim of a token.
const NOT_A_PROFILES: [&str; 4] = ["groups", RawAttributes::GROUP_NAMES, "email_verified", "sub"];
/// What a profile calls what tokens call otherwise (OpenID Connect Core 1.0 §5.1).
const NAMES: [(&str, &str); 3] =
    [("displayName", "name"), ("firstName", "given_name"), ("lastName", "family_name")];

/// The API of one Okta organisation.
#[derive(Debug)]
pub(super) struct OktaApi {
    domain: String,
    token: Secret,
    http: Arc<dyn Http>,
}

impl OktaApi {
    pub(super) fn new(domain: String, token: Secret, http: Arc<dyn Http>) -> Self {
        Self { domain, token, http }
    }

    /// Fills in what is missing of the four claims, of names and of groups. `subject` is the `sub` of a verified `id_token`.
    ///
    /// # Errors
    /// `OKTA-TOKEN`, `OKTA-LIMIT` or `OKTA-API`: a person is never let in on half of what is known of them.
    pub(super) async fn fill(
        &self,
        attributes: &mut RawAttributes,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), SignInError> {
        let lacks_claim = ClaimName::ALL.into_iter().any(|one| attributes.values(one.outside()).is_none());
        let lacks_groups = attributes.values(RawAttributes::GROUPS).is_none();
        let asked = async {
            if lacks_claim {
                attributes.fill_from(self.profile(subject, now).await?);
            }
            if lacks_groups {
                attributes.fill_from(self.groups(subject, now).await?);
            }
            Ok(())
        };
        let late = |_| Err(failed(format!("no answer within {} s", DEADLINE.as_secs())));
        tokio::time::timeout(DEADLINE, asked).await.unwrap_or_else(late)
    }

    async fn profile(&self, subject: &str, now: Timestamp) -> Result<RawAttributes, SignInError> {
        let address = self.address(&["users", id(subject)?])?;
        let answer = self.get(&address, now).await?;
        let user = object(answer.body()).map_err(|reason| failed(format!("{address}: {reason}")))?;
        // The address takes logins and `me` as well: whoever is meant has to be the one whom the token names.
        if user.get("id").and_then(Value::as_str) != Some(subject) {
            return Err(failed(format!("{address} answers with another person")));
        }
        let Some(Value::Object(profile)) = user.get("profile") else {
            return Err(failed(format!("{address} answers without a profile")));
        };
        let mut members: Map<String, Value> = profile.clone();
        for name in NOT_A_PROFILES {
            members.remove(name);
        }
        for (theirs, name) in NAMES {
            if let Some(value) = profile.get(theirs) {
                members.entry(name).or_insert_with(|| value.clone());
            }
        }
        Ok(json::attributes(&members, Source::Api))
    }

    /// Groups by their ids, which stay when somebody renames them, with the names beside.
    async fn groups(&self, subject: &str, now: Timestamp) -> Result<RawAttributes, SignInError> {
        let mut next = Some(self.address(&["users", id(subject)?, "groups"])?);
        if let Some(first) = &mut next {
            first.query_pairs_mut().append_pair("limit", &PAGE.to_string());
        }
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        let mut pages = 0;
        while let Some(address) = next {
            pages += 1;
            if pages > MOST_PAGES {
                return Err(failed(format!("the person's groups fill more than {MOST_PAGES} pages")));
            }
            let answer = self.get(&address, now).await?;
            let page = strict_json::parse(answer.body(), CAPS);
            let Ok(Value::Array(page)) = page else {
                return Err(failed(format!("{address} answers with no list")));
            };
            for group in &page {
                let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
                let unnamed = || failed(format!("{address} names a group without an id"));
                let id = text(group.get("id")).filter(|id| is_id(id)).ok_or_else(unnamed)?;
                let name = text(group.pointer("/profile/name")).filter(|name| !name.trim().is_empty());
                names.push(name.unwrap_or_else(|| id.clone()));
                ids.push(id);
            }
            next = self.next(answer.headers())?;
        }
        let mut attributes = RawAttributes::default();
        attributes.push(RawAttributes::GROUPS, ids, Source::Api);
        attributes.push(RawAttributes::GROUP_NAMES, names, Source::Api);
        Ok(attributes)
    }

    /// RFC 8288 §3: the page after this one, which has to be of the same API: the token goes nowhere else.
    fn next(&self, headers: &HeaderMap) -> Result<Option<Url>, SignInError> {
        let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        let next = links.flat_map(|line| line.split(',')).find_map(|link| {
            let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
            let is_next = |parameter: &str| matches!(parameter.trim(), "rel=\"next\"" | "rel=next");
            parameters.split(';').any(is_next).then_some(address)
        });
        let Some(next) = next else { return Ok(None) };
        let root = self.address(&[])?;
        let ours = |url: &Url| url.origin() == root.origin() && url.path().starts_with("/api/v1/");
        match Url::parse(next).ok().filter(ours) {
            Some(url) => Ok(Some(url)),
            None => Err(failed(format!("the next page is at {next}, which is not this API"))),
        }
    }

    /// One answer of 200, after one wait for the limit at most.
    async fn get(&self, address: &Url, now: Timestamp) -> Result<Response<Vec<u8>>, SignInError> {
        let answer = self.send(address).await?;
        if answer.status() != StatusCode::TOO_MANY_REQUESTS {
            return judged(address, answer);
        }
        let wait = until_reset(answer.headers(), now);
        let Some(wait) = wait.filter(|wait| *wait <= LONGEST_WAIT) else {
            return Err(limited(address, wait));
        };
        tokio::time::sleep(wait).await;
        let again = self.send(address).await?;
        if again.status() == StatusCode::TOO_MANY_REQUESTS {
            return Err(limited(address, until_reset(again.headers(), now)));
        }
        judged(address, again)
    }

    async fn send(&self, address: &Url) -> Result<Response<Vec<u8>>, SignInError> {
        let token = HeaderValue::from_str(&format!("SSWS {}", self.token.expose()));
        let refuse =
            |_| SignInError::new(Code::OktaToken, "the api_token has characters that no header takes");
        let mut token = token.map_err(refuse)?;
        token.set_sensitive(true);
        let request = Request::get(address.as_str())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, token)
            .body(Vec::new())
            .map_err(|error| failed(error.to_string()))?;
        self.http.send(request).await.map_err(|error| failed(format!("{address}: {error}")))
    }

    fn address(&self, below: &[&str]) -> Result<Url, SignInError> {
        let mut url = Url::parse(&self.domain).map_err(|error| failed(error.to_string()))?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["api", "v1"]).extend(below);
        }
        Ok(url)
    }

    /// Looks at the token: one page of people, and what limit the answer tells.
    pub(super) async fn check_token(&self, now: Timestamp) -> Result<String, SignInError> {
        let mut limit = String::new();
        for what in ["users", "groups"] {
            let mut address = self.address(&[what])?;
            address.query_pairs_mut().append_pair("limit", "1");
            let answer = self.get(&address, now).await?;
            let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
            if let (Some(most), Some(left)) = (header("x-rate-limit-limit"), header("x-rate-limit-remaining"))
            {
                limit = format!("; {left} of {most} requests are left in this minute");
            }
        }
        Ok(format!("it reads people and groups{limit}"))
    }

    /// Which of the four attributes the profile of people has; a connection may well read others.
    pub(super) async fn check_schema(&self, now: Timestamp) -> Result<String, SignInError> {
        let address = self.address(&["meta", "schemas", "user", "default"])?;
        let answer = self.get(&address, now).await?;
        let schema = object(answer.body()).map_err(|reason| failed(format!("{address}: {reason}")))?;
        let custom = schema.get("definitions").and_then(|all| all.pointer("/custom/properties"));
        let (there, missing): (Vec<_>, Vec<_>) = ClaimName::ALL
            .into_iter()
            .map(ClaimName::outside)
            .partition(|name| custom.is_some_and(|custom| custom.get(name).is_some()));
        let list = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Ok(format!("custom attributes of the profile: {}; missing: {}", list(&there), list(&missing)))
    }
}

fn judged(address: &Url, answer: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, SignInError> {
    match answer.status() {
        StatusCode::OK => Ok(answer),
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            Err(SignInError::new(Code::OktaToken, format!("{address} answered {status} to the api_token")))
        }
        status => Err(failed(format!("{address} answered {status}"))),
    }
}

/// `X-Rate-Limit-Reset`: seconds since 1970 at which requests are taken again.
fn until_reset(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let reset = headers.get("x-rate-limit-reset")?.to_str().ok()?.trim().parse::<i64>().ok()?;
    // Never at once: both clocks are cut to whole seconds.
    let seconds = reset.saturating_sub(now.seconds()).clamp(1, i64::from(u32::MAX));
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

fn limited(address: &Url, wait: Option<Duration>) -> SignInError {
    let reason = match wait {
        Some(wait) => format!("{address}: Okta's limit is used up for {} s", wait.as_secs()),
        None => format!("{address}: Okta's limit is used up"),
    };
    SignInError::new(Code::OktaLimit, reason)
}

fn failed(reason: String) -> SignInError {
    SignInError::new(Code::OktaApi, reason)
}

/// What becomes a segment of an address.
fn id(subject: &str) -> Result<&str, SignInError> {
    if is_id(subject) { Ok(subject) } else { Err(failed("the id_token's sub is no id of Okta's".to_owned())) }
}

fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests;
