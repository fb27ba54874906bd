//! Our own tokens, read by `jsonwebtoken` and by our own reader, and altered in every way that should hurt.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use super::*;
use crate::encoding::from_base64url;
use crate::jwks::{PublicJwkSet, RemoteKeySet, SigningAlgorithm, VerificationKey};
use crate::jws::{CompactJws, JwsFault};

fn key() -> SigningKey {
    SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap()
}

fn published(key: &SigningKey) -> VerificationKey {
    let set = serde_json::to_vec(&PublicJwkSet { keys: vec![key.public_jwk()] }).unwrap();
    let set = RemoteKeySet::parse(&set).unwrap();
    assert_eq!(set.ignored, []);
    set.candidates(Some(key.kid()), SigningAlgorithm::ES256)[0].clone()
}

#[test]
fn jwt_18_jsonwebtoken_accepts_our_tokens() {
    crate::jwt_backend::install();
    let key = key();
    let claims =
        json!({"iss": "https://corp.example", "sub": "alice", "aud": "acme", "exp": 4_000_000_000_u64});
    let token = key.sign_jwt("at+jwt", &claims).unwrap();
    let jwk = key.public_jwk();
    let public = DecodingKey::from_ec_components(&jwk.x, &jwk.y).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&["acme"]);
    assert_eq!(decode::<Value>(&token, &public, &validation).unwrap().claims, claims);
    validation.set_audience(&["elsewhere"]);
    assert!(decode::<Value>(&token, &public, &validation).is_err(), "another audience");
    let header = decode_header(&token).unwrap();
    assert_eq!((header.alg, header.kid.as_deref()), (Algorithm::ES256, Some(key.kid())));
}

#[test]
fn the_header_is_alg_kid_and_typ() {
    let key = key();
    let token = key.sign_jwt("logout+jwt", &json!({})).unwrap();
    let header = from_base64url(token.split('.').next().unwrap()).unwrap();
    let expected = format!(r#"{{"alg":"ES256","kid":"{}","typ":"logout+jwt"}}"#, key.kid());
    assert_eq!(String::from_utf8(header).unwrap(), expected);
}

#[test]
fn jwt_10_altered_signatures_are_refused() {
    let key = key();
    let public = published(&key);
    let token = key.sign_jwt("JWT", &json!({"sub": "alice"})).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = from_base64url(signature).unwrap();
    let verify = |signature: &[u8]| {
        CompactJws::parse(&format!("{input}.{}", base64url(signature)), 4096).unwrap().verify(&public).err()
    };
    assert_eq!(verify(&signature), None);
    for place in 0..64 {
        let mut altered = signature.clone();
        altered[place] ^= 0x10;
        assert_eq!(verify(&altered), Some(JwsFault::Signature), "byte {place}");
    }
}

#[test]
fn another_key_does_not_verify() {
    let (one, other) = (key(), key());
    assert_ne!(one.kid(), other.kid());
    let token = CompactJws::parse(&one.sign_jwt("JWT", &json!({})).unwrap(), 4096).unwrap();
    assert!(token.verify(&published(&one)).is_ok());
    assert_eq!(token.verify(&published(&other)).err(), Some(JwsFault::Signature));
}

#[test]
fn the_name_is_the_thumbprint() {
    // The key of RFC 7515 appendix A.3; the digest was computed with `openssl dgst -sha256` over the members of RFC 7638.
    let coordinates =
        ["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"];
    let mut point = vec![4];
    point.extend(coordinates.iter().flat_map(|text| from_base64url(text).unwrap()));
    assert_eq!(public_jwk(&point).unwrap().kid, "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
    point.push(0);
    assert_eq!(public_jwk(&point), None);
}

#[test]
fn a_key_survives_storage_and_other_bytes_are_refused() {
    let pkcs8 = SigningKey::generate().unwrap();
    let key = SigningKey::from_pkcs8(&pkcs8).unwrap();
    assert_eq!(SigningKey::from_pkcs8(&pkcs8).unwrap().kid(), key.kid());
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.kid()));
    let mut halves = pkcs8.to_vec();
    *halves.last_mut().unwrap() ^= 1;
    for (name, bytes) in [("empty", &[][..]), ("short", &pkcs8[..pkcs8.len() - 1]), ("foreign half", &halves)]
    {
        assert!(matches!(SigningKey::from_pkcs8(bytes), Err(SigningKeyError::NotAKey)), "{name}");
    }
}

#[test]
fn claims_are_an_object() {
    let key = key();
    for claims in [json!([]), json!("alice"), Value::Null, json!(1)] {
        assert!(matches!(key.sign_jwt("JWT", &claims), Err(SigningKeyError::NotAnObject)), "{claims}");
    }
    let keys_without_text = std::collections::BTreeMap::from([(vec![1], 1)]);
    assert!(matches!(key.sign_jwt("JWT", &keys_without_text), Err(SigningKeyError::Claims(_))));
}
