//! A person's own page: the password in the directory, and the device for one-time codes.

use askama::Template;

use super::address::navigable_or_root;
use super::field::{Field, FieldKind};
use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::marked::Piece;
use super::texts::{AccountTexts, SignedOutTexts, account_texts, texts, token_texts};
use super::token::code_field;

/// What the page names and offers.
#[derive(Debug, Clone, Copy)]
pub struct AccountPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// The person by name or user principal name.
    pub person: &'a str,
    /// The way back: a path or URL of our own hosts.
    pub workspace: &'a str,
    /// Where the form that changes the password is.
    pub change_password: &'a str,
    /// The registered device; none where the connection has no second step, or nothing is registered.
    pub device: Option<DeviceFact<'a>>,
    /// A path of this host that takes the device away. Posted to it are `form_token`, `current_password` and `code`; a `name`
    /// comes along for password managers and counts for nothing.
    pub reset_device: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// What has just been done.
    pub notice: Option<AccountNotice>,
    /// Why the device was not taken away.
    pub problem: Option<AccountProblem>,
}

/// What is known of a device.
#[derive(Debug, Clone, Copy)]
pub struct DeviceFact<'a> {
    /// The day of its registration, such as `2026-01-31`.
    pub registered: &'a str,
}

/// What has just been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountNotice {
    /// The password is another one, and the person's other sessions have ended.
    PasswordChanged,
    /// No device is registered any more.
    DeviceRemoved,
}

/// Why the device was not taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// Password or code is empty.
    Missing,
    /// The password is not right.
    Wrong,
    /// The code is not right, or has not six digits.
    Code,
}

/// A person's own page.
#[must_use]
pub fn account(page: &AccountPage<'_>, language: Language) -> Html {
    let (words, names) = (account_texts(language), texts(language));
    let device = page.device.as_ref();
    // What is wrong with a form that is not there would be told nowhere.
    let problem = page.problem.filter(|_| device.is_some());
    let (password_faulty, code_faulty) = match problem {
        Some(AccountProblem::Missing) => (true, true),
        Some(AccountProblem::Wrong) => (true, false),
        Some(AccountProblem::Code) => (false, true),
        None => (false, false),
    };
    let problem = problem.map(|problem| match problem {
        AccountProblem::Missing => words.missing,
        AccountProblem::Wrong => words.wrong,
        AccountProblem::Code => words.code,
    });
    let own = Own {
        frame: Frame::of_form(language, words.heading, problem),
        texts: words,
        person: page.person,
        facts: [
            Fact { name: names.facts.person, value: Value::Name(page.person) },
            Fact { name: names.facts.organization, value: Value::Name(page.organization) },
        ],
        notice: page.notice.map(|notice| match notice {
            AccountNotice::PasswordChanged => words.password_changed,
            AccountNotice::DeviceRemoved => words.device_removed,
        }),
        workspace: navigable_or_root(page.workspace),
        change_password: navigable_or_root(page.change_password),
        registered: device.map(|device| (words.registered)(device.registered)),
        reset_device: navigable_or_root(page.reset_device),
        form_token: page.form_token,
        fields: [
            // Neither comes back, so the password is the first to be typed again.
            Field::new("current_password", words.current_password, FieldKind::CurrentPassword)
                .faulty_if(password_faulty)
                .focused_if(problem.is_some()),
            code_field(token_texts(language).enter.code, None).faulty_if(code_faulty),
        ],
        problem,
    };
    html(&own, if device.is_some() { Forms::ToOwnOrigin } else { Forms::None })
}

#[derive(Template)]
#[template(path = "account.html")]
struct Own<'a> {
    frame: Frame,
    texts: &'static AccountTexts,
    person: &'a str,
    facts: [Fact<'a>; 2],
    notice: Option<&'static str>,
    workspace: &'a str,
    change_password: &'a str,
    registered: Option<String>,
    reset_device: &'a str,
    form_token: &'a str,
    fields: [Field<'a>; 2],
    problem: Option<&'static str>,
}

/// Where to go when nobody is signed in.
#[derive(Debug, Clone, Copy)]
pub struct AccountClosedPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// Where to sign in: a path or URL of our own hosts.
    pub workspace: &'a str,
}

/// In place of a person's own page, when nobody is signed in.
#[must_use]
pub fn account_closed(page: &AccountClosedPage<'_>, language: Language) -> Html {
    let (words, names) = (&account_texts(language).closed, texts(language));
    let closed = Closed {
        frame: Frame::new(language, words.heading, Door::Closed),
        texts: words,
        facts: [Fact { name: names.facts.organization, value: Value::Name(page.organization) }],
        sign_in: navigable_or_root(page.workspace),
    };
    html(&closed, Forms::None)
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct Closed<'a> {
    frame: Frame,
    texts: &'static SignedOutTexts,
    facts: [Fact<'a>; 1],
    sign_in: &'a str,
}
