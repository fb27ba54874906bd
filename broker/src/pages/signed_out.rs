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
    let texts = texts(language);
    let farewell = Farewell {
        frame: Frame::new(language, texts.signed_out.heading, Door::Closed),
        texts: &texts.signed_out,
        facts: [Fact { name: texts.facts.organization, value: Value::Name(page.organization) }],
        sign_in: navigable_or_root(page.sign_in),
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
