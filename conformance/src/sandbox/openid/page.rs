//! The provider's pages. They need no JavaScript and load nothing.

use askama::Template;
use http::StatusCode;

use super::{Provider, Shape};
use crate::sandbox::people::{People, Person};
use crate::sandbox::reply::{self, Reply};

#[derive(Template)]
#[template(path = "openid_sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) style: &'static str,
    pub(super) provider: &'static str,
    pub(super) issuer: &'a str,
    pub(super) application: &'a str,
    pub(super) action: &'a str,
    pub(super) people: &'a People,
    pub(super) typed: &'a str,
    /// Empty, or what was wrong with the last attempt.
    pub(super) fault: &'static str,
}

#[derive(Template)]
#[template(path = "openid_sign_out.html")]
pub(super) struct SignOutPage<'a> {
    pub(super) style: &'static str,
    pub(super) provider: &'static str,
    pub(super) action: &'a str,
}

/// A page that only says something.
pub(super) struct Message<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    pub(super) japanese: &'a str,
}

#[derive(Template)]
#[template(path = "openid_message.html")]
struct MessagePage<'a> {
    style: &'static str,
    message: &'a Message<'a>,
}

pub(super) fn sign_in(page: &SignInPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

pub(super) fn sign_out(page: &SignOutPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

pub(super) fn message(status: StatusCode, message: &Message<'_>) -> Reply {
    reply::page(status, MessagePage { style: reply::STYLE, message }.render())
}

pub(super) fn not_found() -> Reply {
    let text = "There is no page at this address of the sandbox provider.";
    message(
        StatusCode::NOT_FOUND,
        &Message { title: "Nothing here", text, japanese: "ページが見つかりません。" },
    )
}

impl Provider {
    pub(super) fn title(&self) -> &'static str {
        match self.settings.shape {
            Shape::Generic => "OpenID sandbox",
            Shape::Okta => "Okta sandbox",
        }
    }
}

/// The first sign of each word of the name, for the round picture.
fn initials(person: &Person) -> String {
    person.display_name.split(' ').filter_map(|word| word.chars().next()).take(2).collect()
}

/// Such an account is marked, so that its refusal surprises nobody.
fn is_incomplete(person: &Person) -> bool {
    person.security_id.is_none()
}
