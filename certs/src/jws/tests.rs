//! Tokens by the rows of the catalogue. Each refused token differs from an accepted one in one thing.

use serde_json::json;

use super::*;
use crate::encoding::base64url;
use crate::jwks::RemoteKeySet;
use crate::testdata::Issuer;

mod signatures;

const CAP: usize = 16 * 1024;
const CLAIMS: Caps = Caps { bytes: 4096, depth: 8, members: 100 };
const PAYLOAD: &str = r#"{"sub":"alice"}"#;

struct Side {
    issuer: Issuer,
    algorithm: SigningAlgorithm,
    key: VerificationKey,
}

impl Side {
    fn new(algorithm: SigningAlgorithm) -> Self {
        let issuer = Issuer::for_algorithm(algorithm);
        let key = published(&issuer.jwk());
        Self { issuer, algorithm, key }
    }

    fn token(&self, header: &str) -> String {
        self.issuer.token(self.algorithm, header, PAYLOAD)
    }
}

fn published(jwk: &Value) -> VerificationKey {
    let set = RemoteKeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes()).unwrap();
    set.keys()[0].clone()
}

fn parse_fault(token: &str) -> JwsFault {
    CompactJws::parse(token, CAP).unwrap_err()
}

#[test]
fn every_algorithm_gives_its_claims() {
    for algorithm in SigningAlgorithm::ALL {
        let side = Side::new(algorithm);
        let token = side.token(&format!(r#"{{"alg":"{algorithm}","kid":"k1","typ":"JWT"}}"#));
        let jws = CompactJws::parse(&token, CAP).unwrap();
        assert_eq!(
            *jws.header(),
            Header { alg: algorithm, kid: Some("k1".to_owned()), typ: Some("JWT".to_owned()) }
        );
        let payload = jws.verify(&side.key).unwrap();
        assert_eq!(payload.json(CLAIMS).unwrap(), json!({"sub": "alice"}), "{algorithm}");
        assert_eq!(payload.bytes(), PAYLOAD.as_bytes());
        assert_eq!(payload.header(), jws.header());
    }
}

#[test]
fn tampered_payloads_and_headers_do_not_hold() {
    for algorithm in SigningAlgorithm::ALL {
        let side = Side::new(algorithm);
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let token = side.token(&header);
        let parts: Vec<_> = token.split('.').collect();
        let other_payload = format!("{}.{}.{}", parts[0], base64url(br#"{"sub":"bob"}"#), parts[2]);
        let other_header = base64url(format!(r#"{{"alg":"{algorithm}","kid":"x"}}"#).as_bytes());
        let other_header = format!("{other_header}.{}.{}", parts[1], parts[2]);
        for token in [other_payload, other_header] {
            let jws = CompactJws::parse(&token, CAP).unwrap();
            assert_eq!(jws.verify(&side.key).err(), Some(JwsFault::Signature), "{algorithm}");
        }
    }
}

#[test]
fn jwt_01_unsigned_tokens() {
    let side = Side::new(SigningAlgorithm::ES256);
    for alg in ["none", "None", "NONE", "nOnE", "", "es256"] {
        assert_eq!(parse_fault(&side.token(&format!(r#"{{"alg":"{alg}"}}"#))), JwsFault::Algorithm, "{alg}");
    }
    for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["ES256"]}"#] {
        assert_eq!(parse_fault(&side.token(header)), JwsFault::Member("alg"), "{header}");
    }
    assert!(JwsFault::Algorithm.is_algorithm() && JwsFault::Member("alg").is_algorithm());
    assert!(!JwsFault::Member("kid").is_algorithm() && !JwsFault::Signature.is_algorithm());
    let good = side.token(r#"{"alg":"ES256"}"#);
    let (input, _) = good.rsplit_once('.').unwrap();
    assert_eq!(parse_fault(&format!("{input}.")), JwsFault::Unsigned);
}

#[test]
fn jwt_02_hmac_under_a_public_key() {
    let side = Side::new(SigningAlgorithm::RS256);
    let jwk = side.issuer.jwk().to_string();
    for alg in ["HS256", "HS384", "HS512"] {
        let input = format!(
            "{}.{}",
            base64url(format!(r#"{{"alg":"{alg}"}}"#).as_bytes()),
            base64url(PAYLOAD.as_bytes())
        );
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, jwk.as_bytes());
        let tag = ring::hmac::sign(&key, input.as_bytes());
        assert_eq!(
            parse_fault(&format!("{input}.{}", base64url(tag.as_ref()))),
            JwsFault::Algorithm,
            "{alg}"
        );
    }
}

#[test]
fn jwt_03_the_key_decides_the_algorithm() {
    let rsa = Issuer::for_algorithm(SigningAlgorithm::RS256);
    let mut jwk = rsa.jwk();
    jwk["alg"] = "RS256".into();
    let key = published(&jwk);
    for algorithm in [SigningAlgorithm::RS256, SigningAlgorithm::RS384, SigningAlgorithm::PS256] {
        let token = rsa.token(algorithm, &format!(r#"{{"alg":"{algorithm}"}}"#), PAYLOAD);
        let expected = (algorithm != SigningAlgorithm::RS256).then_some(JwsFault::WrongKey);
        assert_eq!(CompactJws::parse(&token, CAP).unwrap().verify(&key).err(), expected, "{algorithm}");
    }
    let swapped = rsa.token(SigningAlgorithm::PS256, r#"{"alg":"RS256"}"#, PAYLOAD);
    assert_eq!(CompactJws::parse(&swapped, CAP).unwrap().verify(&key).err(), Some(JwsFault::Signature));
    let other_type = Side::new(SigningAlgorithm::ES256).token(r#"{"alg":"ES256"}"#);
    assert_eq!(CompactJws::parse(&other_type, CAP).unwrap().verify(&key).err(), Some(JwsFault::WrongKey));
}

#[test]
fn jwt_03_a_key_whose_list_lies_still_verifies_nothing() {
    let side = Side::new(SigningAlgorithm::ES256);
    let jws = CompactJws::parse(&side.token(r#"{"alg":"ES256"}"#), CAP).unwrap();
    let mut key = Side::new(SigningAlgorithm::ES384).key;
    key.algorithms = vec![SigningAlgorithm::ES256];
    assert_eq!(jws.verify(&key).err(), Some(JwsFault::Signature), "P-384 key");
    key.decoding = jsonwebtoken::DecodingKey::from_secret(b"secret");
    assert_eq!(jws.verify(&key).err(), Some(JwsFault::Signature), "shared secret");
    let mut off_curve = vec![4];
    off_curve.extend_from_slice(&[7; 64]);
    key.decoding = jsonwebtoken::DecodingKey::from_ec_der(&off_curve);
    assert_eq!(jws.verify(&key).err(), Some(JwsFault::Signature), "off-curve key");
}

#[test]
fn jwt_04_key_ids_are_short_texts() {
    let side = Side::new(SigningAlgorithm::EdDSA);
    let token = |kid: &str| side.token(&format!(r#"{{"alg":"EdDSA","kid":{kid}}}"#));
    assert!(CompactJws::parse(&token(&format!("\"{}\"", "k".repeat(512))), CAP).is_ok());
    assert!(CompactJws::parse(&token(r#""../../dev/null""#), CAP).is_ok());
    for kid in [format!("\"{}\"", "k".repeat(513)), "7".to_owned(), "null".to_owned(), "[]".to_owned()] {
        assert_eq!(parse_fault(&token(&kid)), JwsFault::Member("kid"), "{kid:.20}");
    }
    let typ = side.token(&format!(r#"{{"alg":"EdDSA","typ":"{}"}}"#, "t".repeat(129)));
    assert_eq!(parse_fault(&typ), JwsFault::Member("typ"));
}

#[test]
fn jwt_05_keys_in_the_header_are_read_by_nobody() {
    let attacker = Side::new(SigningAlgorithm::ES256);
    let side = Side::new(SigningAlgorithm::ES256);
    let jwk = attacker.issuer.jwk();
    for member in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://attacker.example/keys""#.to_owned(),
        r#""x5u":"https://attacker.example/cert""#.to_owned(),
        r#""x5c":["MIIB"]"#.to_owned(),
    ] {
        let header = format!(r#"{{"alg":"ES256",{member}}}"#);
        let forged = CompactJws::parse(&attacker.token(&header), CAP).unwrap();
        assert_eq!(forged.verify(&side.key).err(), Some(JwsFault::Signature), "{member}");
        assert!(CompactJws::parse(&side.token(&header), CAP).unwrap().verify(&side.key).is_ok(), "{member}");
    }
}

#[test]
fn jwt_06_extensions_end_the_reading() {
    let side = Side::new(SigningAlgorithm::ES256);
    let rows = [
        (r#""crit":["exp"]"#, "crit"),
        (r#""crit":[]"#, "crit"),
        (r#""crit":"exp""#, "crit"),
        (r#""crit":null"#, "crit"),
        (r#""b64":false"#, "b64"),
        (r#""b64":true"#, "b64"),
        (r#""zip":"DEF""#, "zip"),
        (r#""enc":"A256GCM""#, "enc"),
    ];
    for (member, name) in rows {
        let token = side.token(&format!(r#"{{"alg":"ES256",{member}}}"#));
        assert_eq!(parse_fault(&token), JwsFault::Unsupported(name), "{member}");
    }
}

#[test]
fn jwt_08_twins_in_header_and_claims() {
    let side = Side::new(SigningAlgorithm::ES256);
    let headers = [r#"{"alg":"ES256","alg":"none"}"#, r#"{"alg":"ES256","\u0061lg":"ES256"}"#];
    for header in headers {
        assert_eq!(
            parse_fault(&side.token(header)),
            JwsFault::Header(StrictJsonFault::Duplicate),
            "{header}"
        );
    }
    for payload in [r#"{"sub":"a","sub":"b"}"#, r#"{"sub":"a","su\u0062":"b"}"#] {
        let token = side.issuer.token(side.algorithm, r#"{"alg":"ES256"}"#, payload);
        let payload = CompactJws::parse(&token, CAP).unwrap().verify(&side.key).unwrap();
        assert_eq!(payload.json(CLAIMS), Err(StrictJsonFault::Duplicate));
    }
}

#[test]
fn jwt_11_one_form_only() {
    let side = Side::new(SigningAlgorithm::EdDSA);
    let token = side.token(r#"{"alg":"EdDSA"}"#);
    let parts: Vec<_> = token.split('.').collect();
    // A signature of 64 bytes leaves four unused bits in its last letter.
    let last = parts[2].chars().last().unwrap();
    let unused = char::from(last as u8 + 1);
    let bits = format!("{}.{}.{}{unused}", parts[0], parts[1], &parts[2][..parts[2].len() - 1]);
    let json =
        format!(r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#, parts[0], parts[1], parts[2]);
    let rows = [
        ("padding", format!("{token}=="), JwsFault::Encoding),
        ("space after", format!("{token} "), JwsFault::Encoding),
        ("space before", format!(" {token}"), JwsFault::Encoding),
        ("newline", format!("{token}\n"), JwsFault::Encoding),
        ("unused bits", bits, JwsFault::Encoding),
        ("standard alphabet", token.replacen('.', "+.", 1), JwsFault::Encoding),
        ("empty", String::new(), JwsFault::Segments),
        ("one segment", parts[0].to_owned(), JwsFault::Segments),
        ("two segments", format!("{}.{}", parts[0], parts[1]), JwsFault::Segments),
        ("four segments", format!("{token}.AAAA"), JwsFault::Segments),
        ("four, the last empty", format!("{token}."), JwsFault::Segments),
        ("JWT-13 five segments", format!("{token}.AAAA.AAAA"), JwsFault::Segments),
        ("six segments", format!("{token}.AAAA.AAAA.AAAA"), JwsFault::Segments),
        ("JSON serialization", json, JwsFault::Segments),
    ];
    for (name, token, expected) in rows {
        assert_eq!(parse_fault(&token), expected, "{name}");
    }
}

#[test]
fn jwt_12_large_tokens_are_refused_early() {
    let side = Side::new(SigningAlgorithm::EdDSA);
    assert_eq!(parse_fault(&"A".repeat(1 << 20)), JwsFault::TooLong);
    assert_eq!(parse_fault(&".".repeat(CAP)), JwsFault::Segments);
    let header = format!(r#"{{"alg":"EdDSA","x":"{}"}}"#, "x".repeat(4096));
    assert_eq!(parse_fault(&side.token(&header)), JwsFault::Header(StrictJsonFault::TooLong));
    let header = format!(r#"{{"alg":"EdDSA","x":{}{}}}"#, "[".repeat(4), "]".repeat(4));
    assert_eq!(parse_fault(&side.token(&header)), JwsFault::Header(StrictJsonFault::TooDeep));
    assert_eq!(parse_fault(&side.token("[]")), JwsFault::Header(StrictJsonFault::Syntax));
    let payload = format!(r#"{{"aud":[{}1]}}"#, "1,".repeat(200));
    let token = side.issuer.token(side.algorithm, r#"{"alg":"EdDSA"}"#, &payload);
    let payload = CompactJws::parse(&token, CAP).unwrap().verify(&side.key).unwrap();
    assert_eq!(payload.json(CLAIMS), Err(StrictJsonFault::TooManyMembers));
}

#[test]
fn jwt_13_encrypted_tokens_are_not_read() {
    let header = base64url(br#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483647}"#);
    assert_eq!(parse_fault(&format!("{header}.AAAA.AAAA.AAAA.AAAA")), JwsFault::Segments);
    assert_eq!(parse_fault(&format!("{header}.AAAA.AAAA")), JwsFault::Unsupported("enc"));
}
