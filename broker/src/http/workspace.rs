//! A workspace host: what lies under `/.vestibule/` is answered here, all else goes to the application of a live session.

use std::net::IpAddr;

use http::request::Parts;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::landing::Landing;
use vestibule_policies::name::HostName;
use vestibule_policies::path::CanonicalPath;

use crate::app::App;
use crate::deployment::Tenant;
use crate::session::guard::{Guarded, guard};
use crate::session::{Access, sign_out, view};
use crate::signin::handoff::{self, FRESH, Wanted};
use crate::signin::{complete, stop::Stop};
use crate::signout::onward;
use crate::store::roots::RootId;

use super::application;
use super::cookie::{CookieName, SetCookie};
use super::failure::{failure, unauthorized};
use super::origin::check_destination;
use super::reply::{self, Reply};
use super::route::WorkspaceRoute;
use super::visit::Visit;

/// A workspace as one request meets it.
pub(super) struct Workspace<'a> {
    pub(super) app: &'a App,
    pub(super) tenant: &'a Tenant,
    pub(super) host: &'a HostName,
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
    let Ok(path) = CanonicalPath::parse(parts.uri.path()) else {
        return failure(&Visit::new(app, &parts, peer), Code::PathAmbiguous);
    };
    let route = WorkspaceRoute::of(path.as_str());
    if route == WorkspaceRoute::Application {
        if path.as_str() == "/" && parts.uri.query().is_some() {
            let visit = Visit::new(app, &parts, peer);
            if onward::has_returned(&visit, host) {
                let signed_out = WorkspaceRoute::SignedOut.path().unwrap_or("/");
                return reply::see_other(signed_out, &[], app.settings().scheme);
            }
        }
        return application::application(&here, &path, Request::from_parts(parts, body), peer).await;
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
            WorkspaceRoute::Verify => Err(Code::NotBuilt),
            WorkspaceRoute::Reserved | WorkspaceRoute::Application => Err(Code::NotFound),
        }
    }

    pub(super) async fn guard(&self, visit: &Visit<'_>) -> Result<Guarded, Code> {
        guard(self.app, self.tenant, self.host, visit.cookies().access()).await
    }

    fn view(&self, route: WorkspaceRoute, access: &Access) -> Reply {
        let value = match route {
            WorkspaceRoute::Groups => view::groups(&access.root),
            _ => view::session(self.app, self.tenant, &access.root),
        };
        reply::json(StatusCode::OK, &value, self.app.settings().scheme)
    }

    /// Navigation only: a program gets the address, not a redirect that it cannot follow.
    async fn sign_in(&self, visit: &Visit<'_>) -> Result<Reply, Code> {
        let landing = Landing::parse(&visit.parameter("to").unwrap_or_default());
        if !visit.is_navigation() {
            return Ok(self.unauthorized(landing.as_str()));
        }
        let fresh = visit.has_parameter(FRESH) || self.signed_out_root(visit).await?.is_some();
        let wanted = if fresh { Wanted::FreshAuthentication } else { Wanted::Session };
        handoff::send(self.app, self.host, &visit.cookies(), landing, wanted)
    }

    /// The page after a sign-out. The accounts host sends here too, with a marker of its own, when the browser held no
    /// session on this workspace but signed out of its root elsewhere.
    async fn signed_out(&self, visit: &Visit<'_>) -> Result<Reply, Code> {
        check_destination(&visit.parts.headers)?;
        let root = match self.guard(visit).await? {
            Guarded::Live(_) => return Ok(reply::see_other("/", &[], self.app.settings().scheme)),
            Guarded::SignedOut(root) => Some(root),
            Guarded::Anonymous => match sign_out::arrived_marker(visit, self.host) {
                Some(root) => Some(root),
                None => sign_out::signed_out_root(visit, self.host).await?,
            },
        };
        self.farewell(visit, root, "/")
    }

    fn farewell(&self, visit: &Visit<'_>, root: Option<RootId>, landing: &str) -> Result<Reply, Code> {
        let mut cookies = Vec::new();
        if let Some(root) = root {
            let marker = sign_out::marker(self.app, self.host, root)?;
            cookies.push(SetCookie::Keep(CookieName::SignedOut, marker));
        }
        Ok(sign_out::signed_out_page(visit, self.tenant, landing, &cookies))
    }

    async fn signed_out_root(&self, visit: &Visit<'_>) -> Result<Option<RootId>, Code> {
        if let Guarded::SignedOut(root) = self.guard(visit).await? {
            return Ok(Some(root));
        }
        sign_out::signed_out_root(visit, self.host).await
    }

    /// Nobody is signed in: a person is shown the way, a program is told the address.
    pub(super) async fn turned_away(&self, visit: &Visit<'_>, signed_out: Option<RootId>) -> Reply {
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
        unauthorized(self.app, self.host, landing)
    }
}
