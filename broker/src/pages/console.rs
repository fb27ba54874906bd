//! The console's own pages: an organisation at a glance, and the page after sign-out.

use askama::Template;

use super::address::navigable_or_root;
use super::frame::{Door, Fact, Forms, Frame, Html, Link, Value, html};
use super::language::Language;
use super::signed_out::farewell;
use super::texts::{ConsoleTexts, console_texts, texts};

/// What the first page of the console names.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleHomePage<'a> {
    /// The console's host (ED-11).
    pub deployment: &'a str,
    /// The organisation.
    pub organization: &'a str,
    /// Its customer id (ORG-05).
    pub customer: &'a str,
    /// Who is signed in.
    pub person: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Where its administrators sign in (ED-06).
    pub sign_in_address: &'a str,
    /// The person's other organisations: address and name.
    pub others: &'a [(String, &'a str)],
    /// Where the session is ended.
    pub sign_out: &'a str,
}

/// The first page of the console.
#[must_use]
pub fn console_home(page: &ConsoleHomePage<'_>, language: Language) -> Html {
    let words = console_texts(language);
    let sheet = Home {
        frame: Frame::new(language, page.organization, Door::Open),
        texts: words,
        organization: page.organization,
        facts: [
            Fact { name: texts(language).facts.person, value: Value::Name(page.person) },
            Fact { name: words.email, value: Value::Name(page.email) },
            Fact { name: words.customer, value: Value::Code(page.customer) },
            Fact { name: words.sign_in_address, value: Value::Code(page.sign_in_address) },
            Fact { name: texts(language).facts.deployment, value: Value::Name(page.deployment) },
        ],
        others: page.others,
        sign_out: Link { label: texts(language).sign_out.sign_out, url: navigable_or_root(page.sign_out) },
    };
    html(&sheet, Forms::None)
}

#[derive(Template)]
#[template(path = "console_home.html")]
struct Home<'a> {
    frame: Frame,
    texts: &'static ConsoleTexts,
    organization: &'a str,
    facts: [Fact<'a>; 5],
    others: &'a [(String, &'a str)],
    sign_out: Link<'a>,
}

/// What the page after sign-out names.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleSignedOutPage<'a> {
    /// The console's host.
    pub deployment: &'a str,
    /// Where a sign-in begins: a path of this host.
    pub sign_in: &'a str,
}

/// The page after sign-out.
#[must_use]
pub fn console_signed_out(page: &ConsoleSignedOutPage<'_>, language: Language) -> Html {
    let words = texts(language);
    let fact = Fact { name: words.facts.deployment, value: Value::Name(page.deployment) };
    farewell(language, fact, page.sign_in)
}
