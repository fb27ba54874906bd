//! Everything that one request told the application about the person.

use http::request::Parts;
use serde_json::{Map, Value, json};

use super::Application;
use super::assertion::{Assertion, Claims};

/// The plain identity headers that the broker sets unless a route turns them off.
const PLAIN: [&str; 5] = [
    "x-forwarded-user",
    "x-forwarded-email",
    "x-forwarded-preferred-username",
    "x-forwarded-groups",
    "x-forwarded-groups-ref",
];

/// The proved and the merely said, kept apart.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) assertion: Assertion,
    /// Name in lower case and value as on the wire, percent-encoding and all; a repeated header stands twice.
    pub(super) plain: Vec<(&'static str, String)>,
}

impl Application {
    pub(super) async fn told(&self, parts: &Parts) -> Told {
        let assertion = self.assertion(&parts.headers).await;
        let values = |name: &'static str| {
            let sent = parts.headers.get_all(name).iter();
            sent.map(move |value| (name, String::from_utf8_lossy(value.as_bytes()).into_owned()))
        };
        Told { assertion, plain: PLAIN.into_iter().flat_map(values).collect() }
    }
}

impl Told {
    /// Of a verified assertion; nothing else is believed.
    pub(super) fn claims(&self) -> Option<&Claims> {
        match &self.assertion {
            Assertion::Verified(claims) => Some(claims),
            Assertion::Absent | Assertion::Refused(_) => None,
        }
    }

    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims()?.get(name)?.as_str()
    }

    /// What to call the person.
    pub(super) fn name(&self) -> Option<&str> {
        self.claim("name").or_else(|| self.claim("cip_upn"))
    }

    /// `{ assertion: { status, claims | reason }, headers: { name: value } }`.
    pub(super) fn json(&self) -> Value {
        let assertion = match &self.assertion {
            Assertion::Absent => json!({ "status": "absent" }),
            Assertion::Verified(claims) => json!({ "status": "verified", "claims": claims }),
            Assertion::Refused(error) => json!({ "status": "refused", "reason": error.to_string() }),
        };
        let headers: Map<String, Value> =
            self.plain.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({ "assertion": assertion, "headers": headers })
    }
}
