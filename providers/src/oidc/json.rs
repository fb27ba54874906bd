//! JSON as providers send it: fetched within bounds, read strictly, turned into attributes.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Request, Response};
use serde_json::{Map, Value};
use vestibule_certs::strict_json::{self, Caps};
use vestibule_policies::raw::{RawAttributes, Source};

use crate::ports::{Http, HttpError};

/// What a token's payload or a userinfo answer may be at most (JWT-12).
pub(super) const CAPS: Caps = Caps { bytes: 1024 * 1024, depth: 16, members: 10_000 };

/// Fetches a document as JSON. Anything but `application/json` (and its `+json` kin) is an error.
pub(super) async fn get_json(
    http: &dyn Http,
    address: &str,
    bearer: Option<&str>,
) -> Result<Response<Vec<u8>>, String> {
    let answer = request_json(http, address, bearer).await.map_err(|error| error.to_string())?;
    if answer.status().is_success() && !is_json(answer.headers()) {
        return Err("the answer is not JSON".to_owned());
    }
    Ok(answer)
}

/// The same, whatever comes.
pub(super) async fn request_json(
    http: &dyn Http,
    address: &str,
    bearer: Option<&str>,
) -> Result<Response<Vec<u8>>, HttpError> {
    let mut request = Request::get(address).header(ACCEPT, "application/json");
    if let Some(token) = bearer {
        // RFC 6750 §2.1: in the header, never in the address or a body (OIDC-RP-11).
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Vec::new()).map_err(|error| HttpError::Unreachable(error.to_string()))?;
    http.send(request).await
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// One object, with no member twice (JWT-08).
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    match strict_json::parse(bytes, CAPS) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("not an object".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

/// The members that can be attributes: texts, numbers, truth values, and arrays of these. Objects are left out, and so an
/// address that a token names for claims elsewhere is never followed.
pub(super) fn attributes(members: &Map<String, Value>, source: Source) -> RawAttributes {
    let mut attributes = RawAttributes::default();
    for (name, value) in members {
        let values: Vec<String> = match value {
            Value::Array(values) => values.iter().filter_map(text).collect(),
            single => text(single).into_iter().collect(),
        };
        if !values.is_empty() {
            attributes.push(name.as_str(), values, source);
        }
    }
    attributes
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
