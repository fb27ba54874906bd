//! The HTTP-Redirect binding (saml-bindings section 3.4): DEFLATE, Base64, a query, a signature over its octets.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::algorithm::SignatureAlgorithm;
use super::key::Key;
use super::public_key::PublicKey;

/// A message that inflates to more is refused.
pub const INFLATED_LIMIT: usize = 128 * 1024;

/// RFC 3986 section 2.3: the rest is unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    Request,
    Response,
}

impl Parameter {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// A query with its message inflated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub parameter: Parameter,
    pub xml: String,
    pub relay_state: Option<String>,
    pub signed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    #[error("a parameter is missing or comes more than once")]
    Parameters,
    #[error("the message is not Base64 of DEFLATE of UTF-8")]
    Encoding,
    #[error("the message is too large")]
    TooLarge,
}

/// The query without its question mark.
#[must_use]
pub fn encode(parameter: Parameter, xml: &str, relay_state: Option<&str>) -> String {
    let message = STANDARD.encode(deflate(xml));
    let query = format!("{}={}", parameter.name(), encoded(&message));
    match relay_state {
        Some(relay_state) => format!("{query}&RelayState={}", encoded(relay_state)),
        None => query,
    }
}

/// Section 3.4.4.1: the signature is over the octets of the query with `SigAlg` at its end.
#[must_use]
pub fn sign(query: &str, key: &Key, algorithm: SignatureAlgorithm) -> String {
    let signed = format!("{query}&SigAlg={}", encoded(algorithm.uri()));
    let signature = STANDARD.encode(key.sign(algorithm, signed.as_bytes()));
    format!("{signed}&Signature={}", encoded(&signature))
}

/// # Errors
/// If the query is not one message, or it inflates past [`INFLATED_LIMIT`].
pub fn decode(query: &str) -> Result<Decoded, RedirectError> {
    let request = one(query, "SAMLRequest")?;
    let response = one(query, "SAMLResponse")?;
    let (parameter, raw) = match (request, response) {
        (Some(raw), None) => (Parameter::Request, raw),
        (None, Some(raw)) => (Parameter::Response, raw),
        (None, None) | (Some(_), Some(_)) => return Err(RedirectError::Parameters),
    };
    let relay_state = one(query, "RelayState")?.map(decoded).transpose()?;
    let signed = one(query, "Signature")?.is_some();
    let deflated = STANDARD.decode(decoded(raw)?).map_err(|_| RedirectError::Encoding)?;
    Ok(Decoded { parameter, xml: inflate(&deflated)?, relay_state, signed })
}

/// Whether the key of this certificate signed the query, over its raw octets in the binding's order.
#[must_use]
pub fn verify(query: &str, certificate: &[u8]) -> bool {
    let check = || {
        let part = |name: &str| {
            let raw = one(query, name).ok()??;
            Some((format!("{name}={raw}"), decoded(raw).ok()?))
        };
        let (message, _) = part("SAMLRequest").or_else(|| part("SAMLResponse"))?;
        let (algorithm, uri) = part("SigAlg")?;
        let (_, signature) = part("Signature")?;
        let relay_state = part("RelayState").map(|(octets, _)| octets);
        let octets: Vec<_> = [Some(message), relay_state, Some(algorithm)].into_iter().flatten().collect();
        let key = PublicKey::of_certificate(certificate)?;
        let signature = STANDARD.decode(signature).ok()?;
        Some(key.verify(SignatureAlgorithm::named(&uri)?, octets.join("&").as_bytes(), &signature))
    };
    check().unwrap_or(false)
}

/// The raw value of a parameter that comes at most once.
fn one<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, RedirectError> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(RedirectError::Parameters),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn decoded(raw: &str) -> Result<String, RedirectError> {
    let spaced = raw.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8().map_err(|_| RedirectError::Encoding)?;
    Ok(text.into_owned())
}

/// Writing into memory does not fail.
#[must_use]
pub fn deflate(xml: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(xml.as_bytes()).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

fn inflate(deflated: &[u8]) -> Result<String, RedirectError> {
    let limit = u64::try_from(INFLATED_LIMIT).unwrap_or(u64::MAX);
    let mut octets = Vec::new();
    let read = DeflateDecoder::new(deflated).take(limit + 1).read_to_end(&mut octets);
    read.map_err(|_| RedirectError::Encoding)?;
    if octets.len() > INFLATED_LIMIT {
        return Err(RedirectError::TooLarge);
    }
    String::from_utf8(octets).map_err(|_| RedirectError::Encoding)
}
