//! One request, seen from the broker: who sent it, in which language it wants its answer, and how it is found in the log.

use std::net::IpAddr;
use std::sync::OnceLock;

use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use vestibule_certs::random;

use crate::app::App;
use crate::pages::Language;

use super::client_address::client_address;
use super::cookie::Cookies;
use super::origin;

/// A request without its body.
#[derive(Debug)]
pub struct Visit<'a> {
    /// The server.
    pub app: &'a App,
    /// Method, target and headers.
    pub parts: &'a Parts,
    /// Where the connection comes from.
    pub peer: IpAddr,
    correlation: OnceLock<String>,
}

impl<'a> Visit<'a> {
    /// A request that came over a connection from `peer`.
    #[must_use]
    pub fn new(app: &'a App, parts: &'a Parts, peer: IpAddr) -> Self {
        Self { app, parts, peer, correlation: OnceLock::new() }
    }

    /// What the page, the log line and the audit event of this request share: 64 random bits.
    pub fn correlation(&self) -> &str {
        self.correlation.get_or_init(|| {
            // Without randomness the server cannot sign anybody in either; the id then says so.
            random::bytes::<8>()
                .map_or_else(|_| "0".repeat(16), |bytes| format!("{:016x}", u64::from_be_bytes(bytes)))
        })
    }

    /// The language of its pages.
    #[must_use]
    pub fn language(&self) -> Language {
        Language::negotiate(self.parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
    }

    /// The broker's cookies.
    #[must_use]
    pub fn cookies(&self) -> Cookies<'a> {
        Cookies::of(&self.parts.headers, self.app.settings().scheme)
    }

    /// The client's address.
    #[must_use]
    pub fn client(&self) -> IpAddr {
        client_address(self.peer, &self.parts.headers, &self.app.settings().trusted_proxies)
    }

    /// Whether it may be sent to the sign-in.
    #[must_use]
    pub fn is_navigation(&self) -> bool {
        origin::is_navigation(self.parts)
    }

    /// Whether a person looks at the answer.
    #[must_use]
    pub fn wants_page(&self) -> bool {
        origin::wants_page(self.parts)
    }

    /// A parameter of the query; nothing when it stands there twice.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query()?;
        let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value.into_owned()),
            _ => None,
        }
    }

    /// Whether the query has a parameter, however often.
    #[must_use]
    pub fn has_parameter(&self, name: &str) -> bool {
        let query = self.parts.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name)
    }

    /// Path and query as they were sent.
    #[must_use]
    pub fn target(&self) -> &str {
        self.parts.uri.path_and_query().map_or("/", |target| target.as_str())
    }
}
