//! Signatures, certificates and cipher texts checked with ring over the octets that are sent.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::redirect::{Parameter, RedirectError};
use super::*;

/// One key for the whole test run; making it is the slow part.
fn rsa() -> Arc<Key> {
    static KEY: OnceLock<Arc<Key>> = OnceLock::new();
    Arc::clone(KEY.get_or_init(|| Arc::new(Key::generate_rsa(2048).unwrap())))
}

fn message() -> Message {
    let request = Request {
        request_id: Some("_request".to_owned()),
        acs: "https://sp.example/acs?a=1&b=2".to_owned(),
        audience: "https://sp.example".to_owned(),
        issuer: "https://idp.example".to_owned(),
        now: 1_800_000_000,
    };
    let identity = Identity {
        sid: Some("S-1-5-21-1-2-3-1104".to_owned()),
        upn: Some("alice@corp.example".to_owned()),
        email: Some("alice@corp.example".to_owned()),
        groups: vec!["<a> & \"b\"".to_owned(), "営業部".to_owned()],
        ..Identity::default()
    };
    Message::good(&request, &identity)
}

fn between<'a>(xml: &'a str, from: &str, to: &str) -> &'a str {
    xml.split_once(from).unwrap().1.split_once(to).unwrap().0
}

/// Checks the first signature in `xml` over `xml` without it.
fn holds(xml: &str, signing: &Signing, key: &PublicKey) -> bool {
    let start = xml.find("<ds:Signature ").unwrap();
    let end = start + xml[start..].find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let (signature, rest) = (&xml[start..end], [&xml[..start], &xml[end..]].concat());
    let digest = STANDARD.encode(signing.digest.of(rest.as_bytes()));
    let info = between(signature, "<ds:SignedInfo>", "</ds:SignedInfo>");
    let canonical = format!("<ds:SignedInfo xmlns:ds=\"{}\">{info}</ds:SignedInfo>", names::DSIG);
    let value = STANDARD.decode(between(signature, "<ds:SignatureValue>", "<")).unwrap();
    digest == between(info, "<ds:DigestValue>", "<")
        && key.verify(signing.algorithm, canonical.as_bytes(), &value)
}

fn assertion_of(xml: &str) -> String {
    format!("<saml:Assertion{}</saml:Assertion>", between(xml, "<saml:Assertion", "</saml:Assertion>"))
}

#[test]
fn response_and_assertion_carry_signatures_that_hold() {
    let (p256, p384) = (Arc::new(Key::generate_p256().unwrap()), Arc::new(Key::generate_p384().unwrap()));
    let rows = [
        (rsa(), SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1),
        (rsa(), SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256),
        (rsa(), SignatureAlgorithm::RsaSha384, DigestAlgorithm::Sha384),
        (rsa(), SignatureAlgorithm::RsaSha512, DigestAlgorithm::Sha512),
        (p256, SignatureAlgorithm::EcdsaSha256, DigestAlgorithm::Sha256),
        (p384, SignatureAlgorithm::EcdsaSha384, DigestAlgorithm::Sha384),
    ];
    for (key, algorithm, digest) in rows {
        let signing = Signing { algorithm, digest, ..Signing::both(Arc::clone(&key)) };
        let xml = sign(&message(), &signing);
        assert!(holds(&xml, &signing, &key.public()), "{algorithm:?}");
        assert!(holds(&assertion_of(&xml), &signing, &key.public()), "{algorithm:?}");
        let tampered = xml.replace("alice@", "admin@");
        assert!(!holds(&tampered, &signing, &key.public()), "{algorithm:?}");
        assert!(!holds(&assertion_of(&tampered), &signing, &key.public()), "{algorithm:?}");
    }
}

#[test]
fn each_signature_can_be_left_out() {
    for (response, assertion, count) in
        [(true, true, 2), (true, false, 1), (false, true, 1), (false, false, 0)]
    {
        let xml = sign(&message(), &Signing { response, assertion, ..Signing::both(rsa()) });
        assert_eq!(xml.matches("<ds:Signature ").count(), count);
    }
    let failed = Message { assertion: None, ..message() };
    assert!(!sign(&failed, &Signing::both(rsa())).contains("Assertion "));
}

#[test]
fn listed_prefixes_are_kept_and_others_are_not_digested() {
    let mut message = message();
    message.assertion.as_mut().unwrap().namespaces = vec![("xs".to_owned(), names::XS.to_owned())];
    let listed = Signing { inclusive_prefixes: Some("xs".to_owned()), ..Signing::both(rsa()) };
    let xml = sign(&message, &listed);
    assert!(holds(&xml, &listed, &rsa().public()) && holds(&assertion_of(&xml), &listed, &rsa().public()));
    let plain = Signing::both(rsa());
    let xml = sign(&message, &plain);
    assert!(!holds(&assertion_of(&xml), &plain, &rsa().public()), "the octets are not canonical");
    let canonical = xml.replace(&format!(" xmlns:xs=\"{}\"", names::XS), "");
    assert!(holds(&canonical, &plain, &rsa().public()));
    assert!(holds(&assertion_of(&canonical), &plain, &rsa().public()));
}

#[test]
fn a_certificate_gives_back_its_key() {
    let (p256, p384) = (Key::generate_p256().unwrap(), Key::generate_p384().unwrap());
    for key in [&*rsa(), &p256, &p384] {
        let certificate = Certificate::default().of(key);
        assert_eq!(PublicKey::of_certificate(&certificate), Some(key.public()));
        assert_eq!(PublicKey::of_certificate(&certificate[1..]), None);
    }
    assert_eq!(Certificate::default().of(&rsa()), Certificate::default().of(&rsa()));
}

#[test]
fn an_encrypted_assertion_opens_with_its_key_alone() {
    let (one, two) = (DigestAlgorithm::Sha1, DigestAlgorithm::Sha256);
    let rows = [
        (Content::Aes128Gcm, Transport::OaepMgf1p { digest: one }),
        (Content::Aes256Gcm, Transport::OaepMgf1p { digest: two }),
        (Content::Aes256Gcm, Transport::Oaep { digest: two, mask: two }),
    ];
    for (content, transport) in rows {
        let encryption = Encryption { content, transport, ..Encryption::to(rsa().public()) };
        let signing = Signing { encryption: Some(encryption), ..Signing::both(rsa()) };
        let xml = sign(&message(), &signing);
        assert!(!xml.contains("alice@") && holds(&xml, &signing, &rsa().public()));
        let mut values = xml.split("<xenc:CipherValue>").skip(1).map(|rest| rest.split('<').next().unwrap());
        let mut value = || STANDARD.decode(values.next().unwrap()).unwrap();
        let (key, mut cipher) = (opened(transport, &value()), value());
        let nonce: [u8; 12] = cipher[..12].try_into().unwrap();
        let algorithm = if content == Content::Aes128Gcm { &AES_128_GCM } else { &AES_256_GCM };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, &key).unwrap());
        let plain = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut cipher[12..]);
        let plain = std::str::from_utf8(plain.unwrap()).unwrap();
        assert!(holds(plain, &signing, &rsa().public()), "{plain}");
    }
}

/// OAEP undone by hand: RFC 8017 section 7.1.2.
fn opened(transport: Transport, cipher: &[u8]) -> Vec<u8> {
    use rsa::traits::{PrivateKeyParts, PublicKeyParts};
    let (digest, mask) = match transport {
        Transport::OaepMgf1p { digest } => (digest, DigestAlgorithm::Sha1),
        Transport::Oaep { digest, mask } => (digest, mask),
        Transport::Pkcs1 => unreachable!(),
    };
    let key = rsa();
    let key = key.rsa_key().unwrap();
    let number = rsa::BigUint::from_bytes_be(cipher).modpow(key.d(), key.n()).to_bytes_be();
    let encoded = [vec![0; 255 - number.len()], number].concat();
    let (seed, block) = encoded.split_at(digest.of(b"").len());
    let masked = |seed: &[u8], data: &[u8]| -> Vec<u8> {
        let stream = (0_u32..).flat_map(|n| mask.of(&[seed, &n.to_be_bytes()].concat()));
        data.iter().zip(stream).map(|(a, b)| a ^ b).collect()
    };
    let block = masked(&masked(block, seed), block);
    let rest = block.strip_prefix(digest.of(b"").as_slice()).unwrap();
    rest[rest.iter().position(|octet| *octet == 1).unwrap() + 1..].to_vec()
}

#[test]
fn a_redirect_query_is_read_back_and_its_signature_covers_it() {
    let xml = "<samlp:AuthnRequest ID=\"_1\">山</samlp:AuthnRequest>";
    let query = redirect::encode(Parameter::Request, xml, Some("a b&c=+"));
    let signed = redirect::sign(&query, &rsa(), SignatureAlgorithm::RsaSha256);
    let decoded = redirect::decode(&signed).unwrap();
    assert_eq!((decoded.xml.as_str(), decoded.relay_state.as_deref()), (xml, Some("a b&c=+")));
    let certificate = Certificate::default().of(&rsa());
    assert!(decoded.signed && redirect::verify(&signed, &certificate));
    let other = Certificate::default().of(&Key::generate_p256().unwrap());
    let rows = [
        ("another key", signed.clone(), other),
        ("another RelayState", signed.replace("a%20b", "a%20c"), certificate.clone()),
        ("other octets, same meaning", signed.replace("a%20b", "a+b"), certificate.clone()),
        ("RelayState twice", format!("{signed}&RelayState=x"), certificate.clone()),
        ("unsigned", query.clone(), certificate),
    ];
    for (name, query, certificate) in rows {
        assert!(!redirect::verify(&query, &certificate), "{name}");
    }
}

#[test]
fn a_query_that_is_no_message_or_a_bomb_is_refused() {
    let bomb = redirect::encode(Parameter::Request, &"x".repeat(redirect::INFLATED_LIMIT + 1), None);
    let rows = [
        ("none", String::new(), RedirectError::Parameters),
        ("both", "SAMLRequest=a&SAMLResponse=a".to_owned(), RedirectError::Parameters),
        ("not Base64", "SAMLRequest=%21".to_owned(), RedirectError::Encoding),
        ("not DEFLATE", "SAMLRequest=/////w==".to_owned(), RedirectError::Encoding),
        ("a bomb", bomb, RedirectError::TooLarge),
    ];
    for (name, query, error) in rows {
        assert_eq!(redirect::decode(&query), Err(error), "{name}");
    }
}

#[test]
fn requests_are_read() {
    let xml = "<p:AuthnRequest xmlns:p=\"x\" ID=\"_1\" Destination=\"https://idp/sso\" ForceAuthn=\"1\" \
               AssertionConsumerServiceURL=\"https://sp/acs?a&amp;b\"><a:Issuer>https://sp</a:Issuer>\
               <p:NameIDPolicy Format=\"f\"/><p:RequestedAuthnContext Comparison=\"exact\">\
               <a:AuthnContextClassRef>c1</a:AuthnContextClassRef></p:RequestedAuthnContext></p:AuthnRequest>";
    let request = AuthnRequest::read(xml).unwrap();
    assert_eq!(request.acs_url.as_deref(), Some("https://sp/acs?a&b"));
    assert_eq!(request.issuer.as_deref(), Some("https://sp"));
    assert!(request.force_authn && !request.is_passive);
    assert_eq!(request.name_id_format.as_deref(), Some("f"));
    assert_eq!((request.comparison.as_deref(), request.classes), (Some("exact"), vec!["c1".to_owned()]));
    for refused in ["", "<a ID=\"_1\"/>", "<AuthnRequest/>", "<AuthnRequest ID=\"_1\""] {
        assert_eq!(AuthnRequest::read(refused), None, "{refused}");
    }
}

#[test]
fn logout_messages_are_read_back() {
    let response = LogoutResponse::success("https://idp", "_1", "https://sp/out", 0);
    let read = LogoutResponse::read(&response.write()).unwrap();
    assert_eq!((read.status.as_str(), read.in_response_to.as_deref()), (names::SUCCESS, Some("_1")));
    let request = LogoutRequest {
        id: "_2".to_owned(),
        issue_instant: 0,
        destination: None,
        issuer: read.issuer,
        name_id: message().assertion.unwrap().subject.unwrap().name_id,
        session_indexes: vec!["_s".to_owned()],
    };
    let read = LogoutRequest::read(&request.write()).unwrap();
    assert_eq!(read.name_id.unwrap().value, "alice@corp.example");
    assert_eq!(
        (read.session_indexes, read.issuer.unwrap().value),
        (vec!["_s".to_owned()], "https://idp".into())
    );
    assert!(LogoutRequest::read(&response.write()).is_none());
}

#[test]
fn metadata_can_be_signed() {
    let certificate = Certificate::default().of(&rsa());
    let metadata = Metadata::good("https://idp", "https://idp/sso", "https://idp/slo", certificate);
    assert!(metadata.write().contains("use=\"signing\"") && !metadata.write().contains("ds:Signature"));
    let signing = Signing::both(rsa());
    assert!(holds(&metadata.signed(&signing), &signing, &rsa().public()));
}
