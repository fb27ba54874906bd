//! The browsers that are signed in here.

use http::HeaderValue;
use http::header::COOKIE;

use super::{Call, SamlProvider};
use crate::saml::fresh_id;
use crate::sandbox::bounded::{Bounded, random_secret};

/// Host-only; an OpenID sandbox on the same host has another.
const SESSION_COOKIE: &str = "sandbox-saml-session";
/// A working day, so that a second sign-in of the demo needs no typing.
const SESSION_SECONDS: i64 = 8 * 60 * 60;

/// A browser's single sign-on session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) username: String,
    /// Seconds since 1970 at which the password was given.
    pub(super) auth_time: i64,
    /// `SessionIndex` of its assertions.
    pub(super) index: String,
}

impl Session {
    pub(super) fn begun(username: &str, now: i64) -> Self {
        Self { username: username.to_owned(), auth_time: now, index: fresh_id() }
    }
}

/// 10,000 at most; the cookies are kept as hashes only.
#[derive(Debug, Default)]
pub(super) struct Sessions(Bounded<Session>);

impl Sessions {
    /// saml-core section 3.7.1: a request without an index means every session of the subject, and this
    /// browser's in any case.
    pub(super) fn end(&mut self, indexes: &[String]) {
        self.0.keep_only(|session| !indexes.contains(&session.index));
    }
}

impl SamlProvider {
    pub(super) fn session(&self, call: &Call) -> Option<Session> {
        self.sessions().0.live(secret(call)?, self.now()).cloned()
    }

    pub(super) fn end_session(&self, call: &Call) {
        if let Some(secret) = secret(call) {
            drop(self.sessions().0.take(secret, self.now()));
        }
    }

    /// The earlier session of this browser ends; its secret is never taken over (session fixation).
    pub(super) fn begin_session(&self, call: &Call, session: Session) -> Option<HeaderValue> {
        self.end_session(call);
        let secret = random_secret()?;
        self.sessions().0.insert(&secret, session, self.now().saturating_add(SESSION_SECONDS));
        self.cookie(&secret, "")
    }

    /// `attributes` such as `; Max-Age=0` follow the fixed ones. A request by the POST binding arrives without
    /// the cookie (SameSite=Lax) and meets the sign-in page.
    pub(super) fn cookie(&self, value: &str, attributes: &str) -> Option<HeaderValue> {
        let path = if self.base.is_empty() { "/" } else { &self.base };
        let secure = if self.origin.starts_with("https:") { "; Secure" } else { "" };
        let text =
            format!("{SESSION_COOKIE}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{attributes}");
        HeaderValue::from_str(&text).ok()
    }
}

/// The value of the session cookie, if exactly one came.
fn secret(call: &Call) -> Option<&str> {
    let lines = call.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == SESSION_COOKIE);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}
