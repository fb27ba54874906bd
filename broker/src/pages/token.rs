//! The second step: the one-time code of a registered device.

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{TokenTexts, token_texts};

/// What the form names.
#[derive(Debug, Clone, Copy)]
pub struct TokenPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// A path of this host. Posted to it are `ticket` and `code`.
    pub action: &'a str,
    /// Finds the first step; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Why the form is there again.
    pub problem: Option<TokenProblem>,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenProblem {
    /// It has not six digits.
    Malformed,
    /// `TOKEN-CODE`: wrong, out of its time, or used.
    Wrong,
}

/// The form for a one-time code.
#[must_use]
pub fn token(page: &TokenPage<'_>, language: Language) -> Html {
    let texts = &token_texts(language).enter;
    let problem = page.problem.map(|problem| problem_text(problem, language));
    let sheet = Sheet {
        frame: Frame::of_form(language, texts.heading, problem),
        texts,
        organization: page.organization,
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        field: code_field(texts.code, problem).focused_if(true),
        problem,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

/// What a page says of a code that was not taken.
pub(super) fn problem_text(problem: TokenProblem, language: Language) -> &'static str {
    let texts = &token_texts(language).enter;
    match problem {
        TokenProblem::Malformed => texts.malformed,
        TokenProblem::Wrong => texts.wrong,
    }
}

/// The field for six digits.
pub(super) fn code_field<'a>(label: &'static str, problem: Option<&str>) -> Field<'a> {
    Field::new("code", label, FieldKind::OneTimeCode).faulty_if(problem.is_some())
}

#[derive(Template)]
#[template(path = "token.html")]
struct Sheet<'a> {
    frame: Frame,
    texts: &'static TokenTexts,
    organization: &'a str,
    action: &'a str,
    ticket: &'a str,
    field: Field<'a>,
    problem: Option<&'static str>,
}
