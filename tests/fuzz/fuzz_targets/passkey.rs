//! What a browser brings of a passkey: clientDataJSON, the attestation object with its CBOR key, and authenticator data. Nobody signs
//! here, so nothing is ever proved; and a credential that is taken is the same again from the store.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use vestibule_certs::webauthn::{Assertion, Challenge, Credential, Party, Registration, register, verify};

const PARTY: Party<'static> = Party { id: "a.example", origin: "https://a.example" };
/// As it comes where nobody lies.
const CLIENT: &str = r#"{"type":"webauthn.KIND","challenge":"AAAA","origin":"https://a.example","crossOrigin":false}"#;

static CHALLENGE: LazyLock<Challenge> =
    LazyLock::new(|| serde_json::from_str("\"AAAA\"").expect("a challenge"));
/// With a key on Ed25519 that nobody has.
static CREDENTIAL: LazyLock<Credential> = LazyLock::new(|| {
    let key = [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..], &[9; 32]].concat();
    let text = serde_json::json!({
        "id": "AQ", "key": URL_SAFE_NO_PAD.encode(key), "counter": 0, "backup_eligible": false,
    });
    serde_json::from_value(text).expect("a credential")
});

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = data.split_first() else { return };
    let brought = URL_SAFE_NO_PAD.encode(rest);
    let client = |kind: &str| URL_SAFE_NO_PAD.encode(CLIENT.replace("KIND", kind));
    let (client_data, attestation) =
        if kind % 3 == 0 { (brought.clone(), String::new()) } else { (client("create"), brought.clone()) };
    let registration = Registration { client_data: &client_data, attestation: &attestation };
    if let Ok(credential) = register(PARTY, &CHALLENGE, registration) {
        let kept = serde_json::to_string(&credential).expect("text");
        assert_eq!(serde_json::from_str::<Credential>(&kept).ok(), Some(credential));
    }
    let (client_data, authenticator_data, signature) = match kind % 3 {
        0 => (brought, String::new(), "AA".to_owned()),
        1 => (client("get"), brought, "AA".to_owned()),
        // Head and signature out of one input.
        _ => {
            let (head, signature) = rest.split_at(rest.len().min(37));
            (client("get"), URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(signature))
        }
    };
    let assertion = Assertion {
        credential: "AQ",
        client_data: &client_data,
        authenticator_data: &authenticator_data,
        signature: &signature,
    };
    assert!(verify(PARTY, &CHALLENGE, &CREDENTIAL, assertion).is_err(), "nobody has that key");
});
