//! What broker and device share, and the two forms in which it is shown once, at registration.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of a secret: RFC 4226 §4 recommends 160 bits, the length of SHA-1.
pub const SECRET_LENGTH: usize = 20;

/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// RFC 3986 §2.3: what stands unencoded everywhere.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret of one device; wiped from memory on drop.
pub struct Secret([u8; SECRET_LENGTH]);

impl Secret {
    /// Takes bytes over: fresh random ones at registration, and those of the store later on. Arrays are copied when
    /// moved: build the value where the bytes are made.
    #[must_use]
    pub const fn new(bytes: [u8; SECRET_LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed for the store.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; SECRET_LENGTH] {
        &self.0
    }

    /// For people who type it: Base32 in groups of four, `GEZD GNBV …`.
    #[must_use]
    pub fn grouped(&self) -> Zeroizing<String> {
        let text = self.base32();
        let mut grouped = Zeroizing::new(String::with_capacity(text.len() / 4 * 5));
        for (at, c) in text.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        grouped
    }

    /// For cameras: the address that an authenticator app reads from a QR code.
    ///
    /// `issuer` and `account` are names for people: apps list the device by them. In the label a colon divides the two
    /// (Key Uri Format of Google Authenticator, "Label"), so neither keeps one of its own.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let [issuer, account] = [issuer, account].map(|name| name.replace(':', " "));
        let issuer = utf8_percent_encode(issuer.trim(), ENCODED);
        let account = utf8_percent_encode(account.trim(), ENCODED);
        let secret = self.base32();
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            *secret
        ))
    }

    /// RFC 4648 §6; 160 bits are 32 letters and need no padding.
    fn base32(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SECRET_LENGTH / 5 * 8));
        for chunk in self.0.chunks(5) {
            let bits = chunk.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
            for place in (0..8).rev() {
                let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
                text.extend(BASE32.get(index).copied().map(char::from));
            }
        }
        text
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
