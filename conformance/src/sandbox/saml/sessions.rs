//! The browsers that are signed in here.

use http::HeaderValue;

use super::SamlProvider;
use crate::saml::fresh_id;
use crate::sandbox::bounded::{Bounded, random_secret};
use crate::sandbox::call::Call;

/// Host-only; an OpenID sandbox on the same host has another.
pub(super) const SESSION_COOKIE: &str = "sandbox-saml-session";
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
        self.sessions().0.live(call.cookie(SESSION_COOKIE)?, self.now()).cloned()
    }

    pub(super) fn end_session(&self, call: &Call) {
        if let Some(secret) = call.cookie(SESSION_COOKIE) {
            drop(self.sessions().0.take(secret, self.now()));
        }
    }

    /// The earlier session of this browser ends; its secret is never taken over (session fixation).
    /// A request by the POST binding arrives without the cookie (SameSite=Lax) and meets the sign-in page.
    pub(super) fn begin_session(&self, call: &Call, session: Session) -> Option<HeaderValue> {
        self.end_session(call);
        let secret = random_secret()?;
        self.sessions().0.insert(&secret, session, self.now().saturating_add(SESSION_SECONDS));
        self.place.cookie(SESSION_COOKIE, &secret, "")
    }
}
