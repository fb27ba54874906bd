//! Times, contexts and the fields of subject and conditions (SAML-03, -14, -15, -21, -23 to -26).

use super::bench::{Bench, Form, Verdict};
use crate::saml::{
    Assertion, AuthnStatement, Conditions, Confirmation, ConfirmationData, Message, Subject, names,
};

const TIME: Verdict = Verdict::Refused(&["SAML-TIME"]);
const HOUR: i64 = 3600;

pub(super) fn cases(bench: &mut Bench<'_>) {
    skew(bench);
    contexts(bench);
    confirmations(bench);
    audiences(bench);
    conditions(bench);
    issued(bench);
}

fn skew(bench: &mut Bench<'_>) {
    let (row, yes) = ("SAML-03", Verdict::Accepted);
    for (name, offset, verdict) in [
        ("170 s ahead", 170, yes),
        ("170 s behind", -170, yes),
        ("10 min ahead", 600, TIME),
        ("15 min behind", -900, TIME),
    ] {
        bench.before(row, name, verdict, |message| shift(message, offset));
    }
}

fn shift(message: &mut Message, offset: i64) {
    let later = |instant: &mut Option<i64>| *instant = instant.map(|seconds| seconds + offset);
    later(&mut message.response.issue_instant);
    let Some(assertion) = &mut message.assertion else { return };
    later(&mut assertion.issue_instant);
    in_conditions(assertion, |conditions| {
        later(&mut conditions.not_before);
        later(&mut conditions.not_on_or_after);
    });
    in_data(assertion, |data| later(&mut data.not_on_or_after));
    in_authn(assertion, |statement| statement.instant += offset);
}

fn contexts(bench: &mut Bench<'_>) {
    let now = bench.setting.request.now;
    if bench.setting.context.is_some() {
        let refused = Verdict::Refused(&["SAML-CONTEXT"]);
        for (name, class) in [("a weaker class", Some("urn:example:weaker")), ("no class", None)] {
            bench.assertion("SAML-14", name, refused, |a| {
                in_authn(a, |statement| statement.class = class.map(str::to_owned));
            });
        }
    }
    if bench.setting.forced {
        let refused = Verdict::Refused(&["SAML-FRESH"]);
        bench.assertion("SAML-15", "authenticated yesterday", refused, |a| {
            in_authn(a, |statement| statement.instant = now - 24 * HOUR);
        });
    }
    let over = Verdict::Refused(&["SAML-SESSION"]);
    bench.assertion("SAML-26", "session over", over, |a| {
        in_authn(a, |statement| statement.session_not_on_or_after = Some(now - HOUR));
    });
    bench.assertion("SAML-26", "short session", Verdict::Accepted, |a| {
        in_authn(a, |statement| statement.session_not_on_or_after = Some(now + 600));
    });
    bench.assertion("SAML-26", "no end of the session", Verdict::Accepted, |a| {
        in_authn(a, |statement| statement.session_not_on_or_after = None);
    });
}

fn confirmations(bench: &mut Bench<'_>) {
    let (row, now) = ("SAML-21", bench.setting.request.now);
    let subject = Verdict::Refused(&["SAML-SUBJECT"]);
    let recipient = Verdict::Refused(&["SAML-RECIPIENT", "SAML-SUBJECT"]);
    let late = Verdict::Refused(&["SAML-TIME", "SAML-SUBJECT"]);
    let other = Some("https://other.example/acs".to_owned());
    bench.assertion(row, "recipient wrong", recipient, |a| in_data(a, |d| d.recipient.clone_from(&other)));
    bench.assertion(row, "recipient empty", recipient, |a| in_data(a, |d| d.recipient = Some(String::new())));
    bench.assertion(row, "recipient absent", recipient, |a| in_data(a, |d| d.recipient = None));
    bench.assertion(row, "expired", late, |a| in_data(a, |d| d.not_on_or_after = Some(now - HOUR)));
    bench.assertion(row, "without end", subject, |a| in_data(a, |d| d.not_on_or_after = None));
    bench.assertion(row, "NotBefore", subject, |a| in_data(a, |d| d.not_before = Some(now - 60)));
    bench.assertion(row, "holder of key", subject, |a| {
        in_subject(a, |s| {
            s.confirmations.iter_mut().for_each(|c| names::HOLDER_OF_KEY.clone_into(&mut c.method));
        });
    });
    bench.assertion(row, "no data", subject, |a| {
        in_subject(a, |s| s.confirmations.iter_mut().for_each(|c| c.data = None));
    });
    bench.assertion(row, "none", subject, |a| in_subject(a, |s| s.confirmations.clear()));
    let structure = Verdict::Refused(&["SAML-SUBJECT", "SAML-STRUCTURE"]);
    bench.assertion(row, "no subject", structure, |a| a.subject = None);
    bench.assertion(row, "another before the good one", Verdict::Accepted, |a| {
        let method = names::HOLDER_OF_KEY.to_owned();
        in_subject(a, |s| s.confirmations.insert(0, Confirmation { method: method.clone(), data: None }));
    });
}

fn audiences(bench: &mut Bench<'_>) {
    let (row, refused) = ("SAML-23", Verdict::Refused(&["SAML-AUDIENCE"]));
    let own = bench.setting.request.audience.clone();
    let list = |audiences: &[&str]| audiences.iter().map(|&a| a.to_owned()).collect::<Vec<_>>();
    let (other, slash) = ("https://other.example", format!("{own}/"));
    let rows = [
        ("another audience", vec![list(&[other])], refused),
        ("no restriction", Vec::new(), refused),
        ("an empty restriction", vec![Vec::new()], Verdict::Refused(&["SAML-AUDIENCE", "SAML-STRUCTURE"])),
        ("two restrictions, one another's", vec![list(&[&own]), list(&[other])], refused),
        ("a slash more", vec![list(&[&slash])], refused),
        ("two audiences, one ours", vec![list(&[other, &own])], Verdict::Accepted),
        ("two restrictions, both ours", vec![list(&[&own]), list(&[&own])], Verdict::Accepted),
    ];
    for (name, audiences, verdict) in rows {
        bench.assertion(row, name, verdict, |a| in_conditions(a, |c| c.audiences.clone_from(&audiences)));
    }
    let none = Verdict::Refused(&["SAML-CONDITIONS"]);
    bench.assertion("SAML-23", "no conditions", none, |a| a.conditions = None);
}

/// saml-core section 2.5.1.2: the end is exclusive, the beginning is not.
fn conditions(bench: &mut Bench<'_>) {
    let (now, skew) = (bench.setting.request.now, bench.setting.skew);
    for (name, from, until, verdict) in [
        ("not yet", now + HOUR, now + 2 * HOUR, TIME),
        ("no longer", now - 2 * HOUR, now - HOUR, TIME),
        ("boundary: the last second", now - 600, now - skew + 1, Verdict::Accepted),
        ("boundary: the second after", now - 600, now - skew, TIME),
        ("boundary: the first second", now + skew, now + 600, Verdict::Accepted),
        ("boundary: the second before", now + skew + 1, now + 600, TIME),
    ] {
        bench.assertion("SAML-24", name, verdict, |a| {
            in_conditions(a, |c| (c.not_before, c.not_on_or_after) = (Some(from), Some(until)));
        });
    }
}

fn issued(bench: &mut Bench<'_>) {
    let now = bench.setting.request.now;
    for (name, instant) in [("in one hour", now + HOUR), ("one hour ago", now - HOUR)] {
        bench.assertion("SAML-25", &format!("assertion issued {name}"), TIME, |a| {
            a.issue_instant = Some(instant);
        });
        let signed = [Form::ResponseSigned, Form::BothSigned];
        bench.before_in(
            &signed,
            "SAML-25",
            &format!("response issued {name}"),
            (TIME, |m: &mut Message| {
                m.response.issue_instant = Some(instant);
            }),
        );
    }
}

fn in_subject(assertion: &mut Assertion, change: impl FnMut(&mut Subject)) {
    assertion.subject.iter_mut().for_each(change);
}

fn in_data(assertion: &mut Assertion, mut change: impl FnMut(&mut ConfirmationData)) {
    in_subject(assertion, |s| {
        s.confirmations.iter_mut().filter_map(|c| c.data.as_mut()).for_each(&mut change);
    });
}

fn in_conditions(assertion: &mut Assertion, change: impl FnMut(&mut Conditions)) {
    assertion.conditions.iter_mut().for_each(change);
}

fn in_authn(assertion: &mut Assertion, change: impl FnMut(&mut AuthnStatement)) {
    assertion.authn.iter_mut().for_each(change);
}
