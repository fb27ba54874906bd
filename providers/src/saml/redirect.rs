//! The HTTP-Redirect binding (saml-bindings §3.4): raw DEFLATE, Base64, and a signature over the octets of the query.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use url::Url;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_certs::verifying_key::SignatureAlgorithm;
use vestibule_policies::code::Code;

use crate::error::SignInError;

/// The longest message that comes this way, inflated. Logout answers are short.
pub(super) const LONGEST_INFLATED: usize = 64 * 1024;
/// The longest text of one parameter.
const LONGEST_PARAMETER: usize = 16 * 1024;

/// The address that carries a request to `endpoint`, whose own query stays in front. §3.4.4.1: the signature is over
/// `SAMLRequest`, `RelayState` and `SigAlg` alone, in that order and exactly as they are encoded.
pub(super) fn address(
    endpoint: &str,
    request: &str,
    relay_state: &str,
    key: Option<&RsaKey>,
) -> Result<Url, SignInError> {
    let internal = |reason: String| SignInError::new(Code::Internal, reason);
    let mut query =
        format!("SAMLRequest={}&RelayState={}", encoded(&deflated(request)), encoded(relay_state));
    if let Some(key) = key {
        query = format!("{query}&SigAlg={}", encoded(SignatureAlgorithm::RsaSha256.uri()));
        let signature = key.sign(query.as_bytes()).map_err(|error| internal(error.to_string()))?;
        query = format!("{query}&Signature={}", encoded(&STANDARD.encode(signature)));
    }
    let mut address = Url::parse(endpoint).map_err(|error| internal(format!("{endpoint}: {error}")))?;
    let before = address.query().filter(|before| !before.is_empty());
    let whole = before.map_or_else(|| query.clone(), |before| format!("{before}&{query}"));
    address.set_query(Some(&whole));
    Ok(address)
}

fn deflated(xml: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let written = encoder.write_all(xml.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
    STANDARD.encode(written)
}

/// RFC 3986 unreserved octets stay, all others are escaped: no reader can take it for something else.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Reads a message. It is inflated up to a bound and no further, whatever its length says (CVE-2023-28119).
pub(super) fn inflated(parameter: &str) -> Option<Vec<u8>> {
    if parameter.len() > LONGEST_PARAMETER {
        return None;
    }
    let text: String = parameter.split_ascii_whitespace().collect();
    let compressed = STANDARD.decode(text).ok()?;
    let mut message = Vec::new();
    let most = u64::try_from(LONGEST_INFLATED).unwrap_or(u64::MAX).saturating_add(1);
    DeflateDecoder::new(compressed.as_slice()).take(most).read_to_end(&mut message).ok()?;
    (message.len() <= LONGEST_INFLATED).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_way_and_the_endpoints_query_stays() {
        let address = address("https://idp.example/sso?idpid=C01&x=%2F", "<a/>", "r&s", None).unwrap();
        let query = address.query().unwrap();
        assert!(query.starts_with("idpid=C01&x=%2F&SAMLRequest="), "{query}");
        let pairs: Vec<_> = address.query_pairs().into_owned().collect();
        assert_eq!(inflated(&pairs[2].1).unwrap(), b"<a/>");
        assert_eq!(pairs[3], ("RelayState".to_owned(), "r&s".to_owned()));
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let bomb = deflated(&"a".repeat(LONGEST_INFLATED + 1));
        assert!(bomb.len() < 1024);
        assert!(inflated(&bomb).is_none());
        assert_eq!(inflated(&deflated(&"a".repeat(LONGEST_INFLATED))).unwrap().len(), LONGEST_INFLATED);
        for text in ["", "%%%", "AAAA", &"A".repeat(LONGEST_PARAMETER + 4)] {
            assert!(inflated(text).is_none_or(|message| message.is_empty()), "{text:.20}");
        }
    }
}
