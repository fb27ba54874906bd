//! A field of a form: its label, what it wants, and how a browser fills it (HTML "autofill"; WCAG 2.2 1.3.5, 3.3.1, 3.3.2).
//!
//! What is wrong stands above the form (`role=alert`) and describes every field that has it. One field of a page has the
//! focus when it opens, so that a screen reader says the problem there, too; alerts that are there from the start it may skip.

use super::marked::{Piece, pieces};

/// What somebody fills in; `field.html` sets it.
pub(super) struct Field<'a> {
    /// Name in what is posted.
    pub(super) name: &'static str,
    /// Id on the page: the name, unless another form there has a field of that name.
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: FieldKind,
    /// The only value that is shown again; passwords and codes never are.
    pub(super) value: &'a str,
    pub(super) hint: Vec<Piece<'a>>,
    /// Whether the page's problem is this field's.
    pub(super) faulty: bool,
    pub(super) focus: bool,
    /// Whether it may stay empty.
    pub(super) optional: bool,
}

/// How a browser treats a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    UserName,
    CurrentPassword,
    NewPassword,
    OneTimeCode,
    /// A code out of a list that was kept, which no browser knows.
    BackupCode,
    /// What somebody is called.
    Name,
    Telephone,
    /// Somebody else's e-mail address.
    Address,
    /// One's own e-mail address.
    Email,
    /// An identifier or address that no browser knows.
    Plain,
}

impl<'a> Field<'a> {
    pub(super) fn new(name: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            id: name,
            label,
            kind,
            value: "",
            hint: Vec::new(),
            faulty: false,
            focus: false,
            optional: false,
        }
    }

    pub(super) fn with_id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    pub(super) fn value(self, value: &'a str) -> Self {
        Self { value, ..self }
    }

    /// Words below the label, with names and values between backticks.
    pub(super) fn hint(self, hint: &'a str) -> Self {
        Self { hint: pieces(hint), ..self }
    }

    pub(super) fn faulty_if(self, faulty: bool) -> Self {
        Self { faulty, ..self }
    }

    pub(super) fn focused_if(self, focus: bool) -> Self {
        Self { focus, ..self }
    }

    pub(super) fn optional_if(self, optional: bool) -> Self {
        Self { optional, ..self }
    }

    /// Asked by the template: what else a screen reader says of it, by the ids.
    pub(super) fn described_by(&self, problem: bool) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let problem = (problem && (self.faulty || self.focus)).then(|| "problem".to_owned());
        let ids: Vec<String> = problem.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn is_secret(&self) -> bool {
        matches!(self.kind, FieldKind::CurrentPassword | FieldKind::NewPassword)
    }

    /// The `type` of the input.
    pub(super) fn input(&self) -> &'static str {
        match self.kind {
            FieldKind::CurrentPassword | FieldKind::NewPassword => "password",
            FieldKind::Telephone => "tel",
            FieldKind::Address | FieldKind::Email => "email",
            FieldKind::UserName
            | FieldKind::OneTimeCode
            | FieldKind::BackupCode
            | FieldKind::Name
            | FieldKind::Plain => "text",
        }
    }

    pub(super) fn is_code(&self) -> bool {
        self.kind == FieldKind::OneTimeCode
    }

    pub(super) fn autocomplete(&self) -> &'static str {
        match self.kind {
            FieldKind::UserName => "username",
            FieldKind::CurrentPassword => "current-password",
            FieldKind::NewPassword => "new-password",
            FieldKind::OneTimeCode => "one-time-code",
            FieldKind::Name => "name",
            FieldKind::Telephone => "tel",
            FieldKind::Email => "email",
            FieldKind::BackupCode | FieldKind::Address | FieldKind::Plain => "off",
        }
    }
}
