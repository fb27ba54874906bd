//! Every way in which an operator can close a door on somebody who is already in.
//!
//! This is the list that the tests of the whole product walk: for each switch, on each path that serves a session, a
//! live session must end. A new clause of admission needs a switch here.

use crate::{
    Audience, ClaimName, ConnectionName, ConnectionPolicy, Directory, DirectoryAuthority, DirectoryName,
    DomainSid, GroupId, KindName, Organization,
};

/// One change of an organisation that must end sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Switch {
    /// The workspace's hosts are taken away.
    RemoveHost,
    /// The connections are removed.
    RemoveConnection,
    /// The connections are switched off.
    SwitchOff,
    /// Each connection keeps its name and trusts another authority.
    ReplaceConnection,
    /// Each connection becomes of a kind that serves no subscribers.
    ChangeKind,
    /// Another connection becomes the workspace's method.
    ChangeMethod,
    /// The workspace has no method any more.
    ClearMethod,
    /// Each connection demands an e-mail address; ends those who came without one.
    RequireClaim,
    /// Each connection speaks for no directory any more.
    TakeDirectory,
    /// Each domain is another one by its SID.
    ChangeDomainSid,
    /// The suffixes of all directories go to a directory for which no connection speaks.
    ClaimSuffix,
    /// Only members of a group to which nobody belongs are admitted.
    AdmitGroups,
    /// Nobody runs the organisation any more.
    RemoveAdministrators,
}

impl Switch {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::RemoveHost,
        Self::RemoveConnection,
        Self::SwitchOff,
        Self::ReplaceConnection,
        Self::ChangeKind,
        Self::ChangeMethod,
        Self::ClearMethod,
        Self::RequireClaim,
        Self::TakeDirectory,
        Self::ChangeDomainSid,
        Self::ClaimSuffix,
        Self::AdmitGroups,
        Self::RemoveAdministrators,
    ];

    /// Whose sessions it ends. The built-in identity, by which administrators come, is no connection.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::RemoveAdministrators => Audience::Administrator,
            Self::RemoveHost
            | Self::RemoveConnection
            | Self::SwitchOff
            | Self::ReplaceConnection
            | Self::ChangeKind
            | Self::ChangeMethod
            | Self::ClearMethod
            | Self::RequireClaim
            | Self::TakeDirectory
            | Self::ChangeDomainSid
            | Self::ClaimSuffix
            | Self::AdmitGroups => Audience::Subscriber,
        }
    }

    /// Makes the change.
    pub fn flip(self, organization: &mut Organization) {
        match self {
            Self::RemoveHost => organization.workspaces.clear(),
            Self::RemoveConnection => organization.connections.clear(),
            Self::SwitchOff => each(organization, |connection| connection.enabled = false),
            Self::ReplaceConnection => {
                each(organization, |connection| connection.authority.push_str("/replaced"));
            }
            Self::ChangeKind => each(organization, |connection| connection.kind = KindName::Local),
            Self::ChangeMethod => {
                organization.workspace.authentication = ConnectionName::parse("another").ok();
            }
            Self::ClearMethod => organization.workspace.authentication = None,
            Self::RequireClaim => each(organization, |connection| connection.required.push(ClaimName::Email)),
            Self::TakeDirectory => each(organization, |connection| connection.directories.clear()),
            Self::ChangeDomainSid => organization.directories.iter_mut().for_each(change_domain),
            Self::ClaimSuffix => claim_suffixes(&mut organization.directories),
            Self::AdmitGroups => {
                organization.workspace.admit_groups = GroupId::parse("none:nobody").into_iter().collect();
            }
            Self::RemoveAdministrators => {
                organization.administrators.clear();
                organization.provider_administrators.clear();
                organization.administrator_groups.clear();
            }
        }
    }
}

fn each(organization: &mut Organization, change: impl FnMut(&mut ConnectionPolicy)) {
    organization.connections.iter_mut().for_each(change);
}

fn change_domain(directory: &mut Directory) {
    match &mut directory.authority {
        DirectoryAuthority::Domain(sid) => *sid = DomainSid::of_parts(0, 0, 0),
        DirectoryAuthority::EntraTenant(tenant) => tenant.clear(),
    }
}

fn claim_suffixes(directories: &mut Vec<Directory>) {
    let upn_suffixes =
        directories.iter_mut().flat_map(|directory| directory.upn_suffixes.drain(..)).collect();
    let authority = DirectoryAuthority::Domain(DomainSid::of_parts(0, 0, 1));
    if let Ok(name) = DirectoryName::parse("elsewhere") {
        directories.push(Directory { name, authority, upn_suffixes });
    }
}
