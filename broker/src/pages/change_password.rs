//! The form that changes a password of a directory.

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{ChangeTexts, password_texts, texts};

/// What the form names.
#[derive(Debug, Clone, Copy)]
pub struct ChangePasswordPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// A path of this host. Posted to it are `form_token`, where a sign-in waits `why`, `current_password`, `new_password` and `new_password_again`; a
    /// `name` comes along for password managers and counts for nothing.
    pub action: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// The account, as a password manager keeps it.
    pub name: &'a str,
    /// Why the person is here.
    pub why: Change,
    /// Why the form is there again.
    pub problem: Option<ChangeProblem>,
}

/// Why a password is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It has expired, and a sign-in waits.
    Expired,
    /// The directory demands another one, and a sign-in waits.
    MustChange,
    /// The person came for it.
    Wish,
}

impl Change {
    /// The values of the hidden field `why`: a sign-in's form brings its reason along, so that it is still told after a mistake.
    /// A wish is never one, since nobody signs in for it.
    const DUE: [(&'static str, Self); 2] = [("expired", Self::Expired), ("must-change", Self::MustChange)];

    /// Reads the hidden field. What is none of its values is the reason that is true of every password that is due.
    #[must_use]
    pub fn of_form(value: &str) -> Self {
        Self::DUE.into_iter().find(|(name, _)| *name == value).map_or(Self::MustChange, |(_, why)| why)
    }

    fn in_form(self) -> Option<&'static str> {
        Self::DUE.into_iter().find(|(_, why)| *why == self).map(|(name, _)| name)
    }
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeProblem {
    /// A field is empty.
    Missing,
    /// The current password is not right.
    Wrong,
    /// The new one and its repetition differ.
    Differ,
    /// The new one is the current one.
    Same,
    /// `AD-PASSWORD-POLICY`: the domain refused the new one.
    Policy,
}

/// The form that changes a password.
#[must_use]
pub fn change_password(page: &ChangePasswordPage<'_>, language: Language) -> Html {
    let words = &password_texts(language).change;
    let problem = page.problem.map(|problem| match problem {
        ChangeProblem::Missing => words.missing,
        ChangeProblem::Wrong => words.wrong,
        ChangeProblem::Differ => words.differ,
        ChangeProblem::Same => words.same,
        ChangeProblem::Policy => words.policy,
    });
    let (current, new) = match page.problem {
        Some(ChangeProblem::Missing) => (true, true),
        Some(ChangeProblem::Wrong) => (true, false),
        Some(ChangeProblem::Differ | ChangeProblem::Same | ChangeProblem::Policy) => (false, true),
        None => (false, false),
    };
    let field = |name, label, kind| Field::new(name, label, kind);
    let names = texts(language);
    let sheet = Sheet {
        frame: Frame::of_form(language, words.heading, problem),
        texts: words,
        why: match page.why {
            Change::Expired => words.expired,
            Change::MustChange => words.must_change,
            Change::Wish => words.wish,
        },
        reason: page.why.in_form(),
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        name: page.name,
        fields: [
            // No password comes back, so whatever was wrong, this one is the first to be typed again.
            field("current_password", words.current, FieldKind::CurrentPassword)
                .faulty_if(current)
                .focused_if(true),
            field("new_password", words.new, FieldKind::NewPassword).faulty_if(new),
            field("new_password_again", words.again, FieldKind::NewPassword).faulty_if(new),
        ],
        problem,
        facts: [
            Fact { name: words.account, value: Value::Name(page.name) },
            Fact { name: names.facts.organization, value: Value::Name(page.organization) },
        ],
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "change_password.html")]
struct Sheet<'a> {
    frame: Frame,
    texts: &'static ChangeTexts,
    why: &'static str,
    reason: Option<&'static str>,
    action: &'a str,
    form_token: &'a str,
    name: &'a str,
    fields: [Field<'a>; 3],
    problem: Option<&'static str>,
    facts: [Fact<'a>; 2],
}
