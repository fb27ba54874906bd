//! Keys as providers publish them, weak and foreign ones beside them; signatures made by the `openssl` command line.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::*;
use crate::testdata::{self, numbers, unhex};

const MESSAGE: &[u8] = b"a message";

/// The key of a certificate, as DER.
fn spki(pem: &str) -> Vec<u8> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
    certificate.public_key().raw.to_vec()
}

fn read(pem: &str) -> Result<VerifyingKey, KeyFault> {
    VerifyingKey::from_spki(&spki(pem))
}

fn keys() -> [VerifyingKey; 3] {
    [testdata::IDP_RSA_PEM, testdata::IDP_P256_PEM, testdata::IDP_P384_PEM].map(|pem| read(pem).unwrap())
}

fn signatures() -> Vec<(SignatureAlgorithm, Vec<u8>)> {
    let read = |line: &str| {
        let (name, signature) = line.split_once(' ').unwrap();
        let algorithm = SignatureAlgorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        (algorithm.unwrap(), unhex(signature))
    };
    let all: Vec<_> = testdata::SIGNATURES.lines().map(read).collect();
    assert_eq!(all.len(), SignatureAlgorithm::ALL.len());
    all
}

#[test]
fn strong_keys_are_described() {
    assert_eq!(keys().map(|key| key.describe()), ["RSA 2048", "P-256", "P-384"]);
    assert_eq!(format!("{:?}", keys()[0]), "VerifyingKey(RSA 2048)");
}

#[test]
fn saml_06_weak_and_foreign_keys_are_refused() {
    let weak = |text: &str| Err(KeyFault::Weak(text.to_owned()));
    let foreign = |text: &str| Err(KeyFault::Unsupported(text.to_owned()));
    let rows = [
        (testdata::IDP_RSA1024_PEM, weak("the RSA modulus is not an odd number of 2048 to 8192 bits")),
        (testdata::IDP_EXPONENT3_PEM, weak("the RSA exponent is not an odd number from 65537 to 2^33")),
        (testdata::IDP_P521_PEM, foreign("curve 1.3.132.0.35")),
        (testdata::IDP_ED25519_PEM, foreign("key type 1.3.101.112")),
        (testdata::IDP_RSA_PSS_PEM, foreign("key type 1.2.840.113549.1.1.10")),
        (testdata::IDP_EXPLICIT_PEM, foreign("a curve without a name")),
        (testdata::IDP_COMPRESSED_PEM, foreign("a compressed point")),
    ];
    for (pem, expected) in rows {
        assert_eq!(read(pem), expected);
    }
}

#[test]
fn a_key_is_read_whole_or_not_at_all() {
    for pem in [testdata::IDP_RSA_PEM, testdata::IDP_P256_PEM] {
        let der = spki(pem);
        for end in 0..der.len() {
            assert_eq!(VerifyingKey::from_spki(&der[..end]), Err(KeyFault::Malformed), "{end} bytes");
        }
        assert_eq!(VerifyingKey::from_spki(&[&der[..], &[0]].concat()), Err(KeyFault::Malformed), "trailing");
    }
    assert_eq!(VerifyingKey::from_spki(&vec![0x30; spki::LIMIT + 1]), Err(KeyFault::Malformed), "too long");
}

#[test]
fn a_point_off_its_curve_is_refused() {
    let mut der = spki(testdata::IDP_P256_PEM);
    *der.last_mut().unwrap() ^= 1;
    assert_eq!(VerifyingKey::from_spki(&der), Err(KeyFault::Malformed));
    // SEC 1 §2.3.4: the hybrid form names the parity of y besides; nothing else than 4 is taken.
    let mut der = spki(testdata::IDP_P256_PEM);
    let form = der.len() - 65;
    der[form] = 6;
    assert_eq!(VerifyingKey::from_spki(&der), Err(KeyFault::Malformed), "hybrid");
    // X.690 §8.6.2.2: the byte before the point counts bits that do not belong to it.
    let mut der = spki(testdata::IDP_P256_PEM);
    der[form - 1] = 1;
    assert_eq!(VerifyingKey::from_spki(&der), Err(KeyFault::Malformed), "part of a byte");
}

#[test]
fn an_rsa_key_is_two_positive_numbers_and_nothing_more() {
    let (modulus, exponent) = numbers();
    let spki = |parameters: &[u8], numbers: &[&[u8]]| {
        let key = der(0x30, &numbers.concat());
        let oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        let algorithm = der(0x30, &[&oid[..], parameters].concat());
        der(0x30, &[algorithm, der(0x03, &[&[0][..], &key].concat())].concat())
    };
    let positive = der(0x02, &[&[0][..], &modulus].concat());
    let exponent = der(0x02, &exponent);
    let rows = [
        ("NULL", spki(&[5, 0], &[&positive, &exponent]), true),
        ("no parameters", spki(&[], &[&positive, &exponent]), true),
        ("other parameters", spki(&[4, 0], &[&positive, &exponent]), false),
        ("negative modulus", spki(&[5, 0], &[&der(0x02, &modulus), &exponent]), false),
        ("needless zero", spki(&[5, 0], &[&der(0x02, &[&[0, 0][..], &modulus].concat()), &exponent]), false),
        ("octet string", spki(&[5, 0], &[&positive, &der(0x04, &[1, 0, 1])]), false),
        ("two parameters", spki(&[5, 0, 5, 0], &[&positive, &exponent]), false),
        ("a third number", spki(&[5, 0], &[&positive, &exponent, &exponent]), false),
        ("one number", spki(&[5, 0], &[&positive]), false),
    ];
    for (name, spki, accepted) in rows {
        assert_eq!(VerifyingKey::from_spki(&spki).is_ok(), accepted, "{name}");
    }
}

/// One DER element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header = match length {
        [0, short @ 0..128] => vec![tag, short],
        [0, long] => vec![tag, 0x81, long],
        [high, low] => vec![tag, 0x82, high, low],
    };
    [&header[..], content].concat()
}

#[test]
fn the_numbers_of_xml_give_the_key_of_the_certificate() {
    let (modulus, exponent) = numbers();
    let [key, ..] = keys();
    assert_eq!(VerifyingKey::from_rsa(&modulus, &exponent), Ok(key.clone()));
    let padded = [&[0, 0][..], &modulus].concat();
    assert_eq!(VerifyingKey::from_rsa(&padded, &[0, 1, 0, 1]), Ok(key), "leading zeros");
    assert!(matches!(VerifyingKey::from_rsa(&modulus, &[3]), Err(KeyFault::Weak(_))));
    assert!(matches!(VerifyingKey::from_rsa(&modulus[128..], &exponent), Err(KeyFault::Weak(_))));
    assert_eq!(VerifyingKey::from_rsa(&[], &exponent), Err(KeyFault::Malformed));
    assert_eq!(VerifyingKey::from_rsa(&[0], &exponent), Err(KeyFault::Malformed));
    assert!(VerifyingKey::from_rsa(&modulus, &[]).is_err());
}

#[test]
fn signatures_of_openssl_hold_under_the_right_key_and_name_only() {
    for (made, signature) in signatures() {
        let mut held = Vec::new();
        for key in keys() {
            for named in SignatureAlgorithm::ALL {
                if key.verify(named, MESSAGE, &signature).is_ok() {
                    held.push((key.describe(), named));
                }
            }
        }
        let key = match made {
            SignatureAlgorithm::EcdsaSha256 => "P-256",
            SignatureAlgorithm::EcdsaSha384 => "P-384",
            _ => "RSA 2048",
        };
        assert_eq!(held, [(key.to_owned(), made)]);
    }
}

#[test]
fn an_altered_signature_or_message_does_not_hold() {
    for (algorithm, signature) in signatures() {
        let holds = |message: &[u8], signature: &[u8]| {
            keys().iter().any(|key| key.verify(algorithm, message, signature).is_ok())
        };
        assert!(holds(MESSAGE, &signature));
        assert!(!holds(b"a massage", &signature), "{algorithm:?}: message");
        assert!(!holds(b"", &signature), "{algorithm:?}: no message");
        for place in [0, signature.len() / 2, signature.len() - 1] {
            let mut altered = signature.clone();
            altered[place] ^= 1;
            assert!(!holds(MESSAGE, &altered), "{algorithm:?}: byte {place}");
        }
        assert!(!holds(MESSAGE, &signature[1..]), "{algorithm:?}: short");
        assert!(!holds(MESSAGE, &[&signature[..], &[0]].concat()), "{algorithm:?}: long");
        assert!(!holds(MESSAGE, &[]), "{algorithm:?}: empty");
        // CVE-2022-21449: zeros must not verify.
        assert!(!holds(MESSAGE, &vec![0; signature.len()]), "{algorithm:?}: zeros");
    }
}

#[test]
fn an_ecdsa_signature_in_der_does_not_hold() {
    let (_, fixed) =
        signatures().into_iter().find(|(name, _)| *name == SignatureAlgorithm::EcdsaSha256).unwrap();
    let (r, s) = fixed.split_at(32);
    let integer = |number: &[u8]| der(0x02, &[&[0][..], number].concat());
    let signature = der(0x30, &[integer(r), integer(s)].concat());
    let [_, key, _] = keys();
    assert_eq!(key.verify(SignatureAlgorithm::EcdsaSha256, MESSAGE, &fixed), Ok(()));
    assert_eq!(key.verify(SignatureAlgorithm::EcdsaSha256, MESSAGE, &signature), Err(SignatureRefused));
}
