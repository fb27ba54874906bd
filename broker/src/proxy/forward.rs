//! One request through to the application of its route, and the answer back.
//!
//! Interface 4 and 5: what goes upstream is the canonical path that the decision was made on, never the raw
//! one; HTTP-13: TRACE and CONNECT are not forwarded. Nothing is retried once it was written, no redirect is followed.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::UPGRADE;
use http::{Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use vestibule_policies::organization::Route;
use vestibule_policies::path::CanonicalPath;

use super::cookies;
use super::error::ForwardError;
use super::headers::{self, Follows};
use super::identity::IdentityHeaders;
use super::idle::IdleBody;
use super::names::IdentityNames;
use super::upstream::{ProxyBody, UpstreamPool};

/// What the guard decided about a request.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    /// The route that the path fell to.
    pub route: &'a Route,
    /// The one path for decision and forwarding.
    pub path: &'a CanonicalPath,
    /// The query as the client sent it, without `?`.
    pub query: Option<&'a str>,
    /// Who is asking; `None` on open routes without a session.
    pub identity: Option<&'a IdentityHeaders>,
    /// The header names that no client of this workspace may send.
    pub names: &'a IdentityNames,
    /// The origin that the browser sees.
    pub public: PublicOrigin<'a>,
    /// The client's address, as the broker believes it.
    pub client: IpAddr,
    /// Cookie names that are the broker's, beside `vestibule-…` and `__Host-vestibule-…`.
    pub own_cookies: &'a (dyn Fn(&str) -> bool + Sync),
}

/// A workspace's origin, from the configuration and never from the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicOrigin<'a> {
    /// `https` or `http`.
    pub scheme: &'a str,
    /// `host[:port]`, the port left out when it is the scheme's own.
    pub host_with_port: &'a str,
}

impl<'a> PublicOrigin<'a> {
    pub(super) fn is_https(self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }

    pub(super) fn host(self) -> &'a str {
        self.split().map_or(self.host_with_port, |(host, _)| host)
    }

    pub(super) fn port(self) -> Option<&'a str> {
        self.split().map(|(_, port)| port)
    }

    fn split(self) -> Option<(&'a str, &'a str)> {
        let (host, port) = self.host_with_port.rsplit_once(':')?;
        port.bytes().all(|byte| byte.is_ascii_digit()).then_some((host, port))
    }
}

/// Forwards one request. Resolves with the application's head, within the route's timeout (which includes what
/// of the request's body the application reads before it answers); the body then streams, and each read of it
/// has the route's timeout again.
///
/// # Errors
/// [`ForwardError`] says which side failed and carries code and status.
pub async fn forward(
    pool: &UpstreamPool,
    request: Request<Incoming>,
    passage: Passage<'_>,
) -> Result<Response<ProxyBody>, ForwardError> {
    let limit = passage.route.timeout;
    let outgoing = outgoing(request, &passage)?;
    let answer = tokio::time::timeout(limit, pool.send(outgoing)).await.map_err(|_| ForwardError::Slow)??;
    returning(answer, &passage)
}

fn outgoing(request: Request<Incoming>, passage: &Passage<'_>) -> Result<Request<ProxyBody>, ForwardError> {
    check_method(&request)?;
    let (mut parts, body) = request.into_parts();
    let follows = if body.is_end_stream() { Follows::Nothing } else { Follows::Body };
    headers::clean_request(&mut parts.headers, passage.names, follows)?;
    cookies::withhold(&mut parts.headers, passage.own_cookies);
    headers::set_origin(&mut parts.headers, passage.public, passage.client)?;
    if let Some(identity) = passage.identity {
        identity.write(&mut parts.headers);
    }
    parts.uri = target(passage)?;
    parts.version = Version::HTTP_11;
    // The server's own marks (a pending upgrade among them) mean nothing on the other connection.
    parts.extensions.clear();
    Ok(Request::from_parts(parts, body.map_err(Into::into).boxed_unsync()))
}

fn returning(answer: Response<Incoming>, passage: &Passage<'_>) -> Result<Response<ProxyBody>, ForwardError> {
    // No upgrade was forwarded. Passing a 101 on would turn our connection into a tunnel of unread bytes.
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Err(ForwardError::BadUpgrade);
    }
    let (mut parts, body) = answer.into_parts();
    headers::clean_response(&mut parts.headers, passage.public.host());
    parts.version = Version::HTTP_11;
    Ok(Response::from_parts(parts, IdleBody::new(body, passage.route.timeout).boxed_unsync()))
}

fn check_method(request: &Request<Incoming>) -> Result<(), ForwardError> {
    if matches!(*request.method(), Method::TRACE | Method::CONNECT) {
        return Err(ForwardError::Method);
    }
    // RFC 9110 §7.8: any other offer to upgrade may be passed over, and ends here with the hop (HTTP-10).
    if headers::lists(request.headers(), &UPGRADE, "websocket") {
        return Err(ForwardError::UpgradeNotBuilt);
    }
    Ok(())
}

/// Scheme, host and port of the route with the request's path and query, in one allocation.
fn target(passage: &Passage<'_>) -> Result<Uri, ForwardError> {
    let upstream = &passage.route.upstream;
    let (path, query) = (passage.path.as_str(), passage.query);
    let mut text = String::with_capacity(64 + path.len() + query.map_or(0, str::len));
    text.push_str(upstream.scheme());
    text.push_str("://");
    text.push_str(upstream.host_str().unwrap_or_default());
    if let Some(port) = upstream.port() {
        text.push(':');
        text.push_str(&port.to_string());
    }
    text.push_str(path);
    if let Some(query) = query {
        text.push('?');
        text.push_str(query);
    }
    let malformed = || ForwardError::Malformed("target");
    let uri = Uri::from_maybe_shared(Bytes::from(text)).map_err(|_| malformed())?;
    // What is sent must be what was decided on: a `?` or `#` inside either part would move the border.
    if uri.path() == path && uri.query() == query { Ok(uri) } else { Err(malformed()) }
}
