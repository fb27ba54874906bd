//! One field at a time: each row is the good message with one thing changed, and the fault that names it (SAML-20 to SAML-32).

use std::sync::Arc;

use vestibule_conformance::saml::{Attribute, Key, Message, Signing, Status};
use vestibule_policies::time::Timestamp;

use super::world::{ACS, ENTITY, NOW, World, certificate, encryption_to, key};
use crate::config::{ContextClass, ContextDemand};
use crate::step::Freshness;

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

type Change = fn(&mut Message);

fn changed(world: &World, change: Change) -> Option<&'static str> {
    let sent = world.sent(&Signing::both(key()), change);
    world.judge(sent.as_bytes()).err().and_then(|error| error.cause)
}

const MINUTE: i64 = 60;
const OTHER: &str = "https://elsewhere.example";

const FIELDS: &[(&str, Change)] = &[
    ("version-wrong", |m| m.response.version = Some("1.1".to_owned())),
    ("version-wrong", |m| m.response.version = None),
    ("version-wrong", |m| m.assertion.as_mut().unwrap().version = Some("2.1".to_owned())),
    ("response-issuer", |m| m.response.issuer.as_mut().unwrap().value.push('/')),
    ("response-issuer", |m| m.response.issuer = None),
    ("response-issuer", |m| m.response.issuer.as_mut().unwrap().format = Some("urn:x".to_owned())),
    ("assertion-issuer", |m| {
        m.assertion.as_mut().unwrap().issuer.as_mut().unwrap().value = "HTTPS://IDP.EXAMPLE/IDP".to_owned();
    }),
    ("assertion-issuer", |m| m.assertion.as_mut().unwrap().issuer = None),
    ("destination-missing", |m| m.response.destination = None),
    ("destination-missing", |m| m.response.destination = Some(String::new())),
    ("destination-wrong", |m| m.response.destination = Some(format!("{ACS}/"))),
    ("status-missing", |m| m.response.status = None),
    ("unsolicited", |m| m.response.in_response_to = None),
    ("request-other", |m| m.response.in_response_to = Some("_other".to_owned())),
    ("issued-early", |m| m.response.issue_instant = Some(NOW + 3 * MINUTE + 1)),
    ("issued-late", |m| m.response.issue_instant = Some(NOW - 5 * MINUTE - 1)),
    ("time-malformed", |m| m.response.issue_instant = None),
    ("issued-early", |m| m.assertion.as_mut().unwrap().issue_instant = Some(NOW + 60 * MINUTE)),
    ("issued-late", |m| m.assertion.as_mut().unwrap().issue_instant = Some(NOW - 60 * MINUTE)),
    ("id-missing", |m| m.assertion.as_mut().unwrap().id = None),
    ("subject-missing", |m| m.assertion.as_mut().unwrap().subject = None),
    ("confirmation-missing", |m| confirmations(m).clear()),
    ("confirmation-method", |m| {
        confirmations(m)[0].method = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches".to_owned();
    }),
    ("confirmation-form", |m| confirmations(m)[0].data = None),
    ("confirmation-form", |m| data(m).not_before = Some(NOW - 1)),
    ("confirmation-form", |m| data(m).not_on_or_after = None),
    ("confirmation-expired", |m| data(m).not_on_or_after = Some(NOW - 3 * MINUTE)),
    ("recipient-wrong", |m| data(m).recipient = Some(OTHER.to_owned())),
    ("recipient-wrong", |m| data(m).recipient = None),
    ("confirmation-request", |m| data(m).in_response_to = Some("_other".to_owned())),
    ("confirmation-request", |m| data(m).in_response_to = None),
    ("conditions-missing", |m| m.assertion.as_mut().unwrap().conditions = None),
    ("conditions-early", |m| conditions(m).not_before = Some(NOW + 3 * MINUTE + 1)),
    ("conditions-late", |m| conditions(m).not_on_or_after = Some(NOW - 3 * MINUTE)),
    ("audience-missing", |m| conditions(m).audiences.clear()),
    ("audience-wrong", |m| conditions(m).audiences = vec![vec![OTHER.to_owned()]]),
    ("audience-wrong", |m| conditions(m).audiences.push(vec![OTHER.to_owned()])),
    ("audience-wrong", |m| conditions(m).audiences = vec![vec![format!("{ENTITY}/")]]),
    ("statement-missing", |m| m.assertion.as_mut().unwrap().authn = None),
    ("authenticated-early", |m| statement(m).instant = NOW + 3 * MINUTE + 1),
    ("session-over", |m| statement(m).session_not_on_or_after = Some(NOW)),
];

fn confirmations(m: &mut Message) -> &mut Vec<vestibule_conformance::saml::Confirmation> {
    &mut m.assertion.as_mut().unwrap().subject.as_mut().unwrap().confirmations
}

fn data(m: &mut Message) -> &mut vestibule_conformance::saml::ConfirmationData {
    confirmations(m)[0].data.as_mut().unwrap()
}

fn conditions(m: &mut Message) -> &mut vestibule_conformance::saml::Conditions {
    m.assertion.as_mut().unwrap().conditions.as_mut().unwrap()
}

fn statement(m: &mut Message) -> &mut vestibule_conformance::saml::AuthnStatement {
    m.assertion.as_mut().unwrap().authn.as_mut().unwrap()
}

#[test]
fn each_field_that_is_wrong_is_refused_by_its_name() {
    let world = World::new();
    assert_eq!(changed(&world, |_| {}), None, "the good message");
    for (index, (cause, change)) in FIELDS.iter().enumerate() {
        assert_eq!(changed(&world, *change), Some(*cause), "row {index}");
    }
}

/// Where only the assertion is signed, what is around it can be changed by whoever carries it (saml-core §3.2.2).
#[test]
fn what_no_signature_covers_holds_each_element_once_in_its_place_and_no_text() {
    let world = World::new();
    let signing = Signing { response: false, ..Signing::both(key()) };
    let good = world.sent(&signing, |_| {});
    assert_eq!(world.judge(good.as_bytes()).err(), None);
    let part = |from: &str, to: &str| {
        let start = good.find(from).unwrap();
        good[start..start + good[start..].find(to).unwrap() + to.len()].to_owned()
    };
    let (issuer, status) =
        (part("<saml:Issuer ", "</saml:Issuer>"), part("<samlp:Status>", "</samlp:Status>"));
    let code = part("<samlp:StatusCode ", "</samlp:StatusCode>");
    let value = part("<ds:SignatureValue>", "</ds:SignatureValue>");
    let extensions = "<samlp:Extensions></samlp:Extensions>";
    let nested = code.replacen("></", &format!(">{code}{code}</"), 1);
    for (row, cause, of, becomes) in [
        ("issuer twice", "element-unexpected", &issuer, format!("{issuer}{issuer}")),
        ("status twice", "element-unexpected", &status, format!("{status}{status}")),
        ("extensions twice", "element-unexpected", &status, format!("{extensions}{extensions}{status}")),
        ("extensions too late", "element-unexpected", &status, format!("{status}{extensions}")),
        ("code twice", "element-unexpected", &code, format!("{code}{code}")),
        ("two codes in one", "element-unexpected", &code, nested),
        ("something in the status", "element-unexpected", &code, format!("{code}<x></x>")),
        ("text in the signature", "signature-form", &value, format!("x{value}")),
        (
            "an attribute of its own",
            "element-unexpected",
            &code,
            code.replacen(" Value", " Values=\"\" Value", 1),
        ),
        ("text in the response", "xml-limits", &status, format!("x{status}")),
        ("text in the status", "xml-limits", &code, format!("{code}<![CDATA[x]]>")),
    ] {
        let changed = good.replacen(of.as_str(), &becomes, 1);
        let said = world.judge(changed.as_bytes()).err().and_then(|error| error.cause);
        assert_eq!(said, Some(cause), "{row}");
    }
    let late = good.replacen(&issuer, "", 1).replacen(&status, &format!("{status}{issuer}"), 1);
    assert_eq!(world.judge(late.as_bytes()).err().and_then(|error| error.cause), Some("element-unexpected"));
    let spaced = good.replacen(&status, &format!("\n  {extensions}\n<!-- x -->{status}\t"), 1);
    assert_eq!(world.judge(spaced.as_bytes()).err(), None, "space and comments are no text");
}

/// Nobody looks at a signature that stands elsewhere, so that none may stand there (CVE-2024-8698).
#[test]
fn a_signature_stands_right_below_what_it_signs_or_nowhere() {
    let world = World::new();
    let signing = Signing { response: false, ..Signing::both(key()) };
    let sent = world.sent(&signing, |_| {});
    let (start, end) = (sent.find("<ds:Signature ").unwrap(), sent.find("</ds:Signature>").unwrap());
    let signature = format!("{}</ds:Signature>", &sent[start..end]);
    for (inside, said) in [("", None), (signature.as_str(), Some("signature-misplaced"))] {
        let extensions = format!("<samlp:Extensions><x>{inside}</x></samlp:Extensions><samlp:Status>");
        let sent = sent.replacen("<samlp:Status>", &extensions, 1);
        assert_eq!(world.judge(sent.as_bytes()).err().and_then(|error| error.cause), said);
    }
}

/// XML Signature 1.1 §4.4: each by its own name, before anybody asks whose key it was.
#[test]
fn a_signature_has_one_form() {
    let world = World::new();
    let sent = world.sent(&Signing { response: false, ..Signing::both(key()) }, |_| {});
    let (start, end) = (sent.find("<ds:Signature ").unwrap(), sent.find("</ds:Signature>").unwrap());
    let signature = format!("{}</ds:Signature>", &sent[start..end]);
    let hmac = "<ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>";
    for (from, to, said) in [
        ("</ds:Signature>", format!("</ds:Signature>{signature}"), "signature-misplaced"),
        ("</ds:SignatureMethod>", hmac.to_owned(), "signature-form"),
        ("xmldsig#enveloped-signature", "xmldsig#base64".to_owned(), "signature-transforms"),
    ] {
        assert!(sent.contains(from), "{from}");
        let sent = sent.replacen(from, &to, 1);
        assert_eq!(world.judge(sent.as_bytes()).err().and_then(|error| error.cause), Some(said), "{from}");
    }
    for (prefixes, said) in [(32, None), (33, Some("signature-transforms"))] {
        let list: Vec<_> = (0..prefixes).map(|number| format!("p{number}")).collect();
        let signing = Signing { inclusive_prefixes: Some(list.join(" ")), ..Signing::both(key()) };
        let sent = world.sent(&signing, |_| {});
        assert_eq!(world.judge(sent.as_bytes()).err().and_then(|error| error.cause), said, "{prefixes}");
    }
}

/// What stands inside an encrypted assertion is looked at as strictly as what stands in the open.
#[test]
fn an_encrypted_assertion_holds_no_second_one_and_no_other_signature() {
    let world = World::new();
    let signing = Signing { encryption: Some(encryption_to(false)), ..Signing::both(key()) };
    for (inside, said) in [
        ("", None),
        ("<saml:Assertion></saml:Assertion>", Some("assertion-several")),
        (
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>",
            Some("signature-misplaced"),
        ),
    ] {
        let attribute = format!(
            "<saml:AttributeStatement><saml:Attribute Name=\"x\"><saml:AttributeValue>{inside}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
        );
        let sent = world.sent(&signing, |message| {
            message.assertion.as_mut().unwrap().statements = attribute;
        });
        assert_eq!(world.judge(sent.as_bytes()).err().and_then(|error| error.cause), said, "{inside}");
    }
}

/// saml-core §2.7.2: of several ends the earliest.
#[test]
fn the_earliest_end_of_several_counts() {
    let world = World::new();
    let at = |seconds| crate::saml::instant::write(Timestamp::from_seconds(seconds));
    for (end, said) in [(NOW + 60, None), (NOW, Some("session-over"))] {
        let sent = world.sent(&Signing::both(key()), |message| {
            message.assertion.as_mut().unwrap().statements = format!(
                "<saml:AuthnStatement AuthnInstant=\"{}\" SessionNotOnOrAfter=\"{}\"><saml:AuthnContext>\
                 <saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>",
                at(NOW - 60),
                at(end)
            );
        });
        assert_eq!(world.judge(sent.as_bytes()).err().and_then(|error| error.cause), said, "{end}");
    }
}

#[test]
fn the_last_moment_that_counts_is_accepted() {
    let world = World::new();
    for change in [
        (|m: &mut Message| m.response.issue_instant = Some(NOW + 3 * MINUTE)) as Change,
        |m| m.response.issue_instant = Some(NOW - 5 * MINUTE),
        |m| data(m).not_on_or_after = Some(NOW - 3 * MINUTE + 1),
        |m| conditions(m).not_before = Some(NOW + 3 * MINUTE),
        |m| conditions(m).not_on_or_after = Some(NOW - 3 * MINUTE + 1),
        |m| statement(m).instant = NOW + 3 * MINUTE,
        |m| statement(m).session_not_on_or_after = Some(NOW + 1),
        |m| m.assertion.as_mut().unwrap().subject.as_mut().unwrap().name_id = None,
        |m| m.assertion.as_mut().unwrap().attributes.push(Attribute::basic("unknown", &["x", "y"])),
        |m| conditions(m).one_time_use = true,
    ] {
        assert_eq!(changed(&world, change), None);
    }
}

#[test]
fn a_providers_refusal_is_told_by_its_kind_and_escaped() {
    let world = World::new();
    for (outer, nested, cause) in [
        ("Responder", Some("AuthnFailed"), "status-authentication"),
        ("Requester", Some("RequestDenied"), "status-denied"),
        ("Responder", Some("NoPassive"), "status-passive"),
        ("Requester", Some("NoAuthnContext"), "status-context"),
        ("Requester", None, "status-requester"),
        ("Responder", None, "status-responder"),
        ("VersionMismatch", None, "status-other"),
    ] {
        let code = |name: &str| format!("{STATUS}{name}");
        let mut message = Message::failure(&world.request(), &code(outer), nested.map(code).as_deref());
        message.response.status.as_mut().unwrap().message = Some("<script>\u{202e}".to_owned());
        let sent = vestibule_conformance::saml::sign(
            &message,
            &Signing { assertion: false, ..Signing::both(key()) },
        );
        let error = world.judge(sent.as_bytes()).unwrap_err();
        assert_eq!(error.cause, Some(cause), "{outer} {nested:?}: {}", error.reason);
        assert!(!error.reason.contains('\u{202e}'));
    }
    let odd = |m: &mut Message| {
        m.response.status =
            Some(Status { code: "Success".to_owned(), nested: None, message: None, detail: None });
    };
    assert_eq!(changed(&world, odd), Some("status-other"), "success is a URI");
}

#[test]
fn a_context_that_was_asked_exactly_is_compared_exactly() {
    let mut world = World::new();
    for (asked, exact, done, cause) in [
        (
            ContextClass::PasswordProtectedTransport,
            true,
            ContextClass::PasswordProtectedTransport.uri(),
            None,
        ),
        (ContextClass::PasswordProtectedTransport, true, ContextClass::Password.uri(), Some("context-other")),
        (ContextClass::PasswordProtectedTransport, false, ContextClass::Password.uri(), None),
        (ContextClass::Smartcard, true, "urn:x", Some("context-other")),
    ] {
        world.config.context = Some(ContextDemand { class: asked, exact });
        let sent = world.sent(&Signing::both(key()), |m| statement(m).class = Some(done.to_owned()));
        assert_eq!(
            world.judge(sent.as_bytes()).err().and_then(|error| error.cause),
            cause,
            "{asked:?} {exact}"
        );
    }
}

#[test]
fn who_was_asked_to_authenticate_anew_did_so() {
    let mut world = World::new();
    let old = |world: &World, instant: i64| {
        let sent = world.sent(&Signing::both(key()), |m| statement(m).instant = instant);
        world.judge(sent.as_bytes()).err().and_then(|error| error.cause)
    };
    assert_eq!(old(&world, NOW - 86_400), None, "nobody asked");
    world.freshness = Freshness::Since(Timestamp::from_seconds(NOW - 10));
    assert_eq!(old(&world, NOW - 11), Some("authentication-old"), "after a sign-out there is no leeway");
    assert_eq!(old(&world, NOW - 10), None);
    world.freshness = Freshness::Any;
    world.config.force_authn = true;
    // The transaction began a minute ago, and clocks may differ by three.
    assert_eq!(old(&world, NOW - 4 * MINUTE - 1), Some("authentication-old"));
    assert_eq!(old(&world, NOW - 4 * MINUTE), None);
}

#[test]
fn a_response_that_nobody_asked_for_is_received_only_where_it_is_allowed() {
    use crate::Provider as _;
    use crate::saml::{PostedResponse, ServiceAddress};
    let us = ServiceAddress { entity_id: ENTITY, acs: ACS };
    let now = Timestamp::from_seconds(NOW);
    let mut world = World::new();
    let asked = world.sent(&Signing::both(key()), |_| {});
    let unasked = world.sent(&Signing::both(key()), |m| {
        m.response.in_response_to = None;
        data(m).in_response_to = None;
    });
    let receive = |world: &World, sent: &str, unsolicited| {
        let response = PostedResponse { message: sent.as_bytes().to_vec(), decoded: true, unsolicited };
        world.provider().receive(us, &response, now).err().and_then(|error| error.cause)
    };
    assert_eq!(receive(&world, &asked, false), None);
    assert_eq!(receive(&world, &unasked, false), Some("unsolicited"));
    assert_eq!(receive(&world, &unasked, true), Some("unsolicited"), "the connection does not allow it");
    world.config.idp_initiated = true;
    assert_eq!(receive(&world, &unasked, true), None);
    // Allowed or not: what answers a request answers only that one (samael's switch lets it pass).
    assert_eq!(receive(&world, &asked, true), Some("request-other"));
}

/// Whoever compares certificates is told which one the message names, and nothing is made of it.
#[test]
fn a_key_that_is_unknown_is_named_by_the_messages_own_word() {
    let world = World::new();
    let stranger = Arc::new(Key::generate_rsa(2048).unwrap());
    let der = certificate(&stranger, NOW - 10, NOW + 10);
    let fingerprint = vestibule_certs::x509::fingerprint(&der);
    for (certificate, named) in [(Some(der), true), (None, false)] {
        let sent = world.sent(&Signing { certificate, ..Signing::both(Arc::clone(&stranger)) }, |_| {});
        let refused = world.judge(sent.as_bytes()).unwrap_err();
        assert_eq!((refused.cause, refused.reason.contains(&fingerprint)), (Some("key-unknown"), named));
    }
}
