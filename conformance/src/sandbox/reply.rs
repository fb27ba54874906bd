//! The few shapes of answer that the sandboxes give, each with the headers that belong to it.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;
use ring::digest;
use serde_json::Value;

pub(super) type Reply = Response<Full<Bytes>>;

/// The one style sheet of all sandbox pages; it stands inside each page, so that a page is one request.
pub(super) const STYLE: &str = include_str!("../../templates/sandbox.css");

/// One sentence for a program or a lost person.
pub(super) fn text(status: StatusCode, body: &'static str) -> Reply {
    with(status, "text/plain; charset=utf-8", Bytes::from_static(body.as_bytes()))
}

/// Tokens and claims pass through here: RFC 6749 section 5.1 forbids that anybody stores them.
pub(super) fn json(status: StatusCode, body: &Value) -> Reply {
    with(status, "application/json", Bytes::from(body.to_string()))
}

/// A rendered page. It may not load anything; its forms may lead anywhere, since browsers hold
/// `form-action` against every redirect after a submission and the broker is on another site.
pub(super) fn page(status: StatusCode, rendered: askama::Result<String>) -> Reply {
    let Ok(html) = rendered else {
        return text(StatusCode::INTERNAL_SERVER_ERROR, "The page could not be made.");
    };
    let mut reply = with(status, "text/html; charset=utf-8", Bytes::from(html));
    let headers = reply.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, content_security_policy());
    // Under `no-referrer` a browser would send `Origin: null` even with the page's own form.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    reply
}

/// A page with the one script that carries `nonce`; it works without the script as well.
pub(super) fn page_with_script(rendered: askama::Result<String>, nonce: &str) -> Reply {
    let mut reply = page(StatusCode::OK, rendered);
    let policy = content_security_policy();
    let policy = format!("{}; script-src 'nonce-{nonce}'", policy.to_str().unwrap_or("default-src 'none'"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        reply.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    reply
}

/// A document that a program fetches.
pub(super) fn document(content_type: &'static str, body: String) -> Reply {
    with(StatusCode::OK, content_type, Bytes::from(body))
}

/// 303, so that a posted password is never posted again to the next host (RFC 9700 section 4.12).
pub(super) fn see_other(to: &str) -> Reply {
    let Ok(location) = HeaderValue::from_str(to) else {
        return text(StatusCode::BAD_REQUEST, "The address cannot be sent.");
    };
    let mut reply = with(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Bytes::new());
    reply.headers_mut().insert(LOCATION, location);
    reply
}

/// RFC 9110 section 15.5.6: a 405 names what would have been allowed.
pub(super) fn method_not_allowed(allowed: &'static str) -> Reply {
    let mut reply = text(StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method.");
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    reply
}

fn with(status: StatusCode, content_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

/// The hash allows the one style sheet, so that no injected style runs beside it.
fn content_security_policy() -> HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    let make = || {
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self' http: https:; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    };
    POLICY.get_or_init(make).clone()
}
