//! Which of our hosts a request is for. The name chooses a door; no link is ever built from it (HTTP-06).

use std::sync::Arc;

use http::header::HOST;
use http::request::Parts;
use vestibule_policies::code::Code;
use vestibule_policies::name::HostName;

use crate::app::App;
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
    /// Console, API and `/go/<slug>`.
    Console,
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
    let served = |port: &str| {
        port.parse().is_ok_and(|port: u16| port == app.settings().public_port || app.is_listening_on(port))
    };
    if port.is_some_and(|port| !served(port)) {
        return Err(Code::HostUnknown);
    }
    let host = HostName::parse(name).map_err(|_| Code::HostUnknown)?;
    let hosts = &app.settings().hosts;
    if let Some(tenant) = app.deployment.load().by_host(&host) {
        return Ok(Door::Workspace(Arc::clone(tenant), host));
    }
    if hosts.accounts.contains(&host) {
        return Ok(Door::Accounts);
    }
    if hosts.console.contains(&host) {
        return Ok(Door::Console);
    }
    if hosts.saml.contains(&host) {
        return Ok(Door::Saml);
    }
    if host == app.settings().base_domain {
        return Ok(Door::Base);
    }
    if app.demo.as_ref().is_some_and(|demo| demo.serves(&host)) {
        return Ok(Door::Sandbox(host));
    }
    Err(Code::HostUnknown)
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
