//! The master key: it lies in a file beside the store and only wraps data keys, so a copied database alone opens nothing.
//! A wrapped key is AES-256-GCM bound to its purpose and id, behind the name of the master key that wrapped it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::digest::sha256;
use crate::purpose::Purpose;
use crate::random::{self, RandomFailed};
use crate::seal::{KeyId, SealError, Sealer, SealingKey};
use crate::secret::{Secret, SecretBytes};

/// The text of a master key is not 32 bytes of canonical base64. The text is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a master key is 32 bytes in base64, 44 characters on one line")]
pub struct MasterKeyFault;

/// Why a data key could not be unwrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnwrapError {
    /// It names another master key.
    #[error("the key was wrapped by another master key")]
    WrongMasterKey,
    /// It names this master key and does not hold.
    #[error("the wrapped key is damaged")]
    Damaged,
}

/// The master key of a deployment.
pub struct MasterKey(SecretBytes<32>);

impl MasterKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`RandomFailed`] when the operating system gives no random bytes.
    pub fn generate() -> Result<Self, RandomFailed> {
        random::bytes().map(|bytes| Self(SecretBytes::new(bytes)))
    }

    /// Reads the content of the key file: 44 characters of base64, with at most one line end after them.
    ///
    /// # Errors
    /// [`MasterKeyFault`] for everything else.
    pub fn from_text(text: &str) -> Result<Self, MasterKeyFault> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        // The length is checked before decoding, so a wrong file is not read into memory twice.
        if line.len() != 44 {
            return Err(MasterKeyFault);
        }
        let bytes = Zeroizing::new(STANDARD.decode(line).map_err(|_| MasterKeyFault)?);
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| MasterKeyFault)?;
        Ok(Self(SecretBytes::new(bytes)))
    }

    /// The content of the key file, without a line end.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        Secret::new(STANDARD.encode(self.0.expose()))
    }

    /// The public name of the key: the first eight hex digits of its SHA-256.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let [a, b, c, d, ..] = sha256(self.0.expose());
        KeyId([a, b, c, d])
    }

    /// Wraps a data key for one purpose and id.
    ///
    /// # Errors
    /// [`SealError::Random`] without a nonce.
    pub fn wrap(&self, purpose: Purpose, id: KeyId, key: &SecretBytes<32>) -> Result<Vec<u8>, SealError> {
        self.sealer(purpose)?.seal(key.expose(), &id.0)
    }

    /// Unwraps what [`MasterKey::wrap`] made for the same purpose and id.
    ///
    /// # Errors
    /// [`UnwrapError`] tells another master key from a damaged row, because their remedies differ.
    pub fn unwrap(
        &self,
        purpose: Purpose,
        id: KeyId,
        wrapped: &[u8],
    ) -> Result<SecretBytes<32>, UnwrapError> {
        let sealer = self.sealer(purpose).map_err(|_| UnwrapError::Damaged)?;
        let opened = sealer.open(wrapped, &id.0).map_err(|fault| match fault {
            SealError::UnknownKey => UnwrapError::WrongMasterKey,
            SealError::TooShort
            | SealError::TooLong
            | SealError::NotText
            | SealError::UnknownVersion
            | SealError::Refused
            | SealError::Random(_) => UnwrapError::Damaged,
        })?;
        let bytes = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| UnwrapError::Damaged)?;
        Ok(SecretBytes::new(bytes))
    }

    fn sealer(&self, purpose: Purpose) -> Result<Sealer, SealError> {
        Ok(Sealer::new(purpose, SealingKey::new(self.id(), self.0.expose())?, Vec::new()))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: KeyId = KeyId([1, 2, 3, 4]);

    #[test]
    fn a_master_key_survives_its_file() {
        let master = MasterKey::generate().unwrap();
        let text = master.to_text();
        for end in ["", "\n", "\r\n"] {
            let read = MasterKey::from_text(&format!("{}{end}", text.expose())).unwrap();
            assert_eq!(read.id(), master.id(), "{end:?}");
        }
        assert_eq!(format!("{master:?}"), format!("MasterKey({})", master.id()));
    }

    #[test]
    fn other_texts_are_refused() {
        let text = MasterKey::generate().unwrap().to_text();
        let text = text.expose();
        let rows = [
            ("empty", String::new()),
            ("two line ends", format!("{text}\n\n")),
            ("space before", format!(" {text}")),
            ("without padding", text.trim_end_matches('=').to_owned()),
            ("31 bytes", STANDARD.encode([0; 31])),
            ("33 bytes", STANDARD.encode([0; 33])),
            ("trailing bits", format!("{}B=", "A".repeat(42))),
            ("base64url", format!("{}_{}=", "A".repeat(20), "A".repeat(22))),
        ];
        for (name, text) in rows {
            assert_eq!(MasterKey::from_text(&text).err(), Some(MasterKeyFault), "{name}");
        }
    }

    #[test]
    fn a_wrapped_key_opens_in_its_place_only() {
        let master = MasterKey::generate().unwrap();
        let wrapped = master.wrap(Purpose::Rows, ID, &SecretBytes::new([9; 32])).unwrap();
        assert_eq!(*master.unwrap(Purpose::Rows, ID, &wrapped).unwrap().expose(), [9; 32]);
        let other = MasterKey::generate().unwrap();
        let mut altered = wrapped.clone();
        altered[20] ^= 1;
        let rows = [
            ("purpose", master.unwrap(Purpose::Audit, ID, &wrapped), UnwrapError::Damaged),
            ("id", master.unwrap(Purpose::Rows, KeyId([1, 2, 3, 5]), &wrapped), UnwrapError::Damaged),
            ("altered", master.unwrap(Purpose::Rows, ID, &altered), UnwrapError::Damaged),
            ("short", master.unwrap(Purpose::Rows, ID, &wrapped[..9]), UnwrapError::Damaged),
            ("master key", other.unwrap(Purpose::Rows, ID, &wrapped), UnwrapError::WrongMasterKey),
        ];
        for (name, result, expected) in rows {
            assert_eq!(result.err(), Some(expected), "{name}");
        }
    }
}
