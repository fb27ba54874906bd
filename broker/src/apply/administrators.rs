//! Administrators whom a connection brings, of a manifest over those that stand (AAD-13, GRP-01, GRP-06).

use vestibule_policies::edition::{Audience, KindName, serves};
use vestibule_policies::name::ConnectionName;
use vestibule_policies::organization::{
    AdministratorGroup, ConnectionPolicy, Organization, ProviderAdministrator,
};
use vestibule_policies::permission::Access;
use vestibule_providers::config::ProviderConfig;

use crate::config::{AdministratorManifest, Fault, FaultCode, GroupManifest, Manages, Place};
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
    if let Some(people) = listed.people {
        let mut kept = std::mem::take(&mut organization.provider_administrators);
        kept.retain(|_| !listed.manages.administrators);
        for one in people {
            match person(organization, rows, &one) {
                Ok(made) => {
                    kept.retain(|old| (&old.connection, old.object) != (&made.connection, made.object));
                    kept.push(made);
                }
                Err(message) => refuse(one.line, "administrators", message),
            }
        }
        organization.provider_administrators = kept;
    }
    if let Some(groups) = listed.groups {
        let mut kept = std::mem::take(&mut organization.administrator_groups);
        kept.retain(|_| !listed.manages.administrator_groups);
        for one in groups {
            match group(organization, rows, &one) {
                Ok(made) => {
                    kept.retain(|old| (&old.connection, &old.group) != (&made.connection, &made.group));
                    kept.push(made);
                }
                Err(message) => refuse(one.line, "administrator_groups", message),
            }
        }
        organization.administrator_groups = kept;
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
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
    Ok(ProviderAdministrator { connection, tenant, object: one.object, access })
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
        if !one.group.as_str().starts_with(&prefix) {
            return Err(format!("a group of this connection is {prefix} and its object id"));
        }
    }
    let (connection, access) = (policy.name.clone(), one.access.clone());
    Ok(AdministratorGroup { connection, group: one.group.clone(), access })
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
