//! From whom, to whom, about which request, with which status (SAML-09, -20, -27, -29).

use super::bench::{Bench, Form, Verdict};
use crate::saml::{Issuer, Message, Status, names, sign};

const SIGNED: [Form; 2] = [Form::ResponseSigned, Form::BothSigned];

pub(super) fn cases(bench: &mut Bench<'_>) {
    statuses(bench);
    destinations(bench);
    if bench.setting.request.request_id.is_some() {
        requests(bench);
    }
    issuers(bench);
}

fn statuses(bench: &mut Bench<'_>) {
    let denied = ["SAML-DENIED"].as_slice();
    let rows = [
        ("AuthnFailed", Some(names::AUTHN_FAILED), denied),
        ("RequestDenied", Some(names::REQUEST_DENIED), denied),
        ("NoPassive", Some(names::NO_PASSIVE), &["SAML-STATUS"]),
        ("none nested", None, &["SAML-STATUS"]),
    ];
    for (name, nested, codes) in rows {
        for form in Form::ALL {
            let mut message = Message::failure(&bench.setting.request, names::RESPONDER, nested);
            let text = Some("<script>alert(1)</script>\"'&".to_owned());
            message.response.status.iter_mut().for_each(|status| status.message.clone_from(&text));
            // Nothing is left to sign in a response without an assertion that does not sign itself.
            let codes = if form == Form::AssertionSigned { UNSIGNED_FAILURE } else { codes };
            let signed = sign(&message, &bench.signing(form));
            bench.case("SAML-09", name, form, (signed, Verdict::Refused(codes)));
        }
    }
    let status = Verdict::Refused(&["SAML-STATUS"]);
    bench.before("SAML-09", "a failure with an assertion", status, |message| {
        let code = names::REQUESTER.to_owned();
        message.response.status = Some(Status { code, nested: None, message: None, detail: None });
    });
    let absent = Verdict::Refused(&["SAML-STATUS", "SAML-STRUCTURE"]);
    bench.before("SAML-32", "no status", absent, |message| message.response.status = None);
}

const UNSIGNED_FAILURE: &[&str] = &["SAML-UNSIGNED", "SAML-STATUS", "SAML-DENIED"];

fn destinations(bench: &mut Bench<'_>) {
    let (row, refused) = ("SAML-20", Verdict::Refused(&["SAML-DESTINATION"]));
    let own = bench.setting.request.acs.clone();
    let query = format!("{own}?a=b");
    for (name, value) in [
        ("another", "https://other.example/acs"),
        ("empty", ""),
        ("a query more", &query),
        ("the beginning of ours", own.get(..own.len().saturating_sub(1)).unwrap_or_default()),
    ] {
        bench.before(row, name, refused, |m| m.response.destination = Some(value.to_owned()));
    }
    // saml-bindings section 3.5.5.2: a signed message has to have one.
    bench.before_in(&SIGNED, row, "absent", (refused, |m: &mut Message| m.response.destination = None));
}

fn requests(bench: &mut Bench<'_>) {
    let row = "SAML-27";
    let request = Verdict::Refused(&["SAML-REQUEST"]);
    let within = Verdict::Refused(&["SAML-REQUEST", "SAML-SUBJECT"]);
    let unsolicited = Verdict::Refused(&["SAML-UNSOLICITED"]);
    let outside = Verdict::Refused(&["SAML-UNSOLICITED", "SAML-REQUEST"]);
    let inside = Verdict::Refused(&["SAML-UNSOLICITED", "SAML-REQUEST", "SAML-SUBJECT"]);
    let other = Change::To("_other");
    bench.before(row, "another request", request, |m| set(m, other, other));
    bench.before(row, "another request in the response", within, |m| set(m, other, Change::Keep));
    bench.before(row, "another request in the assertion", within, |m| set(m, Change::Keep, other));
    bench.before(row, "no request", unsolicited, |m| set(m, Change::Remove, Change::Remove));
    bench.before(row, "no request in the response", outside, |m| set(m, Change::Remove, Change::Keep));
    bench.before(row, "no request in the assertion", inside, |m| set(m, Change::Keep, Change::Remove));
    bench.before(row, "an empty request", inside, |m| set(m, Change::To(""), Change::To("")));
}

/// What becomes of an `InResponseTo`.
#[derive(Clone, Copy)]
enum Change<'a> {
    Keep,
    Remove,
    To(&'a str),
}

impl Change<'_> {
    fn apply(self, id: &mut Option<String>) {
        match self {
            Self::Keep => {}
            Self::Remove => *id = None,
            Self::To(other) => *id = Some(other.to_owned()),
        }
    }
}

fn set(message: &mut Message, response: Change<'_>, assertion: Change<'_>) {
    response.apply(&mut message.response.in_response_to);
    let subject = message.assertion.iter_mut().filter_map(|a| a.subject.as_mut());
    let data = subject.flat_map(|s| &mut s.confirmations).filter_map(|c| c.data.as_mut());
    data.for_each(|data| assertion.apply(&mut data.in_response_to));
}

fn issuers(bench: &mut Bench<'_>) {
    let (row, refused) = ("SAML-29", Verdict::Refused(&["SAML-ISSUER"]));
    let own = bench.setting.request.issuer.clone();
    let issuer = |value: &str, format: Option<&str>| {
        Some(Issuer { value: value.to_owned(), format: format.map(str::to_owned) })
    };
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let (spaced, upper) = (format!(" {own} "), own.to_uppercase());
    for (name, value, verdict) in [
        ("another", issuer("https://other.example", None), refused),
        ("spaces", issuer(&spaced, None), refused),
        ("other case", issuer(&upper, None), refused),
        ("empty", issuer("", None), refused),
        ("another format", issuer(&own, Some(persistent)), refused),
        ("the entity format", issuer(&own, Some(names::ENTITY)), Verdict::Accepted),
    ] {
        bench.before(row, &format!("response: {name}"), verdict, |m| m.response.issuer.clone_from(&value));
        bench.assertion(row, &format!("assertion: {name}"), verdict, |a| a.issuer.clone_from(&value));
    }
    let absent = Verdict::Refused(&["SAML-ISSUER", "SAML-STRUCTURE"]);
    bench.assertion(row, "assertion: absent", absent, |a| a.issuer = None);
    // saml-profiles section 4.1.4.2: a signed response has to have one.
    bench.before_in(&SIGNED, row, "response: absent", (absent, |m: &mut Message| m.response.issuer = None));
}
