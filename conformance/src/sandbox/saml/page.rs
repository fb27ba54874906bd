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

#[derive(Template)]
#[template(path = "openid_message.html")]
struct MessagePage {
    style: &'static str,
    language: Language,
    title: &'static str,
    text: &'static str,
}

/// What is said in English, then in Japanese.
pub(super) type Said = [&'static str; 2];

/// A page that only says something.
pub(super) struct Message {
    pub(super) title: Said,
    pub(super) text: Said,
}

pub(super) fn sign_in(page: &SignInPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

pub(super) fn post(page: &PostPage<'_>, nonce: &str) -> Reply {
    reply::page_with_script(page.render(), nonce)
}

pub(super) fn message(language: Language, status: StatusCode, message: &Message) -> Reply {
    let [title, text] =
        [message.title, message.text].map(|[english, japanese]| language.say(english, japanese));
    reply::page(status, MessagePage { style: reply::STYLE, language, title, text }.render())
}

pub(super) fn not_found(language: Language) -> Reply {
    let title = ["Nothing here", "ページが見つかりません"];
    let text = [
        "There is no page at this address of the sandbox provider.",
        "サンドボックスのプロバイダーのこのアドレスにページはありません。",
    ];
    message(language, StatusCode::NOT_FOUND, &Message { title, text })
}
