//! The start page of `demo`: what the reader sees, every sign-in with its sandbox accounts, and first help
//! (interface 1 and 2).

use askama::Template;

use super::address::{navigable, navigable_or_root};
use super::frame::{Door, Forms, Frame, Html, html};
use super::language::Language;
use super::texts::{StartTexts, texts};

/// What the start page lists.
#[derive(Debug, Clone)]
pub struct StartPage<'a> {
    /// The address of this page by name, such as `http://vestibule.localhost:8080/`.
    pub base: &'a str,
    /// Every name that the demo answers to, without a port, for a browser that does not resolve `*.localhost`.
    pub hosts: Vec<&'a str>,
    /// The sign-ins, in the order they are shown.
    pub sign_ins: Vec<StartSignIn<'a>>,
}

/// One organisation of the demo and its sandbox provider.
#[derive(Debug, Clone)]
pub struct StartSignIn<'a> {
    /// The connection's kind as the configuration writes it, such as `okta`.
    pub kind: &'a str,
    /// The provider's name for people, such as `Okta`.
    pub title: &'a str,
    /// The workspace, whose first visit signs in.
    pub url: &'a str,
    /// A path of this host that begins a test sign-in, which opens nothing and shows every check.
    pub test: String,
    /// Where the provider begins a sign-in by itself, if it can.
    pub begun_by_provider: Option<&'a str>,
    /// Accounts of the sandbox provider.
    pub accounts: Vec<StartAccount<'a>>,
}

/// An account of a sandbox provider. It opens nothing but the sandbox, so that its password may stand on a page.
#[derive(Debug, Clone, Copy)]
pub struct StartAccount<'a> {
    /// The person's name.
    pub name: &'a str,
    /// What to type first.
    pub username: &'a str,
    /// What to type second.
    pub password: &'a str,
}

/// The start page of the demo.
#[must_use]
pub fn start(page: &StartPage<'_>, language: Language) -> Html {
    let texts = &texts(language).start;
    let entries = page.sign_ins.iter().map(|one| Entry {
        kind: one.kind,
        label: (texts.sign_in_with)(one.title),
        title: one.title,
        url: navigable_or_root(one.url),
        test: navigable_or_root(&one.test),
        begun_by_provider: one.begun_by_provider.and_then(navigable),
        accounts: &one.accounts,
    });
    let overview = Overview {
        frame: Frame::new(language, texts.heading, Door::Open),
        texts,
        entries: entries.collect(),
        base: navigable_or_root(page.base),
        hosts: &page.hosts,
    };
    html(&overview, Forms::None)
}

#[derive(Template)]
#[template(path = "start.html")]
struct Overview<'a> {
    frame: Frame,
    texts: &'static StartTexts,
    entries: Vec<Entry<'a>>,
    base: &'a str,
    hosts: &'a [&'a str],
}

struct Entry<'a> {
    kind: &'a str,
    label: String,
    title: &'a str,
    url: &'a str,
    test: &'a str,
    begun_by_provider: Option<&'a str>,
    accounts: &'a [StartAccount<'a>],
}
