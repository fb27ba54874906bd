//! One request, from its door to its answer.

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use vestibule_policies::code::Code;

use crate::app::App;

use super::host::{Door, door};
use super::listener::LARGEST_HEAD;
use super::reply::{self, Reply};
use super::visit::Visit;
use super::{accounts, console, failure, saml, workspace};

/// Answers one request. Whatever is wrong with it, it is answered.
pub async fn answer(app: Arc<App>, request: Request<Incoming>, peer: IpAddr) -> Reply {
    let (parts, body) = request.into_parts();
    // The connection's own bound is looked at only between two reads.
    if head_size(&parts) > LARGEST_HEAD {
        let visit = Visit::new(&app, &parts, peer);
        return failure::failure_with(
            &visit,
            Code::RequestTooLarge,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        );
    }
    if matches!(parts.method, Method::TRACE | Method::CONNECT) {
        return failure::failure(&Visit::new(&app, &parts, peer), Code::MethodNotAllowed);
    }
    match door(&app, &parts) {
        Ok(Door::Workspace(tenant, host)) => {
            workspace::workspace(&app, &tenant, &host, (parts, body), peer).await
        }
        Ok(Door::Accounts) => accounts::accounts(app, (parts, body), peer).await,
        Ok(Door::Saml) => saml::saml(&app, (parts, body), peer).await,
        Ok(Door::Sandbox(host)) => match &app.demo {
            Some(demo) => demo.sandbox(&host, Request::from_parts(parts, body)).await,
            None => failure::failure(&Visit::new(&app, &parts, peer), Code::HostUnknown),
        },
        Ok(Door::Base) => base(&Visit::new(&app, &parts, peer)).await,
        Ok(Door::Console(host)) => console::console(&app, &host, (parts, body), peer).await,
        Err(code) => failure::failure(&Visit::new(&app, &parts, peer), code),
    }
}

/// What the sender wrote before the body, near enough.
fn head_size(parts: &Parts) -> usize {
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>() + target
}

/// The base domain: the demo's start page, or the way to the console.
async fn base(visit: &Visit<'_>) -> Reply {
    let app = visit.app;
    if let Some(demo) = &app.demo {
        demo.start_page(visit).await
    } else {
        let settings = app.settings();
        reply::see_other(&format!("{}/", settings.origin(settings.console())), &[], settings.scheme)
    }
}
