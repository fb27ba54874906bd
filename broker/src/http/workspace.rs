//! A workspace host: what lies under `/.vestibule/` is answered here, all else goes to the application of a live session.

use std::net::IpAddr;
use std::sync::Arc;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName};
use http::request::Parts;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use serde_json::json;
use vestibule_policies::code::Code;
use vestibule_policies::landing::Landing;
use vestibule_policies::name::HostName;
use vestibule_policies::organization::{Access as RouteAccess, Route};
use vestibule_policies::path::CanonicalPath;

use crate::app::App;
use crate::deployment::Tenant;
use crate::proxy::{Passage, PublicOrigin, forward};
use crate::session::activity::is_activity;
use crate::session::guard::{Guarded, guard};
use crate::session::{Access, assertion, sign_out, view};
use crate::signin::handoff::{self, Wanted};
use crate::signin::{complete, stop::Stop};
use crate::store::roots::RootId;

use super::cookie::{CookieName, SetCookie, is_ours};
use super::failure::{application_down, failure, failure_with};
use super::reply::{self, Reply};
use super::route::WorkspaceRoute;
use super::visit::Visit;

/// A workspace as one request meets it.
struct Workspace<'a> {
    app: &'a App,
    tenant: &'a Tenant,
    host: &'a HostName,
}

/// Answers a request to a workspace host.
pub async fn workspace(
    app: &App,
    tenant: &Tenant,
    host: &HostName,
    (parts, body): (Parts, Incoming),
    peer: IpAddr,
) -> Reply {
    let here = Workspace { app, tenant, host };
    // One canonical path for the decision and for forwarding: no spelling is one thing here and another there.
    let path = match CanonicalPath::parse(parts.uri.path()) {
        Ok(path) => path,
        Err(_) => return failure(&Visit::new(app, &parts, peer), Code::PathAmbiguous),
    };
    let route = WorkspaceRoute::of(path.as_str());
    if route == WorkspaceRoute::Application {
        return here.application(&path, parts, body, peer).await;
    }
    let visit = Visit::new(app, &parts, peer);
    if !route.takes(&parts.method) {
        return failure(&visit, Code::MethodNotAllowed);
    }
    match here.own(route, &visit, body).await {
        Ok(reply) => reply,
        Err(code) => failure(&visit, code),
    }
}

impl Workspace<'_> {
    async fn own(&self, route: WorkspaceRoute, visit: &Visit<'_>, body: Incoming) -> Result<Reply, Code> {
        match route {
            WorkspaceRoute::SignIn => self.sign_in(visit).await,
            WorkspaceRoute::Complete => Ok(match complete::complete(visit, self.tenant, self.host).await {
                Ok(reply) => reply,
                Err(stop) => Stop::answer(stop, visit).await,
            }),
            WorkspaceRoute::Session | WorkspaceRoute::Groups => match self.guard(visit).await? {
                Guarded::Live(access) => Ok(self.view(route, &access)),
                Guarded::SignedOut(_) | Guarded::Anonymous => Ok(self.unauthorized("/")),
            },
            WorkspaceRoute::SignOut => sign_out::sign_out(visit, self.tenant, self.host, body).await,
            WorkspaceRoute::SignedOut => self.signed_out(visit).await,
            WorkspaceRoute::Reserved | WorkspaceRoute::Application => Err(Code::NotBuilt),
        }
    }

    async fn guard(&self, visit: &Visit<'_>) -> Result<Guarded, Code> {
        guard(self.app, self.tenant, self.host, visit.cookies().access()).await
    }

    fn view(&self, route: WorkspaceRoute, access: &Access) -> Reply {
        let value = match route {
            WorkspaceRoute::Groups => view::groups(&access.root),
            _ => view::session(self.tenant, &access.root),
        };
        reply::json(StatusCode::OK, &value, self.app.settings().scheme)
    }

    /// Navigation only: a program gets the address, not a redirect that it cannot follow.
    async fn sign_in(&self, visit: &Visit<'_>) -> Result<Reply, Code> {
        let landing = Landing::parse(&visit.parameter("to").unwrap_or_default());
        if !visit.is_navigation() {
            return Ok(self.unauthorized(landing.as_str()));
        }
        let wanted = match self.signed_out_root(visit).await? {
            Some(_) => Wanted::FreshAuthentication,
            None => Wanted::Session,
        };
        handoff::send(self.app, self.host, &visit.cookies(), landing, wanted)
    }

    /// The page after a sign-out. The accounts host sends here too, with a marker of its own, when the browser held no
    /// session on this workspace but signed out of its root elsewhere.
    async fn signed_out(&self, visit: &Visit<'_>) -> Result<Reply, Code> {
        let root = match self.guard(visit).await? {
            Guarded::Live(_) => return Ok(reply::see_other("/", &[], self.app.settings().scheme)),
            Guarded::SignedOut(root) => Some(root),
            Guarded::Anonymous => {
                let sent = visit
                    .parameter("ended")
                    .and_then(|marker| sign_out::read_marker(self.app, self.host, &marker));
                match sent {
                    Some(root) => Some(root),
                    None => sign_out::signed_out_root(visit, self.host).await?,
                }
            }
        };
        self.farewell(visit, root, "/")
    }

    fn farewell(&self, visit: &Visit<'_>, root: Option<RootId>, landing: &str) -> Result<Reply, Code> {
        let mut cookies = Vec::new();
        if let Some(root) = root {
            let marker = sign_out::marker(self.app, self.host, root)?;
            cookies.push(SetCookie::Keep(CookieName::SignedOut, marker));
            cookies.push(SetCookie::Drop(CookieName::Access));
        }
        Ok(sign_out::signed_out_page(visit, self.tenant, landing, &cookies))
    }

    async fn signed_out_root(&self, visit: &Visit<'_>) -> Result<Option<RootId>, Code> {
        if let Guarded::SignedOut(root) = self.guard(visit).await? {
            return Ok(Some(root));
        }
        sign_out::signed_out_root(visit, self.host).await
    }

    async fn application(&self, path: &CanonicalPath, parts: Parts, body: Incoming, peer: IpAddr) -> Reply {
        let visit = Visit::new(self.app, &parts, peer);
        let Some(route) = self.tenant.organization.workspace.route(path) else {
            return failure(&visit, Code::RouteNone);
        };
        let access = match route.access {
            RouteAccess::Open => None,
            RouteAccess::Session => match self.guard(&visit).await {
                Ok(Guarded::Live(access)) => Some(access),
                Ok(Guarded::SignedOut(root)) => return self.turned_away(&visit, Some(root)).await,
                Ok(Guarded::Anonymous) => return self.turned_away(&visit, None).await,
                Err(code) => return failure(&visit, code),
            },
        };
        let client = visit.client();
        let head = for_a_failure(&parts);
        match self.pass(route, path, access.as_ref(), Request::from_parts(parts, body), client).await {
            Ok(reply) => reply,
            Err(failed) => {
                let visit = Visit::new(self.app, &head, peer);
                match failed {
                    Failed::Application(code, status)
                        if access.is_some() && status >= StatusCode::BAD_GATEWAY =>
                    {
                        application_down(&visit, code)
                    }
                    Failed::Application(code, status) => failure_with(&visit, code, status),
                    Failed::Ours(code) => failure(&visit, code),
                }
            }
        }
    }

    /// The path of a live session: everything it needs is in memory.
    async fn pass(
        &self,
        route: &Route,
        path: &CanonicalPath,
        access: Option<&Arc<Access>>,
        request: Request<Incoming>,
        client: IpAddr,
    ) -> Result<Reply, Failed> {
        let identity = match access {
            Some(access) => {
                if is_activity(request.headers()) {
                    self.app.activity.touch(&access.root, self.app.session_clock.now());
                }
                Some(assertion::headers(self.app, self.tenant, access, route).map_err(Failed::Ours)?)
            }
            None => None,
        };
        let settings = self.app.settings();
        let origin = settings.origin(self.host);
        let (scheme, host_with_port) = origin.split_once("://").unwrap_or(("http", &origin));
        let query = request.uri().query().map(str::to_owned);
        let passage = Passage {
            route,
            path,
            query: query.as_deref(),
            identity: identity.as_ref(),
            names: &self.tenant.identity_names,
            public: PublicOrigin { scheme, host_with_port },
            client,
            own_cookies: &is_ours,
        };
        self.app.metrics.forwarded();
        forward(&self.app.upstreams, request, passage).await.map_err(|error| {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_GATEWAY);
            tracing::debug!(upstream.error = %error, "a request was not forwarded");
            Failed::Application(error.code(), status)
        })
    }

    /// Nobody is signed in: a person is shown the way, a program is told the address.
    async fn turned_away(&self, visit: &Visit<'_>, signed_out: Option<RootId>) -> Reply {
        let landing = Landing::parse(visit.target());
        if !visit.is_navigation() {
            return self.unauthorized(landing.as_str());
        }
        let root = match signed_out {
            Some(root) => Ok(Some(root)),
            None => sign_out::signed_out_root(visit, self.host).await,
        };
        let reply = match root {
            Ok(Some(root)) => self.farewell(visit, Some(root), landing.as_str()),
            Ok(None) => handoff::send(self.app, self.host, &visit.cookies(), landing, Wanted::Session),
            Err(code) => Err(code),
        };
        reply.unwrap_or_else(|code| failure(visit, code))
    }

    fn unauthorized(&self, landing: &str) -> Reply {
        let settings = self.app.settings();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("to", landing);
        let path = WorkspaceRoute::SignIn.path().unwrap_or_default();
        let address = format!("{}{path}?{}", settings.origin(self.host), query.finish());
        let value = json!({ "error": Code::SignInRequired.as_str(), "sign_in": address });
        reply::json(StatusCode::UNAUTHORIZED, &value, settings.scheme)
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

/// Why a request did not pass.
enum Failed {
    Application(Code, StatusCode),
    Ours(Code),
}
