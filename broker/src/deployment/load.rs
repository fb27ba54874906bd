//! From rows to tenants.

use std::collections::HashMap;
use std::sync::Arc;

use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::Secret;
use vestibule_certs::signing_key::SigningKey;
use vestibule_certs::trust::Trust;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::{Directory, DirectoryAuthority};
use vestibule_providers::config::ProviderConfig;
use vestibule_providers::ports::Http;
use vestibule_providers::saml::service_provider::ServiceProviderKeys;
use vestibule_providers::{BrowserEndpoints, DomainEquipment, Equipment, Provider};

use crate::clock::Clock;
use crate::outbound::Outbound;
use crate::proxy::IdentityNames;
use crate::service_provider;
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
    pub service_provider: service_provider::Keys,
    pub clock: Arc<dyn Clock>,
    /// Where providers may send browsers; no configuration can say it.
    pub browsers: BrowserEndpoints,
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
            Ok(None) => Ok(Ok(None)),
            Ok(Some(row)) => Ok(self.tenant(row, before).await.map(|tenant| Some(Arc::new(tenant)))),
        }
    }

    async fn tenant(&self, row: OrganizationRow, before: Option<&Arc<Tenant>>) -> Result<Tenant, LoadError> {
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
            // A directory's domains are told apart by SIDs that stand beside the connections.
            let kept = before
                .filter(|tenant| tenant.organization.directories == organization.directories)
                .and_then(|tenant| tenant.connections.get(&connection.id));
            let entry = match kept.filter(|entry| entry.row == connection) {
                Some(entry) => entry.clone(),
                None => self.open(connection, &organization.directories).await.map_err(unusable)?,
            };
            connections.insert(entry.row.id, entry);
        }
        let identity_names =
            IdentityNames::of(&organization.workspace.routes).map_err(|fault| unusable(fault.to_string()))?;
        Ok(Tenant { identity_names, epoch: row.epoch, signing_key, connections, organization })
    }

    async fn open(&self, row: ConnectionRow, directories: &[Directory]) -> Result<ConnectionEntry, String> {
        let secrets = self.secrets(&row)?;
        let domains = self.domains(&row, &secrets, directories)?;
        let http = self.client(&row)?;
        let equipment = Equipment {
            client_id: secrets.client_id,
            client_secret: Secret::new(secrets.client_secret),
            api_token: secrets.api_token.map(Secret::new),
            browsers: self.browsers,
            http,
            metadata: row.metadata.clone(),
            service_provider: self.service_provider_of(&row.document.provider).await?,
            domains,
        };
        let provider = vestibule_providers::open(&row.document.provider, equipment)
            .map_err(|error| format!("connection {}: {error}", row.name))?;
        Ok(ConnectionEntry { provider, row })
    }

    /// The provider of a connection as its row says, for a look outside a snapshot.
    ///
    /// # Errors
    /// When the row cannot be used.
    pub async fn provider_of(
        &self,
        row: ConnectionRow,
        directories: &[Directory],
    ) -> Result<Arc<dyn Provider>, String> {
        self.open(row, directories).await.map(|entry| entry.provider)
    }

    /// What each domain of a directory needs.
    fn domains(
        &self,
        row: &ConnectionRow,
        secrets: &ConnectionSecrets,
        directories: &[Directory],
    ) -> Result<Vec<DomainEquipment>, String> {
        let domains = row.document.provider.directory().map_or(&[][..], |directory| &directory.domains);
        let each = domains.iter().map(|domain| {
            let of = |reason: &str| format!("connection {}: domain {}: {reason}", row.name, domain.name);
            let directory = directories.iter().find(|one| one.name == domain.directory);
            let directory = directory.ok_or_else(|| of("its directory is not there"))?;
            let DirectoryAuthority::Domain(domain_sid) = &directory.authority else {
                return Err(of("its directory has no domain_sid"));
            };
            let password = secrets.bind_passwords.get(&domain.password_address());
            let password = password.ok_or_else(|| of("no password is stored for its servers"))?;
            let trust = trusted(domain.trust.as_deref()).map_err(|error| of(&error))?;
            Ok(DomainEquipment {
                domain_sid: domain_sid.clone(),
                upn_suffixes: directory.upn_suffixes.iter().map(|one| one.to_lowercase()).collect(),
                bind_password: Secret::new(password.clone()),
                wire: self.outbound.wire(&trust).map_err(|error| of(&error.to_string()))?,
            })
        });
        each.collect()
    }

    /// Only a SAML connection needs them: they cost a second to make.
    async fn service_provider_of(
        &self,
        provider: &ProviderConfig,
    ) -> Result<Option<Arc<ServiceProviderKeys>>, String> {
        match provider {
            ProviderConfig::Saml(_) => {
                let keys = self.service_provider.get(&self.store, &self.keys, self.clock.now()).await;
                keys.map(Some).map_err(|error| error.to_string())
            }
            ProviderConfig::Oidc(_)
            | ProviderConfig::Okta(_)
            | ProviderConfig::AzureAd(_)
            | ProviderConfig::Gateway(_)
            | ProviderConfig::ActiveDirectory(_)
            | ProviderConfig::ActiveDirectoryToken(_) => Ok(None),
        }
    }

    /// The outbound client of a connection.
    ///
    /// # Errors
    /// When its certificates cannot be used.
    pub fn client(&self, row: &ConnectionRow) -> Result<Arc<dyn Http>, String> {
        let trust = trusted(row.document.trust.as_deref())
            .map_err(|error| format!("connection {}: {error}", row.name))?;
        self.outbound.for_trust(&trust).map_err(|error| format!("connection {}: {error}", row.name))
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

fn trusted(pem: Option<&str>) -> Result<Trust, String> {
    pem.map_or(Ok(Trust::Public), |pem| Trust::from_pem(pem.as_bytes()).map_err(|error| error.to_string()))
}

/// What an organisation's signing key is bound to.
#[must_use]
pub(crate) fn signing_key_binding(id: OrganizationId) -> Vec<u8> {
    format!("signing key {id}").into_bytes()
}
