//! A provider's page that only says something, in English or Japanese.

use askama::Template;
use http::StatusCode;

use super::language::Language;
use super::reply::{self, Reply};

/// What is said in English, then in Japanese.
pub(super) type Said = [&'static str; 2];

/// Title and text.
pub(super) struct Message {
    pub(super) title: Said,
    pub(super) text: Said,
}

#[derive(Template)]
#[template(path = "sandbox_message.html")]
struct MessagePage {
    style: &'static str,
    language: Language,
    title: &'static str,
    text: &'static str,
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
