//! Where cases are made: good messages of each form, and ways to spoil them before or after signing.

use std::sync::Arc;

use super::{Setting, VICTIM};
use crate::saml::{Assertion, Identity, Message, Signing, fresh_id, names, sign, sign_assertion, sign_with};

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    ResponseSigned,
    AssertionSigned,
    BothSigned,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::ResponseSigned, Self::AssertionSigned, Self::BothSigned];

    fn words(self) -> &'static str {
        match self {
            Self::ResponseSigned => "response signed",
            Self::AssertionSigned => "assertion signed",
            Self::BothSigned => "both signed",
        }
    }
}

/// What a service provider must do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The sign-in succeeds with the whole identity of the [`Setting`].
    Accepted,
    /// Refused with one of these codes; with any, if there is none.
    Refused(&'static [&'static str]),
    /// Both are right, as long as an accepted identity is the whole one.
    Either,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Case {
    /// The row of the conformance list, `SAML-40`.
    pub row: &'static str,
    /// Unique.
    pub name: String,
    pub form: Form,
    /// The octets before Base64.
    pub message: Vec<u8>,
    pub verdict: Verdict,
    /// The accepted case that differs in one thing; for an accepted one, its own name.
    pub twin: String,
}

/// The name of the good case of a form.
#[must_use]
pub fn twin(form: Form) -> String {
    format!("SAML-07 good, {}", form.words())
}

pub(super) struct Bench<'a> {
    pub(super) setting: &'a Setting,
    cases: Vec<Case>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(setting: &'a Setting) -> Self {
        Self { setting, cases: Vec::new() }
    }

    pub(super) fn done(self) -> Vec<Case> {
        self.cases
    }

    /// A message of the provider, and how it signs in that form.
    pub(super) fn good(&self) -> Message {
        let mut message = Message::good(&self.setting.request, &self.setting.identity);
        if let Some(statement) = message.assertion.as_mut().and_then(|a| a.authn.as_mut())
            && let Some(class) = &self.setting.context
        {
            statement.class = Some(class.clone());
        }
        message
    }

    pub(super) fn signing(&self, form: Form) -> Signing {
        Signing {
            response: form != Form::AssertionSigned,
            assertion: form != Form::ResponseSigned,
            ..Signing::both(Arc::clone(&self.setting.trusted))
        }
    }

    pub(super) fn signed(&self, form: Form) -> String {
        sign(&self.good(), &self.signing(form))
    }

    /// The same message, about the victim.
    pub(super) fn evil(&self) -> Message {
        let identity = Identity {
            sid: Some("S-1-5-21-1-2-3-500".to_owned()),
            upn: Some(VICTIM.to_owned()),
            email: Some(VICTIM.to_owned()),
            ..self.setting.identity.clone()
        };
        Message { assertion: Message::good(&self.setting.request, &identity).assertion, ..self.good() }
    }

    /// The victim's assertion without a signature, under this ID or a fresh one.
    pub(super) fn evil_assertion(&self, id: Option<&str>) -> String {
        let mut message = self.evil();
        if let Some(assertion) = &mut message.assertion {
            assertion.id = Some(id.map_or_else(fresh_id, str::to_owned));
        }
        sign_assertion(&message, &Signing { assertion: false, ..self.signing(Form::AssertionSigned) })
    }

    pub(super) fn case(
        &mut self,
        row: &'static str,
        name: &str,
        form: Form,
        (message, verdict): (impl Into<Vec<u8>>, Verdict),
    ) {
        let name = format!("{row} {name}, {}", form.words());
        let twin = if verdict == Verdict::Accepted { name.clone() } else { twin(form) };
        self.cases.push(Case { row, name, form, message: message.into(), verdict, twin });
    }

    /// In every form, changed before it is signed.
    pub(super) fn before(
        &mut self,
        row: &'static str,
        name: &str,
        verdict: Verdict,
        change: impl Fn(&mut Message),
    ) {
        self.before_in(&Form::ALL, row, name, (verdict, change));
    }

    pub(super) fn before_in(
        &mut self,
        forms: &[Form],
        row: &'static str,
        name: &str,
        (verdict, change): (Verdict, impl Fn(&mut Message)),
    ) {
        for form in forms {
            let mut message = self.good();
            change(&mut message);
            let signed = sign(&message, &self.signing(*form));
            self.case(row, name, *form, (signed, verdict));
        }
    }

    /// In every form, the assertion changed before it is signed.
    pub(super) fn assertion(
        &mut self,
        row: &'static str,
        name: &str,
        verdict: Verdict,
        change: impl Fn(&mut Assertion),
    ) {
        self.before(row, name, verdict, |message| message.assertion.iter_mut().for_each(&change));
    }

    /// In these forms, changed after it was signed.
    pub(super) fn after(
        &mut self,
        forms: &[Form],
        row: &'static str,
        name: &str,
        (verdict, change): (Verdict, impl Fn(&str) -> String),
    ) {
        for form in forms {
            let changed = change(&self.signed(*form));
            self.case(row, name, *form, (changed, verdict));
        }
    }

    /// In every form, with another `SignedInfo`, over which the trusted key signs truly.
    pub(super) fn info(
        &mut self,
        row: &'static str,
        name: &str,
        verdict: Verdict,
        change: impl Fn(&str) -> String,
    ) {
        let envelope = |signing: &Signing, id: &str, canonical: &str| {
            let info = change(&signing.signed_info(id, canonical));
            signature(&info, &signing.value_over(&info))
        };
        for form in Form::ALL {
            let message = sign_with(&self.good(), &self.signing(form), &envelope);
            self.case(row, name, form, (message, verdict));
        }
    }

    /// In every form, each finished `ds:Signature` changed; what it signs stays as it is.
    pub(super) fn signature(
        &mut self,
        row: &'static str,
        name: &str,
        verdict: Verdict,
        change: impl Fn(&str) -> String,
    ) {
        let envelope =
            |signing: &Signing, id: &str, canonical: &str| change(&signing.envelope(id, canonical));
        for form in Form::ALL {
            let message = sign_with(&self.good(), &self.signing(form), &envelope);
            self.case(row, name, form, (message, verdict));
        }
    }
}

pub(super) fn signature(info: &str, value: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>",
        names::DSIG
    )
}

/// The first element that starts so, up to the first end tag of its name; empty if there is none.
pub(super) fn element<'a>(xml: &'a str, start: &str) -> &'a str {
    let found = || {
        let begin = xml.find(start)?;
        let name = start.trim_start_matches('<').split([' ', '>']).next()?;
        let end = format!("</{name}>");
        let rest = xml.get(begin..)?;
        rest.get(..rest.find(&end)? + end.len())
    };
    found().unwrap_or_default()
}

/// The text between two texts; empty if they are not there.
pub(super) fn between<'a>(xml: &'a str, from: &str, to: &str) -> &'a str {
    let rest = xml.split_once(from).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(to)).map(|(text, _)| text).unwrap_or_default()
}

/// The `ID` of the first element that starts so.
pub(super) fn id_of<'a>(xml: &'a str, start: &str) -> &'a str {
    between(element(xml, start), " ID=\"", "\"")
}
