//! The registration of a device for one-time codes: the only time that its secret is shown (PWD-12).

use askama::Template;

use super::address::navigable_or_root;
use super::field::Field;
use super::frame::{Forms, Frame, Html, html};
use super::language::Language;
use super::marked::Piece;
use super::qr::Qr;
use super::texts::{RegisterTexts, token_texts};
use super::token::{TokenProblem, code_field, problem_text};

/// What the registration shows.
#[derive(Clone, Copy)]
pub struct RegisterPage<'a> {
    /// The organisation, as the app will list it.
    pub organization: &'a str,
    /// A path of this host. Posted to it are `ticket` and `code`.
    pub action: &'a str,
    /// Finds the first step and the new secret; goes into the hidden field `ticket`.
    pub ticket: &'a str,
    /// The account, as the app will list it.
    pub account: &'a str,
    /// The secret for people who type it, Base32 in groups of four.
    pub secret: &'a str,
    /// The secret for cameras and apps: `otpauth://totp/…`. It is drawn as a QR code, and is a link for whoever reads the page
    /// on the very phone.
    pub uri: &'a str,
    /// What it is registered for.
    pub registers: Registers<'a>,
    /// Why the form is there again.
    pub problem: Option<TokenProblem>,
}

/// What a device is registered for.
#[derive(Debug, Clone, Copy)]
pub enum Registers<'a> {
    /// A session follows.
    SignIn,
    /// More of an enrolment follows.
    Enrolment,
    /// It takes the place of another one. Goes into the hidden field `form_token`.
    Another { form_token: &'a str },
}

/// The three steps that register a device.
#[must_use]
pub fn register(page: &RegisterPage<'_>, language: Language) -> Html {
    let words = token_texts(language);
    let problem = page.problem.map(|problem| problem_text(problem, language));
    let steps = Steps {
        frame: Frame::of_form(language, words.register.heading, problem),
        texts: &words.register,
        lead: match page.registers {
            Registers::SignIn | Registers::Enrolment => words.register.lead,
            Registers::Another { .. } => words.register.another,
        },
        organization: page.organization,
        action: navigable_or_root(page.action),
        ticket: page.ticket,
        account: page.account,
        secret: page.secret,
        qr: Qr::of(page.uri),
        uri: page.uri.starts_with("otpauth://totp/").then_some(page.uri),
        // Before there is a problem the first step comes first, and the page stays where it begins.
        field: code_field(words.enter.code, problem).focused_if(problem.is_some()),
        problem,
        register: match page.registers {
            Registers::SignIn => words.register.register,
            Registers::Enrolment => words.register.go_on,
            Registers::Another { .. } => words.register.replace,
        },
        form_token: match page.registers {
            Registers::SignIn | Registers::Enrolment => None,
            Registers::Another { form_token } => Some(form_token),
        },
    };
    html(&steps, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "register.html")]
struct Steps<'a> {
    frame: Frame,
    texts: &'static RegisterTexts,
    /// Before and after the organisation's name.
    lead: (&'static str, &'static str),
    organization: &'a str,
    action: &'a str,
    ticket: &'a str,
    account: &'a str,
    secret: &'a str,
    qr: Option<Qr>,
    uri: Option<&'a str>,
    field: Field<'a>,
    problem: Option<&'static str>,
    register: &'static str,
    form_token: Option<&'a str>,
}
