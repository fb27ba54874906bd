//! The question before a test sign-in: what the provider says of whoever signs in is shown to whoever has the address, so that a
//! person says first that it is meant. A lured colleague's session at the provider would else be enough.

use askama::Template;

use super::super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::super::language::Language;
use super::super::texts::{TrialAboutTexts, TrialQuestionTexts, texts, trial_texts};

/// What the question names.
#[derive(Debug, Clone, Copy)]
pub struct TrialQuestionPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// The connection's name.
    pub connection: &'a str,
    /// Finds the test; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Who is asked whether it is the person.
    pub asked: Asked,
    /// Whether the provider may be reached without TLS, as on loopback.
    pub insecure: bool,
}

/// Who is asked whether it is the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// An identity provider, which the browser is sent to.
    Provider,
    /// A directory, whose passwords are typed at a form of ours.
    Directory,
}

/// The question before a test sign-in: a form that posts `ticket` to `/test`, which sends the browser to the provider.
#[must_use]
pub fn trial_question(page: &TrialQuestionPage<'_>, language: Language) -> Html {
    let (texts, words) = (texts(language), trial_texts(language));
    let question = Question {
        frame: Frame::new(language, words.question.heading, Door::Open),
        texts: &words.question,
        about: match page.asked {
            Asked::Provider => &words.question.provider,
            Asked::Directory => &words.question.directory,
        },
        facts: [
            Fact { name: texts.facts.organization, value: Value::Name(page.organization) },
            Fact { name: words.facts.connection, value: Value::Code(page.connection) },
        ],
        ticket: page.ticket,
    };
    html(&question, Forms::ThroughOwnOrigin { insecure: page.insecure })
}

#[derive(Template)]
#[template(path = "trial_question.html")]
struct Question<'a> {
    frame: Frame,
    texts: &'static TrialQuestionTexts,
    about: &'static TrialAboutTexts,
    facts: [Fact<'a>; 2],
    ticket: &'a str,
}
