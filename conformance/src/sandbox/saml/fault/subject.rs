//! Nobody, the wrong one, or not enough of a person.

use super::change::{assertion, authn, subject, value, without};
use super::{Fault, Parts, Row, Spoil};
use crate::saml::{Attribute, fresh_id, names, sign_assertion};

pub(super) const SUBJECT: &[Row] = &[
    Row {
        fault: Fault::ConfirmationNotBearer,
        id: "confirmation-not-bearer",
        labels: ["Subject confirmation is not bearer", "SubjectConfirmation が bearer でない"],
        spoil: Spoil::Parts(|p| {
            subject(p, |s| {
                s.confirmations.iter_mut().for_each(|c| names::HOLDER_OF_KEY.clone_into(&mut c.method));
            });
        }),
    },
    Row {
        fault: Fault::NoConfirmation,
        id: "no-confirmation",
        labels: ["No subject confirmation", "SubjectConfirmation なし"],
        spoil: Spoil::Parts(|p| subject(p, |s| s.confirmations.clear())),
    },
    Row {
        fault: Fault::NoAuthnStatement,
        id: "no-authn-statement",
        labels: ["No authentication statement", "AuthnStatement なし"],
        spoil: Spoil::Parts(|p| assertion(p, |a| a.authn = None)),
    },
    Row {
        fault: Fault::WeakerContext,
        id: "weaker-context",
        labels: ["A weaker authentication than asked for", "要求より弱い認証コンテキスト"],
        spoil: Spoil::Parts(|p| authn(p, |s, _| s.class = Some(names::PASSWORD.to_owned()))),
    },
    Row {
        fault: Fault::TwoAssertions,
        id: "two-assertions",
        labels: ["Two assertions", "アサーションが 2 つ"],
        spoil: Spoil::Parts(second_assertion),
    },
    Row {
        fault: Fault::NoNameId,
        id: "no-name-id",
        labels: ["No NameID", "NameID なし"],
        spoil: Spoil::Parts(|p| subject(p, |s| s.name_id = None)),
    },
    Row {
        fault: Fault::MissingSid,
        id: "missing-sid",
        labels: ["No SID", "SID なし"],
        spoil: Spoil::Parts(|p| without(p, "cip_sid")),
    },
    Row {
        fault: Fault::MissingUpn,
        id: "missing-upn",
        labels: ["No UPN", "UPN なし"],
        spoil: Spoil::Parts(|p| without(p, "cip_upn")),
    },
    Row {
        fault: Fault::MissingOid,
        id: "missing-oid",
        labels: ["No object id", "オブジェクト ID なし"],
        spoil: Spoil::Parts(|p| without(p, "cip_oid")),
    },
    Row {
        fault: Fault::MissingEmail,
        id: "missing-email",
        labels: ["No e-mail address", "メールアドレスなし"],
        spoil: Spoil::Parts(|p| without(p, "cip_email")),
    },
    Row {
        fault: Fault::MalformedSid,
        id: "malformed-sid",
        labels: ["The SID is malformed", "SID の形式不正"],
        spoil: Spoil::Parts(|p| value(p, "cip_sid", |_| "S-1-five-21".to_owned())),
    },
    Row {
        fault: Fault::MalformedOid,
        id: "malformed-oid",
        labels: ["The object id is malformed", "オブジェクト ID の形式不正"],
        spoil: Spoil::Parts(|p| value(p, "cip_oid", |_| "not-a-guid".to_owned())),
    },
    Row {
        fault: Fault::DuplicateUpn,
        id: "duplicate-upn",
        labels: ["Two different UPNs", "異なる UPN が 2 つ"],
        spoil: Spoil::Parts(|p| {
            assertion(p, |a| a.attributes.push(Attribute::basic("cip_upn", &["admin@corp.example"])));
        }),
    },
    Row {
        fault: Fault::ForeignUpn,
        id: "foreign-upn",
        labels: ["The UPN is of another domain", "別ドメインの UPN"],
        spoil: Spoil::Parts(|p| value(p, "cip_upn", |upn| upn.replace("@corp.example", "@other.example"))),
    },
];

/// Well signed, and with an ID of its own.
fn second_assertion(parts: &mut Parts) {
    let mut copy = parts.message.clone();
    if let Some(assertion) = &mut copy.assertion {
        assertion.id = Some(fresh_id());
    }
    parts.message.further = sign_assertion(&copy, &parts.signing);
}
