//! A sandbox password: 100 bits in four groups that a person can type from one window into another.

use std::fmt;

use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// 32 signs of five bits each, without those that look alike (`l`, `o`, `0`, `1`).
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUP: usize = 5;
const LENGTH: usize = 20;

/// Like `k7m2x-qhd3e-…`. Its `Debug` keeps the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    pub(in crate::sandbox) fn derive(seed: &hmac::Key, username: &str) -> Self {
        let tag = hmac::sign(seed, format!("password {username}").as_bytes());
        let mut text = String::with_capacity(LENGTH + LENGTH / GROUP);
        for (place, byte) in tag.as_ref().iter().take(LENGTH).enumerate() {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            let sign = ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'a');
            text.push(char::from(sign));
        }
        Self(text)
    }

    /// The secret itself, for the demo's list of accounts and for forms.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn matches(&self, typed: &str) -> bool {
        self.0.as_bytes().ct_eq(typed.as_bytes()).into()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}
