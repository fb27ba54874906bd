//! A password as somebody typed it, in the one form in which it is judged, hashed and looked up.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The most that is looked at, in bytes: four times what the longest preset takes in characters, at four bytes each. More
/// is refused before anything is done with it (ASVS 15.2.2).
pub const LONGEST_BYTES: usize = 1024;

/// More than [`LONGEST_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password is longer than {LONGEST_BYTES} bytes")]
pub struct TooLarge;

/// What somebody typed as a password, in NFC. Nothing is cut and nothing trimmed: a space is a character like any other
/// (NIST SP 800-63B-4 §3.1.1.2).
#[derive(PartialEq, Eq)]
pub struct Candidate(Zeroizing<String>);

impl Candidate {
    /// Normalises a text to NFC, so that `é` is the same password from every keyboard. At most [`LONGEST_BYTES`]; an empty
    /// one is no password of anybody's, and is judged too short.
    ///
    /// # Errors
    /// [`TooLarge`], before anything is normalised.
    pub fn read(text: &str) -> Result<Self, TooLarge> {
        if text.len() > LONGEST_BYTES {
            return Err(TooLarge);
        }
        // NFC makes a text three times as long at most (UAX #15, "Maximum Expansion Factor"); a string that had to grow
        // would leave copies of the password behind.
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
        normal.extend(text.nfc());
        Ok(Self(normal))
    }

    /// What is hashed and looked up.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Its length as it is counted: each code point is one character (NIST SP 800-63B-4 §3.1.1.2).
    #[must_use]
    pub fn characters(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate(..)")
    }
}
