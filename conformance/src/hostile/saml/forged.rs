//! Forgeries: another key, another text, another digest (SAML-53 to -57, -61).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::VICTIM;
use super::bench::{Bench, Form, Verdict, between, element, signature};
use crate::saml::{Certificate, DigestAlgorithm, Message, PublicKey, Signing, names, sign, sign_with};

const SIGNATURE: Verdict = Verdict::Refused(&["SAML-SIGNATURE"]);
const SMUGGLED: Verdict = Verdict::Refused(&["SAML-SIGNATURE", "SAML-STRUCTURE"]);
const ASSERTIONS: [Form; 2] = [Form::AssertionSigned, Form::BothSigned];

pub(super) fn cases(bench: &mut Bench<'_>) {
    tampered(bench);
    keys(bench);
    two_infos(bench);
    digests(bench);
    void(bench);
}

/// The texts of the assertion, changed after it was signed.
fn forge(xml: &str) -> String {
    let sid = between(xml, "Name=\"cip_sid\"", "</saml:AttributeValue>");
    let sid = sid.rsplit('>').next().unwrap_or_default();
    let upn = between(xml, "Name=\"cip_upn\"", "</saml:AttributeValue>");
    let upn = upn.rsplit('>').next().unwrap_or_default();
    let forged = if upn.is_empty() { xml.to_owned() } else { xml.replace(upn, VICTIM) };
    if sid.is_empty() { forged } else { forged.replace(sid, "S-1-5-21-1-2-3-500") }
}

fn tampered(bench: &mut Bench<'_>) {
    bench.after(&Form::ALL, "SAML-60", "another person", (SIGNATURE, forge));
    bench.after(
        &Form::ALL,
        "SAML-60",
        "one octet of the value",
        (SIGNATURE, |xml: &str| {
            let value = between(xml, "<ds:SignatureValue>", "<").to_owned();
            let first = if value.starts_with('A') { "B" } else { "A" };
            xml.replacen(&value, &format!("{first}{}", value.get(1..).unwrap_or_default()), 1)
        }),
    );
}

fn keys(bench: &mut Bench<'_>) {
    let row = "SAML-61";
    let attacker = Arc::clone(&bench.setting.attacker);
    let certificate = Certificate::default().of(&attacker);
    for form in Form::ALL {
        let signing = Signing { key: Arc::clone(&attacker), ..bench.signing(form) };
        bench.case(row, "another key", form, (sign(&bench.evil(), &signing), SIGNATURE));
        for (name, held) in [("its", &certificate), ("the trusted", &bench.setting.certificate.clone())] {
            let signing = Signing { certificate: Some(held.clone()), ..signing.clone() };
            let name = format!("another key, {name} certificate in KeyInfo");
            bench.case(row, &name, form, (sign(&bench.evil(), &signing), SIGNATURE));
        }
        let value = key_value(&attacker.public());
        let envelope = |signing: &Signing, id: &str, canonical: &str| {
            signing.envelope(id, canonical).replacen("</ds:Signature>", &value, 1)
        };
        let message = sign_with(&bench.evil(), &signing, &envelope);
        bench.case(row, "another key, its value in KeyInfo", form, (message, SIGNATURE));
    }
    for form in Form::ALL {
        let signing = Signing { certificate: Some(certificate.clone()), ..bench.signing(form) };
        let message = sign(&bench.good(), &signing);
        bench.case(row, "good, another certificate in KeyInfo", form, (message, Verdict::Accepted));
    }
    // One signature is good, the other the attacker's.
    let outer = Signing { key: attacker, assertion: true, ..bench.signing(Form::BothSigned) };
    let mixed = |signing: &Signing, id: &str, canonical: &str| {
        let good = Signing { key: Arc::clone(&bench.setting.trusted), ..signing.clone() };
        let inner = canonical.starts_with("<saml:Assertion");
        if inner { good.envelope(id, canonical) } else { signing.envelope(id, canonical) }
    };
    let message = sign_with(&bench.good(), &outer, &mixed);
    bench.case(row, "good assertion, response by another key", Form::BothSigned, (message, SIGNATURE));
}

fn key_value(key: &PublicKey) -> String {
    let PublicKey::Rsa { modulus, exponent } = key else { return "</ds:Signature>".to_owned() };
    let [modulus, exponent] = [modulus, exponent].map(|number| STANDARD.encode(number));
    format!(
        "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus>\
         <ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></ds:Signature>"
    )
}

/// A message about the victim under a `SignedInfo` of the good one.
fn evil_with(bench: &Bench<'_>, form: Form, make: &dyn Fn(&str, &str, &str) -> String) -> String {
    let envelope = |signing: &Signing, id: &str, canonical: &str| {
        let good = signing.signed_info(id, &good_text(canonical, bench));
        make(&good, &signing.signed_info(id, canonical), &signing.value_over(&good))
    };
    sign_with(&bench.evil(), &bench.signing(form), &envelope)
}

/// What the provider signed before the attacker changed it.
fn good_text(canonical: &str, bench: &Bench<'_>) -> String {
    let upn = bench.setting.identity.upn.as_deref().unwrap_or_default();
    canonical.replace(VICTIM, upn)
}

/// xml-crypto, CVE-2025-29774: one is verified, the other's digest is used.
fn two_infos(bench: &mut Bench<'_>) {
    for form in Form::ALL {
        for (name, forged_first) in [("first", true), ("last", false)] {
            let message = evil_with(bench, form, &|good, forged, value| {
                let both = if forged_first { format!("{forged}{good}") } else { format!("{good}{forged}") };
                signature(&both, value)
            });
            bench.case("SAML-53", &format!("a forged SignedInfo {name}"), form, (message, SIGNATURE));
        }
        let message = evil_with(bench, form, &|good, forged, value| {
            let object = format!("<ds:Object>{forged}</ds:Object></ds:Signature>");
            signature(good, value).replacen("</ds:Signature>", &object, 1)
        });
        bench.case("SAML-53", "a forged SignedInfo in an Object", form, (message, SIGNATURE));
        let message = evil_with(bench, form, &|good, forged, value| {
            let digest = between(forged, "<ds:DigestValue>", "<");
            let tag = format!("<ds:DigestValue><!--{digest}-->");
            signature(&good.replacen("<ds:DigestValue>", &tag, 1), value)
        });
        bench.case("SAML-54", "the forged digest in a comment", form, (message, SIGNATURE));
    }
}

/// ruby-saml, CVE-2024-45409: `//ds:DigestValue` finds another one first.
fn digests(bench: &mut Bench<'_>) {
    for form in ASSERTIONS {
        let xml = forge(&bench.signed(form));
        let assertion = element(&xml, "<saml:Assertion ");
        let canonical = assertion.replacen(element(assertion, "<ds:Signature "), "", 1);
        let digest = STANDARD.encode(DigestAlgorithm::Sha256.of(canonical.as_bytes()));
        let value = format!("<ds:DigestValue xmlns:ds=\"{}\">{digest}</ds:DigestValue>", names::DSIG);
        for (name, before, tag) in [
            ("Extensions", "<samlp:Status>", "samlp:Extensions"),
            ("StatusDetail", "</samlp:Status>", "samlp:StatusDetail"),
        ] {
            let smuggled = format!("<{tag}>{value}</{tag}>{before}");
            let message = xml.replacen(before, &smuggled, 1);
            bench.case("SAML-55", &format!("the forged digest in {name}"), form, (message, SMUGGLED));
        }
        let message = xml.replacen("<ds:SignedInfo>", &format!("{value}<ds:SignedInfo>"), 1);
        bench.case("SAML-55", "the forged digest in the signature", form, (message, SMUGGLED));
    }
}

/// Canonicalisation that fails must not leave the digest of nothing (CVE-2025-66568, CVE-2025-66475).
fn void(bench: &mut Bench<'_>) {
    let empty = STANDARD.encode(DigestAlgorithm::Sha256.of(b""));
    let refused = Verdict::Refused(&["SAML-SIGNATURE", "SAML-XML", "SAML-STRUCTURE"]);
    for (name, namespaces) in [("", None), (", relative namespace", Some(("ns".to_owned(), "1".to_owned())))]
    {
        let change = |message: &mut Message| {
            message.response.namespaces.extend(namespaces.clone());
            message.assertion.iter_mut().for_each(|a| a.namespaces.extend(namespaces.clone()));
        };
        for form in Form::ALL {
            let mut message = bench.evil();
            change(&mut message);
            let envelope = |signing: &Signing, id: &str, canonical: &str| {
                let info = signing.signed_info(id, canonical);
                let digest = between(&info, "<ds:DigestValue>", "<").to_owned();
                let info = info.replacen(&digest, &empty, 1);
                signature(&info, &signing.value_over(&info))
            };
            let xml = sign_with(&message, &bench.signing(form), &envelope);
            bench.case("SAML-57", &format!("the digest of nothing{name}"), form, (xml, refused));
        }
    }
    bench.after(
        &Form::ALL,
        "SAML-57",
        "a relative namespace",
        (refused, |xml: &str| xml.replacen("<samlp:Response ", "<samlp:Response xmlns:ns=\"1\" ", 1)),
    );
}
