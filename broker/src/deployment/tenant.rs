//! One organisation, ready to serve.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use vestibule_certs::signing_key::SigningKey;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::organization::{ConnectionPolicy, Organization};
use vestibule_providers::Provider;

use crate::proxy::IdentityNames;
use crate::store::organizations::ConnectionRow;

/// An organisation with everything that serving it needs.
pub struct Tenant {
    /// Its configuration.
    pub organization: Organization,
    /// Raised with every change of it.
    pub epoch: i64,
    /// Signs what its applications receive.
    pub signing_key: SigningKey,
    /// Every header name that means an identity on its workspaces, whoever sends it.
    pub identity_names: IdentityNames,
    pub(super) connections: HashMap<ConnectionId, ConnectionEntry>,
}

/// A connection with its open provider.
#[derive(Debug, Clone)]
pub struct ConnectionEntry {
    /// Kept from one snapshot to the next while its row stays the same, and with it what it has fetched.
    pub provider: Arc<dyn Provider>,
    pub(super) row: ConnectionRow,
}

impl Tenant {
    /// The provider of one of its connections.
    #[must_use]
    pub fn provider(&self, id: ConnectionId) -> Option<&Arc<dyn Provider>> {
        self.connections.get(&id).map(|entry| &entry.provider)
    }

    /// The connection by which its workspaces are entered.
    #[must_use]
    pub fn method(&self) -> Option<&ConnectionPolicy> {
        let name = self.organization.workspace.authentication.as_ref()?;
        self.organization.connection_named(name)
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant")
            .field("slug", &self.organization.slug)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
