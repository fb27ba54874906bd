//! The forms of the built-in identity: user name and password, the second factor, the choice of an organisation.

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::passkey::{PasskeyPart, PasskeySheet};
use super::texts::{BuiltInTexts, ChoiceTexts, FactorTexts, built_in_texts, passkey_texts};

/// What the form for user name and password names.
#[derive(Debug, Clone, Copy)]
pub struct SignInPage<'a> {
    /// The console's host: by it people see where they are (ED-11).
    pub deployment: &'a str,
    /// The organisation that whoever signs in here becomes an administrator of, by the link that brought them.
    pub joins: Option<&'a str>,
    /// A path of this host. Posted to it are `form_token`, `name` and `password`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token` of both forms.
    pub form_token: &'a str,
    /// The user name as it was typed before, or empty.
    pub name: &'a str,
    /// The form for whoever forgot one of these.
    pub forgotten: &'a str,
    /// A path of this host. Posted to it are `form_token` and `organization`.
    pub elsewhere: &'a str,
    /// Why the page is there again.
    pub problem: Option<SignInProblem>,
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// User name or password is empty.
    Missing,
    /// `PERSON-CREDENTIALS`, whatever the cause.
    Wrong,
    /// It is no identifier of an organisation, whether or not there is one.
    Identifier,
}

/// The form for user name and password.
#[must_use]
pub fn sign_in(page: &SignInPage<'_>, language: Language) -> Html {
    let words = &built_in_texts(language).sign_in;
    let said = page.problem.map(|problem| match problem {
        SignInProblem::Missing => words.missing,
        SignInProblem::Wrong => words.wrong,
        SignInProblem::Identifier => words.no_identifier,
    });
    let (no_name, identifier) =
        (page.name.trim().is_empty(), page.problem == Some(SignInProblem::Identifier));
    let (name_faulty, password_faulty) = match page.problem {
        Some(SignInProblem::Missing) => (no_name, true),
        Some(SignInProblem::Wrong) => (true, true),
        Some(SignInProblem::Identifier) | None => (false, false),
    };
    let sheet = SignInSheet {
        frame: Frame::of_form(language, words.heading, said),
        texts: words,
        deployment: page.deployment,
        joins: page.joins,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        fields: [
            Field::new("name", words.name, FieldKind::UserName)
                .value(page.name)
                .faulty_if(name_faulty)
                .focused_if(no_name && !identifier),
            // A name that was typed is likelier right than a password that nobody sees.
            Field::new("password", words.password, FieldKind::CurrentPassword)
                .faulty_if(password_faulty)
                .focused_if(!no_name),
        ],
        forgotten: navigable_or_root(page.forgotten),
        elsewhere: navigable_or_root(page.elsewhere),
        organization: [Field::new("organization", words.organization, FieldKind::Plain)
            .hint(words.organization_hint)
            .faulty_if(identifier)
            .focused_if(identifier)],
        problem: said.filter(|_| !identifier),
        elsewhere_problem: said.filter(|_| identifier),
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInSheet<'a> {
    frame: Frame,
    texts: &'static BuiltInTexts,
    deployment: &'a str,
    joins: Option<&'a str>,
    action: &'a str,
    form_token: &'a str,
    fields: [Field<'a>; 2],
    forgotten: &'a str,
    elsewhere: &'a str,
    organization: [Field<'a>; 1],
    problem: Option<&'static str>,
    elsewhere_problem: Option<&'static str>,
}

/// What the form for the second factor names.
#[derive(Debug, Clone, Copy)]
pub struct SecondPage<'a> {
    /// A path of this host. Posted to it are `ticket` and `code`, of a device.
    pub action: &'a str,
    /// The question for a passkey, where the person has one.
    pub passkey: Option<PasskeyPart<'a>>,
    /// A path of this host. Posted to it are `ticket` and `code`, a backup code.
    pub backup_action: &'a str,
    /// Finds the first step; goes into the hidden field `ticket` of both forms.
    pub ticket: &'a str,
    /// Why the page is there again.
    pub problem: Option<SecondProblem>,
}

/// What was wrong with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondProblem {
    /// The one-time code has not six digits.
    Malformed,
    /// The one-time code is wrong, out of its time, or used.
    Wrong,
    /// The backup code is none of theirs, or used.
    WrongBackup,
    /// The passkey did not hold, whatever the cause.
    WrongPasskey,
    /// There were too many: nothing is looked at for a while.
    Resting,
}

/// The form for the second factor: a one-time code, and below it a backup code (MFA-17, MFA-21).
#[must_use]
pub fn second(page: &SecondPage<'_>, language: Language) -> Html {
    let words = &built_in_texts(language).factor;
    let said = page.problem.map(|problem| match problem {
        SecondProblem::Malformed => words.malformed,
        SecondProblem::Wrong => words.wrong,
        SecondProblem::WrongBackup => words.wrong_backup,
        SecondProblem::WrongPasskey => passkey_texts(language).wrong,
        SecondProblem::Resting => words.resting,
    });
    let backup = page.problem == Some(SecondProblem::WrongBackup);
    let code = said.is_some() && !backup && page.problem != Some(SecondProblem::WrongPasskey);
    let sheet = FactorSheet {
        frame: Frame::of_form(language, words.heading, said),
        texts: words,
        action: navigable_or_root(page.action),
        backup_action: navigable_or_root(page.backup_action),
        ticket: page.ticket,
        field: Field::new("code", words.code, FieldKind::OneTimeCode).faulty_if(code).focused_if(!backup),
        passkey: page.passkey.as_ref().map(|part| PasskeySheet::of(part, language)),
        spare: [Field::new("code", words.backup_code, FieldKind::BackupCode)
            .with_id("backup")
            .faulty_if(backup)
            .focused_if(backup)],
        problem: said.filter(|_| !backup),
        backup_problem: said.filter(|_| backup),
    };
    html(&sheet, page.passkey.map_or(Forms::ToOwnOrigin, |part| Forms::WithScript { nonce: part.nonce }))
}

#[derive(Template)]
#[template(path = "second.html")]
struct FactorSheet<'a> {
    frame: Frame,
    texts: &'static FactorTexts,
    action: &'a str,
    backup_action: &'a str,
    ticket: &'a str,
    field: Field<'a>,
    passkey: Option<PasskeySheet<'a>>,
    spare: [Field<'a>; 1],
    problem: Option<&'static str>,
    /// With one the second form is open.
    backup_problem: Option<&'static str>,
}

/// What the question for an organisation names.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationPage<'a> {
    /// A path of this host. Posted to it are `ticket` and `organization`, a slug.
    pub action: &'a str,
    /// Finds what was proved; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// Whether the person came for one that is not theirs.
    pub is_elsewhere: bool,
    /// The person's organisations.
    pub choices: &'a [Choice<'a>],
}

/// One organisation.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// Its short name.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// The question which organisation's console is opened (SGN-12).
#[must_use]
pub fn organization(page: &OrganizationPage<'_>, language: Language) -> Html {
    let words = &built_in_texts(language).choice;
    let sheet = ChoiceSheet {
        frame: Frame::of_form(language, words.heading, None),
        texts: words,
        lead: if page.is_elsewhere { words.not_yours } else { words.lead },
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        choices: page.choices,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "organization.html")]
struct ChoiceSheet<'a> {
    frame: Frame,
    texts: &'static ChoiceTexts,
    lead: &'static str,
    action: &'a str,
    ticket: &'a str,
    choices: &'a [Choice<'a>],
}
