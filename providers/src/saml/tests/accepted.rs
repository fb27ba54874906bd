//! What a good provider sends, in every form that it may have; beside each what differs in one thing.

use vestibule_conformance::saml::{Attribute, DigestAlgorithm, Key, SignatureAlgorithm, Signing};

use super::world::{NOW, World, certificate, encryption_to, key};
use crate::config::SigningExpectation;

fn signing(response: bool, assertion: bool) -> Signing {
    Signing { response, assertion, ..Signing::both(key()) }
}

#[test]
fn each_form_of_signing_is_accepted_where_it_is_expected() {
    use SigningExpectation::{Assertion, Both, Either, Response};
    for (expected, response, assertion, cause) in [
        (Either, true, true, None),
        (Either, true, false, None),
        (Either, false, true, None),
        (Either, false, false, Some("nothing-signed")),
        (Both, true, true, None),
        (Both, true, false, Some("assertion-unsigned")),
        (Both, false, true, Some("response-unsigned")),
        (Response, true, false, None),
        (Response, false, true, Some("response-unsigned")),
        (Assertion, false, true, None),
        (Assertion, true, false, Some("assertion-unsigned")),
    ] {
        let mut world = World::new();
        world.config.signed = expected;
        let sent = world.sent(&signing(response, assertion), |_| {});
        let outcome = world.judge(sent.as_bytes());
        let found = outcome.as_ref().err().and_then(|error| error.cause);
        assert_eq!(found, cause, "{expected:?} {response} {assertion}: {outcome:?}");
    }
}

#[test]
fn every_algorithm_of_the_list_verifies_and_sha1_only_where_it_is_let_in() {
    let p256 = std::sync::Arc::new(Key::generate_p256().unwrap());
    let p384 = std::sync::Arc::new(Key::generate_p384().unwrap());
    for (key, algorithm, digest, cause) in [
        (key(), SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256, None),
        (key(), SignatureAlgorithm::RsaSha384, DigestAlgorithm::Sha384, None),
        (key(), SignatureAlgorithm::RsaSha512, DigestAlgorithm::Sha512, None),
        (p256, SignatureAlgorithm::EcdsaSha256, DigestAlgorithm::Sha256, None),
        (p384, SignatureAlgorithm::EcdsaSha384, DigestAlgorithm::Sha384, None),
        (key(), SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha256, Some("signature-algorithm")),
        (key(), SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha1, Some("digest-algorithm")),
    ] {
        let mut world = World::trusting(&[certificate(&key, NOW - 1, NOW + 1)]);
        let signing = Signing { algorithm, digest, ..Signing::both(key) };
        let sent = world.sent(&signing, |_| {});
        let found = world.judge(sent.as_bytes()).err().and_then(|error| error.cause);
        assert_eq!(found, cause, "{algorithm:?} {digest:?}");
        world.config.dangerous_sha1 = true;
        assert!(world.judge(sent.as_bytes()).is_ok(), "{algorithm:?} {digest:?} with the switch");
    }
}

#[test]
fn an_encrypted_assertion_opens_with_either_key_and_still_needs_both_signatures() {
    for (next, response, assertion, cause) in [
        (false, true, true, None),
        (true, true, true, None),
        (false, true, false, Some("assertion-unsigned")),
        (false, false, true, Some("response-unsigned")),
    ] {
        let world = World::new();
        let signing = Signing { encryption: Some(encryption_to(next)), ..signing(response, assertion) };
        let sent = world.sent(&signing, |_| {});
        assert!(sent.contains("EncryptedAssertion") && !sent.contains("alice"), "{sent}");
        let found = world.judge(sent.as_bytes()).err().and_then(|error| error.cause);
        assert_eq!(found, cause, "{next} {response} {assertion}");
    }
}

#[test]
fn an_expired_certificate_beside_a_valid_one_is_left_out_and_alone_stops_everything() {
    let old = std::sync::Arc::new(Key::generate_rsa(2048).unwrap());
    let (valid, expired) = (certificate(&key(), NOW - 10, NOW + 10), certificate(&old, NOW - 10, NOW - 1));
    for (certificates, by, cause) in [
        (vec![valid.clone(), expired.clone()], key(), None),
        (vec![valid, expired.clone()], std::sync::Arc::clone(&old), Some("key-expired")),
        (vec![expired], old, Some("certificate-none")),
    ] {
        let world = World::trusting(&certificates);
        let sent = world.sent(&Signing::both(by), |_| {});
        let error = world.judge(sent.as_bytes()).err();
        assert_eq!(error.as_ref().and_then(|error| error.cause), cause);
        assert!(error.is_none_or(|error| error.code.as_str() == "SAML-CERTIFICATE"));
    }
}

/// XML 1.0 §2.11, §3.3.3: other readers sign what they have read, so that we have to read it alike.
#[test]
fn white_space_is_read_as_every_reader_of_xml_reads_it() {
    let (name, value) = ("Name=\"a b\"", "one\ntwo");
    for (response, assertion) in [(true, true), (true, false), (false, true)] {
        let world = World::new();
        let sent = world.sent(&signing(response, assertion), |message| {
            let other = Attribute::basic("a b", &[value]);
            message.assertion.iter_mut().for_each(|one| one.attributes.push(other.clone()));
        });
        for (from, to, cause) in [
            (name, "Name=\"a\nb\"", None),
            (name, "Name=\"a\tb\"", None),
            (name, "Name='a\r\nb'", None),
            (name, "Name=\n\t\"a\rb\"\r\n", None),
            (name, "Name=\"a\n\nb\"", Some("changed-after-signing")),
            (name, "Name=\"a&#xA;b\"", Some("changed-after-signing")),
            (value, "one\r\ntwo", None),
            (value, "one\rtwo", None),
            (value, "<![CDATA[one\r\ntwo]]>", None),
            (value, "one&#xD;\ntwo", Some("changed-after-signing")),
            (value, "one two", Some("changed-after-signing")),
        ] {
            assert!(sent.contains(from), "{sent}");
            let found =
                world.judge(sent.replacen(from, to, 1).as_bytes()).err().and_then(|error| error.cause);
            assert_eq!(found, cause, "{to:?} {response} {assertion}");
        }
    }
}
