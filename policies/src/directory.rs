//! The directories of an organisation: an Active Directory domain or an Entra tenant, and the UPN suffixes it owns.

mod scope;

use serde::{Deserialize, Serialize};

use crate::{DirectoryName, DomainSid};

pub use scope::{Scope, comparable};

/// A directory that the organisation has declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Its name in the organisation.
    pub name: DirectoryName,
    /// What makes it this directory and no other.
    pub authority: DirectoryAuthority,
    /// The UPN suffixes that it owns, in lower case; empty when it declares none.
    pub upn_suffixes: Vec<String>,
}

/// What identifies a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryAuthority {
    /// An Active Directory domain, by its SID.
    Domain(DomainSid),
    /// An Entra tenant, by its id.
    EntraTenant(String),
}
