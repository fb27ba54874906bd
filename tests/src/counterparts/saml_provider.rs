//! What the SAML identity providers have in common once they run.

use super::served::Served;
use super::{CounterpartError, KeyPair};

/// A running identity provider with keys of its own, which knows one service provider. It ends when this is dropped.
#[derive(Debug)]
pub struct SamlProvider {
    pub(super) served: Served,
    pub(super) entity_id: String,
    pub(super) metadata_path: &'static str,
    pub(super) key: KeyPair,
}

impl SamlProvider {
    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.served.place().origin()
    }

    /// Its entity ID.
    #[must_use]
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where it serves its metadata.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("{}{}", self.origin(), self.metadata_path)
    }

    /// Its metadata, as it serves it.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn metadata(&self) -> Result<String, CounterpartError> {
        self.served.shown(&self.metadata_url()).await
    }

    /// The key that it signs with, and the certificate: what it says, a test may say in its place.
    #[must_use]
    pub const fn key(&self) -> &KeyPair {
        &self.key
    }
}
