//! Which of our hosts a request is for. The name chooses a door; no link is ever built from it (HTTP-06).

use std::sync::Arc;

use http::header::HOST;
use http::request::Parts;
use vestibule_policies::code::Code;
use vestibule_policies::name::HostName;

use crate::app::App;
use crate::config::Server;
use crate::deployment::Tenant;

/// A host that somebody configured.
#[derive(Debug, Clone)]
pub enum Door {
    /// The base domain: the demo's start page, else the way to the console.
    Base,
    /// Every sign-in page and callback.
    Accounts,
    /// The SAML service provider.
    Saml,
    /// Console, API and `/go/<slug>`, under one of its names (ED-10).
    Console(HostName),
    /// One of the demo's sandbox providers.
    Sandbox(HostName),
    /// A workspace of an organisation.
    Workspace(Arc<Tenant>, HostName),
}

/// The door of this request.
///
/// # Errors
/// `REQUEST-MALFORMED` unless exactly one host is named (RFC 9112 §3.2), `HOST-UNKNOWN` for one that nobody configured
/// (RFC 9110 §7.4).
pub fn door(app: &App, parts: &Parts) -> Result<Door, Code> {
    let authority = authority(parts)?;
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (authority, None),
    };
    let settings = app.settings();
    let served = |port: u16| port == settings.public_port || app.is_listening_on(port);
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    if port.is_some_and(|port| !digits(port) || !port.parse().is_ok_and(served)) {
        return Err(Code::HostUnknown);
    }
    let host = HostName::parse(name).map_err(|_| Code::HostUnknown)?;
    if let Some(door) = own(app, &settings, &host) {
        return Ok(door);
    }
    if let Some(tenant) = app.deployment.load().by_host(&host) {
        return Ok(Door::Workspace(Arc::clone(tenant), host));
    }
    Err(Code::HostUnknown)
}

/// Our own hosts come first: no workspace can take the place of the host where sign-ins happen.
fn own(app: &App, settings: &Server, host: &HostName) -> Option<Door> {
    let hosts = &settings.hosts;
    if hosts.accounts.contains(host) {
        return Some(Door::Accounts);
    }
    if hosts.console.contains(host) {
        return Some(Door::Console(host.clone()));
    }
    if hosts.saml.contains(host) {
        return Some(Door::Saml);
    }
    if *host == settings.base_domain {
        return Some(Door::Base);
    }
    app.demo.as_ref().filter(|demo| demo.serves(host)).map(|_| Door::Sandbox(host.clone()))
}

/// Whether the request came to the accounts host by its first name (ED-12).
#[must_use]
pub fn is_canonical(app: &App, parts: &Parts) -> bool {
    let name = authority(parts).unwrap_or_default();
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    HostName::parse(name).is_ok_and(|host| host == *app.settings().accounts())
}

/// The one authority: the Host header, which an absolute target has to repeat.
fn authority(parts: &Parts) -> Result<&str, Code> {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Code::RequestMalformed) };
    let host = host.to_str().map_err(|_| Code::RequestMalformed)?;
    match parts.uri.authority() {
        Some(target) if !target.as_str().eq_ignore_ascii_case(host) => Err(Code::RequestMalformed),
        Some(_) | None => Ok(host),
    }
}
