//! What the provider says about a person, and where.
//!
//! The okta and gateway shapes put everything into the id token; the generic one only the UPN, so that a client has to
//! ask userinfo for the rest.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use serde_json::{Map, Value, json};

use super::grants::Grant;
use super::{Provider, Shape, gateway};
use crate::sandbox::people::Person;

const ID_TOKEN_SECONDS: i64 = 300;

/// This person's SID and object id are sent in the binary form, Base64; CLM-04 wants both forms known.
const SENT_IN_BINARY: &str = "bob";

impl Provider {
    /// OIDC Core section 2 and 3.1.3.6.
    pub(super) fn id_token_claims(&self, person: &Person, grant: &Grant, access_token: &str) -> Value {
        let now = self.now();
        let mut claims = match self.settings.shape {
            Shape::Okta => profile(person, &grant.scopes),
            Shape::Entra => self.entra_claims(person),
            Shape::Gateway => gateway::claims(person),
            Shape::Generic => Map::from_iter([("cip_upn".to_owned(), json!(person.upn))]),
        };
        if let Some(nonce) = &grant.nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let protocol = [
            ("iss", json!(self.settings.issuer)),
            ("sub", json!(self.subject(person))),
            ("aud", json!(grant.client_id)),
            ("iat", json!(now)),
            ("exp", json!(now.saturating_add(ID_TOKEN_SECONDS))),
            ("auth_time", json!(grant.session.auth_time)),
            ("amr", json!(["pwd"])),
            ("at_hash", json!(half_hash(access_token))),
        ];
        claims.extend(protocol.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(claims)
    }

    /// OIDC Core 5.3.2: `sub` is the id token's, or the client has to throw the rest away.
    pub(super) fn userinfo_claims(&self, person: &Person, scopes: &[String]) -> Value {
        let mut claims = profile(person, scopes);
        claims.insert("sub".to_owned(), json!(self.subject(person)));
        Value::Object(claims)
    }

    /// Opaque, and the same for a person at every sign-in; another at every issuer.
    pub(super) fn subject(&self, person: &Person) -> String {
        let text = format!("{}\n{}", self.settings.issuer, person.username);
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let start: Vec<u8> = hash.as_ref().iter().take(15).copied().collect();
        URL_SAFE_NO_PAD.encode(start)
    }
}

/// OIDC Core 5.4: `profile` and `email` ask for their claims; the directory's own are always sent.
fn profile(person: &Person, scopes: &[String]) -> Map<String, Value> {
    let asked = |name: &str| scopes.iter().any(|scope| scope == name);
    let mut claims = vec![
        ("cip_upn", json!(person.upn)),
        ("cip_email", json!(person.email)),
        ("groups", json!(person.groups)),
    ];
    claims.extend(identifiers(person));
    if asked("profile") {
        claims.push(("name", json!(person.display_name)));
        claims.push(("given_name", json!(person.given_name)));
        claims.push(("family_name", json!(person.family_name)));
        claims.push(("preferred_username", json!(person.upn)));
    }
    if asked("email") {
        claims.push(("email", json!(person.email)));
        claims.push(("email_verified", json!(true)));
    }
    claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A claim without a value is left out, never sent empty.
fn identifiers(person: &Person) -> impl Iterator<Item = (&'static str, Value)> {
    let (sid, oid) = if person.username == SENT_IN_BINARY {
        let encode = |bytes: &[u8]| STANDARD.encode(bytes);
        (person.security_id_bytes().map(|b| encode(&b)), person.object_id_bytes().map(|b| encode(&b)))
    } else {
        (person.security_id.clone(), person.object_id.clone())
    };
    let pairs = [("cip_sid", sid), ("cip_oid", oid)];
    pairs.into_iter().filter_map(|(name, value)| Some((name, json!(value?))))
}

/// OIDC Core 3.1.3.6: the left half of the hash.
fn half_hash(access_token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let half: Vec<u8> = hash.as_ref().iter().take(16).copied().collect();
    URL_SAFE_NO_PAD.encode(half)
}
