//! The page after sign-out. It never signs in again by itself: until a fresh sign-in succeeded it stands in front of
//! every workspace that the browser had open (interface 3).

use askama::Template;

use super::address::navigable_or_root;
use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::texts::{SignedOutTexts, texts};

/// What the page names.
#[derive(Debug, Clone, Copy)]
pub struct SignedOutPage<'a> {
    /// The organisation whose session ended.
    pub organization: &'a str,
    /// Where a fresh sign-in begins: a path or URL of our own hosts.
    pub sign_in: &'a str,
}

/// The page after sign-out.
#[must_use]
pub fn signed_out(page: &SignedOutPage<'_>, language: Language) -> Html {
    let fact = Fact { name: texts(language).facts.organization, value: Value::Name(page.organization) };
    farewell(language, fact, page.sign_in)
}

/// The page after sign-out from a workspace or the console: what was left, and where to begin anew.
pub(super) fn farewell(language: Language, left: Fact<'_>, sign_in: &str) -> Html {
    let words = &texts(language).signed_out;
    let farewell = Farewell {
        frame: Frame::new(language, words.heading, Door::Closed),
        texts: words,
        facts: [left],
        sign_in: navigable_or_root(sign_in),
    };
    html(&farewell, Forms::None)
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct Farewell<'a> {
    frame: Frame,
    texts: &'static SignedOutTexts,
    facts: [Fact<'a>; 1],
    sign_in: &'a str,
}
