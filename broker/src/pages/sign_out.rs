//! The question before sign-out. GET asks and only the POST ends the session, so that no link or image of another
//! site signs anybody out (interface 3).

use askama::Template;

use super::address::navigable_or_root;
use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::texts::{SignOutTexts, texts};

/// What the question names.
#[derive(Debug, Clone, Copy)]
pub struct SignOutPage<'a> {
    /// The organisation whose session would end.
    pub organization: &'a str,
    /// The person by name or user principal name.
    pub person: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// Where "Stay signed in" leads: a path of this host.
    pub to: &'a str,
}

/// The question before sign-out: a form that posts `form_token` to `/.vestibule/sign-out`.
#[must_use]
pub fn sign_out(page: &SignOutPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let question = Question {
        frame: Frame::new(language, texts.sign_out.heading, Door::Open),
        texts: &texts.sign_out,
        facts: [
            Fact { name: texts.facts.person, value: Value::Name(page.person) },
            Fact { name: texts.facts.organization, value: Value::Name(page.organization) },
        ],
        form_token: page.form_token,
        stay: navigable_or_root(page.to),
    };
    html(&question, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct Question<'a> {
    frame: Frame,
    texts: &'static SignOutTexts,
    facts: [Fact<'a>; 2],
    form_token: &'a str,
    stay: &'a str,
}
