//! Whole files: the interface's example, cut to what is built.

use std::time::Duration;

use vestibule_policies::{
    Access, ClaimName, ClaimNames, DirectoryAuthority, Edition, HeaderNames, HeaderRule, KindName,
};

use super::*;

#[test]
fn the_servers_example() {
    let config = read_server(&testdata().join("vestibule.toml")).unwrap();
    let server = &config.server;
    assert_eq!(server.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(server.operator_listen, "127.0.0.1:9090".parse().unwrap());
    assert_eq!(server.workspace_domain, server.base_domain);
    assert_eq!((server.scheme, server.public_port), (PublicScheme::Http, 8080));
    assert_eq!(server.accounts().as_str(), "accounts.vestibule.localhost");
    assert_eq!(server.hosts.accounts.len(), 2);
    assert_eq!(server.saml().as_str(), "saml.vestibule.localhost");
    assert_eq!(server.console().as_str(), "console.vestibule.localhost");
    assert_eq!(server.tls, None);
    assert_eq!(config.store.sqlite, testdata().join("vestibule.db"));
    assert!(
        matches!(&config.master_key, MasterKeySource::File(path) if *path == testdata().join("master.key"))
    );
    assert_eq!(config.outbound.allow_private, ["127.0.0.0/8".parse().unwrap()]);
}

#[test]
fn an_empty_server_file_has_the_defaults_of_the_example() {
    let (empty, example) = (server_of("").unwrap(), read_server(&testdata().join("vestibule.toml")).unwrap());
    assert_eq!((empty.server.listen, empty.server.scheme), (example.server.listen, PublicScheme::Http));
    assert_eq!(empty.server.operator_listen, example.server.operator_listen);
    assert_eq!(empty.server.base_domain, example.server.base_domain);
    assert_eq!(empty.server.accounts(), example.server.accounts());
    assert_eq!(empty.server.public_port, 8080);
    assert_eq!(empty.store, example.store);
    assert!(matches!(empty.master_key, MasterKeySource::File(path) if path == testdata().join("master.key")));
    assert_eq!(empty.outbound.allow_private, []);
    assert_eq!(empty.passwords, example.passwords);
}

#[test]
fn the_manifests_example() {
    let manifests = read_manifests(&[testdata().join("acme.toml")], &local_server()).unwrap();
    let [acme] = &manifests[..] else { panic!("one manifest") };
    assert_eq!(
        (acme.slug.as_str(), acme.name.as_str(), acme.edition),
        ("acme", "Acme Worldwide", Edition::Global)
    );
    assert_eq!(acme.file, testdata().join("acme.toml"));
    assert_eq!(acme.workspaces.len(), 2);
    assert_eq!(acme.administrator_limits, Some(Edition::Global.administrator_limits()));
    let subscriber = acme.subscriber_limits.unwrap();
    assert_eq!(subscriber.idle, Some(Duration::from_mins(15)));
    assert_eq!(subscriber.maximum, Duration::from_hours(8));
    let [corp] = acme.directories.as_deref().unwrap() else { panic!("one directory") };
    assert!(
        matches!(&corp.authority, DirectoryAuthority::Domain(domain) if domain.as_str() == "S-1-5-21-1-2-3")
    );
    assert_eq!(corp.upn_suffixes, ["corp.example"]);
    assert_eq!(acme.dangers, ["connections.any.dangerous_any_directory"]);
}

#[test]
fn the_examples_workspace() {
    let mut manifests = read_manifests(&[testdata().join("acme.toml")], &local_server()).unwrap();
    let workspace = manifests.remove(0).workspace.unwrap();
    assert_eq!(workspace.authentication.unwrap().as_str(), "okta");
    assert_eq!(workspace.admit_groups[0].as_str(), "okta:staff");
    let [root, status] = &workspace.routes[..] else { panic!("two routes") };
    assert_eq!((root.path.as_str(), root.upstream.as_str()), ("/", "http://127.0.0.1:9000/"));
    assert_eq!((root.access, &root.headers), (Access::Session, &HeaderRule::Default));
    assert_eq!(root.timeout, Duration::from_mins(1));
    assert!(root.websocket_activity);
    assert_eq!(status.access, Access::Open);
    let renamed = HeaderNames {
        user: Some("X-User".to_owned()),
        groups: Some("X-Groups".to_owned()),
        ..HeaderNames::default()
    };
    assert_eq!(status.headers, HeaderRule::Named(renamed));
}

#[test]
fn the_examples_connections() {
    let mut manifests = read_manifests(&[testdata().join("acme.toml")], &local_server()).unwrap();
    let connections = manifests.remove(0).connections.unwrap();
    let [okta, any] = &connections[..] else { panic!("two connections") };
    assert_eq!((okta.provider.kind(), okta.line), (KindName::Okta, 40));
    assert_eq!(okta.provider.issuer(), "https://acme.okta.com/oauth2/default");
    assert_eq!(okta.required, [ClaimName::SecurityId, ClaimName::Upn, ClaimName::ObjectId]);
    assert_eq!(okta.names, ClaimNames::default());
    assert!(
        matches!(&okta.client_secret, Some(SecretSource::Given(secret)) if secret.expose() == "from-a-file")
    );
    assert!(matches!(okta.api_token, Some(SecretSource::Stored)));
    assert!(!okta.any_directory && okta.trust_pem.is_none());

    assert_eq!((any.provider.kind(), any.line), (KindName::Oidc, 51));
    assert_eq!(any.provider.issuer(), "https://id.example/tenant/", "to the letter, with its slash");
    assert_eq!(any.required, [ClaimName::Upn, ClaimName::Email]);
    assert_eq!((any.names.upn.as_str(), any.names.sid.as_str()), ("preferred_username", "cip_sid"));
    assert!(
        matches!(&any.client_secret, Some(SecretSource::Given(secret)) if secret.expose() == env!("CARGO_PKG_NAME"))
    );
    assert!(any.any_directory);
    assert!(any.trust_pem.as_ref().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn sections_that_are_absent_are_left_alone() {
    let manifest = manifest_of("[organization]\nslug = \"acme\"\nname = \"Acme\"", &local_server()).unwrap();
    assert!(manifest.workspaces.is_empty() && manifest.dangers.is_empty());
    assert!(manifest.administrator_limits.is_none() && manifest.subscriber_limits.is_none());
    assert!(manifest.directories.is_none() && manifest.workspace.is_none() && manifest.connections.is_none());

    let emptied =
        "directories = []\nconnections = []\n[organization]\nslug = \"acme\"\nname = \"Acme\"\n[workspace]";
    let manifest = manifest_of(emptied, &local_server()).unwrap();
    assert_eq!(manifest.directories.map(|all| all.len()), Some(0));
    assert_eq!(manifest.connections.map(|all| all.len()), Some(0));
    assert!(manifest.workspace.unwrap().routes.is_empty());
}

#[test]
fn two_files_never_share_a_slug_or_a_host() {
    let (acme, clash) = (testdata().join("acme.toml"), testdata().join("clash.toml"));
    let server = local_server();
    assert!(read_manifests(std::slice::from_ref(&clash), &server).is_ok());
    let faults = read_manifests(&[acme, clash.clone()], &server).unwrap_err();
    assert!(
        faults.as_slice().iter().all(|fault| fault.place.file == clash && fault.code == FaultCode::Invalid)
    );
    let places: Vec<_> =
        faults.as_slice().iter().map(|fault| (fault.place.line, fault.place.key.as_str())).collect();
    assert_eq!(places, [(2, "organization.slug"), (5, "organization.workspaces")]);
}
