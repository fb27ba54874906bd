//! From rows to tenants.

use std::collections::HashMap;
use std::sync::Arc;

use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::Secret;
use vestibule_certs::signing_key::SigningKey;
use vestibule_certs::trust::Trust;
use vestibule_policies::ids::OrganizationId;

use crate::outbound::Outbound;
use crate::proxy::IdentityNames;
use crate::store::organizations::{self, ConnectionRow, ConnectionSecrets, OrganizationRow, binding};
use crate::store::{Store, StoreError};

use super::{ConnectionEntry, Deployment, Tenant};

/// An organisation that cannot be served as it stands in the store.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A sealed value does not open, or is not what it should be.
    #[error("organisation {slug}: {reason}")]
    Unusable { slug: String, reason: String },
}

/// Makes snapshots.
#[derive(Debug, Clone)]
pub struct Loader {
    pub store: Store,
    pub keys: Arc<KeyRing>,
    pub outbound: Outbound,
}

impl Loader {
    /// Every organisation that can be served, and why the others cannot: one that is broken closes its own doors and nobody
    /// else's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(&self) -> Result<(Deployment, Vec<LoadError>), LoadError> {
        let mut tenants = HashMap::new();
        let mut broken = Vec::new();
        for (id, slug) in organizations::ids(self.store.readers()).await? {
            match self.read((id, &slug), None).await? {
                Ok(Some(tenant)) => drop(tenants.insert(id, tenant)),
                Ok(None) => {}
                Err(error) => broken.push(error),
            }
        }
        Ok((Deployment::new(tenants), broken))
    }

    /// The snapshot with these organisations read anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn renewed(
        &self,
        before: &Deployment,
        changed: &[OrganizationId],
    ) -> Result<(Deployment, Vec<LoadError>), LoadError> {
        let mut tenants = before.tenants.clone();
        let mut broken = Vec::new();
        for &id in changed {
            tenants.remove(&id);
            let known = before.tenant(id);
            let slug = known.map_or_else(|| id.to_string(), |tenant| tenant.organization.slug.to_string());
            match self.read((id, &slug), known).await? {
                Ok(Some(tenant)) => drop(tenants.insert(id, tenant)),
                Ok(None) => {}
                Err(error) => broken.push(error),
            }
        }
        Ok((Deployment::new(tenants), broken))
    }

    /// The outer error is the store's, the inner one this organisation's own.
    async fn read(
        &self,
        (id, slug): (OrganizationId, &str),
        before: Option<&Arc<Tenant>>,
    ) -> Result<Result<Option<Arc<Tenant>>, LoadError>, StoreError> {
        match organizations::by_id(self.store.readers(), id).await {
            Err(StoreError::Corrupt(reason)) => {
                Ok(Err(LoadError::Unusable { slug: slug.to_owned(), reason }))
            }
            Err(error) => Err(error),
            Ok(row) => Ok(row.map(|row| self.tenant(row, before).map(Arc::new)).transpose()),
        }
    }

    fn tenant(&self, row: OrganizationRow, before: Option<&Arc<Tenant>>) -> Result<Tenant, LoadError> {
        let organization = row.organization;
        let unusable = |reason: String| LoadError::Unusable { slug: organization.slug.to_string(), reason };
        let signing_key = self
            .keys
            .sealer(Purpose::Rows)
            .open(&row.signing_key, &signing_key_binding(organization.id))
            .map_err(|error| unusable(format!("its signing key does not open: {error}")))?;
        let signing_key =
            SigningKey::from_pkcs8(&signing_key).map_err(|error| unusable(error.to_string()))?;
        let mut connections = HashMap::new();
        for connection in row.connections {
            let kept = before.and_then(|tenant| tenant.connections.get(&connection.id));
            let entry = match kept.filter(|entry| entry.row == connection) {
                Some(entry) => entry.clone(),
                None => self.open(connection).map_err(unusable)?,
            };
            connections.insert(entry.row.id, entry);
        }
        let identity_names =
            IdentityNames::of(&organization.workspace.routes).map_err(|fault| unusable(fault.to_string()))?;
        Ok(Tenant { identity_names, epoch: row.epoch, signing_key, connections, organization })
    }

    fn open(&self, row: ConnectionRow) -> Result<ConnectionEntry, String> {
        let secrets = self.secrets(&row)?;
        let trust = match &row.document.trust {
            Some(pem) => Trust::from_pem(pem.as_bytes())
                .map_err(|error| format!("connection {}: {error}", row.name))?,
            None => Trust::Public,
        };
        let http =
            self.outbound.for_trust(&trust).map_err(|error| format!("connection {}: {error}", row.name))?;
        let provider =
            vestibule_providers::open(&row.document.provider, Secret::new(secrets.client_secret), http);
        Ok(ConnectionEntry { provider, row })
    }

    /// A connection's secrets, opened.
    ///
    /// # Errors
    /// When they were sealed for another address or by another key.
    pub fn secrets(&self, row: &ConnectionRow) -> Result<ConnectionSecrets, String> {
        let opened = self
            .keys
            .sealer(Purpose::Rows)
            .open(&row.secrets, &binding(row.id, &row.document.provider))
            .map_err(|error| format!("the secrets of connection {} do not open: {error}", row.name))?;
        serde_json::from_slice(&opened)
            .map_err(|error| format!("the secrets of connection {}: {error}", row.name))
    }
}

/// What an organisation's signing key is bound to.
#[must_use]
pub(crate) fn signing_key_binding(id: OrganizationId) -> Vec<u8> {
    format!("signing key {id}").into_bytes()
}
