//! `vestibule apply`: makes organisations as their manifests say, all of them or none (interface 1, 5).
//!
//! A section that is there is owned by the file; one that is absent is left as it stands. No network call is made.

mod administrators;
pub(crate) mod change;
mod generated;
mod merge;

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::edition::KindName;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::HostName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::ProviderConfig;

use crate::config::{Fault, FaultCode, Faults, Manifest, Place, Server};
use crate::http::route::{AccountsRoute, SamlRoute};
use crate::service_provider;
use crate::signin::{callback, saml};
use crate::signout::onward;
use crate::store::organizations::{self, OrganizationRow};
use crate::store::{Store, StoreError};

pub use self::change::Change;
pub(crate) use self::generated::ClientPair;
pub use self::generated::Generated;
pub(crate) use self::merge::merge;
pub(crate) use self::merge::{MergeError, Merged, judged, with_connection};

/// What an apply did, or would do.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Nothing, when the same files are applied again.
    pub changes: Vec<Change>,
    /// For every connection, what its provider has to be told.
    pub connections: Vec<ConnectionAddresses>,
    /// Where people begin, for every host of every organisation.
    pub workspaces: Vec<WorkspaceAddress>,
    /// What this run made, which is shown once: of a dry run nothing.
    pub generated: Vec<Generated>,
}

/// The address that people open.
#[derive(Debug, Serialize)]
pub struct WorkspaceAddress {
    pub organization: String,
    pub address: String,
}

/// What a connection's provider has to be told.
#[derive(Debug, Serialize)]
pub struct ConnectionAddresses {
    pub organization: String,
    pub name: String,
    pub kind: &'static str,
    pub id: String,
    pub addresses: Addresses,
}

/// Our addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Addresses {
    /// Of an OpenID provider's client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// Where the provider may send the browser after a sign-out (OKT-04).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign_out_redirect_uris: Vec<String>,
    /// Where an OpenID provider posts logout tokens (Back-Channel Logout 1.0 §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_channel_logout_uri: Option<String>,
    /// What an OpenID provider frames when somebody signs out there (Front-Channel Logout 1.0 §2); none of a Citrix Gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front_channel_logout_uri: Option<String>,
    /// Of a SAML provider's party (SML-04).
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub service_provider: Option<ServiceProviderAddresses>,
}

/// What a SAML provider has to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceProviderAddresses {
    pub entity_id: String,
    pub acs: String,
    pub logout: String,
    pub metadata: String,
}

impl ConnectionAddresses {
    /// What only a real run makes must not be registered with anybody.
    fn hide_id(&mut self) {
        const LATER: &str = "(made by apply)";
        let Addresses { redirect_uri, back_channel_logout_uri, front_channel_logout_uri, .. } =
            &mut self.addresses;
        for uri in [redirect_uri, back_channel_logout_uri, front_channel_logout_uri].into_iter().flatten() {
            *uri = uri.replace(&self.id, LATER);
        }
        LATER.clone_into(&mut self.id);
    }
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Faults(#[from] Faults),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Internal(String),
}

/// Whether anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Write,
    /// It is only said what would be.
    DryRun,
}

/// The deployment that manifests are applied to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub store: &'a Store,
    pub keys: &'a KeyRing,
    pub server: &'a Server,
}

/// Applies manifests that were read without fault.
///
/// # Errors
/// Every fault that only the store can tell, or the store's own.
pub async fn apply(
    target: Target<'_>,
    manifests: Vec<Manifest>,
    now: Timestamp,
    mode: Mode,
) -> Result<Outcome, ApplyError> {
    let hosts = organizations::hosts(target.store.readers()).await?.into_iter().collect();
    let mut plan = Plan::default();
    for manifest in manifests {
        plan.add(target, manifest, &hosts, now).await?;
    }
    let Plan { faults, rows, mut changes, known, mut generated } = plan;
    if !faults.is_empty() {
        return Err(Faults::from(faults).into());
    }
    let mut connections: Vec<_> = rows.iter().flat_map(|row| addresses(target.server, row)).collect();
    let workspaces = rows.iter().flat_map(|row| workspaces(target.server, row)).collect();
    if mode == Mode::DryRun {
        connections.iter_mut().filter(|one| !known.contains(&one.id)).for_each(ConnectionAddresses::hide_id);
        generated.clear();
    }
    let changed: Vec<_> =
        rows.into_iter().filter(|row| changes.iter().any(|change| change.is_of(row))).collect();
    if mode == Mode::Write && !changed.is_empty() {
        if changed.iter().any(has_saml) {
            service_provider::ensure(target.store, target.keys, now).await?;
        }
        target.store.write(move |transaction| Box::pin(save(transaction, changed, now))).await?;
    }
    changes.sort();
    Ok(Outcome { changes, connections, workspaces, generated })
}

fn workspaces(server: &Server, row: &OrganizationRow) -> Vec<WorkspaceAddress> {
    let organization = &row.organization;
    let each = organization.workspaces.iter().map(|host| WorkspaceAddress {
        organization: organization.slug.to_string(),
        address: onward::back(server, host),
    });
    each.collect()
}

pub(crate) fn has_saml(row: &OrganizationRow) -> bool {
    row.connections.iter().any(|one| matches!(one.document.provider, ProviderConfig::Saml(_)))
}

async fn save(
    transaction: &mut crate::store::Transaction,
    rows: Vec<OrganizationRow>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for row in &rows {
        organizations::save(transaction, row, now).await?;
    }
    Ok(())
}

#[derive(Default)]
struct Plan {
    faults: Vec<Fault>,
    rows: Vec<OrganizationRow>,
    changes: Vec<Change>,
    /// Ids of connections that stand already.
    known: HashSet<String>,
    generated: Vec<Generated>,
}

impl Plan {
    async fn add(
        &mut self,
        target: Target<'_>,
        manifest: Manifest,
        hosts: &HashMap<String, OrganizationId>,
        now: Timestamp,
    ) -> Result<(), ApplyError> {
        let before = organizations::by_slug(target.store.readers(), &manifest.slug).await?;
        let standing = before.iter().flat_map(|row| &row.connections);
        self.known.extend(standing.map(|one| one.id.to_string()));
        self.faults.extend(taken_hosts(&manifest, before.as_ref(), hosts));
        match merge(manifest, before.as_ref(), target.keys, now) {
            Ok(Merged { row, generated }) => {
                self.generated.extend(generated);
                self.changes.extend(change::between(before.as_ref(), &row));
                self.rows.push(row);
                Ok(())
            }
            Err(MergeError::Faults(faults)) => {
                self.faults.extend(faults);
                Ok(())
            }
            Err(MergeError::Internal(reason)) => Err(ApplyError::Internal(reason)),
        }
    }
}

/// A host belongs to one organisation; the first one keeps it.
fn taken_hosts(
    manifest: &Manifest,
    before: Option<&OrganizationRow>,
    hosts: &HashMap<String, OrganizationId>,
) -> Vec<Fault> {
    let own = before.map(|row| row.organization.id);
    let taken = |host: &&HostName| hosts.get(host.as_str()).is_some_and(|owner| Some(*owner) != own);
    let fault = |host: &HostName| Fault {
        place: Place { file: manifest.file.clone(), line: 0, key: "organization.workspaces".to_owned() },
        code: FaultCode::Invalid,
        message: format!("{host} belongs to another organisation"),
    };
    manifest.workspaces.iter().filter(taken).map(fault).collect()
}

fn addresses(server: &Server, row: &OrganizationRow) -> Vec<ConnectionAddresses> {
    let organization = &row.organization;
    let one = |connection: &ConnectionPolicy| ConnectionAddresses {
        organization: organization.slug.to_string(),
        name: connection.name.to_string(),
        kind: connection.kind.as_str(),
        id: connection.id.to_string(),
        addresses: addresses_of(server, row, connection),
    };
    organization.connections.iter().map(one).collect()
}

pub(crate) fn addresses_of(
    server: &Server,
    row: &OrganizationRow,
    connection: &ConnectionPolicy,
) -> Addresses {
    let organization = &row.organization;
    let document = row.connections.iter().find(|one| one.id == connection.id).map(|one| &one.document);
    if let Some(ProviderConfig::Saml(saml)) = document.map(|document| &document.provider) {
        let owner = saml.scoped_entity_id.then_some(organization.id);
        return Addresses {
            service_provider: Some(ServiceProviderAddresses {
                entity_id: saml::entity_id(server, owner),
                acs: saml::address(server, SamlRoute::Acs),
                logout: saml::address(server, SamlRoute::LogoutCallback),
                metadata: saml::metadata_address(server, owner),
            }),
            ..Addresses::default()
        };
    }
    // Nobody answers there: a directory is asked, and is told nothing of us.
    if connection.is_directory() {
        return Addresses::default();
    }
    let ours = |route: AccountsRoute| format!("{}{}", server.origin(server.accounts()), route.path());
    let names_sessions = connection.kind != KindName::Gateway;
    Addresses {
        redirect_uri: Some(callback::redirect_uri(server, connection)),
        back_channel_logout_uri: Some(ours(AccountsRoute::BackChannelLogout(connection.id))),
        front_channel_logout_uri: names_sessions
            .then(|| ours(AccountsRoute::FrontChannelLogout(connection.id))),
        sign_out_redirect_uris: workspaces(server, row).into_iter().map(|one| one.address).collect(),
        service_provider: None,
    }
}
