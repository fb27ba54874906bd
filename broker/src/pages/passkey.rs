//! The part of a page that asks for a passkey: the only forms that need a script, admitted by the page's own nonce. Without one the
//! part is not seen, and whatever else the page offers is there.

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{PasskeyTexts, passkey_texts, password_texts};

/// What a browser is asked.
#[derive(Debug, Clone, Copy)]
pub struct PasskeyPart<'a> {
    /// A path of this host. Posted to it are `ticket` and what the browser brought: `credential`, `client_data`,
    /// `authenticator_data`, `signature` and `user_handle`; of a new one `passkey_name`, `client_data` and `attestation`.
    pub action: &'a str,
    /// Finds the challenge; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Goes into the hidden field `form_token`, where there is one.
    pub form_token: Option<&'a str>,
    /// The argument of the browser's question, as JSON; bytes are base64url.
    pub options: &'a str,
    /// Admits the script.
    pub nonce: &'a str,
}

/// The one script: it turns base64url into bytes, asks, and posts what comes as base64url.
const SCRIPT: &str = include_str!("passkey.js");

/// A part with its words, for the templates of the pages that have one.
pub(super) struct PasskeySheet<'a> {
    pub(super) texts: &'static PasskeyTexts,
    pub(super) action: &'a str,
    pub(super) ticket: &'a str,
    pub(super) form_token: Option<&'a str>,
    pub(super) options: &'a str,
    pub(super) nonce: &'a str,
    pub(super) script: &'static str,
}

impl<'a> PasskeySheet<'a> {
    pub(super) fn of(part: &PasskeyPart<'a>, language: Language) -> Self {
        Self {
            texts: passkey_texts(language),
            action: navigable_or_root(part.action),
            ticket: part.ticket,
            form_token: part.form_token,
            options: part.options,
            nonce: part.nonce,
            script: SCRIPT,
        }
    }
}

/// What the form for a new passkey names.
#[derive(Debug, Clone, Copy)]
pub struct NewPasskeyPage<'a> {
    /// What the browser is asked.
    pub passkey: PasskeyPart<'a>,
    /// A path of this host: the profile.
    pub back: &'a str,
    /// The name as it was typed before, or empty.
    pub name: &'a str,
    /// Why the form is there again.
    pub problem: Option<NewPasskeyProblem>,
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasskeyProblem {
    /// The name is empty or too long.
    Name,
    /// The current password is empty or not right.
    Password,
    /// It is not what was asked for.
    Refused,
}

/// The form for a new passkey.
#[must_use]
pub fn new_passkey(page: &NewPasskeyPage<'_>, language: Language) -> Html {
    let words = passkey_texts(language);
    let problem = page.problem.map(|problem| match problem {
        NewPasskeyProblem::Name => words.no_name,
        NewPasskeyProblem::Password => password_texts(language).change.wrong,
        NewPasskeyProblem::Refused => words.refused,
    });
    let sheet = NewSheet {
        frame: Frame::of_form(language, words.new, problem),
        passkey: PasskeySheet::of(&page.passkey, language),
        back: navigable_or_root(page.back),
        fields: [
            Field::new("passkey_name", words.name, FieldKind::Plain)
                .value(page.name)
                .hint(words.name_hint)
                .faulty_if(page.problem == Some(NewPasskeyProblem::Name))
                .focused_if(page.problem != Some(NewPasskeyProblem::Password)),
            Field::new(
                "current_password",
                password_texts(language).change.current,
                FieldKind::CurrentPassword,
            )
            .faulty_if(page.problem == Some(NewPasskeyProblem::Password))
            .focused_if(page.problem == Some(NewPasskeyProblem::Password)),
        ],
        problem,
    };
    html(&sheet, Forms::WithScript { nonce: page.passkey.nonce })
}

#[derive(Template)]
#[template(path = "new_passkey.html")]
struct NewSheet<'a> {
    frame: Frame,
    passkey: PasskeySheet<'a>,
    back: &'a str,
    fields: [Field<'a>; 2],
    problem: Option<&'static str>,
}
