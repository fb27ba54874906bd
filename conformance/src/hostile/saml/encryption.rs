//! Encrypted assertions (SAML-08, -63, -66). Encryption proves nothing: a signature is needed as before.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bench::{Bench, Form, Verdict};
use crate::saml::{
    Content, DigestAlgorithm, Encryption, Message, PublicKey, Signing, Transport, names, sign, sign_assertion,
};

const REFUSED: Verdict = Verdict::Refused(&["SAML-ENCRYPTION", "SAML-ALGORITHM"]);
const UNSIGNED: Verdict = Verdict::Refused(&["SAML-UNSIGNED"]);

/// Cipher text that the response does not sign, or that holds no signature, is refused whatever is in it: encryption
/// proves nothing (CVE-2026-2092).
fn where_signed(form: Form, verdict: Verdict) -> Verdict {
    match (form, verdict) {
        (Form::BothSigned, verdict) => verdict,
        (Form::ResponseSigned, Verdict::Accepted) | (Form::AssertionSigned, _) => UNSIGNED,
        (Form::ResponseSigned, refused) => refused,
    }
}

pub(super) fn cases(bench: &mut Bench<'_>) {
    let certificate = bench.setting.encryption.as_deref();
    let Some(key) = certificate.and_then(PublicKey::of_certificate) else { return };
    algorithms(bench, &key);
    signatures(bench, &key);
    mutations(bench, &key);
}

fn encrypted(bench: &Bench<'_>, form: Form, encryption: Encryption) -> String {
    sign(&bench.good(), &Signing { encryption: Some(encryption), ..bench.signing(form) })
}

fn algorithms(bench: &mut Bench<'_>, key: &PublicKey) {
    let (one, two) = (DigestAlgorithm::Sha1, DigestAlgorithm::Sha256);
    let mgf1p = |digest| Transport::OaepMgf1p { digest };
    let oaep = |digest, mask| Transport::Oaep { digest, mask };
    let rows = [
        ("SAML-08", "AES-128-GCM", Content::Aes128Gcm, mgf1p(one), Verdict::Accepted),
        ("SAML-08", "AES-256-GCM", Content::Aes256Gcm, mgf1p(one), Verdict::Accepted),
        ("SAML-08", "OAEP with SHA-256, mask SHA-1", Content::Aes256Gcm, mgf1p(two), Verdict::Accepted),
        ("SAML-08", "OAEP with SHA-256", Content::Aes256Gcm, oaep(two, two), Verdict::Accepted),
        ("SAML-08", "OAEP of 1.1 with SHA-1", Content::Aes128Gcm, oaep(one, one), Verdict::Accepted),
        ("SAML-63", "AES-CBC", Content::Aes128Cbc, mgf1p(one), REFUSED),
        ("SAML-63", "PKCS #1 v1.5 key transport", Content::Aes128Gcm, Transport::Pkcs1, REFUSED),
    ];
    for (row, name, content, transport, verdict) in rows {
        for form in Form::ALL {
            let encryption = Encryption { key: key.clone(), content, transport };
            let message = encrypted(bench, form, encryption);
            bench.case(row, name, form, (message, where_signed(form, verdict)));
        }
    }
    let other = bench.setting.attacker.public();
    if other.rsa().is_some() {
        for form in Form::ALL {
            let message = encrypted(bench, form, Encryption::to(other.clone()));
            bench.case("SAML-08", "for another key", form, (message, where_signed(form, REFUSED)));
        }
    }
}

fn signatures(bench: &mut Bench<'_>, key: &PublicKey) {
    let to = || Some(Encryption::to(key.clone()));
    for form in Form::ALL {
        let unsigned = Signing { response: false, assertion: false, encryption: to(), ..bench.signing(form) };
        let verdict = Verdict::Refused(&["SAML-UNSIGNED"]);
        bench.case("SAML-08", "encrypted, unsigned", form, (sign(&bench.evil(), &unsigned), verdict));
        let key = Arc::clone(&bench.setting.attacker);
        let forged = Signing { key, encryption: to(), ..bench.signing(form) };
        let verdict = Verdict::Refused(&["SAML-SIGNATURE"]);
        let verdict = where_signed(form, verdict);
        bench.case("SAML-08", "encrypted, by another key", form, (sign(&bench.evil(), &forged), verdict));
        let mut two = bench.good();
        two.further = Encryption::to(bench_key(bench)).encrypt(&bench.evil_assertion(None));
        let signing = Signing { encryption: to(), ..bench.signing(form) };
        let verdict = Verdict::Refused(&["SAML-STRUCTURE"]);
        bench.case("SAML-08", "two encrypted assertions", form, (sign(&two, &signing), verdict));
    }
    contents(bench, key);
}

fn bench_key(bench: &Bench<'_>) -> PublicKey {
    bench.setting.trusted.public()
}

/// What comes to light is no assertion.
fn contents(bench: &mut Bench<'_>, key: &PublicKey) {
    let verdict = Verdict::Refused(&["SAML-ENCRYPTION", "SAML-XML", "SAML-STRUCTURE", "SAML-UNSIGNED"]);
    let evil = bench.evil_assertion(None);
    for (name, content) in [
        ("nothing", String::new()),
        ("text", "text".to_owned()),
        ("a DOCTYPE", format!("<!DOCTYPE saml:Assertion>{evil}")),
        ("two assertions", format!("{evil}{evil}")),
        (
            "a response",
            format!("<samlp:Response xmlns:samlp=\"{}\">{evil}</samlp:Response>", names::PROTOCOL),
        ),
        ("an entity", "&lt;".to_owned()),
    ] {
        for form in [Form::ResponseSigned, Form::BothSigned] {
            let further = Encryption::to(key.clone()).encrypt(&content);
            let message = Message { assertion: None, further, ..bench.good() };
            let signed = sign(&message, &bench.signing(form));
            bench.case("SAML-08", &format!("encrypted: {name}"), form, (signed, verdict));
        }
    }
}

/// Whatever goes wrong inside must look like every other failure (Jager and Somorovsky 2011, Bleichenbacher).
fn mutations(bench: &mut Bench<'_>, key: &PublicKey) {
    let verdict = Verdict::Refused(&["SAML-ENCRYPTION"]);
    for (name, skip) in [("key", 0), ("content", 1)] {
        for seed in 0..16_usize {
            let form = Form::BothSigned;
            let signing = bench.signing(form);
            let xml = Encryption::to(key.clone()).encrypt(&sign_assertion(&bench.good(), &signing));
            let value = xml.split("<xenc:CipherValue>").nth(skip + 1).and_then(|rest| rest.split('<').next());
            let value = value.unwrap_or_default();
            let mutated = cipher(&STANDARD.decode(value).unwrap_or_default(), seed);
            let further = xml.replacen(value, &STANDARD.encode(mutated), 1);
            // The response is signed last, over the cipher text that was changed: nothing but its content is wrong.
            let message = sign(&Message { assertion: None, further, ..bench.good() }, &signing);
            bench.case("SAML-66", &format!("{name}, mutation {seed}"), form, (message, verdict));
        }
    }
}

/// Cut short, made longer, emptied, or one bit turned somewhere.
fn cipher(octets: &[u8], seed: usize) -> Vec<u8> {
    let mut changed = octets.to_vec();
    match seed {
        0 => changed.clear(),
        1 => changed.truncate(1),
        2 => changed.truncate(12),
        3 => changed.truncate(octets.len().saturating_sub(1)),
        4 => changed.push(0),
        5 => changed.fill(0),
        6 => changed.fill(0xff),
        _ => {
            let place = (seed - 7) * octets.len().saturating_sub(1) / 8;
            changed.iter_mut().skip(place).take(1).for_each(|octet| *octet ^= 1 << (seed % 8));
        }
    }
    changed
}
