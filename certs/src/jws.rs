//! Signed tokens in compact form (RFC 7515 §3.1, §5.2). The payload is out of reach until a signature has held:
//! `verify` gives a [`VerifiedPayload`], and there is no other way to the claims.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::algorithm::SigningAlgorithm;
use crate::encoding::from_base64url;
use crate::jwks::{KID_LIMIT, VerificationKey};
use crate::jwt_backend;
use crate::strict_json::{self, Caps, StrictJsonFault};

const HEADER_CAPS: Caps = Caps { bytes: 4 * 1024, depth: 4, members: 64 };
/// Longest `typ`, in bytes.
const TYP_LIMIT: usize = 128;
/// Members that change how the rest is to be read. We support none of them, so each ends the reading:
/// RFC 7515 §4.1.11 (`crit`), RFC 7797 §3 (`b64`), RFC 7516 §4.1.2 and §4.1.3 (`enc`, `zip`) (JWT-06, JWT-13).
const UNSUPPORTED: [&str; 4] = ["crit", "b64", "enc", "zip"];

/// Why a token was refused. The token is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JwsFault {
    /// Longer than the caller's cap.
    #[error("the token is too long")]
    TooLong,
    /// Not three segments; five would be an encrypted token.
    #[error("the token is not of three segments")]
    Segments,
    /// A segment is not canonical base64url.
    #[error("the token is not canonical base64url")]
    Encoding,
    /// The header is not acceptable JSON.
    #[error("the token's header is not acceptable JSON: {0}")]
    Header(StrictJsonFault),
    /// A header member is absent or of the wrong type or length.
    #[error("the token's header member `{0}` is missing or malformed")]
    Member(&'static str),
    /// `alg` is not on our list.
    #[error("the token's algorithm is not supported")]
    Algorithm,
    /// The header has an extension that changes the meaning of the token.
    #[error("the token's header member `{0}` is not supported")]
    Unsupported(&'static str),
    /// No signature.
    #[error("the token is not signed")]
    Unsigned,
    /// The key does not serve the token's algorithm.
    #[error("the key is not for the token's algorithm")]
    WrongKey,
    /// The signature does not hold.
    #[error("the token's signature does not hold")]
    Signature,
}

impl JwsFault {
    /// Whether the token's algorithm is to blame, and not its form or its signature.
    #[must_use]
    pub fn is_algorithm(self) -> bool {
        matches!(self, Self::Algorithm | Self::WrongKey | Self::Member("alg"))
    }
}

/// What a header says that we use. `jku`, `x5u`, `jwk` and `x5c` are read by nobody (JWT-05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The algorithm, one of ours.
    pub alg: SigningAlgorithm,
    /// The name of the key, 512 bytes at most; good for nothing but a look-up (RFC 8725 §3.10).
    pub kid: Option<String>,
    /// The kind of token, 128 bytes at most; the caller compares it (RFC 8725 §3.11).
    pub typ: Option<String>,
}

/// A token whose form is right and whose signature nobody has looked at.
#[derive(Debug)]
pub struct CompactJws {
    header: Header,
    payload: Vec<u8>,
    signing_input: String,
    signature: Vec<u8>,
}

impl CompactJws {
    /// Reads a token of at most `cap` bytes.
    ///
    /// # Errors
    /// Every [`JwsFault`] but `WrongKey` and `Signature`.
    pub fn parse(text: &str, cap: usize) -> Result<Self, JwsFault> {
        if text.len() > cap {
            return Err(JwsFault::TooLong);
        }
        // JWT-11: exactly three segments. A fourth is looked for and no further, however many dots there are.
        let mut segments = text.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            return Err(JwsFault::Segments);
        };
        if signature.is_empty() {
            return Err(JwsFault::Unsigned);
        }
        let decode = |segment| from_base64url(segment).ok_or(JwsFault::Encoding);
        let signing_input = format!("{header}.{payload}");
        let header = Header::parse(&decode(header)?)?;
        Ok(Self { header, payload: decode(payload)?, signing_input, signature: decode(signature)? })
    }

    /// The header, to choose keys by. It proves nothing.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Verifies the signature with one key.
    ///
    /// # Errors
    /// [`JwsFault::WrongKey`] if the key does not serve the algorithm, [`JwsFault::Signature`] if it does not hold.
    pub fn verify(&self, key: &VerificationKey) -> Result<VerifiedPayload, JwsFault> {
        // RFC 8725 §3.1: the key says which algorithms it serves (JWT-03).
        if !key.algorithms.contains(&self.header.alg) {
            return Err(JwsFault::WrongKey);
        }
        if jwt_backend::holds(self.header.alg, &key.decoding, self.signing_input.as_bytes(), &self.signature)
        {
            Ok(VerifiedPayload { header: self.header.clone(), content: self.payload.clone() })
        } else {
            Err(JwsFault::Signature)
        }
    }
}

impl Header {
    fn parse(bytes: &[u8]) -> Result<Self, JwsFault> {
        let document = strict_json::parse(bytes, HEADER_CAPS).map_err(JwsFault::Header)?;
        let members = document.as_object().ok_or(JwsFault::Header(StrictJsonFault::Syntax))?;
        // Whatever their value: `crit: []` and `b64: true` are faults too.
        if let Some(name) = UNSUPPORTED.into_iter().find(|name| members.contains_key(*name)) {
            return Err(JwsFault::Unsupported(name));
        }
        let alg = members.get("alg").and_then(Value::as_str).ok_or(JwsFault::Member("alg"))?;
        Ok(Self {
            alg: SigningAlgorithm::parse(alg).ok_or(JwsFault::Algorithm)?,
            kid: optional(members, "kid", KID_LIMIT)?,
            typ: optional(members, "typ", TYP_LIMIT)?,
        })
    }
}

fn optional(
    members: &Map<String, Value>,
    name: &'static str,
    limit: usize,
) -> Result<Option<String>, JwsFault> {
    let Some(value) = members.get(name) else { return Ok(None) };
    let text = value.as_str().filter(|text| text.len() <= limit).ok_or(JwsFault::Member(name))?;
    Ok(Some(text.to_owned()))
}

/// What a signature has covered. Only [`CompactJws::verify`] makes one.
#[derive(Debug, Clone)]
pub struct VerifiedPayload {
    header: Header,
    content: Vec<u8>,
}

impl VerifiedPayload {
    /// The header, now covered by the signature.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The bytes as they were signed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.content
    }

    /// The claims, read strictly: also a trusted provider may be talked into writing a member twice (JWT-08).
    ///
    /// # Errors
    /// [`StrictJsonFault`].
    pub fn json(&self, caps: Caps) -> Result<Value, StrictJsonFault> {
        strict_json::parse(&self.content, caps)
    }
}

#[cfg(test)]
mod tests;
