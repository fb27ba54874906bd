//! Certificates of the `openssl` command line, whole, cut, long and with what must not stand beside them.

use super::*;
use crate::testdata::{
    IDP_COMPRESSED_PEM, IDP_DATED_PEM, IDP_EXPLICIT_PEM, IDP_EXPONENT3_PEM, IDP_ODD_NAME_PEM, IDP_P256_PEM,
    IDP_RSA_PEM, IDP_RSA1024_PEM, SERVER_KEY_PEM,
};

fn one(pem: &str) -> Certificate {
    let [certificate] = Certificate::from_pem(pem).unwrap().try_into().unwrap();
    certificate
}

#[test]
fn a_certificate_says_what_openssl_says() {
    let read = one(IDP_DATED_PEM);
    assert_eq!(read.subject(), "CN=idp.example");
    // `openssl x509 -noout -fingerprint -sha256 -in dated.pem`
    assert_eq!(
        read.fingerprint(),
        "24:AA:1B:F0:8F:0B:4A:DC:CC:A1:6A:D1:43:1C:FB:C4:72:F8:7C:5D:D5:FB:F7:02:19:40:E5:C0:34:54:5B:7C"
    );
    assert_eq!((read.not_before(), read.not_after()), (1_704_067_200, 2_524_608_000));
    assert_eq!(read.key().describe(), "RSA 2048");
    assert_eq!(read.key(), one(IDP_RSA_PEM).key());
    assert_ne!(read, one(IDP_RSA_PEM));
    assert_eq!(format!("{read:?}"), format!("Certificate(CN=idp.example, {})", read.fingerprint()));
}

#[test]
fn saml_06_both_ends_belong_to_the_validity() {
    let read = one(IDP_DATED_PEM);
    for (time, expected) in [
        (i64::MIN, false),
        (1_704_067_199, false),
        (1_704_067_200, true),
        (2_524_607_999, true),
        (2_524_608_000, true),
        (2_524_608_001, false),
        (i64::MAX, false),
    ] {
        assert_eq!(read.is_valid_at(time), expected, "{time}");
    }
}

#[test]
fn der_and_pem_give_back_what_was_read() {
    for pem in [IDP_RSA_PEM, IDP_P256_PEM, IDP_DATED_PEM] {
        let read = one(pem);
        assert_eq!(read.to_pem(), pem);
        assert_eq!(Certificate::from_der(read.der()), Ok(read.clone()));
        assert_eq!(one(&pem.replace('\n', "\r\n")), read, "lines of another system");
    }
}

#[test]
fn a_name_cannot_disturb_a_page_or_a_terminal() {
    assert_eq!(one(IDP_ODD_NAME_PEM).subject(), "CN=idp\\u{1b}[31m\\u{202e}elpmaxe\\u{a}x");
}

#[test]
fn a_long_name_is_cut_between_characters() {
    assert_eq!(shown(&"é".repeat(SUBJECT_LIMIT)), "é".repeat(SUBJECT_LIMIT));
    assert_eq!(shown(&"é".repeat(SUBJECT_LIMIT + 1)), "é".repeat(SUBJECT_LIMIT));
    assert_eq!(
        shown(&format!("{}\n", "a".repeat(SUBJECT_LIMIT - 4))),
        "a".repeat(SUBJECT_LIMIT - 4),
        "escape"
    );
}

#[test]
fn a_text_may_hold_several_certificates_and_remarks() {
    let text = format!("of 2024\n{IDP_DATED_PEM}\nnext\n{IDP_P256_PEM}");
    let read = Certificate::from_pem(&text).unwrap();
    assert_eq!(read, [one(IDP_DATED_PEM), one(IDP_P256_PEM)]);
    assert_eq!(Certificate::from_pem(&IDP_P256_PEM.repeat(CERTIFICATE_LIMIT)).unwrap().len(), 16);
}

#[test]
fn texts_that_are_not_taken() {
    let pem = malformed("the text is not PEM");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let encrypted = SERVER_KEY_PEM.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let old = SERVER_KEY_PEM.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    let rows = [
        ("empty", String::new(), CertificateFault::None),
        ("no PEM", "MIIC".to_owned(), CertificateFault::None),
        ("private key first", format!("{SERVER_KEY_PEM}{IDP_P256_PEM}"), CertificateFault::PrivateKey),
        ("private key last", format!("{IDP_P256_PEM}{SERVER_KEY_PEM}"), CertificateFault::PrivateKey),
        ("encrypted private key", format!("{IDP_P256_PEM}{encrypted}"), CertificateFault::PrivateKey),
        ("private key of old", format!("{IDP_P256_PEM}{old}"), CertificateFault::PrivateKey),
        ("17 certificates", IDP_P256_PEM.repeat(17), CertificateFault::TooMany),
        ("broken base64", IDP_P256_PEM.replacen("MII", "M!I", 1), pem.clone()),
        ("no end", IDP_P256_PEM.replace("-----END CERTIFICATE-----", ""), pem),
        ("not X.509", format!("{IDP_P256_PEM}{no_certificate}"), malformed("it is not X.509")),
        ("too long", " ".repeat(PEM_LIMIT + 1), CertificateFault::TooLong),
    ];
    for (name, text, expected) in rows {
        assert_eq!(Certificate::from_pem(&text), Err(expected), "{name}");
    }
}

#[test]
fn bytes_that_are_not_taken() {
    let der = one(IDP_P256_PEM).der().to_vec();
    for end in 0..der.len() {
        assert!(matches!(Certificate::from_der(&der[..end]), Err(CertificateFault::Malformed(_))), "{end}");
    }
    let longer = |more: usize| Certificate::from_der(&[&der[..], &vec![0; more]].concat());
    assert_eq!(longer(1), Err(malformed("bytes follow it")));
    assert_eq!(longer(DER_LIMIT - der.len()), Err(malformed("bytes follow it")), "the longest");
    assert_eq!(longer(DER_LIMIT - der.len() + 1), Err(CertificateFault::TooLong));
}

#[test]
fn saml_06_a_weak_or_foreign_key_makes_no_certificate() {
    for (name, pem) in [("1024 bits", IDP_RSA1024_PEM), ("exponent 3", IDP_EXPONENT3_PEM)] {
        let refused = Certificate::from_pem(&format!("{IDP_P256_PEM}{pem}"));
        assert!(matches!(refused, Err(CertificateFault::Key(KeyFault::Weak(_)))), "{name}: {refused:?}");
    }
    for (name, pem) in [("explicit curve", IDP_EXPLICIT_PEM), ("compressed", IDP_COMPRESSED_PEM)] {
        let refused = Certificate::from_pem(pem);
        assert!(
            matches!(refused, Err(CertificateFault::Key(KeyFault::Unsupported(_)))),
            "{name}: {refused:?}"
        );
    }
}
