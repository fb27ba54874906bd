//! `http` or `https`: how browsers reach the broker.

use super::super::reader::{Item, Reported};

/// How browsers reach the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicScheme {
    /// Only while every listener is on loopback.
    Http,
    /// Everywhere else.
    Https,
}

impl PublicScheme {
    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that an address of this scheme leaves out.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    pub(super) fn read(item: &Item<'_>) -> Result<Self, Reported> {
        match item.text()? {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            _ => Err(item.invalid("expected \"https\" or \"http\"")),
        }
    }
}
