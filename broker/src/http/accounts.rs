//! The accounts host: where sign-ins begin, where answers arrive, and where applications find keys.

use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use hyper::body::Incoming;
use std::net::IpAddr;
use std::sync::Arc;
use vestibule_certs::jwks::PublicJwkSet;
use vestibule_policies::code::Code;
use vestibule_policies::name::Slug;

use crate::app::App;
use crate::signin::built_in::profile;
use crate::signin::directory::{self, account};
use crate::signin::saml::unsolicited;
use crate::signin::stop::Stop;
use crate::signin::{built_in, callback, landing, start, trial};
use crate::signout::{back_channel, front_channel};

use super::failure::failure;
use super::reply::{self, Reply};
use super::route::{AccountsRoute, BuiltInRoute};
use super::visit::Visit;

/// How long applications may keep our keys.
const KEYS_LIFETIME: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Answers a request to the accounts host.
pub async fn accounts(app: Arc<App>, (parts, body): (Parts, Incoming), peer: IpAddr) -> Reply {
    if !outlives_its_browser(&parts) {
        return answer(&app, (parts, body), peer).await;
    }
    let (here, kept) = (Arc::clone(&app), parts.clone());
    let task = tokio::spawn(async move { answer(&here, (parts, body), peer).await });
    task.await.unwrap_or_else(|_| failure(&Visit::new(&app, &kept, peer), Code::Internal))
}

/// A connection that ends takes the work on its request along. Not a change of what is a person's: once the directory has made it,
/// it is written down, and their other sessions have to end, whether or not somebody still waits for the page.
fn outlives_its_browser(parts: &Parts) -> bool {
    let route = AccountsRoute::of(parts.uri.path());
    parts.method == Method::POST
        && matches!(
            route,
            Some(
                AccountsRoute::AccountPassword(_)
                    | AccountsRoute::ChangePassword
                    | AccountsRoute::Profile(..)
            )
        )
}

async fn answer(app: &App, (parts, body): (Parts, Incoming), peer: IpAddr) -> Reply {
    let visit = &Visit::new(app, &parts, peer);
    let path = parts.uri.path();
    let Some(route) = AccountsRoute::of(path) else {
        let code = if AccountsRoute::is_later(path) { Code::NotBuilt } else { Code::NotFound };
        return failure(visit, code);
    };
    if !route.takes(&visit.parts.method) {
        return failure(visit, Code::MethodNotAllowed);
    }
    let outcome = match &route {
        AccountsRoute::Start => start::start(visit).await,
        AccountsRoute::OktaCallback
        | AccountsRoute::AzureAdCallback
        | AccountsRoute::GatewayCallback
        | AccountsRoute::OidcCallback(_) => callback::answer(visit, &route, body).await,
        AccountsRoute::BackChannelLogout(id) => Ok(back_channel::receive(visit, *id, body).await),
        AccountsRoute::FrontChannelLogout(id) => Ok(front_channel::receive(visit, *id).await),
        AccountsRoute::Landing if parts.method == Method::POST => unsolicited::agreed(visit, body).await,
        AccountsRoute::Landing => landing::land(visit).await,
        AccountsRoute::Trial if parts.method == Method::POST => trial::begin(visit, body).await,
        AccountsRoute::Trial => trial::trial(visit).await,
        AccountsRoute::Password if parts.method == Method::POST => directory::password(visit, body).await,
        AccountsRoute::Password => directory::ask(visit).await,
        AccountsRoute::ChangePassword => directory::change(visit, body).await,
        AccountsRoute::Token => directory::token(visit, body).await,
        AccountsRoute::Register => directory::register(visit, body).await,
        AccountsRoute::Account(slug) => account::account(visit, slug).await,
        AccountsRoute::AccountPassword(slug) => account::password(visit, slug, body).await,
        AccountsRoute::AccountDevice(slug) => account::device(visit, slug, body).await,
        AccountsRoute::Profile(slug, route) => profile::answer(visit, (slug, *route), body).await,
        AccountsRoute::KeySet(slug) => Ok(key_set(visit, slug)),
        AccountsRoute::BuiltIn(route) => identity(visit, *route, body).await,
    };
    match outcome {
        Ok(reply) => reply,
        Err(stop) => stop.answer(visit).await,
    }
}

/// The forms of the built-in identity.
async fn identity(visit: &Visit<'_>, route: BuiltInRoute, body: Incoming) -> Result<Reply, Stop> {
    let is_post = visit.parts.method == Method::POST;
    match route {
        BuiltInRoute::SignIn if is_post => built_in::sign_in(visit, body).await,
        BuiltInRoute::SignIn => built_in::ask(visit).await,
        BuiltInRoute::Elsewhere => built_in::elsewhere(visit, body).await,
        BuiltInRoute::Code => built_in::code(visit, body).await,
        BuiltInRoute::Passkey => built_in::by_passkey(visit, body).await,
        BuiltInRoute::Backup => built_in::backup(visit, body).await,
        BuiltInRoute::Password => built_in::change(visit, body).await,
        BuiltInRoute::Choose => built_in::choose(visit, body).await,
        BuiltInRoute::Join if is_post => built_in::join::begin(visit, body).await,
        BuiltInRoute::Join => built_in::join::ask(visit).await,
        BuiltInRoute::Address => built_in::join::address(visit, body).await,
        BuiltInRoute::Device => built_in::join::device(visit, body).await,
        BuiltInRoute::Recovery => built_in::join::recovery(visit, body).await,
        BuiltInRoute::Forgotten if is_post => built_in::forgotten::send(visit, body).await,
        BuiltInRoute::Forgotten => built_in::forgotten::ask(visit),
        BuiltInRoute::Reset if is_post => built_in::reset::set(visit, body).await,
        BuiltInRoute::Reset => built_in::reset::ask(visit).await,
    }
}

fn key_set(visit: &Visit<'_>, slug: &Slug) -> Reply {
    let deployment = visit.app.deployment.load();
    let Some(tenant) = deployment.by_slug(slug) else { return failure(visit, Code::NotFound) };
    let keys = PublicJwkSet { keys: vec![tenant.signing_key.public_jwk()] };
    let Ok(keys) = serde_json::to_value(keys) else { return failure(visit, Code::Internal) };
    let mut reply = reply::json(StatusCode::OK, &keys, visit.app.settings().scheme);
    reply.headers_mut().insert(CACHE_CONTROL, KEYS_LIFETIME);
    reply
}
