//! The provider's pages, in English or Japanese. They need no JavaScript and load nothing.

use askama::Template;
use http::StatusCode;

use super::fault::Fault;
use crate::sandbox::language::Language;
use crate::sandbox::people::People;
use crate::sandbox::reply::{self, Reply};

#[derive(Template)]
#[template(path = "saml_sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) style: &'static str,
    pub(super) language: Language,
    pub(super) provider: &'a str,
    pub(super) entity_id: &'a str,
    pub(super) application: &'a str,
    pub(super) action: &'a str,
    pub(super) people: &'a People,
    pub(super) typed: &'a str,
    /// Empty, or what was wrong with the last attempt.
    pub(super) wrong: &'a str,
    pub(super) chosen: Fault,
}

impl SignInPage<'_> {
    /// Whether the answer will be wrong.
    fn spoilt(&self) -> bool {
        self.chosen != Fault::None
    }
}

/// The form that carries a response away; a script presses its button.
#[derive(Template)]
#[template(path = "saml_post.html")]
pub(super) struct PostPage<'a> {
    pub(super) style: &'static str,
    pub(super) language: Language,
    pub(super) provider: &'a str,
    pub(super) application: &'a str,
    pub(super) action: &'a str,
    /// Base64, or what a fault made of it.
    pub(super) response: &'a str,
    pub(super) relay_state: Option<&'a str>,
    pub(super) nonce: &'a str,
}

pub(super) fn sign_in(page: &SignInPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

pub(super) fn post(page: &PostPage<'_>, nonce: &str) -> Reply {
    reply::page_with_script(page.render(), nonce)
}
