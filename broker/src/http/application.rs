//! The way of a request to the application behind a workspace: route, guard, identity, forwarding.

use std::net::IpAddr;
use std::sync::Arc;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName};
use http::request::Parts;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::organization::{Access as RouteAccess, Route};
use vestibule_policies::path::CanonicalPath;

use crate::outbound::causes;
use crate::proxy::{IdentityHeaders, Passage, PublicOrigin, forward};
use crate::session::activity::is_activity;
use crate::session::guard::{self, Guarded};
use crate::session::lease::Lease;
use crate::session::{Access, assertion};

use super::cookie::is_ours;
use super::failure::{application_down, failure, failure_with};
use super::reply::Reply;
use super::visit::Visit;
use super::workspace::Workspace;

/// Where a request may go, and as whom.
struct Way<'a> {
    route: &'a Route,
    path: &'a CanonicalPath,
    /// Who asks; none on an open route.
    identity: Option<IdentityHeaders>,
    client: IpAddr,
}

/// Why a request did not pass.
enum Failed {
    Application(Code, StatusCode),
    Ours(Code),
}

/// Answers a request for the application.
pub(super) async fn application(
    here: &Workspace<'_>,
    path: &CanonicalPath,
    request: Request<Incoming>,
    peer: IpAddr,
) -> Reply {
    let (parts, body) = request.into_parts();
    let visit = Visit::new(here.app, &parts, peer);
    let Some(route) = here.tenant.organization.workspace.route(path) else {
        return failure(&visit, Code::RouteNone);
    };
    let access = match route.access {
        RouteAccess::Open => None,
        RouteAccess::Session => match here.guard(&visit).await {
            Ok(Guarded::Live(access)) => Some(access),
            Ok(Guarded::SignedOut(root)) => return here.turned_away(&visit, Some(root)).await,
            Ok(Guarded::Anonymous) => return here.turned_away(&visit, None).await,
            Err(code) => return failure(&visit, code),
        },
    };
    let (identity, lease) = match access.map(|access| admitted(here, &access, route, &parts)).transpose() {
        Ok(admitted) => admitted.unzip(),
        Err(code) => return failure(&visit, code),
    };
    let way = Way { route, path, identity, client: visit.client() };
    let head = for_a_failure(&parts);
    match pass(here, &way, lease, Request::from_parts(parts, body)).await {
        Ok(reply) => reply,
        Err(failed) => explain(&Visit::new(here.app, &head, peer), &way, &failed),
    }
}

/// What a live session's request is sent on with. The lease begins before the rules are looked at once more: a change from
/// here on finds it.
fn admitted(
    here: &Workspace<'_>,
    access: &Arc<Access>,
    route: &Route,
    parts: &Parts,
) -> Result<(IdentityHeaders, Lease), Code> {
    let app = here.app;
    let lease = Lease::new(access);
    guard::still(app, here.tenant, access)?;
    if is_activity(&parts.headers) {
        app.activity.touch(&access.root, app.session_clock.now());
    }
    Ok((assertion::headers(app, here.tenant, access, route)?, lease))
}

/// The path of a live session: everything it needs is in memory.
async fn pass(
    here: &Workspace<'_>,
    way: &Way<'_>,
    lease: Option<Lease>,
    request: Request<Incoming>,
) -> Result<Reply, Failed> {
    let app = here.app;
    let origin = app.settings().origin(here.host);
    let (scheme, host_with_port) = origin.split_once("://").unwrap_or(("http", &origin));
    let query = request.uri().query().map(str::to_owned);
    let passage = Passage {
        route: way.route,
        path: way.path,
        query: query.as_deref(),
        identity: way.identity.as_ref(),
        names: &here.tenant.identity_names,
        public: PublicOrigin { scheme, host_with_port },
        client: way.client,
        own_cookies: &is_ours,
    };
    app.metrics.forwarded();
    let forwarding = forward(&app.upstreams, request, passage);
    let forwarded = match lease {
        Some(lease) => {
            let forwarded = lease.over(forwarding).await.map_err(|_| Failed::Ours(Code::SignInRequired))?;
            forwarded.map(|reply| reply.map(|body| lease.with_body(body)))
        }
        None => forwarding.await,
    };
    forwarded.map_err(|error| {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_GATEWAY);
        if matches!(error.code(), Code::ApplicationDown | Code::ApplicationSlow) {
            let (upstream, reason) = (way.route.upstream.as_str(), causes(&error));
            tracing::warn!(
                upstream.address = upstream,
                upstream.error = reason,
                "an application did not answer"
            );
        }
        Failed::Application(error.code(), status)
    })
}

fn explain(visit: &Visit<'_>, way: &Way<'_>, failed: &Failed) -> Reply {
    match *failed {
        Failed::Application(code @ (Code::ApplicationDown | Code::ApplicationSlow), _)
            if way.identity.is_some() =>
        {
            application_down(visit, code)
        }
        Failed::Application(code, status) => failure_with(visit, code, status),
        Failed::Ours(code) => failure(visit, code),
    }
}

/// What the page of a failure needs of a request that has gone on its way.
fn for_a_failure(parts: &Parts) -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = parts.method.clone();
    head.uri = parts.uri.clone();
    for name in [ACCEPT_LANGUAGE, ACCEPT, HeaderName::from_static("sec-fetch-mode")] {
        if let Some(value) = parts.headers.get(&name) {
            head.headers.insert(name, value.clone());
        }
    }
    head
}
