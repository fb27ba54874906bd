//! Bodies of the API: JSON with one meaning only, bounded in size, depth and number, and an object.

use http::header::CONTENT_TYPE;
use http::request::Parts;
use hyper::body::Incoming;
use serde_json::{Map, Value};
use vestibule_certs::strict_json::{self, Caps, StrictJsonFault};
use vestibule_policies::code::Code;

use crate::administration::{FieldFault, Refusal};
use crate::http::form::within;

/// A provider's metadata fits, escaped.
const CAPS: Caps = Caps { bytes: 1536 * 1024, depth: 10, members: 4096 };

/// Reads the body of a request.
///
/// # Errors
/// `REQUEST-MEDIA-TYPE`, `REQUEST-TOO-LARGE`, or `REQUEST-MALFORMED` with what is wrong.
pub(super) async fn read(parts: &Parts, body: Incoming) -> Result<Map<String, Value>, Refusal> {
    let mut kinds = parts.headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next(), kinds.next()) else { return Err(Code::RequestMediaType.into()) };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Code::RequestMediaType.into());
    }
    object(&within(body, CAPS.bytes).await?)
}

/// Reads an object.
///
/// # Errors
/// `REQUEST-TOO-LARGE`, or `REQUEST-MALFORMED` with what is wrong. The text is not repeated: it may hold secrets.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match strict_json::parse(bytes, CAPS) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(malformed("the body has to be an object")),
        Err(StrictJsonFault::TooLong) => Err(Code::RequestTooLarge.into()),
        Err(fault) => Err(malformed(&fault.to_string())),
    }
}

fn malformed(message: &str) -> Refusal {
    Refusal::Faults(Code::RequestMalformed, vec![FieldFault::invalid("", message)])
}
