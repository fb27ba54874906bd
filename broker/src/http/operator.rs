//! The operator's own listener: liveness, readiness and metrics, and nothing else (OPS-15).

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;

use crate::app::App;

use super::reply::{self, Reply};

/// Answers one request.
#[must_use]
pub fn answer(app: &App, request: &Request<Incoming>) -> Reply {
    let scheme = app.settings().scheme;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return reply::text(StatusCode::METHOD_NOT_ALLOWED, "GET", scheme);
    }
    match request.uri().path() {
        "/healthz" => reply::text(StatusCode::OK, "ok", scheme),
        "/readyz" if app.freshness.holds() => reply::text(StatusCode::OK, "ready", scheme),
        "/readyz" => reply::text(StatusCode::SERVICE_UNAVAILABLE, "STORE-LOST", scheme),
        "/metrics" => {
            let mut text = app.metrics.text(app.sessions.in_memory(), app.deployment.load().len());
            app.mail.metrics().write(&mut text);
            let mut reply = reply::text(StatusCode::OK, &text, scheme);
            let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            reply.headers_mut().insert(CONTENT_TYPE, kind);
            reply
        }
        _ => reply::text(StatusCode::NOT_FOUND, "NOT-FOUND", scheme),
    }
}
