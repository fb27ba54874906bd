//! The browser: addresses, links, forms and refreshes in, pages out, with one cookie jar.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use url::Url;

use super::cookie::{Cookie, CookieRefusal};
use super::form::{Form, Link};
use super::form_action::FormAction;
use super::jar::{CookieJar, Relation};
use super::navigation::{Activation, Navigation};
use super::page::Page;
use super::request::{Cookies, Request};
use super::transport::WireError;
use super::walk::{Outgoing, message, shown};
use crate::clock::{Clock, machine};

/// As many as Chromium follows.
pub(super) const MAX_REDIRECTS: usize = 20;

/// What a test sets up before it browses.
#[derive(Clone)]
pub struct BrowserOptions {
    /// The listener that stands for every https host which `hosts` does not name. It is spoken to in clear:
    /// the browser plays the TLS-ending proxy too.
    pub https: Option<SocketAddr>,
    /// Listeners of single hosts, before any other rule; the only way to hosts outside `.localhost`.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// Headers that the played proxy adds to https requests.
    pub edge_headers: Vec<(String, String)>,
    /// `Accept-Language`.
    pub language: String,
    /// The time by which cookies end.
    pub clock: Clock,
}

impl Default for BrowserOptions {
    fn default() -> Self {
        Self {
            https: None,
            hosts: BTreeMap::new(),
            edge_headers: Vec::new(),
            language: "en".to_owned(),
            clock: machine(),
        }
    }
}

/// A browser with one jar. A clone has a copy of the jar: the attacker who stole it, or a second window.
#[derive(Clone, Default)]
pub struct Browser {
    pub(super) options: BrowserOptions,
    pub(super) jar: CookieJar,
    pub(super) stop_before: Option<String>,
}

impl Browser {
    /// A fresh browser for plain http on loopback.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A fresh browser with options.
    #[must_use]
    pub fn with_options(options: BrowserOptions) -> Self {
        Self { options, jar: CookieJar::default(), stop_before: None }
    }

    /// A browser for which every https host is the given listener, behind a TLS-ending proxy that sends
    /// `X-Forwarded-Proto: https`.
    #[must_use]
    pub fn behind_tls(listener: SocketAddr) -> Self {
        let edge_headers = vec![("x-forwarded-proto".to_owned(), "https".to_owned())];
        Self::with_options(BrowserOptions {
            https: Some(listener),
            edge_headers,
            ..BrowserOptions::default()
        })
    }

    /// Stops instead of following a redirect whose path starts with this; [`Browser::follow`] goes on.
    /// `None` follows everything again.
    pub fn stop_before(&mut self, path: Option<&str>) {
        self.stop_before = path.map(str::to_owned);
    }

    /// Opens an address as if typed.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn open(&mut self, url: &str) -> Result<Page, WireError> {
        let url = Url::parse(url).map_err(|_| WireError::Address(url.to_owned()))?;
        self.get(Navigation::typed(url.clone()), url).await
    }

    /// Follows a link of a page.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn click(&mut self, page: &Page, link: &Link) -> Result<Page, WireError> {
        self.navigate(page, link.href.as_str()).await
    }

    /// Goes to an address as a link of this page would, whether the page has it or not.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn navigate(&mut self, page: &Page, url: &str) -> Result<Page, WireError> {
        let url = page.resolve(url).ok_or_else(|| WireError::Address(url.to_owned()))?;
        let navigation = Navigation::from_page(page.initiator(), Activation::Person, url.clone());
        self.get(navigation, url).await
    }

    /// Loads a picture into this page: no top-level navigation.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn load_image(&mut self, page: &Page, url: &str) -> Result<Page, WireError> {
        let url = page.resolve(url).ok_or_else(|| WireError::Address(url.to_owned()))?;
        let navigation = Navigation::from_page(page.initiator(), Activation::Page, url.clone()).image();
        self.get(navigation, url).await
    }

    /// Sends a form, as a person who presses its button.
    ///
    /// # Errors
    /// See [`WireError`]; `FormAction` when the page's own policy forbids the way.
    pub async fn submit(&mut self, form: &Form) -> Result<Page, WireError> {
        self.submit_as(form, Activation::Person).await
    }

    /// Sends a form, as a script of the page does when it loads.
    ///
    /// # Errors
    /// See [`WireError`]; `FormAction` when the page's own policy forbids the way.
    pub async fn auto_submit(&mut self, form: &Form) -> Result<Page, WireError> {
        self.submit_as(form, Activation::Page).await
    }

    async fn submit_as(&mut self, form: &Form, activation: Activation) -> Result<Page, WireError> {
        let (method, url, body) = form.encode();
        let guard = FormAction::of(&form.page.headers, &form.page.url);
        let navigation = Navigation::from_page(form.page.initiator(), activation, url.clone()).guarded(guard);
        self.walk(navigation, url, Outgoing { method, body: body.into() }).await
    }

    /// Goes where the page's meta refresh or `Refresh` header leads, without waiting.
    ///
    /// # Errors
    /// `Missing` when it leads nowhere; see [`WireError`].
    pub async fn follow_refresh(&mut self, page: &Page) -> Result<Page, WireError> {
        let (_, url) = page.refresh().ok_or_else(|| WireError::missing("refresh", "", page))?;
        let navigation = Navigation::from_page(page.initiator(), Activation::Page, url.clone());
        self.get(navigation, url).await
    }

    /// Follows refreshes until a page has none, 20 at most.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn settle(&mut self, mut page: Page) -> Result<Page, WireError> {
        for _ in 0..MAX_REDIRECTS {
            if page.refresh().is_none() {
                return Ok(page);
            }
            page = self.follow_refresh(&page).await?;
        }
        Err(WireError::TooManyRedirects(page.url.into()))
    }

    /// Goes on from a redirect that the browser stopped before, in the same chain.
    ///
    /// # Errors
    /// `Missing` when the page is no redirect; see [`WireError`].
    pub async fn follow(&mut self, page: &Page) -> Result<Page, WireError> {
        let target = page.location().zip(page.navigation.clone());
        let (url, mut navigation) = target.ok_or_else(|| WireError::missing("redirect", "", page))?;
        navigation.redirect(&page.headers, url.clone());
        self.get(navigation, url).await
    }

    /// Sends a raw request: no browser's headers, no redirects.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn request(&mut self, request: Request) -> Result<Page, WireError> {
        let Request { method, url, headers, body, cookies, target } = request;
        let relation = match cookies {
            Cookies::Jar(relation) => Some(relation),
            Cookies::Omit => None,
        };
        let mut message = message(&url, target.as_deref(), Outgoing { method, body })?;
        *message.headers_mut() = headers;
        let answer = self.exchange(&url, message, relation).await?;
        Ok(shown(url, answer, Vec::new(), None))
    }

    /// Cookies that this host would get, from whatever path.
    #[must_use]
    pub fn cookies(&self, host: &str) -> Vec<Cookie> {
        self.jar.of_host(host).cloned().collect()
    }

    /// The cookie of this name at this host.
    #[must_use]
    pub fn cookie(&self, host: &str, name: &str) -> Option<Cookie> {
        self.jar.of_host(host).find(|cookie| cookie.name == name).cloned()
    }

    /// Sets a cookie as an answer of `url` would.
    ///
    /// # Errors
    /// The rule that keeps it out of the jar.
    pub fn set_cookie(&mut self, url: &str, line: &str) -> Result<(), CookieRefusal> {
        let url = Url::parse(url).map_err(|_| CookieRefusal::Malformed)?;
        self.jar.set(line, &url, Relation::SameSite, (self.options.clock)())
    }

    /// The jar: to take cookies out, and to see what was refused.
    pub fn jar(&mut self) -> &mut CookieJar {
        &mut self.jar
    }
}
