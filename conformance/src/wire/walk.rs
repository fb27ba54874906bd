//! How the browser walks: one exchange, and the redirects that lead on from it (Fetch §4.4).

use std::net::SocketAddr;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::Full;
use url::Url;

use super::browser::{Browser, MAX_REDIRECTS};
use super::jar::Relation;
use super::navigation::Navigation;
use super::page::{Hop, Page};
use super::transport::{Answer, WireError, resolve, send};

/// What a step sends beside the navigation.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) body: Bytes,
}

impl Browser {
    pub(super) async fn get(&mut self, navigation: Navigation, url: Url) -> Result<Page, WireError> {
        self.walk(navigation, url, Outgoing { method: Method::GET, body: Bytes::new() }).await
    }

    /// Follows a chain of redirects to its end.
    pub(super) async fn walk(
        &mut self,
        mut navigation: Navigation,
        mut url: Url,
        mut out: Outgoing,
    ) -> Result<Page, WireError> {
        let mut hops = Vec::new();
        loop {
            if let Some(list) = navigation.forbidden_by() {
                return Err(WireError::FormAction { target: url.into(), list: list.to_owned() });
            }
            let answer = self.step(&navigation, &url, &out).await?;
            let page = shown(url, answer, hops, Some(navigation.clone()));
            let Some(next) = page.location().filter(|next| !self.stops_at(next)) else {
                return Ok(page);
            };
            if navigation.hops() > MAX_REDIRECTS {
                return Err(WireError::TooManyRedirects(next.into()));
            }
            out = redirected(page.status, out);
            navigation.redirect(&page.headers, next.clone());
            (url, hops) = (next, page.hops);
        }
    }

    fn stops_at(&self, next: &Url) -> bool {
        self.stop_before.as_deref().is_some_and(|path| next.path().starts_with(path))
    }

    async fn step(
        &mut self,
        navigation: &Navigation,
        url: &Url,
        out: &Outgoing,
    ) -> Result<Answer, WireError> {
        let outgoing = Outgoing { method: out.method.clone(), body: out.body.clone() };
        let mut message = message(url, None, outgoing)?;
        *message.headers_mut() = navigation.headers(&out.method);
        let mut put = |name, value: &str| {
            let value = HeaderValue::from_str(value).map_err(|_| WireError::Header(value.to_owned()));
            value.map(|value| message.headers_mut().insert(name, value))
        };
        put(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")?;
        put(ACCEPT_LANGUAGE, &self.options.language)?;
        if out.method == Method::POST {
            put(CONTENT_TYPE, "application/x-www-form-urlencoded")?;
        }
        self.exchange(url, message, Some(navigation.relation(&out.method))).await
    }

    /// One exchange; `None` leaves the jar out of it.
    pub(super) async fn exchange(
        &mut self,
        url: &Url,
        mut message: http::Request<Full<Bytes>>,
        relation: Option<Relation>,
    ) -> Result<Answer, WireError> {
        let now = (self.options.clock)();
        if let Some(cookies) = relation.and_then(|relation| self.jar.header(url, relation, now)) {
            let value = HeaderValue::from_bytes(cookies.as_bytes());
            message.headers_mut().append(COOKIE, value.map_err(|_| WireError::Header("cookie".to_owned()))?);
        }
        let listener = self.listener(url, message.headers_mut())?;
        let answer = send(listener, url, message).await?;
        if let Some(relation) = relation {
            self.jar.take(&answer.headers, url, relation, now);
        }
        Ok(answer)
    }

    /// Who answers for this address; an https host's proxy adds its headers.
    fn listener(&self, url: &Url, headers: &mut HeaderMap) -> Result<SocketAddr, WireError> {
        let named = self.options.hosts.get(url.host_str().unwrap_or_default()).copied();
        match url.scheme() {
            "http" => named.map_or_else(|| resolve(url), Ok),
            "https" => {
                for (name, value) in &self.options.edge_headers {
                    let refused = || WireError::Header(name.clone());
                    let name = HeaderName::try_from(name.as_str()).map_err(|_| refused())?;
                    headers.insert(name, HeaderValue::from_str(value).map_err(|_| refused())?);
                }
                named.or(self.options.https).ok_or_else(|| WireError::UnknownHost(url.to_string()))
            }
            _ => Err(WireError::Address(url.to_string())),
        }
    }
}

/// Fetch §4.4: 303 becomes GET, 301 and 302 make a POST a GET, 307 and 308 keep method and body.
fn redirected(status: StatusCode, out: Outgoing) -> Outgoing {
    let to_get = match status {
        StatusCode::SEE_OTHER => out.method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => out.method == Method::POST,
        _ => false,
    };
    if to_get { Outgoing { method: Method::GET, body: Bytes::new() } } else { out }
}

pub(super) fn message(
    url: &Url,
    target: Option<&str>,
    out: Outgoing,
) -> Result<http::Request<Full<Bytes>>, WireError> {
    let own = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let request = http::Request::builder().method(out.method).uri(target.unwrap_or(&own));
    request.body(Full::new(out.body)).map_err(|_| WireError::Address(url.to_string()))
}

pub(super) fn shown(url: Url, answer: Answer, mut hops: Vec<Hop>, navigation: Option<Navigation>) -> Page {
    let Answer { status, headers, body } = answer;
    hops.push(Hop { url: url.clone(), status, headers: headers.clone() });
    Page { url, status, headers, body, hops, navigation }
}
