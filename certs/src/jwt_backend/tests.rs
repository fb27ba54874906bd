//! The back end as `jsonwebtoken` sees it: every algorithm of the list, and an error for everything else.

use jsonwebtoken::{Header, Validation, crypto, decode, encode};
use serde_json::{Value, json};

use super::*;
use crate::jwks::RemoteKeySet;
use crate::testdata::Issuer;

fn key_of(issuer: &Issuer) -> DecodingKey {
    let set = RemoteKeySet::parse(json!({"keys": [issuer.jwk()]}).to_string().as_bytes()).unwrap();
    set.keys()[0].decoding.clone()
}

#[test]
fn every_listed_algorithm_verifies_and_refuses() {
    install();
    for algorithm in SigningAlgorithm::ALL {
        let issuer = Issuer::for_algorithm(algorithm);
        let key = key_of(&issuer);
        let signature = issuer.sign(algorithm, b"message");
        assert!(holds(algorithm, &key, b"message", &signature), "{algorithm}");
        assert!(!holds(algorithm, &key, b"massage", &signature), "{algorithm}: other message");
        let mut altered = signature.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(!holds(algorithm, &key, b"message", &altered), "{algorithm}: altered");
        assert!(!holds(algorithm, &key, b"message", &signature[1..]), "{algorithm}: shortened");
        assert!(!holds(algorithm, &key, b"message", b""), "{algorithm}: empty");
        let theirs = jsonwebtoken_algorithm(algorithm);
        let text = crate::encoding::base64url(&signature);
        assert!(
            crypto::verify(&text, b"message", &key, theirs).unwrap(),
            "{algorithm}: through jsonwebtoken"
        );
    }
}

#[test]
fn jwt_03_algorithms_of_one_key_are_not_exchanged() {
    for algorithm in SigningAlgorithm::ALL {
        let issuer = Issuer::for_algorithm(algorithm);
        let key = key_of(&issuer);
        let signature = issuer.sign(algorithm, b"message");
        for other in SigningAlgorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            assert!(!holds(other, &key, b"message", &signature), "{algorithm} as {other}");
        }
    }
}

#[test]
fn jwt_02_hmac_is_an_error_and_never_a_panic() {
    install();
    install();
    let secret = DecodingKey::from_secret(b"secret");
    for algorithm in
        [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::ES256]
    {
        assert!(crypto::verify("AAAA", b"m", &secret, algorithm).is_err(), "{algorithm:?}");
        let signing = EncodingKey::from_secret(b"secret");
        assert!(crypto::sign(b"m", &signing, algorithm).is_err(), "{algorithm:?}");
    }
    assert!(crypto::sign(b"m", &EncodingKey::from_ec_der(b"no key"), Algorithm::ES256).is_err());
    assert!(crypto::sign(b"m", &EncodingKey::from_rsa_der(b"no key"), Algorithm::RS256).is_err());
}

#[test]
fn jwk_functions_are_errors_and_never_panics() {
    let utilities = &PROVIDER.key_utils;
    assert!((utilities.rsa_pub_components_from_private_key)(b"").is_err());
    assert!((utilities.rsa_pub_components_from_public_key)(b"").is_err());
    assert!((utilities.ec_pub_components_from_private_key)(b"", Algorithm::ES256).is_err());
    assert!(
        (utilities.ed_pub_components_from_private_key)(b"", &jsonwebtoken::jwk::EllipticCurve::Ed25519)
            .is_err()
    );
    assert!((utilities.compute_digest)(b"", jsonwebtoken::jwk::ThumbprintHash::SHA384).is_err());
    assert_eq!(
        (utilities.compute_digest)(b"abc", jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(),
        sha256(b"abc")
    );
}

#[test]
fn jsonwebtoken_signs_and_reads_es256() {
    install();
    let random = SystemRandom::new();
    let scheme = &ring_signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(scheme, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(scheme, pkcs8.as_ref(), &random).unwrap();
    let key = key_of(&Issuer::P256(pair));
    let claims = json!({"sub": "alice"});
    let token =
        encode(&Header::new(Algorithm::ES256), &claims, &EncodingKey::from_ec_der(pkcs8.as_ref())).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    assert_eq!(decode::<Value>(&token, &key, &validation).unwrap().claims, claims);
    let other = key_of(&Issuer::for_algorithm(SigningAlgorithm::ES256));
    assert!(decode::<Value>(&token, &other, &validation).is_err());
}
