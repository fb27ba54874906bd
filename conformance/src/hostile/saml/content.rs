//! Parts that are missing, doubled or of another kind (SAML-32, -69, -72).

use super::VICTIM;
use super::bench::{Bench, Form, Verdict, element, id_of};
use crate::saml::{Attribute, Message, fresh_id, names, sign, sign_assertion};

const STRUCTURE: Verdict = Verdict::Refused(&["SAML-STRUCTURE"]);
const BROKEN: Verdict = Verdict::Refused(&["SAML-STRUCTURE", "SAML-SIGNATURE"]);
/// What may be refused for what it is before anybody asks where it stands.
const UNWANTED: Verdict = Verdict::Refused(&["SAML-STRUCTURE", "SAML-SIGNATURE", "SAML-XML"]);
const VERSION: Verdict = Verdict::Refused(&["SAML-VERSION", "SAML-STRUCTURE"]);

pub(super) fn cases(bench: &mut Bench<'_>) {
    missing(bench);
    doubled(bench);
    roots(bench);
    identifiers(bench);
    copies(bench);
}

fn missing(bench: &mut Bench<'_>) {
    let row = "SAML-32";
    let statement = Verdict::Refused(&["SAML-STATEMENT"]);
    bench.assertion(row, "no authentication statement", statement, |a| a.authn = None);
    for (name, value) in [("1.1", Some("1.1")), ("2.1", Some("2.1")), ("absent", None)] {
        let value = value.map(str::to_owned);
        bench.before(row, &format!("response version {name}"), VERSION, |m| {
            m.response.version.clone_from(&value);
        });
        bench.assertion(row, &format!("assertion version {name}"), VERSION, |a| a.version.clone_from(&value));
    }
    bench.before(row, "response without ID", BROKEN, |m| m.response.id = None);
    bench.assertion(row, "assertion without ID", BROKEN, |a| a.id = None);
    bench.assertion(row, "assertion with an empty ID", BROKEN, |a| a.id = Some(String::new()));
    let time = Verdict::Refused(&["SAML-STRUCTURE", "SAML-TIME"]);
    bench.assertion(row, "assertion without IssueInstant", time, |a| a.issue_instant = None);
    let none = Verdict::Refused(&["SAML-STRUCTURE", "SAML-UNSIGNED"]);
    bench.before(row, "no assertion", none, |m| m.assertion = None);
    let encrypted = format!(
        "<saml:EncryptedID><xenc:EncryptedData xmlns:xenc=\"{}\"></xenc:EncryptedData></saml:EncryptedID>",
        names::XENC
    );
    bench.before(row, "EncryptedID", Verdict::Refused(&["SAML-STRUCTURE", "SAML-SUBJECT"]), |m| {
        let assertion = m.assertion.iter_mut();
        assertion.filter_map(|a| a.subject.as_mut()).for_each(|s| s.name_id = None);
        m.replaced = vec![("<saml:Subject>".to_owned(), format!("<saml:Subject>{encrypted}"))];
    });
}

fn doubled(bench: &mut Bench<'_>) {
    // The claims' own code; saml-core section 2.7.3.1 lets the attribute be repeated.
    let refused = Verdict::Refused(&[]);
    for name in ["cip_upn", "cip_sid", "cip_oid", "cip_email"] {
        bench.assertion("SAML-32", &format!("{name} twice"), refused, |a| {
            a.attributes.push(Attribute::basic(name, &[VICTIM]));
        });
        bench.assertion("SAML-32", &format!("{name} with two values"), refused, |a| {
            let named = a.attributes.iter_mut().filter(|attribute| attribute.name == name);
            named.for_each(|attribute| attribute.values.push(VICTIM.to_owned()));
        });
    }
    for form in Form::ALL {
        let (signing, mut message) = (bench.signing(form), bench.good());
        message.further = sign_assertion(&bench.good(), &signing);
        bench.case("SAML-32", "two assertions of the provider", form, (sign(&message, &signing), STRUCTURE));
    }
}

fn roots(bench: &mut Bench<'_>) {
    let refused = Verdict::Refused(&["SAML-STRUCTURE", "SAML-SIGNATURE", "SAML-UNSIGNED"]);
    let alone = |xml: &str| element(xml, "<saml:Assertion ").to_owned();
    bench.after(&Form::ALL, "SAML-32", "an assertion as root", (refused, alone));
    bench.before("SAML-32", "another root", refused, |m| {
        m.replaced = vec![("samlp:Response".to_owned(), "samlp:ArtifactResponse".to_owned())];
    });
    bench.before("SAML-32", "a root of SAML 1.1", refused, |m| {
        m.replaced = vec![(names::PROTOCOL.to_owned(), "urn:oasis:names:tc:SAML:1.0:protocol".to_owned())];
    });
    let inside = |xml: &str| format!("<x>{xml}</x>");
    bench.after(&Form::ALL, "SAML-48", "a response in another root", (refused, inside));
}

/// W3C xmldsig best practices: an ID that is not unique proves nothing.
fn identifiers(bench: &mut Bench<'_>) {
    let row = "SAML-69";
    bench.before(row, "response and assertion share an ID", BROKEN, |m| {
        m.assertion.iter_mut().for_each(|a| a.id.clone_from(&m.response.id));
    });
    for (name, attribute) in [("ID", "ID"), ("xml:id", "xml:id"), ("Id", "Id")] {
        bench.before(row, &format!("an extension with the assertion's ID as {name}"), UNWANTED, |m| {
            let id = m.assertion.as_ref().and_then(|a| a.id.clone()).unwrap_or_default();
            m.response.extensions =
                Some(format!("<x:y xmlns:x=\"urn:example:x\" {attribute}=\"{id}\"></x:y>"));
        });
    }
    // Among attributes, those with a prefix are written last.
    bench.before(row, "xml:id besides ID", UNWANTED, |m| {
        let (end, id) = (" Version=\"2.0\"><saml:Issuer>".to_owned(), fresh_id());
        let more = format!(" Version=\"2.0\" xml:id=\"{id}\"><saml:Issuer>");
        m.replaced = vec![(end, more)];
    });
}

/// Only what was verified may be read: node-saml CVE-2025-54419.
fn copies(bench: &mut Bench<'_>) {
    let (row, evil) = ("SAML-72", bench.evil_assertion(None));
    // Within an assertion the prefix is declared already.
    let inner = evil.replacen(&format!(" xmlns:saml=\"{}\"", names::ASSERTION), "", 1);
    bench.assertion(row, "another assertion in Advice", STRUCTURE, |a| a.advice = Some(inner.clone()));
    bench.before(row, "another assertion in Extensions", STRUCTURE, |m: &mut Message| {
        m.response.extensions = Some(evil.clone());
    });
    bench.before(row, "another assertion in StatusDetail", STRUCTURE, |m| {
        m.response.status.iter_mut().for_each(|status| status.detail = Some(evil.clone()));
    });
    bench.before(row, "another assertion in an attribute", STRUCTURE, |m| {
        let end = "</saml:AttributeStatement>".to_owned();
        let attribute = format!(
            "<saml:Attribute Name=\"x\"><saml:AttributeValue>{inner}</saml:AttributeValue></saml:Attribute>{end}"
        );
        // Only the outer statement is last before the assertion ends.
        let end = format!("{end}</saml:Assertion>");
        m.replaced = vec![(end, format!("{attribute}</saml:Assertion>"))];
    });
    let reused = |xml: &str| {
        let id = id_of(xml, "<saml:Assertion ");
        let copy = bench_copy(xml, id);
        xml.replacen("</samlp:Response>", &format!("{copy}</samlp:Response>"), 1)
    };
    bench.after(&[Form::AssertionSigned], row, "the assertion again", (STRUCTURE, reused));
}

fn bench_copy(xml: &str, id: &str) -> String {
    element(xml, "<saml:Assertion ").replace(id, &fresh_id())
}
