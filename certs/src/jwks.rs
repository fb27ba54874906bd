//! Key sets: foreign ones as they arrive (RFC 7517 §5), and our own as we publish it.
//! A foreign set is bounded before it is read, its unusable keys are listed rather than hidden, and a token's `kid` only
//! ever looks a key up in it, byte by byte (RFC 8725 §3.10, JWT-04).

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::jwk;
use crate::strict_json::{self, Caps, StrictJsonFault};

pub use crate::algorithm::SigningAlgorithm;
pub use crate::jwk::{IgnoredReason, KID_LIMIT, VerificationKey};

/// Most keys in one set.
pub const KEY_LIMIT: usize = 100;
/// Most keys that are tried for one token (JWT-04, OIDC-RP-07).
pub const TRY_LIMIT: usize = 4;

/// Room for a hundred keys with certificate chains.
const CAPS: Caps = Caps { bytes: 256 * 1024, depth: 16, members: 4096 };

/// Why a whole set was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeySetFault {
    /// Not JSON that we read: too large, too deep, or with duplicate members.
    #[error("the key set is not acceptable JSON: {0}")]
    Json(#[from] StrictJsonFault),
    /// No object with an array `keys`.
    #[error("the key set has no array `keys`")]
    NoKeys,
    /// More than [`KEY_LIMIT`].
    #[error("the key set has more than {KEY_LIMIT} keys")]
    TooManyKeys,
}

/// A key that is not used, for the operator to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredKey {
    /// Its name, if it has a usable one.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub reason: IgnoredReason,
}

/// The keys of an identity provider.
#[derive(Debug, Clone)]
pub struct RemoteKeySet {
    keys: Vec<VerificationKey>,
    /// The keys that are not used, in the order of the set.
    pub ignored: Vec<IgnoredKey>,
}

impl RemoteKeySet {
    /// Reads a key set. A set without a usable key is not a fault; it verifies nothing.
    ///
    /// # Errors
    /// [`KeySetFault`] when the set as a whole cannot be trusted to say what it says.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetFault> {
        let document = strict_json::parse(bytes, CAPS)?;
        let elements = document.get("keys").and_then(Value::as_array).ok_or(KeySetFault::NoKeys)?;
        if elements.len() > KEY_LIMIT {
            return Err(KeySetFault::TooManyKeys);
        }
        let mut set = Self { keys: Vec::with_capacity(elements.len()), ignored: Vec::new() };
        for element in elements {
            match jwk::read(element) {
                Ok(key) => set.keys.push(key),
                Err(reason) => set.ignored.push(IgnoredKey { kid: jwk::kid_of(element), reason }),
            }
        }
        Ok(set)
    }

    /// The usable keys.
    #[must_use]
    pub fn keys(&self) -> &[VerificationKey] {
        &self.keys
    }

    /// The keys to try for a token, at most [`TRY_LIMIT`]. A token that names a key gets the keys of exactly that name;
    /// one that names none gets all that fit its algorithm, or none at all when they are too many
    /// (OIDC-RP-06, OIDC-RP-07).
    #[must_use]
    pub fn candidates(&self, kid: Option<&str>, alg: SigningAlgorithm) -> Vec<&VerificationKey> {
        let fitting = self.keys.iter().filter(|key| key.algorithms.contains(&alg));
        if kid.is_some() {
            return fitting.filter(|key| key.kid.as_deref() == kid).take(TRY_LIMIT).collect();
        }
        let all: Vec<_> = fitting.take(TRY_LIMIT + 1).collect();
        if all.len() > TRY_LIMIT { Vec::new() } else { all }
    }
}

/// A public key of ours, as it is published (RFC 7517 §4, RFC 7518 §6.2.1). Only ES256 keys exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicJwk {
    /// `EC`.
    pub kty: &'static str,
    /// `P-256`.
    pub crv: &'static str,
    /// Horizontal coordinate, base64url.
    pub x: String,
    /// Vertical coordinate, base64url.
    pub y: String,
    /// The thumbprint of RFC 7638.
    pub kid: String,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// `ES256`.
    pub alg: &'static str,
}

/// Our own key set: the next, the current and the last key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicJwkSet {
    /// The keys, in the order in which they are published.
    pub keys: Vec<PublicJwk>,
}

#[cfg(test)]
mod tests;
