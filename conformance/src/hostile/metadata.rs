//! The discovery document (OpenID Connect Discovery §4) and the key set (RFC 7517 §5).

use serde_json::{Map, Value, json};

use super::document::Document;
use super::fault::{ClientAuth, KeyFault};
use super::keys::{ATTACKER, object};
use super::state::{Script, State};

/// The discovery document's text.
pub(super) fn discovery(state: &State, script: &Script) -> String {
    let issuer = &state.issuer;
    let methods = match script.client_auth() {
        None => json!(["client_secret_basic", "client_secret_post"]),
        Some(ClientAuth::BasicOnly) => json!(["client_secret_basic"]),
        Some(ClientAuth::PostOnly) => json!(["client_secret_post"]),
    };
    let document = object(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}{}", state.keys_path),
        "response_types_supported": ["code", "id_token code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email"],
        "authorization_response_iss_parameter_supported": true,
    }));
    Document::new(&document).edit_all(script.discovery(), state.now()).text()
}

/// The key set's text: the good key, and whatever key the script signs with.
pub(super) fn keys(state: &State, script: &Script) -> String {
    let good = state.key().jwk();
    let kid = state.key().kid;
    let mut published = vec![text(&good)];
    if let Some(further) = state.signer(script, "").published() {
        published.push(text(&further));
    }
    for fault in script.keys() {
        match fault {
            KeyFault::Empty => published.clear(),
            KeyFault::Member(edit) => {
                let edited = Document::new(&good).edit(edit, state.now()).text();
                published = vec![edited];
            }
            KeyFault::Decoys(count) => {
                let decoys = (0..*count).map(|n| text(&decoy(&format!("decoy-{n}"))));
                published.splice(0..0, decoys);
            }
            KeyFault::DuplicateKid => published.insert(0, text(&decoy(kid))),
        }
    }
    format!(r#"{{"keys":[{}]}}"#, published.join(","))
}

/// A strong key under that name, with which nothing is signed.
fn decoy(kid: &str) -> Map<String, Value> {
    let mut jwk = ATTACKER.jwk();
    jwk.insert("kid".to_owned(), Value::from(kid));
    jwk
}

fn text(jwk: &Map<String, Value>) -> String {
    Value::Object(jwk.clone()).to_string()
}
