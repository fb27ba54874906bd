//! The provider's pages, in English or Japanese. They need no JavaScript and load nothing.

use askama::Template;
use http::StatusCode;

use super::{Provider, Shape};
use crate::sandbox::language::Language;
use crate::sandbox::people::People;
use crate::sandbox::reply::{self, Reply};

#[derive(Template)]
#[template(path = "openid_sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) style: &'static str,
    pub(super) language: Language,
    pub(super) provider: &'static str,
    pub(super) issuer: &'a str,
    pub(super) application: &'a str,
    pub(super) action: &'a str,
    pub(super) people: &'a People,
    pub(super) typed: &'a str,
    /// Empty, or what was wrong with the last attempt.
    pub(super) fault: &'a str,
}

#[derive(Template)]
#[template(path = "openid_sign_out.html")]
pub(super) struct SignOutPage<'a> {
    pub(super) style: &'static str,
    pub(super) language: Language,
    pub(super) provider: &'static str,
    pub(super) action: &'a str,
    /// What the client sent, for the answer.
    pub(super) kept: Vec<(&'static str, &'a str)>,
}

pub(super) fn sign_in(page: &SignInPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

pub(super) fn sign_out(page: &SignOutPage<'_>) -> Reply {
    reply::page(StatusCode::OK, page.render())
}

impl Provider {
    pub(super) fn title(&self, language: Language) -> &'static str {
        match self.settings.shape {
            Shape::Generic => language.say("OpenID sandbox", "OpenID サンドボックス"),
            Shape::Okta => language.say("Okta sandbox", "Okta サンドボックス"),
            Shape::Entra => language.say("Azure AD sandbox", "Azure AD サンドボックス"),
            Shape::Gateway => language.say("Citrix Gateway sandbox", "Citrix Gateway サンドボックス"),
        }
    }
}
