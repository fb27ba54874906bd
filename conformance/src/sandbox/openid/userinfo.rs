//! The userinfo endpoint (OIDC Core 5.3) for the holder of an access token (RFC 6750).

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use super::Provider;
use crate::sandbox::call::Call;
use crate::sandbox::reply::{self, Reply};

impl Provider {
    pub(super) fn userinfo(&self, call: &Call) -> Reply {
        let header = call.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.split_once(' '));
        let Some((_, token)) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            // RFC 6750 section 3.1: no error code for a request without a token.
            return refused("Bearer realm=\"sandbox\"");
        };
        let grants = self.grants();
        let access = grants.access(token.trim(), self.now());
        let known = access.and_then(|a| Some((self.settings.people.by_username(&a.username)?, &a.scopes)));
        match known {
            Some((person, scopes)) => reply::json(StatusCode::OK, &self.userinfo_claims(person, scopes)),
            None => refused("Bearer realm=\"sandbox\", error=\"invalid_token\""),
        }
    }
}

fn refused(challenge: &'static str) -> Reply {
    let mut reply = reply::json(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
    reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    reply
}
