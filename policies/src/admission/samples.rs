//! Good facts, from which every test differs in one thing.

use crate::{
    Claims, ConnectionPolicy, Edition, Membership, Organization, OrganizationId, PersonId, SecurityId,
    SessionPolicy, Slug, Upn, Workspace,
    mapping::samples::{directories, policy},
    permission::Access,
};

/// `acme`, with the one connection `any` that speaks for `corp` and is the workspace's method, and with one administrator.
pub(crate) fn organization() -> Organization {
    let connection: ConnectionPolicy = policy(&["corp"]);
    Organization {
        id: OrganizationId::from_bytes([1; 8]),
        slug: Slug::parse("acme").unwrap(),
        name: "Acme Worldwide".to_owned(),
        edition: Edition::Global,
        workspaces: vec!["acme.vestibule.localhost".to_owned().try_into().unwrap()],
        sessions: SessionPolicy {
            administrator: Edition::Global.administrator_limits(),
            subscriber: Edition::Global.subscriber_limits(),
        },
        directories: directories(),
        workspace: Workspace { authentication: Some(connection.name.clone()), ..Workspace::default() },
        connections: vec![connection],
        administrator_sign_in: None,
        provider_administrators: Vec::new(),
        administrator_groups: Vec::new(),
        administrators: vec![Membership { person: PersonId::from_bytes([3; 8]), access: Access::Full }],
    }
}

/// Alice, with SID and UPN of `corp` and without e-mail address or groups.
pub(crate) fn claims() -> Claims {
    Claims {
        security_id: SecurityId::parse_text("S-1-5-21-1-2-3-1001").ok(),
        upn: Upn::parse("alice@corp.example").ok(),
        ..Claims::default()
    }
}
