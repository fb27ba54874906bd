//! What a session knows of its person. In memory in the clear, in the store sealed and bound to its root.

use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::seal::SealError;
use vestibule_policies::claims::Claims;
use vestibule_policies::name::ConnectionName;
use vestibule_providers::step::UpstreamSession;

use crate::store::roots::RootId;

/// Everything that was proved at sign-in; it never changes during the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The one set of claims (CLM-01), each with where it came from.
    pub claims: Claims,
    /// The provider's session.
    pub upstream: UpstreamSession,
    /// The connection's name at that time.
    pub connection: ConnectionName,
    /// The connection's kind.
    pub kind: String,
    /// What applications know the person by: stable in this organisation and meaningless outside.
    pub subject: String,
    /// The organisation's slug, which is part of the issuer.
    pub organization: String,
}

/// Sealed facts that do not open.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    #[error("the facts of a session do not open: {0}")]
    Sealed(#[from] SealError),
    #[error("the facts of a session cannot be read: {0}")]
    Form(#[from] serde_json::Error),
}

impl Facts {
    /// For the store.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn seal(&self, root: RootId, keys: &KeyRing) -> Result<Vec<u8>, FactsError> {
        Ok(keys.sealer(Purpose::Rows).seal(&serde_json::to_vec(self)?, &binding(root))?)
    }

    /// From the store.
    ///
    /// # Errors
    /// When they were sealed for another root, or by a key that is gone.
    pub fn open(sealed: &[u8], root: RootId, keys: &KeyRing) -> Result<Self, FactsError> {
        let opened = keys.sealer(Purpose::Rows).open(sealed, &binding(root))?;
        Ok(serde_json::from_slice(&opened)?)
    }
}

fn binding(root: RootId) -> Vec<u8> {
    format!("root {root}").into_bytes()
}
