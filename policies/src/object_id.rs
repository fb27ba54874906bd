//! The directory's object identifier (`cip_oid`, Active Directory's objectGUID), dashed and lower-case (CLM-04).
//!
//! Directories send it in mixed endian, everybody else in the order of RFC 9562; a swap cannot be seen in the value, so
//! each way in has its own name. Entra's token claim `oid` is another identifier and never ends up here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::encoded::{base64_bytes, unwrapped};

/// Sixteen bytes in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId([u8; 16]);

/// Why something is not an object identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ObjectIdFault {
    /// Neither dashed nor 32 hex digits.
    #[error("not an object identifier in text form")]
    Text,
    /// Not sixteen bytes.
    #[error("an object identifier has 16 bytes")]
    Length,
    /// Neither text, nor Base64 of the directory's bytes, nor Base64 of text.
    #[error("neither an object identifier in text form nor Base64 of one")]
    Encoding,
    /// All zeros, which directories send for "none".
    #[error("the object identifier is all zeros")]
    Nil,
}

/// Base64 of text may be met once; a value wrapped deeper is nobody's encoding.
#[derive(Clone, Copy)]
enum Wrapping {
    Possible,
    Spent,
}

impl ObjectId {
    /// Reads 36 characters with dashes or 32 hex digits, in any case.
    ///
    /// # Errors
    /// [`ObjectIdFault::Text`], or [`ObjectIdFault::Nil`]: one identifier for everybody without one would make them
    /// one person.
    pub fn parse_text(text: &str) -> Result<Self, ObjectIdFault> {
        let dashed =
            text.len() == 36 && [8, 13, 18, 23].iter().all(|&at| text.as_bytes().get(at) == Some(&b'-'));
        let hex: String = if dashed { text.chars().filter(|&c| c != '-').collect() } else { text.to_owned() };
        if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ObjectIdFault::Text);
        }
        let value = u128::from_str_radix(&hex, 16).map_err(|_| ObjectIdFault::Text)?;
        Self::not_nil(value.to_be_bytes())
    }

    /// Reads the directory's sixteen bytes (annex c.2: the first three fields are little-endian).
    ///
    /// # Errors
    /// [`ObjectIdFault::Length`] or [`ObjectIdFault::Nil`].
    pub fn from_directory_bytes(bytes: &[u8]) -> Result<Self, ObjectIdFault> {
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| ObjectIdFault::Length)?;
        Self::not_nil(swapped(bytes))
    }

    /// The sixteen bytes as the directory holds them.
    #[must_use]
    pub fn to_directory_bytes(&self) -> [u8; 16] {
        swapped(self.0)
    }

    /// Reads a value of `cip_oid` in whatever encoding it came (CLM-04, annex c.3). 32 hex digits are Base64 too; hex
    /// wins.
    ///
    /// # Errors
    /// [`ObjectIdFault`]; [`ObjectIdFault::Encoding`] when no reading fits.
    pub fn decode(value: &str) -> Result<Self, ObjectIdFault> {
        decode(value, Wrapping::Possible)
    }

    fn not_nil(bytes: [u8; 16]) -> Result<Self, ObjectIdFault> {
        if bytes == [0; 16] { Err(ObjectIdFault::Nil) } else { Ok(Self(bytes)) }
    }
}

fn decode(value: &str, wrapping: Wrapping) -> Result<ObjectId, ObjectIdFault> {
    let value = unwrapped(value);
    match ObjectId::parse_text(value) {
        Err(ObjectIdFault::Text) => {}
        read => return read,
    }
    let bytes = base64_bytes(value).ok_or(ObjectIdFault::Encoding)?;
    if bytes.len() == 16 {
        return ObjectId::from_directory_bytes(&bytes);
    }
    match (wrapping, std::str::from_utf8(&bytes)) {
        (Wrapping::Possible, Ok(text)) => decode(text, Wrapping::Spent),
        (Wrapping::Spent, _) | (Wrapping::Possible, Err(_)) => Err(ObjectIdFault::Encoding),
    }
}

/// Turns the three little-endian fields round; its own inverse.
fn swapped(mut bytes: [u8; 16]) -> [u8; 16] {
    for field in [0..4, 4..6, 6..8] {
        if let Some(field) = bytes.get_mut(field) {
            field.reverse();
        }
    }
    bytes
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for ObjectId {
    type Error = ObjectIdFault;

    fn try_from(text: String) -> Result<Self, ObjectIdFault> {
        Self::parse_text(&text)
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::*};

    use super::*;

    const TEXT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    const BASE64: &str = "rk8d+Ox90BGnZQCgyR5r9g==";

    #[test]
    fn the_known_vector_in_both_directions() {
        let id = ObjectId::parse_text(TEXT).unwrap();
        assert_eq!(BASE64_STANDARD.encode(id.to_directory_bytes()), BASE64);
        assert_eq!(ObjectId::from_directory_bytes(&id.to_directory_bytes()), Ok(id));
        assert_eq!(id.to_string(), TEXT);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<ObjectId>(&json).unwrap(), id);
    }

    #[test]
    fn every_encoding_is_recognised() {
        let bytes = BASE64_STANDARD.decode(BASE64).unwrap();
        let plain = TEXT.replace('-', "");
        for (name, value) in [
            ("dashed", TEXT.to_owned()),
            ("upper case", TEXT.to_uppercase()),
            ("braces and white space", format!(" {{{TEXT}}}\n")),
            ("quotes", format!("\"{TEXT}\"")),
            ("hex, which is Base64 too", plain.clone()),
            ("base64", BASE64.to_owned()),
            ("unpadded", BASE64.trim_end_matches('=').to_owned()),
            ("url alphabet", BASE64_URL_SAFE_NO_PAD.encode(&bytes)),
            ("base64 of text", BASE64_STANDARD.encode(TEXT)),
            ("base64 of hex", BASE64_STANDARD.encode(&plain)),
            ("base64 of base64", BASE64_STANDARD.encode(BASE64)),
        ] {
            assert_eq!(ObjectId::decode(&value).map(String::from).as_deref(), Ok(TEXT), "{name}");
        }
    }

    #[test]
    fn what_is_no_encoding_is_refused() {
        let thrice = BASE64_STANDARD.encode(BASE64_STANDARD.encode(BASE64));
        for (name, value, fault) in [
            ("empty", "", ObjectIdFault::Encoding),
            ("word", "alice", ObjectIdFault::Encoding),
            ("one digit short", &TEXT[..35], ObjectIdFault::Encoding),
            ("dash moved", "f81d4fae7-dec-11d0-a765-00a0c91e6bf6", ObjectIdFault::Encoding),
            ("not hex", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6", ObjectIdFault::Encoding),
            ("fifteen bytes", "rk8d+Ox90BGnZQCgyR5r", ObjectIdFault::Encoding),
            ("wrapped thrice", &thrice, ObjectIdFault::Encoding),
            ("nil", "00000000-0000-0000-0000-000000000000", ObjectIdFault::Nil),
            ("nil in Base64", "AAAAAAAAAAAAAAAAAAAAAA==", ObjectIdFault::Nil),
        ] {
            assert_eq!(ObjectId::decode(value), Err(fault), "{name}");
        }
        assert_eq!(ObjectId::from_directory_bytes(&[1; 15]), Err(ObjectIdFault::Length));
        assert!(serde_json::from_str::<ObjectId>("\"alice\"").is_err());
    }
}
