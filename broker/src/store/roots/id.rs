//! By which a root is known where its token must not be.

use std::fmt;
use std::str::FromStr;

use vestibule_certs::random::{self, RandomFailed};

/// A root's public id: 128 random bits, which open nothing. Logs and applications know a session by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RootId(u128);

impl RootId {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, RandomFailed> {
        random::bytes::<16>().map(|bytes| Self(u128::from_be_bytes(bytes)))
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// From its 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Display for RootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for RootId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}
