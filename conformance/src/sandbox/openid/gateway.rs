//! What an on-premises Gateway does in its own way: addresses, claims, and keys that change with every message. Shape from docs.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::Provider;
use super::endpoint::Endpoint;
use super::token::TokenError;
use crate::sandbox::bounded::random_secret;
use crate::sandbox::people::Person;
use crate::sandbox::rsa_key::RsaSigningKey;

/// Keys that are published: those of the latest tokens, so that sign-ins side by side find theirs.
const PUBLISHED: usize = 16;

/// The latest keys, by name, each with its place in the settings.
#[derive(Debug, Default)]
pub(super) struct Rotation(Mutex<VecDeque<(String, usize)>>);

impl Provider {
    /// The document as the firmware's template has it; what it leaves out no Gateway says.
    pub(super) fn gateway_discovery(&self) -> Value {
        json!({
            "issuer": self.settings.issuer,
            "authorization_endpoint": self.url_of(Endpoint::Authorize),
            "token_endpoint": self.url_of(Endpoint::Token),
            "jwks_uri": self.url_of(Endpoint::Keys),
            "userinfo_endpoint": self.url_of(Endpoint::UserInfo),
            "end_session_endpoint": self.url_of(Endpoint::EndSession),
            "response_types_supported": ["code", "token", "id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "ctxs_cc"],
            "subject_types_supported": ["public"],
            "frontchannel_logout_supported": true,
        })
    }

    pub(super) fn rotating_keys(&self) -> Value {
        let latest = self.rotation.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let named = latest.iter().filter_map(|(name, place)| Some(self.key(*place)?.public_jwk_as(name)));
        // Nobody has signed in yet: a Gateway has keys all the same.
        let keys: Vec<Value> = named.collect();
        if keys.is_empty() {
            return json!({ "keys": [self.settings.signing_key.public_jwk()] });
        }
        json!({ "keys": keys })
    }

    /// Signs under a name that no token had before, with each of the two keys in turn.
    pub(super) fn sign_with_a_new_key(&self, claims: &Value) -> Result<String, TokenError> {
        let name = random_secret().ok_or(TokenError::ServerError)?;
        let mut latest = self.rotation.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = latest.back().map_or(0, |(_, before)| 1 - before.min(&1));
        let place = if self.key(place).is_some() { place } else { 0 };
        latest.push_back((name.clone(), place));
        if latest.len() > PUBLISHED {
            latest.pop_front();
        }
        drop(latest);
        let key = self.key(place).ok_or(TokenError::ServerError)?;
        key.sign_as(&name, claims).map_err(|_| TokenError::ServerError)
    }

    fn key(&self, place: usize) -> Option<&RsaSigningKey> {
        match place {
            0 => Some(&*self.settings.signing_key),
            _ => self.settings.second_key.as_deref(),
        }
    }
}

/// The claims in a Gateway's spelling. Whom the LDAP lookup does not find has empty ones.
pub(super) fn claims(person: &Person) -> Map<String, Value> {
    let found = person.security_id.is_some();
    let text = |value: &str| if found { json!(value) } else { json!("") };
    let (_, domain) = person.upn.split_once('@').unwrap_or_default();
    let claims = [
        ("name", json!(person.display_name)),
        ("upn", text(&person.upn)),
        ("email", text(&person.email)),
        ("ctx_auth_alias", json!(person.username)),
        ("cip_domain", text(domain)),
        ("cip_forest", text(domain)),
        ("sid", json!(person.security_id.as_deref().unwrap_or_default())),
        ("oid", json!(person.object_id.as_deref().unwrap_or_default())),
        ("familyname", json!(person.family_name)),
        ("givename", json!(person.given_name)),
        ("domain", text("CORP")),
        ("groups", json!(person.groups)),
    ];
    claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
