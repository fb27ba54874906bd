//! The form for user name and password, which a directory behind the broker judges.
//!
//! What is wrong is told in one way, whatever was wrong, so that nobody learns here which names exist or which accounts are
//! locked (LDAP-08; ASVS 6.3.8).

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{PasswordTexts, password_texts};

/// What the form names and keeps.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// A path of this host. Posted to it are `form_token`, `name` and `password`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// The user name as it was typed before, or empty.
    pub name: &'a str,
    /// The DNS domain that a name without one means; none where such a name is refused.
    pub default_domain: Option<&'a str>,
    /// A domain that has to be typed with the name; none where no other than the default one lets anybody in.
    pub typed_domain: Option<DomainExample<'a>>,
    /// What a right password opens.
    pub opens: Opens,
    /// Why the form is there again.
    pub problem: Option<PasswordProblem>,
}

/// What a right password opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// A session.
    Session,
    /// The report of a test sign-in, and nothing else.
    Report,
}

/// How the names of a domain are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DomainExample<'a> {
    /// The DNS name, which follows the `@`.
    pub name: &'a str,
    /// What stands before the `\`, where the configuration says it.
    pub netbios: Option<&'a str>,
}

/// What was wrong with what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// User name or password is empty.
    Missing,
    /// `AD-CREDENTIALS`, whatever the cause.
    Wrong,
}

/// The form for user name and password.
#[must_use]
pub fn password(page: &PasswordPage<'_>, language: Language) -> Html {
    let texts = &password_texts(language).sign_in;
    let problem = page.problem.map(|problem| match problem {
        PasswordProblem::Missing => texts.missing,
        PasswordProblem::Wrong => texts.wrong,
    });
    let hint = (texts.hint)(page.default_domain, page.typed_domain);
    let no_name = page.name.trim().is_empty();
    let (name_faulty, password_faulty) = match page.problem {
        Some(PasswordProblem::Missing) => (no_name, true),
        Some(PasswordProblem::Wrong) => (true, true),
        None => (false, false),
    };
    let fields = [
        Field::new("name", texts.name, FieldKind::UserName)
            .value(page.name)
            .hint(&hint)
            .faulty_if(name_faulty)
            .focused_if(no_name),
        // A name that was typed is likelier right than a password that nobody sees.
        Field::new("password", texts.password, FieldKind::CurrentPassword)
            .faulty_if(password_faulty)
            .focused_if(!no_name),
    ];
    let sheet = Sheet {
        frame: Frame::of_form(language, texts.heading, problem),
        texts,
        organization: page.organization,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        test: match page.opens {
            Opens::Session => None,
            Opens::Report => Some(texts.test),
        },
        fields,
        problem,
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "password.html")]
struct Sheet<'a> {
    frame: Frame,
    texts: &'static PasswordTexts,
    organization: &'a str,
    action: &'a str,
    form_token: &'a str,
    test: Option<&'static str>,
    fields: [Field<'a>; 2],
    problem: Option<&'static str>,
}
