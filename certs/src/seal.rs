//! Sealed values: AES-256-GCM over a plaintext and what it is bound to (NIST SP 800-38D).
//! Layout: version (1 byte, 1) | key id (4) | nonce (12) | ciphertext and tag (16 more than the plaintext).
//! Version, key id and purpose are authenticated with the bound bytes, so no part can be moved elsewhere.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::encoding::{base64url, from_base64url, from_hex, hex};
use crate::purpose::Purpose;
use crate::random::{self, RandomFailed};

/// Bytes that sealing adds.
pub const OVERHEAD: usize = 33;
/// Longest text that [`Sealer::open_text`] looks at.
pub const TEXT_LIMIT: usize = 8 * 1024;

const VERSION: u8 = 1;
const ID_LENGTH: usize = 4;
const TAG_LENGTH: usize = 16;

/// The public name of a data key: four random bytes, written as eight hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; ID_LENGTH]);

impl KeyId {
    /// Eight lower-case digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Reads eight lower-case digits, else `None`.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.to_hex())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// Why a value was not sealed or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Shorter than an empty sealed value.
    #[error("the sealed value is too short")]
    TooShort,
    /// Longer than [`TEXT_LIMIT`] as text.
    #[error("the sealed text is longer than {TEXT_LIMIT} characters")]
    TooLong,
    /// Not canonical base64url.
    #[error("the sealed text is not canonical base64url")]
    NotText,
    /// Made by a version that we do not know.
    #[error("the sealed value has an unknown version")]
    UnknownVersion,
    /// Sealed under a key that is not in the ring; it may have been retired and removed.
    #[error("the sealed value names an unknown key")]
    UnknownKey,
    /// Altered, or bound to something else, or sealed for another purpose. Which of them is not told.
    #[error("the sealed value does not hold")]
    Refused,
    /// No random bytes for the nonce.
    #[error(transparent)]
    Random(#[from] RandomFailed),
}

/// Seals under the current key of one purpose and opens under the current and the retired ones.
/// Nonces are random: a key should be retired before 2^32 values (NIST SP 800-38D §8.3).
pub struct Sealer {
    purpose: Purpose,
    current: SealingKey,
    retired: Vec<SealingKey>,
}

impl Sealer {
    /// A sealer with one key that seals and any number that only open.
    pub(crate) const fn new(purpose: Purpose, current: SealingKey, retired: Vec<SealingKey>) -> Self {
        Self { purpose, current, retired }
    }

    /// Seals `plaintext` bound to `bound`; whoever opens it must present the same `bound`.
    ///
    /// # Errors
    /// [`SealError::Random`] without a nonce.
    pub fn seal(&self, plaintext: &[u8], bound: &[u8]) -> Result<Vec<u8>, SealError> {
        self.current.seal(self.purpose, plaintext, bound)
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// Every [`SealError`] but `TooLong`, `NotText` and `Random`.
    pub fn open(&self, sealed: &[u8], bound: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (header, rest) = sealed.split_first_chunk::<{ 1 + ID_LENGTH }>().ok_or(SealError::TooShort)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::TooShort)?;
        if ciphertext.len() < TAG_LENGTH {
            return Err(SealError::TooShort);
        }
        let [version, id @ ..] = *header;
        if version != VERSION {
            return Err(SealError::UnknownVersion);
        }
        let key = self.key(KeyId(id)).ok_or(SealError::UnknownKey)?;
        key.open(self.purpose, *nonce, ciphertext, bound)
    }

    /// [`Sealer::seal`] as base64url without padding.
    ///
    /// # Errors
    /// As [`Sealer::seal`], and [`SealError::TooLong`] if the text could not be opened again.
    pub fn seal_text(&self, plaintext: &[u8], bound: &[u8]) -> Result<String, SealError> {
        let text = base64url(&self.seal(plaintext, bound)?);
        if text.len() > TEXT_LIMIT { Err(SealError::TooLong) } else { Ok(text) }
    }

    /// Opens what [`Sealer::seal_text`] made. Longer texts are refused unread.
    ///
    /// # Errors
    /// Every [`SealError`] but `Random`.
    pub fn open_text(&self, text: &str, bound: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        if text.len() > TEXT_LIMIT {
            return Err(SealError::TooLong);
        }
        self.open(&from_base64url(text).ok_or(SealError::NotText)?, bound)
    }

    /// The key that seals now; what names another should be sealed anew when it is next written.
    #[must_use]
    pub const fn current(&self) -> KeyId {
        self.current.id
    }

    fn key(&self, id: KeyId) -> Option<&SealingKey> {
        std::iter::once(&self.current).chain(&self.retired).find(|key| key.id == id)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} under {}, {} retired)", self.purpose, self.current.id, self.retired.len())
    }
}

/// One AES-256-GCM key with its name.
pub(crate) struct SealingKey {
    id: KeyId,
    key: LessSafeKey,
}

impl SealingKey {
    /// Prepares a key of 32 bytes.
    ///
    /// # Errors
    /// Never for 32 bytes; the error of the library is passed on as [`SealError::Refused`].
    pub(crate) fn new(id: KeyId, bytes: &[u8; 32]) -> Result<Self, SealError> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::Refused)?;
        Ok(Self { id, key: LessSafeKey::new(key) })
    }

    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        plaintext: &[u8],
        bound: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let nonce = random::bytes::<NONCE_LEN>()?;
        let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD);
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.id.0);
        sealed.extend_from_slice(&nonce);
        let mut content = Zeroizing::new(plaintext.to_vec());
        let tag = self
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                self.associated(purpose, bound),
                &mut content,
            )
            .map_err(|_| SealError::Refused)?;
        sealed.extend_from_slice(&content);
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    pub(crate) fn open(
        &self,
        purpose: Purpose,
        nonce: [u8; NONCE_LEN],
        ciphertext: &[u8],
        bound: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut content = Zeroizing::new(ciphertext.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = self
            .key
            .open_in_place(nonce, self.associated(purpose, bound), &mut content)
            .map_err(|_| SealError::Refused)?
            .len();
        content.truncate(length);
        Ok(content)
    }

    /// Version | key id | length of the purpose | purpose | bound: one reading only, since all before `bound` is fixed.
    fn associated(&self, purpose: Purpose, bound: &[u8]) -> Aad<Vec<u8>> {
        let name = purpose.as_str().as_bytes();
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.id.0);
        bytes.extend_from_slice(&(name.len() as u64).to_be_bytes());
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(bound);
        Aad::from(bytes)
    }
}

#[cfg(test)]
mod tests;
