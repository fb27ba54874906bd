//! One good logout token, and those that differ from it in one claim.

use std::sync::OnceLock;

use serde_json::json;
use vestibule_conformance::sandbox::rsa_key::RsaSigningKey;

use super::*;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://id.example";

fn key() -> &'static RsaSigningKey {
    static KEY: OnceLock<RsaSigningKey> = OnceLock::new();
    KEY.get_or_init(|| RsaSigningKey::generate().unwrap())
}

fn good() -> Value {
    json!({
        "iss": ISSUER, "aud": "us", "iat": NOW, "exp": NOW + 120, "jti": "1", "sub": "alice", "sid": "s",
        "events": { EVENT: {} },
    })
}

/// The good token with these claims in place of its own; `null` takes one away.
fn with(changes: &Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            other => claims[name] = other.clone(),
        }
    }
    claims
}

fn judge(claims: &Value, names_sessions: bool) -> Result<LogoutToken, Code> {
    let expectation = Expectation {
        issuer: ISSUER,
        client_id: "us",
        algorithms: &[SigningAlgorithm::RS256],
        leeway: 60,
        names_sessions,
        now: Timestamp::from_seconds(NOW),
    };
    let keys = RemoteKeySet::parse(json!({ "keys": [key().public_jwk()] }).to_string().as_bytes()).unwrap();
    let token = expectation.read(&key().sign(claims).unwrap()).map_err(|error| error.code)?;
    let token = expectation.verify(&token, &keys).map_err(|error| error.code)?;
    Ok(token.value().clone())
}

#[test]
fn a_good_token_says_whose_sessions_end() {
    let token = judge(&good(), true).unwrap();
    assert_eq!((token.subject.as_deref(), token.session_id.as_deref()), (Some("alice"), Some("s")));
    assert_eq!((token.id.as_str(), token.until), ("1", Timestamp::from_seconds(NOW + 180)));
    let token = judge(&with(&json!({ "sid": null })), true).unwrap();
    assert_eq!((token.subject.as_deref(), token.session_id), (Some("alice"), None));
    let token = judge(&with(&json!({ "sub": null })), true).unwrap();
    assert_eq!((token.subject, token.session_id.as_deref()), (None, Some("s")));
}

#[test]
fn one_wrong_claim_is_enough() {
    let event = |value: Value| json!({ "events": { EVENT: value } });
    for (row, changes, code) in [
        ("iss of another", json!({ "iss": "https://id.example/" }), Code::OidcTokenIssuer),
        ("no iss", json!({ "iss": null }), Code::OidcTokenIssuer),
        ("aud of another", json!({ "aud": "them" }), Code::OidcAudience),
        ("no aud", json!({ "aud": null }), Code::OidcAudience),
        ("aud of two", json!({ "aud": ["us", "them"] }), Code::OidcAuthorizedParty),
        ("no exp", json!({ "exp": null }), Code::OidcTime),
        ("exp passed", json!({ "iat": NOW - 120, "exp": NOW - 60 }), Code::OidcTime),
        ("no iat", json!({ "iat": null }), Code::OidcTime),
        ("iat to come", json!({ "iat": NOW + 61 }), Code::OidcTime),
        ("iat of long ago", json!({ "iat": NOW - 660, "exp": NOW + 3600 }), Code::OidcTime),
        ("no events", json!({ "events": null }), Code::OidcLogoutEvent),
        (
            "another event",
            json!({ "events": { "http://schemas.openid.net/event/other": {} } }),
            Code::OidcLogoutEvent,
        ),
        ("events as a list", json!({ "events": [EVENT] }), Code::OidcLogoutEvent),
        ("events as a text", json!({ "events": EVENT }), Code::OidcLogoutEvent),
        ("an event of null", event(Value::Null), Code::OidcLogoutEvent),
        ("an event of true", event(json!(true)), Code::OidcLogoutEvent),
        ("a nonce", json!({ "nonce": "n" }), Code::OidcLogoutNonce),
        ("neither sub nor sid", json!({ "sub": null, "sid": null }), Code::OidcLogoutSubject),
        ("an empty sub", json!({ "sub": "" }), Code::OidcLogoutSubject),
        ("a sid of 256 bytes", json!({ "sid": "s".repeat(256) }), Code::OidcLogoutSubject),
        ("a sid that is a number", json!({ "sid": 1 }), Code::OidcLogoutSubject),
        ("no jti", json!({ "jti": null }), Code::OidcLogoutId),
        ("an empty jti", json!({ "jti": "" }), Code::OidcLogoutId),
        ("a token of 16 KiB", json!({ "padding": "a".repeat(LONGEST_LOGOUT_TOKEN) }), Code::OidcToken),
    ] {
        assert_eq!(judge(&with(&changes), true), Err(code), "{row}");
    }
    let mut null = good();
    null["nonce"] = Value::Null;
    assert_eq!(judge(&null, true), Err(Code::OidcLogoutNonce), "a nonce of null");
}

/// What is left is good: the neighbours of the refusals above.
#[test]
fn the_bounds_belong_to_the_good_side() {
    for (row, changes) in [
        ("aud as a list of us", json!({ "aud": ["us"] })),
        ("exp within the leeway", json!({ "iat": NOW - 120, "exp": NOW - 59 })),
        ("iat within the leeway", json!({ "iat": NOW + 60 })),
        ("iat of ten minutes ago", json!({ "iat": NOW - 659, "exp": NOW + 3600 })),
        ("two events", json!({ "events": { EVENT: {}, "http://schemas.openid.net/event/other": {} } })),
        ("an event that says something", json!({ "events": { EVENT: { "a": 1 } } })),
        ("a sid of 255 bytes", json!({ "sid": "s".repeat(255) })),
    ] {
        assert!(judge(&with(&changes), true).is_ok(), "{row}");
    }
    // What is remembered of a token is bounded by its iat, whatever its exp says.
    let token = judge(&with(&json!({ "exp": NOW + 31_536_000 })), true).unwrap();
    assert_eq!(token.until, Timestamp::from_seconds(NOW + 660));
}

/// GW-17: a SID of Windows is no session's name.
#[test]
fn where_sid_names_a_person_it_ends_nothing() {
    let sid = "S-1-5-21-1-2-3-1104";
    let token = judge(&with(&json!({ "sid": sid })), false).unwrap();
    assert_eq!((token.subject.as_deref(), token.session_id), (Some("alice"), None));
    assert_eq!(judge(&with(&json!({ "sid": sid, "sub": null })), false), Err(Code::OidcLogoutSubject));
}
