//! `/echo` and `/upload`: what arrived here, for tests of what a proxy passes on.

use http::StatusCode;
use http::request::Parts;
use serde_json::{Value, json};

use crate::sandbox::reply::{self, Reply};

/// `{ method, path, query, headers: [[name, value], …], body_length }`; headers in their order, repeated
/// ones repeated.
pub(super) fn echo(parts: &Parts, body_length: u64) -> Reply {
    let pair = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())])
    };
    let headers: Vec<Value> = parts.headers.iter().map(pair).collect();
    let echo = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.path(),
        "query": parts.uri.query(),
        "headers": headers,
        "body_length": body_length,
    });
    reply::json(StatusCode::OK, &echo)
}

/// `{ bytes }`.
pub(super) fn uploaded(bytes: u64) -> Reply {
    reply::json(StatusCode::OK, &json!({ "bytes": bytes }))
}
