//! A public key as the secret of an HMAC (SAML-62), which anybody can compute.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256, Key, sign};

use super::bench::{Bench, Form, Verdict, signature};
use crate::saml::{Signing, names, sign_with};

const REFUSED: Verdict = Verdict::Refused(&["SAML-ALGORITHM", "SAML-SIGNATURE"]);
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";

pub(super) fn cases(bench: &mut Bench<'_>) {
    let certificate = bench.setting.certificate.clone();
    let info = bench.setting.trusted.public().info();
    let secrets = [
        ("certificate", certificate.clone()),
        ("certificate in Base64", STANDARD.encode(&certificate).into_bytes()),
        ("certificate in PEM", pem("CERTIFICATE", &certificate).into_bytes()),
        ("public key", info.clone()),
        ("public key in PEM", pem("PUBLIC KEY", &info).into_bytes()),
        ("nothing", Vec::new()),
    ];
    for (name, secret) in &secrets {
        for (algorithm, uri) in [(HMAC_SHA1_FOR_LEGACY_USE_ONLY, SHA1), (HMAC_SHA256, SHA256)] {
            let (key, kind) = (Key::new(algorithm, secret), uri.rsplit('#').next().unwrap_or_default());
            for form in Form::ALL {
                let message = forged(bench, form, uri, &|octets| sign(&key, octets).as_ref().to_vec());
                bench.case("SAML-62", &format!("{kind} by {name}"), form, (message, REFUSED));
            }
        }
    }
    // CVE-2009-0217: a value of no length is always right.
    for form in Form::ALL {
        let message = forged(bench, form, SHA1, &|_| Vec::new());
        let method = format!("<ds:SignatureMethod Algorithm=\"{SHA1}\">");
        let cut = format!("{method}<ds:HMACOutputLength>0</ds:HMACOutputLength>");
        bench.case("SAML-62", "output of no length", form, (message.replace(&method, &cut), REFUSED));
    }
}

fn forged(bench: &Bench<'_>, form: Form, uri: &str, value: &dyn Fn(&[u8]) -> Vec<u8>) -> String {
    let envelope = |signing: &Signing, id: &str, canonical: &str| {
        let info = signing.signed_info(id, canonical).replacen(signing.algorithm.uri(), uri, 1);
        let declared = format!("<ds:SignedInfo xmlns:ds=\"{}\">", names::DSIG);
        let octets = info.replacen("<ds:SignedInfo>", &declared, 1);
        signature(&info, &STANDARD.encode(value(octets.as_bytes())))
    };
    sign_with(&bench.evil(), &bench.signing(form), &envelope)
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
