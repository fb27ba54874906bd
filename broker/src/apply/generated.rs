//! What the broker makes for a connection whose provider takes our id and secret (GW-03, GW-05).

use std::fmt;

use serde::Serialize;
use vestibule_certs::encoding::base64url;
use vestibule_certs::random;
use vestibule_policies::name::{ConnectionName, Slug};

use crate::store::organizations::ConnectionSecrets;

use super::MergeError;

/// A client id and its secret. A Gateway's profile takes at most 127 and 239 characters (annex c.9).
#[derive(Clone, Default)]
pub(crate) struct ClientPair {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl ClientPair {
    /// A new one: 128 random bits, and 256.
    pub(crate) fn make() -> Result<Self, MergeError> {
        let internal = |error: random::RandomFailed| MergeError::Internal(error.to_string());
        let (id, secret) =
            (random::bytes::<16>().map_err(internal)?, random::bytes::<32>().map_err(internal)?);
        Ok(Self { id: format!("vestibule-{}", base64url(&id)), secret: base64url(&secret) })
    }

    /// The one that was made before.
    pub(crate) fn of(stored: &ConnectionSecrets) -> Option<Self> {
        let pair = Self { id: stored.client_id.clone(), secret: stored.client_secret.clone() };
        (!pair.id.is_empty() && !pair.secret.is_empty()).then_some(pair)
    }
}

/// What a run made, shown once.
#[derive(Serialize)]
pub struct Generated {
    /// The organisation's slug.
    pub organization: String,
    /// The connection's name.
    pub connection: String,
    pub client_id: String,
    pub client_secret: String,
}

impl Generated {
    pub(super) fn of(organization: &Slug, connection: &ConnectionName, pair: ClientPair) -> Self {
        Self {
            organization: organization.to_string(),
            connection: connection.to_string(),
            client_id: pair.id,
            client_secret: pair.secret,
        }
    }
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, connection, client_id, client_secret: _ } = self;
        let mut debug = f.debug_struct("Generated");
        debug
            .field("organization", organization)
            .field("connection", connection)
            .field("client_id", client_id);
        debug.finish_non_exhaustive()
    }
}
