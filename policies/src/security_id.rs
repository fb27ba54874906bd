//! The Windows security identifier (`cip_sid`), in its one canonical text (MS-DTYP §2.4.2; CLM-04; LDAP-09).
//!
//! Not to be mistaken for the `sid` of OIDC, which names a session. Two spellings of one SID must never make
//! two people, so text is taken apart and written anew.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::encoded::{base64_bytes, unwrapped};

/// `S-1-<authority>-<sub-authorities>`, 1 to 15 of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecurityId(String);

/// A domain's SID, `S-1-5-21-a-b-c`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainSid(String);

/// Why something is not a SID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecurityIdFault {
    /// The text is not of the form `S-1-…`.
    #[error("not a SID in text form")]
    Text,
    /// The first byte is not 1.
    #[error("the revision is not 1")]
    Revision,
    /// No sub-authority, or more than 15.
    #[error("a SID has 1 to 15 sub-authorities")]
    Count,
    /// Bytes are missing or left over.
    #[error("the length does not match the number of sub-authorities")]
    Length,
    /// The authority exceeds 48 bits, or a sub-authority 32.
    #[error("a number in the SID is too large")]
    Number,
    /// Neither text, nor Base64 of the binary form, nor Base64 of text.
    #[error("neither a SID in text form nor Base64 of one")]
    Encoding,
    /// Not `S-1-5-21-a-b-c`.
    #[error("not the SID of a domain, S-1-5-21-a-b-c")]
    Domain,
}

impl SecurityId {
    /// Reads the text form. Leading zeros and the other form of the authority are made canonical.
    ///
    /// # Errors
    /// [`SecurityIdFault`].
    pub fn parse_text(text: &str) -> Result<Self, SecurityIdFault> {
        Parts::from_text(text).map(|parts| Self(parts.to_string()))
    }

    /// Reads the binary form, 12 to 68 bytes, little-endian sub-authorities (annex c.1).
    ///
    /// # Errors
    /// [`SecurityIdFault`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SecurityIdFault> {
        Parts::from_bytes(bytes).map(|parts| Self(parts.to_string()))
    }

    /// The binary form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.parts().to_bytes()
    }

    /// Reads a value of `cip_sid` in whatever encoding it came: text, Base64 of the binary form, Base64 of text
    /// (CLM-04, annex c.3).
    ///
    /// # Errors
    /// [`SecurityIdFault`]; [`SecurityIdFault::Encoding`] when no reading fits.
    pub fn decode(value: &str) -> Result<Self, SecurityIdFault> {
        let value = unwrapped(value);
        if value.starts_with("S-1-") {
            return Self::parse_text(value);
        }
        let bytes = base64_bytes(value).ok_or(SecurityIdFault::Encoding)?;
        match std::str::from_utf8(&bytes).map(unwrapped) {
            Ok(text) if text.starts_with("S-1-") => Self::parse_text(text),
            Ok(_) | Err(_) => Self::from_bytes(&bytes).map_err(|_| SecurityIdFault::Encoding),
        }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names an account or group of a domain: `S-1-5-21-a-b-c-rid` exactly. Well-known and built-in SIDs
    /// are none: an assertion that brings one would make its subject an Everyone or an Administrators.
    #[must_use]
    pub fn is_account(&self) -> bool {
        self.domain().is_some()
    }

    /// The domain of an account, which is the SID without its last part.
    #[must_use]
    pub fn domain(&self) -> Option<DomainSid> {
        match self.parts() {
            Parts { authority: 5, subs } => match subs.as_slice() {
                [21, a, b, c, _] => Some(DomainSid::of_parts(*a, *b, *c)),
                _ => None,
            },
            Parts { .. } => None,
        }
    }

    fn parts(&self) -> Parts {
        // The text was written by `Parts`; the fallback is never met and names nobody.
        Parts::from_text(&self.0).unwrap_or(Parts { authority: 0, subs: vec![0] })
    }
}

impl DomainSid {
    /// Reads `S-1-5-21-a-b-c`.
    ///
    /// # Errors
    /// [`SecurityIdFault`]; [`SecurityIdFault::Domain`] for a SID that is not a domain's.
    pub fn parse(text: &str) -> Result<Self, SecurityIdFault> {
        let parts = Parts::from_text(text)?;
        match parts.subs.as_slice() {
            [21, a, b, c] if parts.authority == 5 => Ok(Self::of_parts(*a, *b, *c)),
            _ => Err(SecurityIdFault::Domain),
        }
    }

    /// The domain with these three numbers.
    #[must_use]
    pub fn of_parts(a: u32, b: u32, c: u32) -> Self {
        Self(format!("S-1-5-21-{a}-{b}-{c}"))
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

struct Parts {
    authority: u64,
    subs: Vec<u32>,
}

impl Parts {
    fn from_text(text: &str) -> Result<Self, SecurityIdFault> {
        let mut fields = text.strip_prefix("S-1-").ok_or(SecurityIdFault::Text)?.split('-');
        let authority = authority(fields.next().unwrap_or_default())?;
        // One more than allowed is enough to know; a long text is not read to its end.
        let subs = fields.take(16).map(sub_authority).collect::<Result<Vec<_>, _>>()?;
        if subs.is_empty() || subs.len() > 15 {
            return Err(SecurityIdFault::Count);
        }
        Ok(Self { authority, subs })
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SecurityIdFault> {
        let (head, tail) = bytes.split_first_chunk::<8>().ok_or(SecurityIdFault::Length)?;
        let [revision, count, authority @ ..] = head;
        if *revision != 1 {
            return Err(SecurityIdFault::Revision);
        }
        if !(1..=15).contains(count) {
            return Err(SecurityIdFault::Count);
        }
        let (chunks, rest) = tail.as_chunks::<4>();
        if chunks.len() != usize::from(*count) || !rest.is_empty() {
            return Err(SecurityIdFault::Length);
        }
        let authority = authority.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Ok(Self { authority, subs: chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect() })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let [_, _, authority @ ..] = self.authority.to_be_bytes();
        let count = u8::try_from(self.subs.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![1, count];
        bytes.extend(authority);
        bytes.extend(self.subs.iter().flat_map(|sub| sub.to_le_bytes()));
        bytes
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // MS-DTYP §2.4.2.1: from 2^32 on the authority is written as twelve hex digits.
        if self.authority > u64::from(u32::MAX) {
            write!(f, "S-1-0x{:012x}", self.authority)?;
        } else {
            write!(f, "S-1-{}", self.authority)?;
        }
        self.subs.iter().try_for_each(|sub| write!(f, "-{sub}"))
    }
}

fn authority(field: &str) -> Result<u64, SecurityIdFault> {
    if let Some(hex) = field.strip_prefix("0x") {
        if hex.len() != 12 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(SecurityIdFault::Text);
        }
        return u64::from_str_radix(hex, 16).map_err(|_| SecurityIdFault::Text);
    }
    digits(field)?.parse::<u32>().map(u64::from).map_err(|_| SecurityIdFault::Number)
}

fn sub_authority(field: &str) -> Result<u32, SecurityIdFault> {
    digits(field)?.parse().map_err(|_| SecurityIdFault::Number)
}

fn digits(field: &str) -> Result<&str, SecurityIdFault> {
    let plain = (1..=10).contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit());
    if plain { Ok(field) } else { Err(SecurityIdFault::Text) }
}

impl fmt::Display for SecurityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DomainSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SecurityId {
    type Error = SecurityIdFault;

    fn try_from(text: String) -> Result<Self, SecurityIdFault> {
        Self::parse_text(&text)
    }
}

impl From<SecurityId> for String {
    fn from(sid: SecurityId) -> Self {
        sid.0
    }
}

impl TryFrom<String> for DomainSid {
    type Error = SecurityIdFault;

    fn try_from(text: String) -> Result<Self, SecurityIdFault> {
        Self::parse(&text)
    }
}

impl From<DomainSid> for String {
    fn from(sid: DomainSid) -> Self {
        sid.0
    }
}

#[cfg(test)]
mod tests;
