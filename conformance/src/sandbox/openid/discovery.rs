//! The metadata document (Discovery 1.0 section 3, RFC 8414) and the key set (RFC 7517).

use http::StatusCode;
use serde_json::json;

use super::endpoint::Endpoint;
use super::{Provider, Shape};
use crate::sandbox::reply::{self, Reply};

impl Provider {
    pub(super) fn discovery(&self) -> Reply {
        if self.settings.shape == Shape::Gateway {
            return reply::json(StatusCode::OK, &self.gateway_discovery());
        }
        let document = json!({
            "issuer": self.settings.issuer,
            "authorization_endpoint": self.url_of(Endpoint::Authorize),
            "token_endpoint": self.url_of(Endpoint::Token),
            "userinfo_endpoint": self.url_of(Endpoint::UserInfo),
            "jwks_uri": self.url_of(Endpoint::Keys),
            "end_session_endpoint": self.url_of(Endpoint::EndSession),
            "scopes_supported": ["openid", "profile", "email", "groups"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "select_account", "consent"],
            "claims_supported": [
                "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "amr", "at_hash", "cip_sid", "cip_upn",
                "cip_oid", "cip_email", "name", "given_name", "family_name", "email", "email_verified", "groups",
            ],
            "authorization_response_iss_parameter_supported": true,
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
        });
        reply::json(StatusCode::OK, &document)
    }

    /// One key at a time; it changes only with the data directory, but for a Gateway's.
    pub(super) fn keys(&self) -> Reply {
        if self.settings.shape == Shape::Gateway {
            return reply::json(StatusCode::OK, &self.rotating_keys());
        }
        reply::json(StatusCode::OK, &json!({ "keys": [self.settings.signing_key.public_jwk()] }))
    }
}
