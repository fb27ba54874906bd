//! What the browser says of the page that asked (Web Authentication Level 3 §5.8.1): the only word on origin and challenge.

use serde_json::Value;

use super::{Challenge, Fault};
use crate::secret::same;
use crate::strict_json::{self, Caps};

const CAPS: Caps = Caps { bytes: 4096, depth: 4, members: 32 };

/// Which of the two questions was asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ceremony {
    Create,
    Get,
}

/// Whether it is the answer to this challenge, from a page of this origin that stood in no other one.
pub(super) fn check(
    json: &[u8],
    ceremony: Ceremony,
    origin: &str,
    challenge: &Challenge,
) -> Result<(), Fault> {
    let Ok(Value::Object(said)) = strict_json::parse(json, CAPS) else { return Err(Fault::Malformed) };
    let text = |name: &str| said.get(name).and_then(Value::as_str).ok_or(Fault::Malformed);
    let kind = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if text("type")? != kind {
        return Err(Fault::Type);
    }
    if !same(text("challenge")?.as_bytes(), challenge.as_str().as_bytes()) {
        return Err(Fault::Challenge);
    }
    if text("origin")? != origin {
        return Err(Fault::Origin);
    }
    match (said.get("crossOrigin"), said.get("topOrigin")) {
        (None | Some(Value::Bool(false)), None) => Ok(()),
        _ => Err(Fault::CrossOrigin),
    }
}
