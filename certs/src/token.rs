//! Bearer tokens: 256 random bits, shown once as text of 43 characters.
//! Stores and logs know the hash only, so that a copied database opens no session.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use crate::encoding::{base64url, base64url_into, from_hex, hex};
use crate::random::{self, RandomFailed};
use crate::secret::Secret;

/// Length of a token's text.
pub const TOKEN_TEXT_LENGTH: usize = 43;

/// A token's 32 bytes, and one more that decoding asks for without filling it.
const DECODING_ROOM: usize = TOKEN_TEXT_LENGTH.div_ceil(4) * 3;

/// A bearer token. It goes into one cookie or one redirect and is then forgotten.
pub struct Token {
    text: Secret,
    hash: TokenHash,
}

impl Token {
    /// A new random token.
    ///
    /// # Errors
    /// [`RandomFailed`] when the operating system gives no random bytes.
    pub fn generate() -> Result<Self, RandomFailed> {
        let bytes = Zeroizing::new(random::bytes::<32>()?);
        Ok(Self { text: Secret::new(base64url(&*bytes)), hash: TokenHash::of(&*bytes) })
    }

    /// Reads a token's text: exactly 43 characters of canonical base64url, else `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hash = Self::hash_of(text)?;
        Some(Self { text: Secret::new(text.to_owned()), hash })
    }

    /// The hash of the token whose text this is, for those who do not keep the token: nothing of the secret is left in
    /// memory but the text itself. `None` where [`Token::parse`] gives `None`.
    #[must_use]
    pub fn hash_of(text: &str) -> Option<TokenHash> {
        if text.len() != TOKEN_TEXT_LENGTH {
            return None;
        }
        let mut bytes = Zeroizing::new([0; DECODING_ROOM]);
        let length = base64url_into(text, &mut *bytes)?;
        bytes.get(..length).map(TokenHash::of)
    }

    /// The text, for the cookie or address that carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.expose()
    }

    /// The name under which a store keeps what the token opens.
    #[must_use]
    pub const fn hash(&self) -> TokenHash {
        self.hash
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// SHA-256 of a token's 32 bytes. Being a digest of 256 random bits, it may be looked up in plain maps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    fn of(bytes: &[u8]) -> Self {
        Self(crate::digest::sha256(bytes))
    }

    /// Takes a hash back from storage.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, for storage.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Sixty-four lower-case digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads sixty-four lower-case digits, else `None`.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({})", self.to_hex())
    }
}

impl Serialize for TokenHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| de::Error::custom("a token hash is 64 lower-case hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::from_base64url;

    #[test]
    fn a_token_survives_its_text() {
        let token = Token::generate().unwrap();
        assert_eq!(token.as_str().len(), TOKEN_TEXT_LENGTH);
        assert_eq!(Token::parse(token.as_str()).unwrap().hash(), token.hash());
        assert_ne!(Token::generate().unwrap().hash(), token.hash());
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    #[test]
    fn the_hash_is_sha256_of_the_bytes() {
        let token = Token::parse(&"A".repeat(43)).unwrap();
        assert_eq!(token.hash(), TokenHash(crate::digest::sha256(&[0; 32])));
        let token = Token::generate().unwrap();
        let bytes = from_base64url(token.as_str()).unwrap();
        assert_eq!((bytes.len(), Token::hash_of(token.as_str())), (32, Some(token.hash())));
        assert_eq!(token.hash(), TokenHash::of(&bytes), "of nothing but the bytes");
    }

    #[test]
    fn only_the_canonical_text_is_a_token() {
        let rows = [
            ("empty", String::new()),
            ("short", "A".repeat(42)),
            ("long", "A".repeat(44)),
            ("padded", format!("{}=", "A".repeat(42))),
            ("trailing bits", format!("{}B", "A".repeat(42))),
            ("standard alphabet", format!("{}+", "A".repeat(42))),
            ("space", format!("{} ", "A".repeat(42))),
            ("not ascii", format!("{}é", "A".repeat(41))),
        ];
        for (name, text) in rows {
            assert!(Token::parse(&text).is_none(), "{name}");
            assert_eq!(Token::hash_of(&text), None, "{name}, hash alone");
        }
    }

    #[test]
    fn a_hash_survives_hex_and_serde() {
        let hash = Token::generate().unwrap().hash();
        assert_eq!(TokenHash::from_hex(&hash.to_hex()), Some(hash));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<TokenHash>(&json).unwrap(), hash);
        assert_eq!(TokenHash::from_hex(&"AB".repeat(32)), None, "upper case");
        assert!(serde_json::from_str::<TokenHash>("\"00\"").is_err(), "short");
    }
}
