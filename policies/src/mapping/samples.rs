//! What the tests of this crate start from: three directories and a connection that speaks for some of them.

use crate::{
    ClaimName, ClaimNames, ConnectionId, ConnectionName, ConnectionPolicy, Directory, DirectoryAuthority,
    DirectoryName, DomainSid, KindName,
};

/// `corp` owns a suffix, `lab` declares none, `cloud` is an Entra tenant.
pub(crate) fn directories() -> Vec<Directory> {
    let directory = |name: &str, authority, suffixes: &[&str]| Directory {
        name: DirectoryName::parse(name).unwrap(),
        authority,
        upn_suffixes: suffixes.iter().map(|&suffix| suffix.to_owned()).collect(),
    };
    vec![
        directory("corp", DirectoryAuthority::Domain(DomainSid::of_parts(1, 2, 3)), &["corp.example"]),
        directory("lab", DirectoryAuthority::Domain(DomainSid::of_parts(4, 5, 6)), &[]),
        directory("cloud", DirectoryAuthority::EntraTenant("8f3c".to_owned()), &["cloud.example"]),
    ]
}

/// A connection of kind `oidc` named `any` that requires the UPN.
pub(crate) fn policy(listed: &[&str]) -> ConnectionPolicy {
    ConnectionPolicy {
        id: ConnectionId::from_bytes([1; 8]),
        name: ConnectionName::parse("any").unwrap(),
        enabled: true,
        kind: KindName::Oidc,
        authority: "https://id.example".to_owned(),
        directories: listed.iter().map(|name| DirectoryName::parse(name).unwrap()).collect(),
        any_directory: false,
        required: vec![ClaimName::Upn],
        names: ClaimNames::default(),
        resolve_from: None,
    }
}
