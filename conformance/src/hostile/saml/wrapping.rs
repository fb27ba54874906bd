//! Signature wrapping: the signed part is moved aside and another is read in its place (SAML-40 to -49).
//!
//! XSW1 to XSW8 as in Somorovsky et al., On Breaking SAML (USENIX Security 2012). In messages that sign both,
//! the other signature is broken by the move: whoever is content with one of two is caught.

use super::bench::{Bench, Form, Verdict, element};
use crate::saml::{fresh_id, names};

const WRAPPED: Verdict = Verdict::Refused(&["SAML-STRUCTURE", "SAML-SIGNATURE", "SAML-UNSIGNED"]);
const RESPONSES: [Form; 2] = [Form::ResponseSigned, Form::BothSigned];
const ASSERTIONS: [Form; 2] = [Form::AssertionSigned, Form::BothSigned];

pub(super) fn cases(bench: &mut Bench<'_>) {
    responses(bench);
    assertions(bench);
    wrappers(bench);
    beside(bench);
}

/// A signed message in pieces.
struct Pieces {
    whole: String,
    /// The signature of the response, or of the assertion.
    signature: String,
    /// The signed element without that signature.
    signed: String,
}

fn response(xml: &str) -> Pieces {
    let signature = element(xml, "<ds:Signature ").to_owned();
    Pieces { signed: xml.replacen(&signature, "", 1), whole: xml.to_owned(), signature }
}

fn assertion(xml: &str) -> Pieces {
    let whole = element(xml, "<saml:Assertion ").to_owned();
    let signature = element(&whole, "<ds:Signature ").to_owned();
    Pieces { signed: whole.replacen(&signature, "", 1), whole, signature }
}

/// An element with a signature behind its issuer.
fn with_signature(xml: &str, signature: &str) -> String {
    xml.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

fn responses(bench: &mut Bench<'_>) {
    let evil = bench.evil_assertion(None);
    let outer = |pieces: &Pieces| {
        let forged = pieces.signed.replacen(element(&pieces.signed, "<saml:Assertion "), &evil, 1);
        let head = between_id(&forged);
        forged.replacen(&head, &fresh_id(), 1)
    };
    let within = |signature: &str, content: &str| {
        signature.replacen("</ds:Signature>", &format!("{content}</ds:Signature>"), 1)
    };
    bench.after(
        &RESPONSES,
        "SAML-40",
        "XSW1: the response within its signature",
        (WRAPPED, |xml| {
            let pieces = response(xml);
            with_signature(&outer(&pieces), &within(&pieces.signature, &pieces.signed))
        }),
    );
    bench.after(
        &RESPONSES,
        "SAML-41",
        "XSW2: the response before its signature",
        (WRAPPED, |xml| {
            let pieces = response(xml);
            with_signature(&outer(&pieces), &format!("{}{}", pieces.signed, pieces.signature))
        }),
    );
    bench.after(
        &RESPONSES,
        "SAML-48",
        "a response within a response",
        (WRAPPED, |xml| {
            let pieces = response(xml);
            let end = format!("{}</samlp:Response>", pieces.whole);
            outer(&pieces).replacen("</samlp:Response>", &end, 1)
        }),
    );
    bench.after(
        &RESPONSES,
        "SAML-48",
        "the response in an Object of its signature",
        (WRAPPED, |xml| {
            let pieces = response(xml);
            let object = format!("<ds:Object>{}</ds:Object>", pieces.signed);
            with_signature(&outer(&pieces), &within(&pieces.signature, &object))
        }),
    );
}

fn between_id(xml: &str) -> String {
    super::bench::between(xml, " ID=\"", "\"").to_owned()
}

fn assertions(bench: &mut Bench<'_>) {
    let evil = bench.evil_assertion(None);
    let swap = |xml: &str, make: &dyn Fn(&Pieces) -> String| {
        let pieces = assertion(xml);
        xml.replacen(&pieces.whole, &make(&pieces), 1)
    };
    let inner = |signature: &str, content: &str| {
        signature.replacen("</ds:Signature>", &format!("{content}</ds:Signature>"), 1)
    };
    let into = |host: &str, content: &str| {
        host.replacen("</saml:Assertion>", &format!("{content}</saml:Assertion>"), 1)
    };
    bench.after(
        &ASSERTIONS,
        "SAML-42",
        "XSW3: a forged assertion before it",
        (WRAPPED, |xml: &str| swap(xml, &|pieces| format!("{evil}{}", pieces.whole))),
    );
    bench.after(
        &ASSERTIONS,
        "SAML-43",
        "XSW4: the assertion within a forged one",
        (WRAPPED, |xml: &str| swap(xml, &|pieces| into(&evil, &pieces.whole))),
    );
    bench.after(
        &ASSERTIONS,
        "SAML-44",
        "XSW5: the assertion at the end",
        (WRAPPED, |xml: &str| {
            swap(xml, &|pieces| format!("{}{}", with_signature(&evil, &pieces.signature), pieces.signed))
        }),
    );
    bench.after(
        &ASSERTIONS,
        "SAML-45",
        "XSW6: the assertion within its signature",
        (WRAPPED, |xml: &str| {
            swap(xml, &|pieces| with_signature(&evil, &inner(&pieces.signature, &pieces.signed)))
        }),
    );
    bench.after(
        &ASSERTIONS,
        "SAML-46",
        "XSW7: a forged assertion in Extensions",
        (WRAPPED, |xml: &str| {
            let extensions = format!("<samlp:Extensions>{evil}</samlp:Extensions><samlp:Status>");
            xml.replacen("<samlp:Status>", &extensions, 1)
        }),
    );
    bench.after(
        &ASSERTIONS,
        "SAML-47",
        "XSW8: the assertion in an Object",
        (WRAPPED, |xml: &str| {
            swap(xml, &|pieces| {
                let object = format!("<ds:Object>{}</ds:Object>", pieces.signed);
                with_signature(&evil, &inner(&pieces.signature, &object))
            })
        }),
    );
}

/// The signed assertion hides somewhere; a forged one stands in its place (pysaml2, CVE-2020-5390).
fn wrappers(bench: &mut Bench<'_>) {
    let evil = bench.evil_assertion(None);
    let hide = |xml: &str, before: &str, open: &str, close: &str| {
        let whole = assertion(xml).whole;
        let hidden = format!("{open}{whole}{close}{before}");
        xml.replacen(&whole, &evil, 1).replacen(before, &hidden, 1)
    };
    let row = "SAML-48";
    for (name, before, open, close) in [
        ("Extensions", "<samlp:Status>", "<samlp:Extensions>", "</samlp:Extensions>"),
        ("StatusDetail", "</samlp:Status>", "<samlp:StatusDetail>", "</samlp:StatusDetail>"),
        ("Advice", "<saml:AuthnStatement ", "<saml:Advice>", "</saml:Advice>"),
        ("an unknown element", "</samlp:Response>", "<x>", "</x>"),
        ("an attribute", "</saml:AttributeStatement>", HIDING, "</saml:AttributeValue></saml:Attribute>"),
    ] {
        let name = format!("the signed assertion in {name}");
        bench.after(&ASSERTIONS, row, &name, (WRAPPED, |xml: &str| hide(xml, before, open, close)));
    }
}

const HIDING: &str = "<saml:Attribute Name=\"x\"><saml:AttributeValue>";

/// crewjam CVE-2022-41912, Lasso CVE-2021-28091, samlify CVE-2025-47949.
fn beside(bench: &mut Bench<'_>) {
    let row = "SAML-49";
    for (name, first) in [("before", true), ("after", false)] {
        for same in [false, true] {
            let ids = if same { "with its ID" } else { "with another ID" };
            for form in Form::ALL {
                let xml = bench.signed(form);
                let whole = assertion(&xml).whole;
                let id = same.then(|| between_id(&whole));
                let evil = bench.evil_assertion(id.as_deref());
                let both = if first { format!("{evil}{whole}") } else { format!("{whole}{evil}") };
                let message = xml.replacen(&whole, &both, 1);
                bench.case(row, &format!("an unsigned assertion {name} it, {ids}"), form, (message, WRAPPED));
            }
        }
    }
    let encrypted = format!(
        "<saml:EncryptedAssertion xmlns:saml=\"{}\"></saml:EncryptedAssertion></samlp:Response>",
        names::ASSERTION
    );
    bench.after(
        &Form::ALL,
        row,
        "an encrypted assertion beside it",
        (WRAPPED, |xml: &str| xml.replacen("</samlp:Response>", &encrypted, 1)),
    );
}
