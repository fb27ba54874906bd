//! Administrators whom a connection brings, of a manifest over those that stand (AAD-13, GRP-01, GRP-06).

use vestibule_policies::edition::{Audience, KindName, serves};
use vestibule_policies::name::ConnectionName;
use vestibule_policies::organization::{
    AdministratorGroup, ConnectionPolicy, Organization, ProviderAdministrator,
};
use vestibule_policies::permission::Access;
use vestibule_providers::config::ProviderConfig;

use crate::config::{AdministratorManifest, Entry, Fault, FaultCode, GroupManifest, Manages, Place};
use crate::store::organizations::ConnectionRow;

/// What a manifest says of them.
pub(super) struct Listed {
    pub(super) people: Option<Vec<AdministratorManifest>>,
    pub(super) groups: Option<Vec<GroupManifest>>,
    pub(super) manages: Manages,
}

/// Puts them into an organisation whose connections are as they will stand. Those of a connection that goes, go with it: a later one of the
/// same name is another one.
///
/// # Errors
/// Entries of a connection that is not there, or of a kind that brings no such administrators in this edition (PRV-02).
pub(super) fn put(
    listed: Listed,
    organization: &mut Organization,
    rows: &[ConnectionRow],
    place: &impl Fn(usize, &str) -> Place,
) -> Result<(), Vec<Fault>> {
    organization.forget_administrators_of_no_connection();
    let mut faults = Vec::new();
    let mut refuse = |line: usize, key: &str, message: String| {
        faults.push(Fault { place: place(line, key), code: FaultCode::Invalid, message });
    };
    let people = over(
        std::mem::take(&mut organization.provider_administrators),
        (listed.people, listed.manages.administrators),
        |one| person(organization, rows, one),
        |one| (one.connection.clone(), one.object),
        |line, message| refuse(line, "administrators", message),
    );
    organization.provider_administrators = people;
    let groups = over(
        std::mem::take(&mut organization.administrator_groups),
        (listed.groups, listed.manages.administrator_groups),
        |one| group(organization, rows, one),
        |one| (one.connection.clone(), one.group.clone()),
        |line, message| refuse(line, "administrator_groups", message),
    );
    organization.administrator_groups = groups;
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// A manifest's list over the one that stands: it adds and changes, and where it is the file's own it is all there is. A list that is absent
/// changes nothing.
fn over<T, M, K: PartialEq>(
    mut standing: Vec<M>,
    (listed, owns): (Option<Vec<Entry<T>>>, bool),
    made: impl Fn(&Entry<T>) -> Result<M, String>,
    key: impl Fn(&M) -> K,
    mut refuse: impl FnMut(usize, String),
) -> Vec<M> {
    let Some(listed) = listed else { return standing };
    if owns {
        standing.clear();
    }
    for one in listed {
        match made(&one) {
            Ok(made) => {
                standing.retain(|old| key(old) != key(&made));
                standing.push(made);
            }
            Err(message) => refuse(one.line, message),
        }
    }
    standing
}

/// Why a connection is no way in for administrators.
pub(super) fn objection(organization: &Organization, name: &ConnectionName) -> Option<String> {
    let Some(connection) = organization.connection_named(name) else {
        return Some(format!("the organisation has no connection {name}"));
    };
    let kind = connection.kind;
    (!serves(organization.edition, kind, Audience::Administrator))
        .then(|| format!("the kind {} does not serve administrators in this edition", kind.as_str()))
}

fn person(
    organization: &Organization,
    rows: &[ConnectionRow],
    one: &AdministratorManifest,
) -> Result<ProviderAdministrator, String> {
    let policy = serving(organization, &one.connection)?;
    let tenant = match rows.iter().find(|row| row.id == policy.id).map(|row| &row.document.provider) {
        Some(ProviderConfig::AzureAd(azure)) => azure.tenant,
        _ => {
            return Err(format!("only azure-ad brings single administrators, {} brings groups", policy.name));
        }
    };
    let (connection, access) = (policy.name.clone(), one.access.clone());
    Ok(ProviderAdministrator { connection, tenant, object: one.who, access })
}

fn group(
    organization: &Organization,
    rows: &[ConnectionRow],
    one: &GroupManifest,
) -> Result<AdministratorGroup, String> {
    let policy = serving(organization, &one.connection)?;
    if policy.kind == KindName::Saml && one.access == Access::Full {
        return Err("a group of a SAML provider has single permissions, never full access".to_owned());
    }
    let document = rows.iter().find(|row| row.id == policy.id).map(|row| &row.document.provider);
    if let Some(ProviderConfig::AzureAd(azure)) = document {
        let prefix = format!("entra:{}:", azure.tenant);
        if !one.who.as_str().starts_with(&prefix) {
            return Err(format!("a group of this connection is {prefix} and its object id"));
        }
    }
    let (connection, access) = (policy.name.clone(), one.access.clone());
    Ok(AdministratorGroup { connection, group: one.who.clone(), access })
}

fn serving<'a>(
    organization: &'a Organization,
    name: &ConnectionName,
) -> Result<&'a ConnectionPolicy, String> {
    match (objection(organization, name), organization.connection_named(name)) {
        (None, Some(policy)) => Ok(policy),
        (reason, _) => Err(reason.unwrap_or_default()),
    }
}
