//! The page that goes on to another host after a form was posted.
//!
//! Browsers apply `form-action` to every redirect that follows a submission, so the way out of the origin is a page
//! (200, `no-store`) with a meta refresh and a link, not a redirect (interface 2).

use askama::Template;

use super::address::navigable_or_root;
use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::language::Language;
use super::texts::{OnwardTexts, texts};

/// Where the way goes on.
#[derive(Debug, Clone, Copy)]
pub struct OnwardPage<'a> {
    /// The target, on a host of ours; never an address from the request.
    pub url: &'a str,
    /// The organisation that it is about.
    pub organization: &'a str,
}

/// The page that goes on to another host at once, and by a link where a browser does not.
#[must_use]
pub fn onward(page: &OnwardPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let passage = Passage {
        frame: Frame::new(language, texts.onward.heading, Door::Open),
        texts: &texts.onward,
        facts: [Fact { name: texts.facts.organization, value: Value::Name(page.organization) }],
        url: navigable_or_root(page.url),
    };
    html(&passage, Forms::None)
}

#[derive(Template)]
#[template(path = "onward.html")]
struct Passage<'a> {
    frame: Frame,
    texts: &'static OnwardTexts,
    facts: [Fact<'a>; 1],
    url: &'a str,
}
