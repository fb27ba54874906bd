//! Foreign key sets: which keys are used, which are ignored and why, and which sets are refused whole.

use serde_json::json;

use super::*;
use crate::encoding::base64url;
use crate::testdata::Issuer;

fn set(keys: &[Value]) -> RemoteKeySet {
    RemoteKeySet::parse(json!({"keys": keys}).to_string().as_bytes()).unwrap()
}

fn jwk(algorithm: SigningAlgorithm) -> Value {
    Issuer::for_algorithm(algorithm).jwk()
}

fn rsa_with(name: &str, value: Value) -> Value {
    let mut key = jwk(SigningAlgorithm::RS256);
    key[name] = value;
    key
}

fn ec_with(name: &str, value: Value) -> Value {
    let mut key = jwk(SigningAlgorithm::ES256);
    key[name] = value;
    key
}

fn modulus(bits: usize, last: u8) -> Value {
    let mut bytes = vec![0x35; bits.div_ceil(8)];
    bytes[0] = 0x80 >> (bytes.len() * 8 - bits);
    *bytes.last_mut().unwrap() = last;
    Value::from(base64url(&bytes))
}

/// 65537^128, an odd number of 2049 bits that carries the ROCA fingerprint: its digits in base 2^16 are binomials.
fn roca_modulus() -> Value {
    let mut digits = vec![1_u32];
    for _ in 0..128 {
        digits.push(0);
        for place in (1..digits.len()).rev() {
            digits[place] += digits[place - 1];
        }
        let mut carry = 0;
        for digit in &mut digits {
            let sum = *digit + carry;
            (*digit, carry) = (sum & 0xffff, sum >> 16);
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let bytes: Vec<u8> = digits.iter().rev().flat_map(|digit| digit.to_be_bytes()[2..].to_vec()).collect();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap();
    Value::from(base64url(&bytes[start..]))
}

#[test]
fn keys_of_every_type_are_used() {
    use SigningAlgorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let rows = [
        (jwk(RS256), vec![RS256, RS384, RS512, PS256, PS384, PS512]),
        (rsa_with("alg", "PS256".into()), vec![PS256]),
        (rsa_with("use", "sig".into()), vec![RS256, RS384, RS512, PS256, PS384, PS512]),
        (ec_with("key_ops", json!(["sign", "verify"])), vec![ES256]),
        (jwk(ES384), vec![ES384]),
        (jwk(EdDSA), vec![EdDSA]),
        (rsa_with("x5c", json!(["MIIB"])), vec![RS256, RS384, RS512, PS256, PS384, PS512]),
        (rsa_with("n", modulus(2048, 0x37)), vec![RS256, RS384, RS512, PS256, PS384, PS512]),
        (rsa_with("n", modulus(8192, 0x37)), vec![RS256, RS384, RS512, PS256, PS384, PS512]),
    ];
    for (key, expected) in rows {
        let set = set(std::slice::from_ref(&key));
        assert_eq!(set.ignored, [], "{key}");
        assert_eq!(set.keys()[0].algorithms, expected, "{key}");
    }
}

#[test]
fn jwt_03_and_09_odd_keys_are_ignored_and_listed() {
    use IgnoredReason as R;
    let x = jwk(SigningAlgorithm::ES256)["x"].clone();
    let rows = [
        ("oct", json!({"kty": "oct", "k": "c2VjcmV0"}), R::PrivateMembers),
        ("oct without k", json!({"kty": "oct"}), R::KeyType),
        ("kty in lower case", rsa_with("kty", "rsa".into()), R::KeyType),
        ("no kty", json!({"n": "AQAB", "e": "AQAB"}), R::Malformed("kty")),
        ("not an object", json!("RSA"), R::NotAnObject),
        ("private RSA", rsa_with("d", "AQAB".into()), R::PrivateMembers),
        ("private prime", rsa_with("p", Value::Null), R::PrivateMembers),
        ("private EC", ec_with("d", "AQAB".into()), R::PrivateMembers),
        ("for encryption", rsa_with("use", "enc".into()), R::NotForSignatures),
        ("use not text", rsa_with("use", json!(["sig"])), R::Malformed("use")),
        ("operations without verify", ec_with("key_ops", json!(["sign"])), R::NotForSignatures),
        ("no operations", ec_with("key_ops", json!([])), R::NotForSignatures),
        ("operations not a list", ec_with("key_ops", "verify".into()), R::Malformed("key_ops")),
        ("alg of another type", rsa_with("alg", "ES256".into()), R::Algorithm),
        ("alg of another curve", ec_with("alg", "ES384".into()), R::Algorithm),
        ("alg HS256", rsa_with("alg", "HS256".into()), R::Algorithm),
        ("alg none", ec_with("alg", "none".into()), R::Algorithm),
        ("RSA 512", rsa_with("n", modulus(512, 0x37)), R::Modulus),
        ("RSA 1024", rsa_with("n", modulus(1024, 0x37)), R::Modulus),
        ("RSA 2047", rsa_with("n", modulus(2047, 0x37)), R::Modulus),
        ("RSA 8193", rsa_with("n", modulus(8193, 0x37)), R::Modulus),
        ("RSA even", rsa_with("n", modulus(2048, 0x36)), R::Modulus),
        (
            "RSA leading zero",
            rsa_with("n", base64url(&[&[0][..], &[0x37; 256]].concat()).into()),
            R::Malformed("n"),
        ),
        ("RSA padded", rsa_with("e", "AQAB=".into()), R::Malformed("e")),
        ("exponent 1", rsa_with("e", "AQ".into()), R::Exponent),
        ("exponent 3", rsa_with("e", "Aw".into()), R::Exponent),
        ("exponent even", rsa_with("e", base64url(&[1, 0, 2]).into()), R::Exponent),
        ("exponent 2^33 + 1", rsa_with("e", base64url(&[2, 0, 0, 0, 1]).into()), R::Exponent),
        ("exponent of 256 bytes", rsa_with("e", base64url(&[0x37; 256]).into()), R::Exponent),
        ("exponent empty", rsa_with("e", "".into()), R::Malformed("e")),
        ("ROCA", rsa_with("n", roca_modulus()), R::Roca),
        ("off-curve", ec_with("y", x), R::OffCurve),
        ("coordinate of 31 bytes", ec_with("x", base64url(&[7; 31]).into()), R::Malformed("x")),
        ("coordinate of 33 bytes", ec_with("x", base64url(&[0; 33]).into()), R::Malformed("x")),
        ("curve of another length", ec_with("crv", "P-384".into()), R::Malformed("x")),
        ("curve P-521", ec_with("crv", "P-521".into()), R::Curve),
        ("Ed448", json!({"kty": "OKP", "crv": "Ed448", "x": "AQAB"}), R::Curve),
        ("X25519", json!({"kty": "OKP", "crv": "X25519", "x": base64url(&[9; 32])}), R::Curve),
        (
            "Ed25519 short",
            json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(&[9; 31])}),
            R::Malformed("x"),
        ),
        ("kid a number", ec_with("kid", json!(7)), R::Malformed("kid")),
        ("kid of 513 bytes", ec_with("kid", "k".repeat(513).into()), R::Malformed("kid")),
    ];
    for (name, key, reason) in rows {
        let set = set(&[key, jwk(SigningAlgorithm::EdDSA)]);
        assert_eq!(set.ignored, [IgnoredKey { kid: None, reason }], "{name}");
        assert_eq!(set.keys().len(), 1, "{name}: the good neighbour stays");
    }
}

#[test]
fn an_ignored_key_is_listed_by_its_name() {
    let mut key = rsa_with("e", "Aw".into());
    key["kid"] = "weak".into();
    assert_eq!(
        set(&[key]).ignored,
        [IgnoredKey { kid: Some("weak".to_owned()), reason: IgnoredReason::Exponent }]
    );
}

#[test]
fn whole_sets_are_refused() {
    let many = json!({"keys": vec![json!({}); 101]}).to_string();
    let deep = format!("{{\"keys\":[{}{}]}}", "[".repeat(16), "]".repeat(16));
    let rows = [
        ("not JSON", "keys".to_owned(), KeySetFault::Json(StrictJsonFault::Syntax)),
        ("no keys", "{}".to_owned(), KeySetFault::NoKeys),
        ("a bare list", "[]".to_owned(), KeySetFault::NoKeys),
        ("keys an object", r#"{"keys":{}}"#.to_owned(), KeySetFault::NoKeys),
        ("101 keys", many, KeySetFault::TooManyKeys),
        (
            "twin members",
            r#"{"keys":[{"kty":"EC","kt\u0079":"RSA"}]}"#.to_owned(),
            KeySetFault::Json(StrictJsonFault::Duplicate),
        ),
        ("deep", deep, KeySetFault::Json(StrictJsonFault::TooDeep)),
        (
            "long",
            format!("{{\"keys\":[]}}{}", " ".repeat(256 * 1024)),
            KeySetFault::Json(StrictJsonFault::TooLong),
        ),
    ];
    for (name, text, expected) in rows {
        assert_eq!(RemoteKeySet::parse(text.as_bytes()).err(), Some(expected), "{name}");
    }
    assert_eq!(set(&vec![json!({}); 100]).ignored.len(), 100);
}

#[test]
fn jwt_04_a_key_id_is_a_look_up_and_nothing_else() {
    let named = |kid: &str| ec_with("kid", kid.into());
    let set = set(&[named("one"), named("../../dev/null"), named("caf\u{e9}"), named("one"), named("")]);
    let count = |kid: &str| set.candidates(Some(kid), SigningAlgorithm::ES256).len();
    let rows = [
        ("twice in the set", "one", 2),
        ("a path is a name", "../../dev/null", 1),
        ("precomposed", "caf\u{e9}", 1),
        ("decomposed twin", "cafe\u{301}", 0),
        ("case", "ONE", 0),
        ("space", "one ", 0),
        ("SQL", "one' OR '1'='1", 0),
        ("empty is a name", "", 1),
    ];
    for (name, kid, expected) in rows {
        assert_eq!(count(kid), expected, "{name}");
    }
    assert_eq!(count(&"k".repeat(1 << 20)), 0, "1 MB");
    assert!(set.candidates(Some("one"), SigningAlgorithm::RS256).is_empty(), "another algorithm");
}

#[test]
fn jwt_04_a_name_given_often_is_tried_four_times() {
    let keys = vec![ec_with("kid", "one".into()); 6];
    assert_eq!(set(&keys).candidates(Some("one"), SigningAlgorithm::ES256).len(), TRY_LIMIT);
}

#[test]
fn oidc_rp_06_and_07_tokens_without_a_key_id() {
    for (keys, expected) in [(1, 1), (4, 4), (5, 0)] {
        let mut keys = vec![jwk(SigningAlgorithm::ES256); keys];
        keys.push(jwk(SigningAlgorithm::EdDSA));
        assert_eq!(
            set(&keys).candidates(None, SigningAlgorithm::ES256).len(),
            expected,
            "{} keys",
            keys.len()
        );
    }
}
