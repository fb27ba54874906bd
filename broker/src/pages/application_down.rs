//! The page in place of an application that does not answer: the sign-in stands, the application is away.

use vestibule_policies::code::Code;

use super::address::navigable_or_root;
use super::error::Refusal;
use super::frame::{Door, Fact, Forms, Frame, Html, Link, Value, html};
use super::language::Language;
use super::texts::{sentence, texts};

/// What the page says; the status is the code's own.
#[derive(Debug, Clone, Copy)]
pub struct ApplicationDownPage<'a> {
    /// `APPLICATION-DOWN` or `APPLICATION-SLOW`.
    pub code: Code,
    /// Finds the log line.
    pub correlation: &'a str,
    /// The path to try again; `/` where a link must not carry it.
    pub retry: &'a str,
}

/// The page in place of an application that does not answer.
#[must_use]
pub fn application_down(page: &ApplicationDownPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let sentence = sentence(page.code, language);
    let facts = vec![
        Fact { name: texts.facts.code, value: Value::Code(page.code.as_str()) },
        Fact { name: texts.facts.reference, value: Value::Code(page.correlation) },
    ];
    let refusal = Refusal {
        frame: Frame::new(language, sentence.what, Door::Open),
        what: sentence.what,
        next: sentence.next,
        note: Some(texts.still_signed_in),
        facts,
        retry: Some(Link { label: texts.try_again, url: navigable_or_root(page.retry) }),
    };
    html(&refusal, Forms::None)
}
