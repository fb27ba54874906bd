//! The only place that writes the broker's own responses, with the headers that every one of them carries (SESS-06, SESS-07).

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, LOCATION, REFERRER_POLICY,
    SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::Value;

use crate::config::PublicScheme;
use crate::pages::Html;
use crate::proxy::ProxyBody;

use super::cookie::SetCookie;

/// What every handler answers with.
pub type Reply = Response<ProxyBody>;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// A year, RFC 6797.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// What is no page runs, loads and frames nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// A page.
#[must_use]
pub fn page(status: StatusCode, page: Html, scheme: PublicScheme) -> Reply {
    let mut reply = with_body(status, "text/html; charset=utf-8", page.body, scheme);
    let headers = reply.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(page.policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static(page.referrer.as_str()));
    headers.insert(VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    reply
}

/// JSON.
#[must_use]
pub fn json(status: StatusCode, value: &Value, scheme: PublicScheme) -> Reply {
    with_body(status, "application/json", value.to_string(), scheme)
}

/// A line of text.
#[must_use]
pub fn text(status: StatusCode, text: &str, scheme: PublicScheme) -> Reply {
    with_body(status, "text/plain; charset=utf-8", format!("{text}\n"), scheme)
}

/// An empty page for a frame in a page of this origin, and of no other.
#[must_use]
pub fn framed(ancestor: &str, scheme: PublicScheme) -> Reply {
    let mut reply =
        with_body(StatusCode::OK, "text/html; charset=utf-8", "<!doctype html>\n".to_owned(), scheme);
    let headers = reply.headers_mut();
    match HeaderValue::try_from(format!("default-src 'none'; frame-ancestors {ancestor}")) {
        Ok(policy) => {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
            // It knows no origins, and would forbid this one too.
            headers.remove(X_FRAME_OPTIONS);
        }
        // An origin without a header's letters frames nothing.
        Err(_) => drop(headers.insert(CONTENT_SECURITY_POLICY, NOTHING)),
    }
    reply
}

/// RFC 9110 §15.4.4: go there with GET, whatever the method was (OAUTH-08).
#[must_use]
pub fn see_other(location: &str, cookies: &[SetCookie], scheme: PublicScheme) -> Reply {
    let mut reply = Response::new(empty());
    *reply.status_mut() = StatusCode::SEE_OTHER;
    common(reply.headers_mut(), scheme);
    match HeaderValue::from_str(location) {
        Ok(location) => drop(reply.headers_mut().insert(LOCATION, location)),
        // Every location is made of our own parts; one that is not stays here.
        Err(_) => *reply.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    set_cookies(&mut reply, cookies, scheme);
    reply
}

/// Done, and nothing to say (RFC 9110 §15.3.5).
#[must_use]
pub fn no_content(scheme: PublicScheme) -> Reply {
    let mut reply = Response::new(empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    common(reply.headers_mut(), scheme);
    reply
}

/// Says which version of a thing this is, as a strong validator (RFC 9110 §8.8.3).
pub fn set_version(reply: &mut Reply, version: Option<&str>) {
    if let Some(tag) = version.and_then(|version| HeaderValue::try_from(format!("\"{version}\"")).ok()) {
        reply.headers_mut().insert(ETAG, tag);
    }
}

/// Says where something new stands.
pub fn set_location(reply: &mut Reply, location: Option<&str>) {
    if let Some(location) = location.and_then(|location| HeaderValue::from_str(location).ok()) {
        reply.headers_mut().insert(LOCATION, location);
    }
}

/// Adds changes of cookies.
pub fn set_cookies(reply: &mut Reply, cookies: &[SetCookie], scheme: PublicScheme) {
    for header in cookies.iter().filter_map(|cookie| cookie.to_header(scheme)) {
        reply.headers_mut().append(SET_COOKIE, header);
    }
}

/// No body.
#[must_use]
pub fn empty() -> ProxyBody {
    Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync()
}

fn with_body(status: StatusCode, kind: &'static str, body: String, scheme: PublicScheme) -> Reply {
    let mut reply =
        Response::new(Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync());
    *reply.status_mut() = status;
    common(reply.headers_mut(), scheme);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

fn common(headers: &mut HeaderMap, scheme: PublicScheme) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("Cookie"));
    headers.insert(CONTENT_SECURITY_POLICY, NOTHING);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if scheme == PublicScheme::Https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
}
