//! Identifiers arrive as text or as Base64 without saying which (CLM-04); what both decoders share stands here.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Longer input is no encoding of an identifier: the longest SID in text, twice through Base64, is shorter.
const MAX_INPUT: usize = 512;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The value without white space, quotes and braces around it.
pub(crate) fn unwrapped(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '{' | '}'))
}

/// The bytes of a Base64 text in either alphabet, padded or not (RFC 4648 §4, §5); stray trailing bits are refused,
/// so that one value has one spelling per alphabet.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > MAX_INPUT {
        return None;
    }
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}
