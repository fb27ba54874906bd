//! The page that posts a request to a provider (saml-bindings §3.5.4): a form with a button, and one script that presses it.
//!
//! It is the only page with a script, which its nonce alone admits; without one the button does the same.

use askama::Template;

use super::address::navigable;
use super::frame::{Door, Fact, Forms, Frame, Html, ToProvider, Value, html};
use super::language::Language;
use super::texts::{OnwardTexts, texts};

/// What is posted, and where to.
#[derive(Debug, Clone, Copy)]
pub struct PostFormPage<'a> {
    /// The provider's address. One that no link may carry gets no form.
    pub to: &'a str,
    /// The hidden fields, in their order.
    pub fields: &'a [(&'a str, &'a str)],
    /// The organisation that it is about.
    pub organization: &'a str,
    /// Fresh for each page, in Base64 of either alphabet; anything else gets no script.
    pub nonce: &'a str,
    /// Whether the provider may be reached without TLS, as on loopback.
    pub insecure: bool,
}

/// The page that posts a request to a provider at once, and by its button where scripts are off.
#[must_use]
pub fn post_form(page: &PostFormPage<'_>, language: Language) -> Html {
    let texts = texts(language);
    let to = navigable(page.to);
    let nonce = to.and(Some(page.nonce)).filter(|nonce| is_nonce(nonce));
    let passage = Passage {
        frame: Frame::new(language, texts.onward.heading, Door::Open),
        texts: &texts.onward,
        facts: [Fact { name: texts.facts.organization, value: Value::Name(page.organization) }],
        to,
        fields: page.fields,
        nonce,
    };
    html(&passage, Forms::ToProvider(ToProvider { nonce, insecure: page.insecure }))
}

/// CSP 3 §2.3.1, `base64-value`: what is none would end the directive that it stands in.
fn is_nonce(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    !body.is_empty() && text.len() - body.len() <= 2 && body.bytes().all(is_base64)
}

#[derive(Template)]
#[template(path = "post_form.html")]
struct Passage<'a> {
    frame: Frame,
    texts: &'static OnwardTexts,
    facts: [Fact<'a>; 1],
    to: Option<&'a str>,
    fields: &'a [(&'a str, &'a str)],
    nonce: Option<&'a str>,
}
