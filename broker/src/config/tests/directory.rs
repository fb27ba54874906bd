//! Connections to Active Directory and their domains, key by key.

use vestibule_providers::config::{DirectoryConfig, DirectorySecurity, ProviderConfig};

use super::*;

use FaultCode::{Invalid, Missing};

const HEAD: &str = "[organization]\nslug = \"acme\"\n[[directories]]\nname = \"corp\"\ndomain_sid = \"S-1-5-21-1-2-3\"\n\
                    [[directories]]\nname = \"cloud\"\nentra_tenant = \"8f3c1c3e-0000-4000-8000-000000000001\"\n\
                    [[connections]]\nname = \"ad\"\nkind = \"active-directory\"\n";
const DOMAIN: &str = "[[connections.domains]]\ndirectory = \"corp\"\nname = \"corp.example\"\n\
                      servers = [\"ldaps://dc1.corp.example\"]\nbind_user = \"svc@corp.example\"\nbind_password = \"s\"\n";

fn parse(text: &str) -> Result<Manifest, Faults> {
    manifest_of(text, &local_server())
}

fn config(text: &str) -> DirectoryConfig {
    let connection = parse(text).unwrap().connections.unwrap().remove(0);
    match connection.provider {
        ProviderConfig::ActiveDirectory(config) | ProviderConfig::ActiveDirectoryToken(config) => config,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_connection_to_a_directory_becomes() {
    let config = config(&format!("{HEAD}{DOMAIN}"));
    assert_eq!((config.recheck_ms, config.lockout_attempts), (Some(600_000), 5));
    assert_eq!((config.lockout_window_ms, config.default_domain), (900_000, None));
    let [domain] = &config.domains[..] else { panic!("one domain") };
    assert_eq!((domain.name.as_str(), domain.enabled, &domain.netbios), ("corp.example", true, &None));
    let [server] = &domain.servers[..] else { panic!("one server") };
    assert_eq!(
        (server.host.as_str(), server.port, server.security),
        ("dc1.corp.example", 636, DirectorySecurity::Tls)
    );

    let connection = parse(&format!("{HEAD}{DOMAIN}")).unwrap().connections.unwrap().remove(0);
    assert_eq!(connection.directories[0].as_str(), "corp", "it speaks for the directories of its domains");
    assert_eq!(connection.required.len(), 4);
    assert!(!connection.any_directory && connection.bind_passwords.len() == 1);
}

#[test]
fn where_controllers_are() {
    for (address, expected) in [
        ("ldaps://DC1.corp.example", "ldaps://dc1.corp.example:636"),
        ("ldap://dc1.corp.example", "ldap://dc1.corp.example:389"),
        ("ldaps://dc1.corp.example:3269", "ldaps://dc1.corp.example:3269"),
        ("ldaps://dc1.corp.example:443", "ldaps://dc1.corp.example:443"),
        ("ldaps://127.0.0.10", "ldaps://127.0.0.10:636"),
    ] {
        let config = config(&format!("{HEAD}{DOMAIN}").replace("ldaps://dc1.corp.example", address));
        assert_eq!(config.domains[0].servers[0].to_string(), expected, "{address}");
    }
    for address in [
        "https://dc1.corp.example",
        "dc1.corp.example",
        "ldaps://",
        "ldaps://svc@dc1.corp.example",
        "ldaps://dc1.corp.example/dc=corp",
        "ldaps://dc1.corp.example?x",
        "ldaps://10.0.0.10",
        "ldap://127.0.0.1:9090",
    ] {
        let text = format!("{HEAD}{DOMAIN}").replace("ldaps://dc1.corp.example", address);
        let expected = [(15, "connections.ad.domains.corp.example.servers".to_owned(), Invalid)];
        let told = told(parse(&text));
        assert_eq!((told.len(), told[0].0, told[0].2), (1, expected[0].0, Invalid), "{address}: {told:?}");
    }
}

#[test]
fn faults_beside_the_domains() {
    for (name, line, key, code) in [
        ("recheck too often", "recheck = \"9s\"", "recheck", Invalid),
        ("recheck too rarely", "recheck = \"25h\"", "recheck", Invalid),
        ("recheck of no form", "recheck = 10", "recheck", Invalid),
        ("no attempts", "lockout_attempts = 0", "lockout_attempts", Invalid),
        ("too many attempts", "lockout_attempts = 101", "lockout_attempts", Invalid),
        ("attempts as a text", "lockout_attempts = \"5\"", "lockout_attempts", Invalid),
        ("window too short", "lockout_window = \"59s\"", "lockout_window", Invalid),
        ("default of no domain", "default_domain = \"cloud\"", "default_domain", Invalid),
        ("fewer claims", "required_claims = [\"sid\", \"upn\", \"oid\"]", "required_claims", Invalid),
        ("its own directories", "directories = [\"corp\"]", "directories", FaultCode::Unknown),
        ("any directory", "dangerous_any_directory = true", "dangerous_any_directory", FaultCode::Unknown),
        ("a secret", "client_secret = \"s\"", "client_secret", FaultCode::Unknown),
    ] {
        let text = format!("{HEAD}{line}\n{DOMAIN}");
        assert_eq!(told(parse(&text)), [(12, format!("connections.ad.{key}"), code)], "{name}");
    }
    for line in
        ["recheck = \"off\"", "recheck = \"10s\"", "lockout_attempts = 1", "default_domain = \"corp\""]
    {
        assert!(parse(&format!("{HEAD}{line}\n{DOMAIN}")).is_ok(), "{line}");
    }
    assert_eq!(told(parse(HEAD)), [(9, "connections.ad.domains".to_owned(), Missing)]);
}

/// A fault must not make a key beside it one that does not exist.
#[test]
fn a_fault_of_a_domain_hides_no_key_of_the_connection() {
    let beside = "default_domain = \"corp\"\nrecheck = \"5m\"\nlockout_attempts = 3\nrequired_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n";
    let good = format!("{HEAD}{beside}{DOMAIN}");
    assert!(parse(&good).is_ok());
    for (name, from, to, key) in [
        ("another directory", "directory = \"corp\"", "directory = \"other\"", ".directory"),
        ("no user", "bind_user = \"svc@corp.example\"\n", "", ".bind_user"),
        ("a server of no form", "ldaps://dc1.corp.example", "dc1.corp.example", ".servers"),
        ("domains of no form", "[[connections.domains]]", "domains = 1\n[other]", ".domains"),
    ] {
        let told = told(parse(&good.replace(from, to)));
        let unknown = |told: &&(usize, String, FaultCode)| told.2 == FaultCode::Unknown && told.1 != "other";
        assert_eq!(told.iter().find(unknown), None, "{name}: {told:?}");
        assert!(told.iter().any(|(_, at, _)| at.contains(key)), "{name}: {told:?}");
    }
    let other = good.replace("default_domain = \"corp\"", "default_domain = \"cloud\"");
    assert_eq!(told(parse(&other)), [(12, "connections.ad.default_domain".to_owned(), Invalid)]);
}

#[test]
fn faults_of_a_domain() {
    let good = format!("{HEAD}{DOMAIN}");
    for (name, from, to, key) in [
        ("another directory", "directory = \"corp\"", "directory = \"other\"", "directory"),
        ("a tenant", "directory = \"corp\"", "directory = \"cloud\"", "directory"),
        ("no name", "name = \"corp.example\"\n", "name = \"corp example\"\n", "name"),
        ("no user", "\"svc@corp.example\"", "\"\"", "bind_user"),
        ("a user of two lines", "\"svc@corp.example\"", "\"a\\nb\"", "bind_user"),
        ("an empty password", "bind_password = \"s\"", "bind_password = \"\"", "bind_password"),
        (
            "a connector's place",
            "bind_password = \"s\"",
            "bind_password = \"s\"\nresource_location = \"x\"",
            "resource_location",
        ),
        (
            "a long NetBIOS name",
            "bind_password = \"s\"",
            "bind_password = \"s\"\nnetbios = \"CORPORATION-LTD.\"",
            "netbios",
        ),
    ] {
        assert_eq!(good.matches(from).count(), 1, "{name}");
        let told = told(parse(&good.replace(from, to)));
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        assert!(told[0].1.ends_with(&format!(".{key}")), "{name}: {told:?}");
    }
    let twice = format!("{good}{DOMAIN}");
    let keys: Vec<_> = told(parse(&twice))
        .into_iter()
        .map(|(_, key, _)| key.rsplit('.').next().unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["directory", "name"]);
}
