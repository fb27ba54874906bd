//! Changes to a response that is otherwise good. What is not there is not changed.

use super::Parts;
use crate::saml::{
    Assertion, AuthnStatement, Conditions, ConfirmationData, Issuer, Message, Status, Subject,
};

pub(super) const HOUR: i64 = 60 * 60;

pub(super) fn failed(parts: &mut Parts, code: &str, nested: Option<&str>) {
    let Message { response, assertion, .. } = &mut parts.message;
    let nested = nested.map(str::to_owned);
    response.status = Some(Status { code: code.to_owned(), nested, message: None, detail: None });
    *assertion = None;
}

pub(super) fn assertion(parts: &mut Parts, change: impl FnOnce(&mut Assertion)) {
    if let Some(assertion) = &mut parts.message.assertion {
        change(assertion);
    }
}

pub(super) fn subject(parts: &mut Parts, change: impl FnOnce(&mut Subject)) {
    if let Some(subject) = parts.message.assertion.as_mut().and_then(|a| a.subject.as_mut()) {
        change(subject);
    }
}

pub(super) fn conditions(parts: &mut Parts, change: impl FnOnce(&mut Conditions, i64)) {
    let now = parts.now;
    if let Some(conditions) = parts.message.assertion.as_mut().and_then(|a| a.conditions.as_mut()) {
        change(conditions, now);
    }
}

pub(super) fn authn(parts: &mut Parts, change: impl FnOnce(&mut AuthnStatement, i64)) {
    let now = parts.now;
    if let Some(statement) = parts.message.assertion.as_mut().and_then(|a| a.authn.as_mut()) {
        change(statement, now);
    }
}

pub(super) fn data(parts: &mut Parts, change: impl FnMut(&mut ConfirmationData)) {
    subject(parts, |subject| {
        subject.confirmations.iter_mut().filter_map(|c| c.data.as_mut()).for_each(change);
    });
}

pub(super) fn other_issuer() -> Issuer {
    Issuer { value: "https://other.example/saml/metadata".to_owned(), format: None }
}

pub(super) fn in_response_to(parts: &mut Parts, id: Option<&str>) {
    parts.message.response.in_response_to = id.map(str::to_owned);
    data(parts, |data| data.in_response_to = id.map(str::to_owned));
}

pub(super) fn issued(parts: &mut Parts, offset: i64) {
    let instant = Some(parts.now + offset);
    parts.message.response.issue_instant = instant;
    assertion(parts, |assertion| assertion.issue_instant = instant);
}

pub(super) fn valid(parts: &mut Parts, [from, until]: [i64; 2]) {
    conditions(parts, |conditions, now| {
        conditions.not_before = Some(now + from);
        conditions.not_on_or_after = Some(now + until);
    });
}

/// The whole message as a provider with a wrong clock writes it.
pub(super) fn shift(parts: &mut Parts, offset: i64) {
    let later = |instant: &mut Option<i64>| *instant = instant.map(|seconds| seconds + offset);
    later(&mut parts.message.response.issue_instant);
    assertion(parts, |assertion| later(&mut assertion.issue_instant));
    conditions(parts, |conditions, _| {
        later(&mut conditions.not_before);
        later(&mut conditions.not_on_or_after);
    });
    data(parts, |data| later(&mut data.not_on_or_after));
    authn(parts, |statement, _| {
        statement.instant += offset;
        later(&mut statement.session_not_on_or_after);
    });
}

pub(super) fn without(parts: &mut Parts, name: &str) {
    assertion(parts, |assertion| assertion.attributes.retain(|attribute| attribute.name != name));
}

pub(super) fn value(parts: &mut Parts, name: &str, change: fn(&str) -> String) {
    assertion(parts, |assertion| {
        let named = assertion.attributes.iter_mut().filter(|attribute| attribute.name == name);
        named.flat_map(|attribute| &mut attribute.values).for_each(|value| *value = change(value));
    });
}
