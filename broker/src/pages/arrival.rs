//! The question before a sign-in that the provider began: whoever was lured to a response of somebody else would be signed in as
//! them without noticing, so that a person says first that it is meant (saml-profiles §4.1.5; CSRF of the sign-in).

use askama::Template;

use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::texts::{ArrivalTexts, texts};

/// What the question names.
#[derive(Debug, Clone, Copy)]
pub struct ArrivalPage<'a> {
    /// The organisation that it leads to.
    pub organization: &'a str,
    /// The person whom the provider names, by name or user principal name.
    pub person: &'a str,
    /// The address that opens afterwards; it is shown and no link.
    pub workspace: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// Finds the response; goes into the hidden field `code`.
    pub code: &'a str,
}

/// The question before a sign-in that the provider began: a form that posts `form_token` and `code` to `/landing`.
#[must_use]
pub fn arrival(page: &ArrivalPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let question = Question {
        frame: Frame::new(language, texts.arrival.heading, Door::Open),
        texts: &texts.arrival,
        facts: [
            Fact { name: texts.arrival.person, value: Value::Name(page.person) },
            Fact { name: texts.facts.organization, value: Value::Name(page.organization) },
            Fact { name: texts.arrival.workspace, value: Value::Code(page.workspace) },
        ],
        sign_in: (texts.arrival.sign_in_as)(page.person),
        form_token: page.form_token,
        code: page.code,
    };
    html(&question, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "arrival.html")]
struct Question<'a> {
    frame: Frame,
    texts: &'static ArrivalTexts,
    facts: [Fact<'a>; 3],
    sign_in: String,
    form_token: &'a str,
    code: &'a str,
}
