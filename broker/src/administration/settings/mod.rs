//! Connections and workspaces as their own administrators see them: the keys of a manifest, as JSON that can be sent back unchanged.
//! A secret is never among them: `{ "stored": "…" }` says that there is one.

mod connection;
mod directories;
mod directory;
mod saml;
mod workspace;

use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;
use vestibule_policies::Limits;
use vestibule_policies::limits::write_duration;

pub use self::connection::{ConnectionSettings, Kind};
pub use self::directories::DeclaredDirectory;
pub use self::workspace::{WorkspaceChange, WorkspaceSettings};

/// A secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SecretShown {
    /// There is one, which is kept as long as it goes to the same address.
    Stored {
        /// For people; it is not compared.
        stored: String,
    },
    /// The secret itself, in what is sent alone.
    Given(String),
}

impl SecretShown {
    /// There is one.
    #[must_use]
    pub fn stored() -> Self {
        Self::Stored { stored: "…".to_owned() }
    }
}

/// Certificates that are trusted, and no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pem {
    /// PEM.
    pub pem: String,
}

/// How long sessions live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LimitsShown {
    /// Longest time without activity: a whole number with s, m, h or d; or `off`.
    pub idle: String,
    /// Longest time since the sign-in.
    pub maximum: String,
}

impl From<Limits> for LimitsShown {
    fn from(limits: Limits) -> Self {
        Self {
            idle: limits.idle.map_or_else(|| "off".to_owned(), write_duration),
            maximum: write_duration(limits.maximum),
        }
    }
}

#[cfg(test)]
mod tests;

fn written_millis(millis: u64) -> String {
    write_duration(Duration::from_millis(millis))
}
