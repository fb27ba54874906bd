//! One organisation, ready to serve.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use vestibule_certs::signing_key::SigningKey;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::organization::{ConnectionPolicy, Organization};
use vestibule_providers::Provider;
use vestibule_providers::config::ProviderConfig;

use crate::config::Server;
use crate::proxy::IdentityNames;
use crate::signin::saml;
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

    /// What stands in the store of one of its connections.
    #[must_use]
    pub fn connection_row(&self, id: ConnectionId) -> Option<&ConnectionRow> {
        self.connections.get(&id).map(|entry| &entry.row)
    }

    /// Its connections whose provider may begin a sign-in.
    pub(super) fn taking_unsolicited(&self) -> impl Iterator<Item = ConnectionId> {
        self.connections.iter().filter_map(|(id, entry)| match &entry.row.document.provider {
            ProviderConfig::Saml(saml) if saml.idp_initiated => Some(*id),
            ProviderConfig::Saml(_)
            | ProviderConfig::Oidc(_)
            | ProviderConfig::Okta(_)
            | ProviderConfig::AzureAd(_)
            | ProviderConfig::Gateway(_)
            | ProviderConfig::ActiveDirectory(_)
            | ProviderConfig::ActiveDirectoryToken(_) => None,
        })
    }

    /// Our entity id at a connection's provider.
    #[must_use]
    pub fn entity_id(&self, server: &Server, id: ConnectionId) -> String {
        let provider = self.connection_row(id).map(|row| &row.document.provider);
        let scoped = matches!(provider, Some(ProviderConfig::Saml(saml)) if saml.scoped_entity_id);
        saml::entity_id(server, scoped.then_some(self.organization.id))
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
