//! The claims of an `id_token` that the provider did sign: a provider can be talked into anything, so what is believed must
//! still be of this issuer, for us, of this sign-in and of now, and say nothing twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, value::RawValue};
use vestibule_certs::jwks::SigningAlgorithm;
use vestibule_fuzz::SIGNER;
use vestibule_policies::time::Timestamp;
use vestibule_providers::oidc::LEEWAY_SECONDS;
use vestibule_providers::oidc::verify::{Channel, Expectation};
use vestibule_providers::step::Freshness;

const ISSUER: &str = "https://id.example";
const NOW: i64 = 1_700_000_000;

fuzz_target!(|data: &[u8]| {
    let Some(text) = vestibule_fuzz::text(data) else { return };
    // Raw, so that twins, order and spelling reach the reader as they were written.
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else { return };
    let Ok(token) = SIGNER.key.sign_jwt("JWT", &raw) else { return };
    let expectation = Expectation {
        issuer: ISSUER,
        client_id: "client",
        nonce: Some("nonce"),
        algorithms: &[SigningAlgorithm::ES256],
        leeway: LEEWAY_SECONDS,
        access_token: Some("access"),
        channel: Channel::Back("code"),
        freshness: if data.len() % 2 == 0 {
            Freshness::Any
        } else {
            Freshness::Since(Timestamp::from_seconds(NOW - 5))
        },
        now: Timestamp::from_seconds(NOW),
    };
    let Ok(read) = expectation.read(&token) else { return };
    let Ok(believed) = expectation.verify(&read, &SIGNER.key_set) else { return };
    let claims = &believed.value().claims;
    assert_eq!(Value::Object(claims.clone()), serde_json::from_str::<Value>(text).expect("read before"));
    assert_eq!(claims.get("iss").and_then(Value::as_str), Some(ISSUER));
    assert_eq!(claims.get("nonce").and_then(Value::as_str), Some("nonce"));
    let ours = |audience: &Value| match audience {
        Value::Array(several) => several.iter().any(|one| one == "client"),
        one => one == "client",
    };
    assert!(claims.get("aud").is_some_and(ours));
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64).expect("a time");
    assert!(seconds("exp") > (NOW - LEEWAY_SECONDS) as f64);
    assert!(seconds("iat") < (NOW + LEEWAY_SECONDS + 1) as f64);
    assert!((1..=255).contains(&believed.value().subject.len()));
    if let Freshness::Since(start) = expectation.freshness {
        assert!(seconds("auth_time") >= start.seconds() as f64);
    }
});
