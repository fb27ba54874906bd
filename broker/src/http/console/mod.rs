//! The console host: administrators' sign-in addresses, and the console of whichever organisation their session is of.

mod administrators;
mod clients;
mod connections;
mod desk;
mod sessions;
mod settings;
mod shape;

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::landing::Landing;
use vestibule_policies::name::{HostName, Slug};

use crate::app::App;
use crate::deployment::Tenant;
use crate::pages::console::{ConsoleSignedOutPage, console_signed_out};
use crate::session::guard::{self, guard_console};
use crate::session::{Access, sign_out, view};
use crate::signin::complete::complete_console;
use crate::signin::handoff::{self, FRESH, Wanted};
use crate::store::roots::EndedBy;

use self::desk::Desk;
use super::api;
use super::cookie::{CookieName, SetCookie};
use super::failure::{failure, unauthorized};
use super::origin::{check_destination, check_opened, check_origin};
use super::reply::{self, Reply};
use super::route::{ConsoleRoute, DeskRoute, WorkspaceRoute};
use super::visit::Visit;

/// The console as one request meets it.
struct Console<'a> {
    visit: &'a Visit<'a>,
    host: &'a HostName,
}

/// Answers a request to the console host.
pub async fn console(app: &App, host: &HostName, (parts, body): (Parts, Incoming), peer: IpAddr) -> Reply {
    if api::is_api(parts.uri.path()) {
        return api::api(app, host, (parts, body), peer).await;
    }
    let visit = &Visit::new(app, &parts, peer);
    let here = Console { visit, host };
    let Some(route) = ConsoleRoute::of(parts.uri.path()) else {
        return failure(visit, Code::NotFound);
    };
    if !route.takes(&parts.method) {
        return failure(visit, Code::MethodNotAllowed);
    }
    here.answer(&route, body).await.unwrap_or_else(|code| failure(visit, code))
}

impl Console<'_> {
    async fn answer(&self, route: &ConsoleRoute, body: Incoming) -> Result<Reply, Code> {
        match route {
            ConsoleRoute::Desk(route) => self.desk(route.clone(), body).await,
            ConsoleRoute::Go(slug) => self.go(slug).await,
            ConsoleRoute::Join => self.join(),
            ConsoleRoute::SignIn => self.sign_in().await,
            ConsoleRoute::Complete => Ok(match complete_console(self.visit, self.host).await {
                Ok(reply) => reply,
                Err(stop) => stop.answer(self.visit).await,
            }),
            ConsoleRoute::Session => match self.guard().await? {
                Some((access, tenant)) => {
                    let mut value = view::session(self.visit.app, &tenant, &access.root);
                    let token = api::form_token(self.visit.app, access.root.id, self.host);
                    if let Some(members) = value.as_object_mut() {
                        members.insert("form_token".to_owned(), token.into());
                    }
                    Ok(reply::json(StatusCode::OK, &value, self.visit.app.settings().scheme))
                }
                None => Ok(self.unauthorized("/")),
            },
            ConsoleRoute::SignOut => self.sign_out(body).await,
            ConsoleRoute::SignedOut => {
                check_destination(&self.visit.parts.headers)?;
                Ok(self.signed_out())
            }
        }
    }

    async fn desk(&self, route: DeskRoute, body: Incoming) -> Result<Reply, Code> {
        let is_post = self.visit.parts.method == Method::POST;
        if is_post {
            desk::check_posted(self.visit, self.host)?;
        } else {
            check_opened(&self.visit.parts.headers)?;
        }
        match Desk::of(self.visit, self.host).await? {
            Some(desk) if is_post => desk.answer(route, Some(desk.posted(body).await?)).await,
            Some(desk) => desk.answer(route, None).await,
            None if is_post => Err(Code::SignInRequired),
            None => self.turned_away(),
        }
    }

    async fn guard(&self) -> Result<Option<(Arc<Access>, Arc<Tenant>)>, Code> {
        let cookies = self.visit.cookies();
        let name = CookieName::access(Audience::Administrator);
        guard_console(self.visit.app, self.host, cookies.value(&name)).await
    }

    /// An organisation's sign-in address (ED-06). One that is not there looks like one whose administrators use the built-in
    /// identity (SGN-15).
    async fn go(&self, slug: &str) -> Result<Reply, Code> {
        if !self.visit.is_navigation() {
            return Ok(self.unauthorized("/"));
        }
        let slug = Slug::parse(slug).ok();
        if let (Some((_, tenant)), Some(slug)) = (self.guard().await?, &slug)
            && tenant.organization.slug == *slug
        {
            return Ok(reply::see_other("/", &[], self.visit.app.settings().scheme));
        }
        let further = slug.as_ref().map(|slug| ("organization", slug.as_str()));
        self.send(Wanted::Session, further.as_slice())
    }

    /// A link that somebody was given: enrolment is the accounts host's.
    fn join(&self) -> Result<Reply, Code> {
        let link = self.visit.parameter("link").filter(|link| Token::hash_of(link).is_some());
        let further = link.as_deref().map(|link| ("link", link));
        self.send(Wanted::Session, further.as_slice())
    }

    /// Navigation only: a program gets the address, not a redirect that it cannot follow.
    async fn sign_in(&self) -> Result<Reply, Code> {
        let landing = Landing::parse(&self.visit.parameter("to").unwrap_or_default());
        if !self.visit.is_navigation() {
            return Ok(self.unauthorized(landing.as_str()));
        }
        if !self.visit.has_parameter(FRESH) {
            return handoff::send(self.visit.app, self.host, &self.visit.cookies(), landing, Wanted::Session);
        }
        // Whoever proves themselves anew comes back to the organisation that they are in.
        let here = self.guard().await?.map(|(_, tenant)| tenant.organization.slug.to_string());
        let further = here.as_deref().map(|slug| ("organization", slug));
        let wanted = (landing, Wanted::FreshAuthentication);
        handoff::send_with(self.visit.app, self.host, &self.visit.cookies(), wanted, further.as_slice())
    }

    fn turned_away(&self) -> Result<Reply, Code> {
        let landing = Landing::parse(self.visit.target());
        if !self.visit.is_navigation() {
            return Ok(self.unauthorized(landing.as_str()));
        }
        handoff::send(self.visit.app, self.host, &self.visit.cookies(), landing, Wanted::Session)
    }

    fn send(&self, wanted: Wanted, further: &[(&str, &str)]) -> Result<Reply, Code> {
        let landing = Landing::parse("/");
        handoff::send_with(self.visit.app, self.host, &self.visit.cookies(), (landing, wanted), further)
    }

    /// GET asks, POST ends (interface 3).
    async fn sign_out(&self, body: Incoming) -> Result<Reply, Code> {
        let (app, visit) = (self.visit.app, self.visit);
        let posted = visit.parts.method == Method::POST;
        if posted {
            // Before anything is looked at: whoever may not post here learns nothing.
            check_origin(&visit.parts.headers, &app.settings().origin(self.host))?;
        }
        let Some((access, tenant)) = self.guard().await? else { return Ok(self.to_signed_out()) };
        if !posted {
            return Ok(sign_out::question(visit, &tenant, &access));
        }
        sign_out::check_form_token(visit, access.root.id, self.host, body).await?;
        guard::end(app, tenant.organization.id, access.root.id, EndedBy::SignOut, None).await?;
        Ok(self.to_signed_out())
    }

    fn to_signed_out(&self) -> Reply {
        let path = WorkspaceRoute::SignedOut.path().unwrap_or("/");
        let cookies = [SetCookie::Drop(CookieName::Administrator)];
        reply::see_other(path, &cookies, self.visit.app.settings().scheme)
    }

    fn signed_out(&self) -> Reply {
        let settings = self.visit.app.settings();
        let page = ConsoleSignedOutPage { deployment: settings.console().as_str(), sign_in: "/" };
        reply::page(StatusCode::OK, console_signed_out(&page, self.visit.language()), settings.scheme)
    }

    fn unauthorized(&self, landing: &str) -> Reply {
        unauthorized(self.visit.app, self.host, landing)
    }
}
