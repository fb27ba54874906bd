//! What this server knows of every organisation, in memory: one immutable snapshot, replaced when the feed says so.

mod follow;
mod load;
pub mod metadata;
mod tenant;

pub use self::follow::{Freshness, follow};
pub(crate) use self::load::signing_key_binding;
pub use self::load::{LoadError, Loader};
pub use self::tenant::{ConnectionEntry, Tenant};

use std::collections::HashMap;
use std::sync::Arc;

use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::name::{HostName, Slug};
use vestibule_policies::organization::ConnectionPolicy;

use crate::store::organizations::ConnectionRow;

/// Every organisation, found by whatever a request names it with.
#[derive(Debug, Default)]
pub struct Deployment {
    tenants: HashMap<OrganizationId, Arc<Tenant>>,
    by_host: HashMap<HostName, OrganizationId>,
    by_slug: HashMap<Slug, OrganizationId>,
    by_connection: HashMap<ConnectionId, OrganizationId>,
    /// Connections whose provider may begin a sign-in; few have one.
    unsolicited: Vec<(OrganizationId, ConnectionId)>,
    /// Connections whose provider is described at an address.
    fetched: Vec<(OrganizationId, ConnectionId)>,
}

fn is_fetched(row: &ConnectionRow) -> bool {
    crate::store::metadata::source_of(&row.document.provider).is_some()
}

impl Deployment {
    fn new(tenants: HashMap<OrganizationId, Arc<Tenant>>) -> Self {
        let mut deployment = Self { tenants, ..Self::default() };
        for (id, tenant) in &deployment.tenants {
            deployment.by_slug.insert(tenant.organization.slug.clone(), *id);
            deployment.by_host.extend(tenant.organization.workspaces.iter().map(|host| (host.clone(), *id)));
            deployment.by_connection.extend(tenant.organization.connections.iter().map(|one| (one.id, *id)));
            let fetched = tenant.connections.values().filter(|entry| is_fetched(&entry.row));
            deployment.fetched.extend(fetched.map(|entry| (*id, entry.row.id)));
            deployment.unsolicited.extend(tenant.taking_unsolicited().map(|connection| (*id, connection)));
        }
        deployment
    }

    /// The organisation itself.
    #[must_use]
    pub fn tenant(&self, id: OrganizationId) -> Option<&Arc<Tenant>> {
        self.tenants.get(&id)
    }

    /// The organisation whose workspace this host is.
    #[must_use]
    pub fn by_host(&self, host: &HostName) -> Option<&Arc<Tenant>> {
        self.tenant(*self.by_host.get(host)?)
    }

    /// The organisation with that slug.
    #[must_use]
    pub fn by_slug(&self, slug: &Slug) -> Option<&Arc<Tenant>> {
        self.tenant(*self.by_slug.get(slug)?)
    }

    /// The organisation that has this connection.
    #[must_use]
    pub fn by_connection(&self, id: ConnectionId) -> Option<&Arc<Tenant>> {
        self.tenant(*self.by_connection.get(&id)?)
    }

    /// Every connection whose provider may begin a sign-in.
    pub fn taking_unsolicited(&self) -> impl Iterator<Item = (&Arc<Tenant>, &ConnectionPolicy)> {
        self.unsolicited.iter().filter_map(|(organization, connection)| {
            let tenant = self.tenant(*organization)?;
            Some((tenant, tenant.organization.connection(*connection)?))
        })
    }

    /// What stands in the store of every connection whose provider is described at an address.
    pub(crate) fn fetched_connections(&self) -> impl Iterator<Item = (OrganizationId, &ConnectionRow)> {
        self.fetched.iter().filter_map(|(organization, connection)| {
            Some((*organization, self.tenant(*organization)?.connection_row(*connection)?))
        })
    }

    /// All of them, by slug.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        let mut tenants: Vec<_> = self.tenants.values().collect();
        tenants.sort_by(|a, b| a.organization.slug.cmp(&b.organization.slug));
        tenants.into_iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tenants.len()
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tenants.is_empty()
    }
}
