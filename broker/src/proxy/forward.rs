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
use url::Position;
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
    // A parsed address holds them as they are sent: in lower case, and without the scheme's own port.
    let authority = &upstream[Position::BeforeHost..Position::AfterPort];
    let (path, query) = (passage.path.as_str(), passage.query);
    let mut text = String::with_capacity(16 + authority.len() + path.len() + query.map_or(0, str::len));
    text.extend([upstream.scheme(), "://", authority, path]);
    if let Some(query) = query {
        text.extend(["?", query]);
    }
    let malformed = || ForwardError::Malformed("target");
    let uri = Uri::from_maybe_shared(Bytes::from(text)).map_err(|_| malformed())?;
    // What is sent must be what was decided on: a `?` or `#` inside either part would move the border.
    if uri.path() == path && uri.query() == query { Ok(uri) } else { Err(malformed()) }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use vestibule_policies::organization::{Access, HeaderRule, RoutePath};

    use super::*;

    fn target_of(upstream: &str, path: &str, query: Option<&str>) -> Result<String, ForwardError> {
        let route = Route {
            path: RoutePath::parse("/").unwrap(),
            upstream: upstream.parse().unwrap(),
            access: Access::Session,
            headers: HeaderRule::Default,
            timeout: Duration::from_secs(20),
            websocket_activity: true,
        };
        target(&Passage {
            route: &route,
            path: &CanonicalPath::parse(path).unwrap(),
            query,
            identity: None,
            names: &IdentityNames::of(&[]).unwrap(),
            public: PublicOrigin { scheme: "https", host_with_port: "acme.example" },
            client: Ipv4Addr::LOCALHOST.into(),
            own_cookies: &|_| false,
        })
        .map(|uri| uri.to_string())
    }

    #[test]
    fn the_target_is_the_route_with_the_path_and_query_of_the_decision() {
        for (row, upstream, path, query, expected) in [
            ("port", "http://127.0.0.1:9000", "/a", None, "http://127.0.0.1:9000/a"),
            ("no port", "https://corp.example", "/", None, "https://corp.example/"),
            ("the scheme's own port", "https://corp.example:443/", "/a", None, "https://corp.example/a"),
            ("another scheme's port", "http://corp.example:443", "/a", None, "http://corp.example:443/a"),
            ("IPv6", "http://[::1]:9000", "/a", None, "http://[::1]:9000/a"),
            ("upper case", "HTTP://CORP.example", "/A", None, "http://corp.example/A"),
            ("user", "http://bob:berg@corp.example:81", "/a", None, "http://corp.example:81/a"),
            ("path of the address", "http://corp.example/b?c#d", "/a", None, "http://corp.example/a"),
            ("query", "http://corp.example", "/a", Some("b=1?c"), "http://corp.example/a?b=1?c"),
            ("empty query", "http://corp.example", "/a", Some(""), "http://corp.example/a?"),
            ("encoded", "http://corp.example", "/%C3%A9;v", Some("%23"), "http://corp.example/%C3%A9;v?%23"),
        ] {
            assert_eq!(target_of(upstream, path, query).ok().as_deref(), Some(expected), "{row}");
        }
    }

    #[test]
    fn a_query_that_moves_the_border_is_refused() {
        for (row, query) in [("fragment", "a#b"), ("space", "a b"), ("line", "a\r\nb")] {
            let refused = target_of("http://corp.example", "/a", Some(query));
            assert!(matches!(refused, Err(ForwardError::Malformed("target"))), "{row}: {refused:?}");
        }
    }
}
