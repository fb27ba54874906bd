//! Values that must not be seen: no `Display`, no `Serialize`, a `Debug` that tells nothing, memory wiped on drop.
//! Comparison of secrets is constant in time, so that an answer's delay tells nobody how far a guess was right.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, Zeroizing};

/// A secret text, such as a client secret. Read it with [`Secret::expose`], where a reviewer can see it.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one call that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// `N` secret bytes, such as a key.
pub struct SecretBytes<const N: usize>([u8; N]);

impl<const N: usize> SecretBytes<N> {
    /// Takes the bytes over. Arrays are copied when moved: build the value where the bytes are made.
    #[must_use]
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the one call that needs them.
    #[must_use]
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Drop for SecretBytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing() {
        let secret = Secret::new("correct horse".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(secret.expose(), "correct horse");
        assert_eq!(format!("{:?}", SecretBytes::new([7; 4])), "SecretBytes(..)");
    }

    #[test]
    fn comparison_sees_every_difference() {
        let rows = [
            ("equal", &b"abcd"[..], &b"abcd"[..], true),
            ("last byte", b"abcd", b"abce", false),
            ("first byte", b"abcd", b"bbcd", false),
            ("prefix", b"abcd", b"abc", false),
            ("both empty", b"", b"", true),
        ];
        for (name, a, b, expected) in rows {
            assert_eq!(same(a, b), expected, "{name}");
        }
    }
}
