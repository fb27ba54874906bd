//! An organisation at a glance, the way to a recent sign-in, and the page after sign-out.

use askama::Template;

use super::super::address::navigable_or_root;
use super::super::frame::{Fact, Frame, Html, Value};
use super::super::language::Language;
use super::super::signed_out::farewell;
use super::super::texts::{HomeTexts, StepUpTexts, console_texts, texts};
use super::shell::{ConsoleFrame, Shell, html};

/// What the first page of the console names.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleHomePage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Its customer id (ORG-05).
    pub customer: &'a str,
    /// The person's address.
    pub email: &'a str,
    /// Where its administrators sign in (ED-06).
    pub sign_in_address: &'a str,
    /// Where subscribers go; only the operator gives such an address.
    pub workspaces: &'a [String],
    /// The person's other organisations: address and name.
    pub others: &'a [(String, &'a str)],
    /// Whether one administrator alone has full access (ADM-29).
    pub alone: bool,
}

/// The first page of the console.
#[must_use]
pub fn console_home(page: &ConsoleHomePage<'_>, language: Language) -> Html {
    let words = &console_texts(language).home;
    let mut facts = vec![
        Fact { name: texts(language).facts.person, value: Value::Name(page.frame.person) },
        Fact { name: words.email, value: Value::Name(page.email) },
        Fact { name: words.customer, value: Value::Code(page.customer) },
        Fact { name: words.sign_in_address, value: Value::Code(page.sign_in_address) },
    ];
    facts.extend(page.workspaces.iter().map(|one| Fact { name: words.workspace, value: Value::Code(one) }));
    if page.workspaces.is_empty() {
        facts.push(Fact { name: words.workspace, value: Value::Name(words.no_workspace) });
    }
    facts.push(Fact { name: texts(language).facts.deployment, value: Value::Name(page.frame.deployment) });
    let sheet = Home {
        shell: Shell::new(&page.frame, language, console_texts(language).shell.overview, None),
        texts: words,
        facts,
        others: page.others,
        alone: page.alone,
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/home.html")]
struct Home<'a> {
    shell: Shell<'a>,
    texts: &'static HomeTexts,
    facts: Vec<Fact<'a>>,
    others: &'a [(String, &'a str)],
    alone: bool,
}

/// What the page before a change names.
#[derive(Debug, Clone, Copy)]
pub struct StepUpPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Where a fresh sign-in begins: a path of this host.
    pub sign_in: &'a str,
}

/// Before a change that needs a recent sign-in (PWD-19).
#[must_use]
pub fn step_up(page: &StepUpPage<'_>, language: Language) -> Html {
    let words = &console_texts(language).step_up;
    let sheet = StepUp {
        shell: Shell::new(&page.frame, language, words.heading, None),
        texts: words,
        sign_in: navigable_or_root(page.sign_in),
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/step_up.html")]
struct StepUp<'a> {
    shell: Shell<'a>,
    texts: &'static StepUpTexts,
    sign_in: &'a str,
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
