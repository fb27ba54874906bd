//! Which addresses of a manifest the broker may be made to call: `https` anywhere, `http` on loopback within
//! `allow_private` alone, and never the broker's own listeners (interface 2 and 5). What a name resolves to is judged
//! again when it is called; here the operator learns of it before that.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};
use vestibule_policies::HostName;
use vestibule_providers::config::{ControllerAddress, DirectorySecurity};

use crate::outbound::is_public;

use super::server::{Outbound, Server, ServerConfig};

/// The longest address, in bytes.
const ADDRESS_LIMIT: usize = 1024;

/// The domains under which Okta has its organisations (OKT-02).
const OKTA_DOMAINS: [&str; 3] = [".okta.com", ".okta-eu.com", ".oktapreview.com"];

/// Whether an address of a manifest may be one of the broker's own listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnListeners {
    /// Never: the broker would call itself, past whatever stands in front.
    Refused,
    /// For `demo` alone, which serves its sandboxes itself.
    Allowed,
}

/// Whose domain an Okta organisation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OktaDomain {
    /// A name below one of Okta's own domains.
    Okta,
    /// The organisation's own (`custom_domain = true`).
    Custom,
}

/// Why an address is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum AddressFault {
    #[error("an address has at most {ADDRESS_LIMIT} visible ASCII characters, without backslashes")]
    Characters,
    #[error("expected an address with its scheme, such as https://id.example or http://127.0.0.1:9000")]
    Shape,
    #[error("an address carries no user name or password")]
    UserInformation,
    #[error("an address has no query and no fragment")]
    QueryOrFragment,
    #[error("http is for loopback alone; use https")]
    PlainElsewhere,
    #[error("this private address has to lie within outbound.allow_private of the server")]
    NotAllowed,
    #[error("this is the broker's own listener; give the address of the other side")]
    OwnListener,
    #[error("leave the path out: scheme, host and port are the whole address")]
    Path,
    #[error("expected ldaps://HOST or ldap://HOST, which means StartTLS")]
    Controller,
    #[error("expected smtps://HOST:PORT, or smtp://HOST:PORT, which means STARTTLS")]
    MailServer,
    #[error("an Okta domain has no port; set custom_domain = true for another domain")]
    Port,
    #[error("expected https://NAME.okta.com, .okta-eu.com or .oktapreview.com, or set custom_domain = true")]
    OktaDomain,
}

/// The rules as the server's configuration sets them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses<'a> {
    allow_private: &'a [IpNet],
    listeners: [SocketAddr; 2],
    own_listeners: OwnListeners,
}

impl<'a> Addresses<'a> {
    pub(super) fn of(config: &'a ServerConfig, own_listeners: OwnListeners) -> Self {
        Self::new(&config.server, &config.outbound, own_listeners)
    }

    pub(super) fn new(server: &Server, outbound: &'a Outbound, own_listeners: OwnListeners) -> Self {
        Self::within(&outbound.allow_private, [server.listen, server.operator_listen], own_listeners)
    }

    pub(super) const fn within(
        allow_private: &'a [IpNet],
        listeners: [SocketAddr; 2],
        own_listeners: OwnListeners,
    ) -> Self {
        Self { allow_private, listeners, own_listeners }
    }

    /// A service that the operator names, without a slash at its end: with `https` in any network, for `allow_private` is about
    /// what organisations name; with `http` as everywhere.
    pub(super) fn operators(self, text: &str) -> Result<String, AddressFault> {
        let url = literal_url(text)?;
        match url.scheme() {
            "http" => self.parse(text)?,
            _ if self.is_own(&url, &known_addresses(&url)) => return Err(AddressFault::OwnListener),
            _ => url,
        };
        Ok(text.trim_end_matches('/').to_owned())
    }

    /// An application behind a route: scheme, host and port; one trailing slash is allowed.
    pub(super) fn upstream(self, text: &str) -> Result<Url, AddressFault> {
        let url = self.parse(text)?;
        if url.path() == "/" { Ok(url) } else { Err(AddressFault::Path) }
    }

    /// Where browsers are sent, or metadata is fetched: as any address, but it may have a query, as Google's do.
    pub(super) fn endpoint(self, text: &str) -> Result<String, AddressFault> {
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        if query.len() > ADDRESS_LIMIT || !query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
            return Err(AddressFault::QueryOrFragment);
        }
        self.parse(address).map(|_| text.to_owned())
    }

    /// An issuer, kept to the letter, because issuers are compared so (`OpenID` Connect Discovery 1.0 §4.3).
    pub(super) fn issuer(self, text: &str) -> Result<String, AddressFault> {
        self.parse(text).map(|_| text.to_owned())
    }

    /// An Okta organisation's domain, without a trailing slash (OKT-02).
    pub(super) fn okta(self, text: &str, domain: OktaDomain) -> Result<String, AddressFault> {
        let url = self.upstream(text)?;
        match domain {
            OktaDomain::Okta if authority(text).contains(':') => return Err(AddressFault::Port),
            OktaDomain::Okta if !is_okta(&url) => return Err(AddressFault::OktaDomain),
            OktaDomain::Okta | OktaDomain::Custom => {}
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }

    /// A controller of a directory: `ldaps://HOST`, or `ldap://HOST`, which means StartTLS.
    pub(super) fn controller(self, text: &str) -> Result<ControllerAddress, AddressFault> {
        let (security, port, rest) = match text.split_once("://") {
            Some(("ldaps", rest)) => (DirectorySecurity::Tls, 636, rest),
            Some(("ldap", rest)) => (DirectorySecurity::StartTls, 389, rest),
            Some(_) | None => return Err(AddressFault::Controller),
        };
        // The rules for addresses are the same; only the scheme and its port differ.
        let url = self.upstream(&format!("https://{rest}"))?;
        let host = match url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(AddressFault::Controller),
        };
        let port = match (url.port(), authority(rest).ends_with(":443")) {
            (Some(port), _) => port,
            (None, true) => 443,
            (None, false) => port,
        };
        Ok(ControllerAddress { security, host, port })
    }

    fn parse(self, text: &str) -> Result<Url, AddressFault> {
        let url = literal_url(text)?;
        let addresses = known_addresses(&url);
        let allowed = |address: &IpAddr| self.allow_private.iter().any(|network| network.contains(address));
        if url.scheme() == "http" && !addresses.iter().any(IpAddr::is_loopback) {
            return Err(AddressFault::PlainElsewhere);
        }
        let private = addresses.iter().any(|&address| !is_public(address));
        if private && !addresses.iter().any(allowed) {
            return Err(AddressFault::NotAllowed);
        }
        match self.own_listeners {
            OwnListeners::Refused if self.is_own(&url, &addresses) => Err(AddressFault::OwnListener),
            OwnListeners::Refused | OwnListeners::Allowed => Ok(url),
        }
    }

    fn is_own(self, url: &Url, addresses: &[IpAddr]) -> bool {
        let port = url.port_or_known_default();
        let listeners = self.listeners.into_iter().filter(|listener| port == Some(listener.port()));
        listeners.into_iter().any(|listener| addresses.iter().any(|&address| reaches(address, listener.ip())))
    }
}

/// Reads an address that means what its letters say. The URL parser drops tabs and newlines, reads a backslash as a
/// slash and passes over surplus slashes, so that people would read one host and the broker call another.
pub(super) fn literal_url(text: &str) -> Result<Url, AddressFault> {
    if text.len() > ADDRESS_LIMIT || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err(AddressFault::Characters);
    }
    if authority(text).contains('@') {
        return Err(AddressFault::UserInformation);
    }
    if text.contains(['?', '#']) {
        return Err(AddressFault::QueryOrFragment);
    }
    let web = text.starts_with("https://") || text.starts_with("http://");
    let url = Url::parse(text).map_err(|_| AddressFault::Shape)?;
    let named = url.domain().is_none_or(|name| HostName::parse(name).is_ok());
    if web && named && !authority(text).is_empty() { Ok(url) } else { Err(AddressFault::Shape) }
}

/// What stands between the scheme and the path, to the letter.
pub(super) fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The addresses that are known without asking a resolver: literals, and the loopback names (RFC 6761 §6.3).
fn known_addresses(url: &Url) -> Vec<IpAddr> {
    match url.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![IpAddr::from(address).to_canonical()],
        Some(Host::Domain(name)) if is_localhost(name) => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        Some(Host::Domain(_)) | None => Vec::new(),
    }
}

/// Whether an address leads to this machine, by what it says itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    known_addresses(url).iter().any(IpAddr::is_loopback)
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether connecting to `address` may reach a listener. The unspecified address is this machine when it is called, and
/// every address of this machine when it is listened on.
fn reaches(address: IpAddr, listener: IpAddr) -> bool {
    let listener = listener.to_canonical();
    let local = address.is_loopback() || address.is_unspecified();
    address == listener
        || (listener.is_unspecified() && local)
        || (address.is_unspecified() && listener.is_loopback())
}

/// Whether a domain is accepted for Okta without `custom_domain = true`.
pub(crate) fn is_of_okta(domain: &str) -> bool {
    Url::parse(domain).is_ok_and(|url| is_okta(&url) && !authority(domain).contains(':'))
}

fn is_okta(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && OKTA_DOMAINS.iter().any(|domain| host.strip_suffix(domain).is_some_and(|name| !name.is_empty()))
}
