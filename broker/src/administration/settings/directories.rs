//! The directories that an organisation's connections may speak for.

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::{Directory, DirectoryAuthority};

/// A domain of Active Directory, or an Entra tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Directory")]
pub struct DeclaredDirectory {
    /// Its name within the organisation.
    pub name: String,
    /// Of a domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_sid: Option<String>,
    /// Of a tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entra_tenant: Option<String>,
    /// The UPN suffixes that are its people's alone.
    pub upn_suffixes: Vec<String>,
}

impl From<&Directory> for DeclaredDirectory {
    fn from(directory: &Directory) -> Self {
        let (domain_sid, entra_tenant) = match &directory.authority {
            DirectoryAuthority::Domain(sid) => (Some(sid.to_string()), None),
            DirectoryAuthority::EntraTenant(tenant) => (None, Some(tenant.clone())),
        };
        let upn_suffixes = directory.upn_suffixes.clone();
        Self { name: directory.name.to_string(), domain_sid, entra_tenant, upn_suffixes }
    }
}
