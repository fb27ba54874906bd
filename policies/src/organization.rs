//! The organisation as decisions see it: its hosts, limits, directories, connections and workspace. No secrets.

mod administrators;
mod connection;
mod route;

use serde::{Deserialize, Serialize};

use crate::{
    Audience, CanonicalPath, ConnectionId, ConnectionName, Directory, Edition, GroupId, HostName, Limits,
    OrganizationId, Slug,
};

pub use administrators::{AdministratorGroup, Membership, ProviderAdministrator};
pub use connection::ConnectionPolicy;
pub use route::{Access, HeaderNames, HeaderRule, Route, RoutePath};

/// One organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// For ever.
    pub id: OrganizationId,
    /// Its short name, unique in the deployment.
    pub slug: Slug,
    /// Its name for display.
    pub name: String,
    /// The preset it started from.
    pub edition: Edition,
    /// The hosts of its workspace.
    pub workspaces: Vec<HostName>,
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// Its directories.
    pub directories: Vec<Directory>,
    /// What subscribers find.
    pub workspace: Workspace,
    /// The ways in.
    pub connections: Vec<ConnectionPolicy>,
    /// The connection by which administrators may come beside the built-in identity (AAD-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrator_sign_in: Option<ConnectionName>,
    /// Who runs it, at the built-in identity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub administrators: Vec<Membership>,
    /// Who else does, by a connection.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provider_administrators: Vec<ProviderAdministrator>,
    /// Whose members do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub administrator_groups: Vec<AdministratorGroup>,
}

/// The limits of both audiences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPolicy {
    /// Of the console.
    pub administrator: Limits,
    /// Of the workspace.
    pub subscriber: Limits,
}

impl SessionPolicy {
    /// The limits of one audience.
    #[must_use]
    pub const fn of(&self, audience: Audience) -> Limits {
        match audience {
            Audience::Subscriber => self.subscriber,
            Audience::Administrator => self.administrator,
        }
    }
}

/// The workspace: by which connection subscribers come, who of them, and to what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// The one connection that is the method of sign-in (PRV-16); `None` lets nobody in.
    pub authentication: Option<ConnectionName>,
    /// Only members of one of these; empty admits everyone whom the connection lets in.
    pub admit_groups: Vec<GroupId>,
    /// The applications.
    pub routes: Vec<Route>,
}

impl Organization {
    /// The connection with this identifier.
    #[must_use]
    pub fn connection(&self, id: ConnectionId) -> Option<&ConnectionPolicy> {
        self.connections.iter().find(|connection| connection.id == id)
    }

    /// The connection with this name.
    #[must_use]
    pub fn connection_named(&self, name: &ConnectionName) -> Option<&ConnectionPolicy> {
        self.connections.iter().find(|connection| connection.name == *name)
    }

    /// Whether the host is one of its workspaces.
    #[must_use]
    pub fn serves(&self, host: &HostName) -> bool {
        self.workspaces.contains(host)
    }
}

impl Workspace {
    /// The route with the longest prefix, on whole segments; `None` is "not found", never open by default.
    #[must_use]
    pub fn route(&self, path: &CanonicalPath) -> Option<&Route> {
        self.routes
            .iter()
            .filter(|route| route.path.covers(path))
            .max_by_key(|route| route.path.as_str().len())
    }
}

#[cfg(test)]
mod tests;
