//! The page of a refusal: one plain sentence, what to do next, the code and the reference (interface 6).
//!
//! A visitor learns what the code means and nothing of the cause; the reference finds the log line and the audit
//! event.

use askama::Template;
use vestibule_policies::code::{Code, Fault};

use super::address::navigable;
use super::frame::{Door, Fact, Forms, Frame, Html, Link, Value, html};
use super::language::Language;
use super::texts::{Texts, sentence, texts};

/// What the page of a refusal says; the status is the code's own.
#[derive(Debug, Clone, Copy)]
pub struct ErrorPage<'a> {
    /// Why, as far as a visitor may know.
    pub code: Code,
    /// The canonical claim at fault, such as `cip_sid`, also where the connection renames it.
    pub claim: Option<&'static str>,
    /// Finds the log line and the audit event.
    pub correlation: &'a str,
    /// Where to start again: a path or URL of our own hosts. Anything else is left out.
    pub retry: Option<&'a str>,
    /// The organisation, when it is known.
    pub organization: Option<&'a str>,
}

/// The page of a refusal.
#[must_use]
pub fn error(page: &ErrorPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let sentence = sentence(page.code, language);
    let mut facts = Vec::with_capacity(4);
    facts.extend(
        page.organization.map(|name| Fact { name: texts.facts.organization, value: Value::Name(name) }),
    );
    facts.extend(page.claim.map(|claim| Fact { name: texts.facts.attribute, value: Value::Code(claim) }));
    facts.push(Fact { name: texts.facts.code, value: Value::Code(page.code.as_str()) });
    facts.push(Fact { name: texts.facts.reference, value: Value::Code(page.correlation) });
    let retry = page.retry.and_then(navigable).map(|url| Link { label: retry_label(page.code, texts), url });
    let frame = Frame::new(language, sentence.what, Door::Closed);
    html(&Refusal { frame, what: sentence.what, next: sentence.next, note: None, facts, retry }, Forms::None)
}

/// The template that this page and the one of an unreachable application share.
#[derive(Template)]
#[template(path = "error.html")]
pub(super) struct Refusal<'a> {
    pub(super) frame: Frame,
    pub(super) what: &'static str,
    pub(super) next: &'static str,
    pub(super) note: Option<&'static str>,
    pub(super) facts: Vec<Fact<'a>>,
    pub(super) retry: Option<Link<'a>>,
}

/// A visitor's sign-in begins anew, with another account where the directory refuses this one whatever is typed; what somebody
/// else has to mend is tried again.
fn retry_label(code: Code, texts: &Texts) -> &'static str {
    let account =
        [Code::AdDisabled, Code::AdAccountExpired, Code::AdHours, Code::AdWorkstation, Code::AdRestricted];
    if account.contains(&code) {
        return texts.another_account;
    }
    match code.fault() {
        Fault::Visitor => texts.start_again,
        Fault::Upstream | Fault::Operator | Fault::Ours => texts.try_again,
    }
}
