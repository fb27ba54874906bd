//! What is read can be sent back: every kind of connection, and the workspace, from a manifest to JSON and back, with nothing changed.

use std::path::Path;

use serde_json::{Map, Value, json};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::master_key::MasterKey;
use vestibule_policies::time::Timestamp;

use super::{ConnectionSettings, WorkspaceSettings};
use crate::apply::{merge, with_connection};
use crate::config::{
    Faults, OwnListeners, Site, parse_manifest, parse_server, read_connection, read_workspace,
};
use crate::store::organizations::{ConnectionSecrets, OrganizationRow, binding};
use vestibule_certs::purpose::Purpose;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const CA: &str = include_str!("../../config/testdata/ca.pem");

const CONNECTIONS: &str = r#"
[[connections]]
name = "okta"
kind = "okta"
directories = ["corp"]
domain = "https://acme.okta.com"
authorization_server = "default"
client_id = "0oa1"
client_secret = "CANARY-1"
api_token = "CANARY-2"
resolve_from_ad = "corp-ad"
[[connections]]
name = "own-domain"
kind = "okta"
custom_domain = true
domain = "https://login.corp.example:8443"
client_id = "0oa1"
client_secret = "CANARY-3"
[[connections]]
name = "any"
kind = "oidc"
issuer = "https://id.example/tenant/"
client_id = "vestibule"
client_secret = "CANARY-4"
required_claims = ["email", "upn"]
ca = { pem = """{ca}""" }
dangerous_any_directory = true
[connections.claims]
upn = "preferred_username"
[[connections]]
name = "by-hand"
kind = "saml"
entity_id = "https://adfs.corp.example"
sso_url = "https://adfs.corp.example/sso?x=1&y=2"
binding = "post"
certificates = ["""{idp}"""]
authentication_context = "Password"
comparison = "exact"
logout_url = "off"
signed = "both"
[[connections]]
name = "described"
kind = "saml"
metadata = { xml = """{xml}""" }
idp_initiated = true
scoped_entity_id = true
name_id_format = "persistent"
[connections.attributes]
family_name = "sn"
[[connections]]
name = "fetched"
kind = "saml"
metadata = { url = "https://adfs.corp.example/metadata?v=1" }
entity_id = "https://adfs.corp.example"
logout_url = "https://adfs.corp.example/slo"
[[connections]]
name = "corp-ad"
kind = "active-directory-token"
default_domain = "corp"
recheck = "off"
lockout_attempts = 3
lockout_window = "90m"
[[connections.domains]]
directory = "corp"
name = "corp.example"
netbios = "CORP"
servers = ["ldaps://dc1.corp.example", "ldap://dc2.corp.example:1389"]
ca = { pem = """{ca}""" }
bind_user = "svc@corp.example"
bind_password = "CANARY-5"
"#;

struct Desk {
    keys: KeyRing,
    row: OrganizationRow,
    site: Site,
}

impl Desk {
    fn new() -> Self {
        let idp = CA.to_owned();
        let text = std::fs::read_to_string("src/config/testdata/acme.toml").unwrap();
        let head = text.split("[[connections]]").next().unwrap().to_owned();
        let xml = format!(
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.example\" \
             validUntil=\"2036-01-01T00:00:00.5Z\">\
             <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor>\
             <KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{}</X509Certificate>\
             </X509Data></KeyInfo></KeyDescriptor><SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example/sso\"/>\
             </IDPSSODescriptor></EntityDescriptor>",
            idp.lines().filter(|line| !line.starts_with('-')).collect::<String>()
        );
        let text = format!("{head}{CONNECTIONS}")
            .replace("{ca}", CA)
            .replace("{idp}", &idp)
            .replace("{xml}", &xml.replace('\\', "\\\\"));
        let server = parse_server(
            "[outbound]\nallow_private = [\"127.0.0.0/8\"]",
            Path::new("vestibule.toml"),
            Path::new("."),
        )
        .unwrap();
        let path = Path::new("acme.toml");
        let manifest = parse_manifest(&text, path, Path::new("."), &server, OwnListeners::Refused).unwrap();
        let keys = KeyRing::create(&MasterKey::generate().unwrap()).unwrap().0;
        let row = merge(manifest, None, &keys, NOW).unwrap().row;
        let site = Site {
            allow_private: vec!["127.0.0.0/8".parse().unwrap()],
            listeners: [server.server.listen, server.server.operator_listen],
            own_listeners: OwnListeners::Refused,
        };
        Self { keys, row, site }
    }

    fn shown(&self, name: &str) -> Map<String, Value> {
        let policy = self.row.organization.connections.iter().find(|one| one.name.as_str() == name).unwrap();
        let row = self.row.connections.iter().find(|one| one.id == policy.id).unwrap();
        let plain = self.keys.sealer(Purpose::Rows);
        let plain = plain.open(&row.secrets, &binding(row.id, &row.document.provider)).unwrap();
        let secrets: ConnectionSecrets = serde_json::from_slice(&plain).unwrap();
        object(serde_json::to_value(ConnectionSettings::of(policy, row, Some(&secrets))).unwrap())
    }

    fn sent(&self, members: &Map<String, Value>) -> Result<OrganizationRow, Vec<(String, String)>> {
        let manifest = read_connection(members, &self.site, &self.row.organization).map_err(told)?;
        Ok(with_connection(self.row.clone(), (manifest, None), &self.keys, NOW).unwrap())
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

fn told(faults: Faults) -> Vec<(String, String)> {
    faults.into_iter().map(|fault| (fault.place.key, fault.code.to_string())).collect()
}

#[test]
fn a_connection_that_is_sent_back_as_it_was_read_changes_nothing() {
    let desk = Desk::new();
    for name in ["okta", "own-domain", "any", "by-hand", "described", "fetched", "corp-ad"] {
        let shown = desk.shown(name);
        let text = Value::Object(shown.clone()).to_string();
        assert!(!text.contains("CANARY"), "{text}");
        let after = desk.sent(&shown).unwrap_or_else(|faults| panic!("{name}: {faults:?} {text}"));
        for (before, after) in desk
            .row
            .connections
            .iter()
            .map(|before| (before, after.connections.iter().find(|after| after.id == before.id).unwrap()))
        {
            assert_eq!(before, after, "{name}");
        }
        for before in &desk.row.organization.connections {
            assert_eq!(Some(before), after.organization.connection(before.id), "{name}");
        }
    }
}

#[test]
fn nothing_of_this_machine_is_read_for_an_administrator() {
    let desk = Desk::new();
    for (name, key, value, at) in [
        ("any", "client_secret", json!({ "env": "PATH" }), "client_secret.env"),
        ("any", "client_secret", json!({ "file": "src/config/testdata/secret.txt" }), "client_secret.file"),
        ("any", "client_secret", json!({ "hidden": "x" }), "client_secret"),
        ("any", "ca", json!({ "file": "src/config/testdata/ca.pem" }), "ca.file"),
        ("okta", "api_token", json!({ "env": "PATH" }), "api_token.env"),
        ("described", "metadata", json!({ "file": "src/config/testdata/ca.pem" }), "metadata.file"),
    ] {
        let mut members = desk.shown(name);
        members.insert(key.to_owned(), value);
        let told = desk.sent(&members).unwrap_err();
        assert_eq!(told, [(at.to_owned(), "SECRET-FORM".to_owned())], "{name} {key}");
    }
    let mut members = desk.shown("by-hand");
    members.insert("certificates".to_owned(), json!([{ "file": "src/config/testdata/ca.pem" }]));
    assert_eq!(
        desk.sent(&members).unwrap_err(),
        [("certificates.file".to_owned(), "SECRET-FORM".to_owned())]
    );
    let mut members = desk.shown("corp-ad");
    members["domains"][0]["bind_password"] = json!({ "env": "PATH" });
    let at = "domains.0.bind_password.env".to_owned();
    let told = desk.sent(&members).unwrap_err();
    assert_eq!(
        told.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>(),
        ["SECRET-FORM"],
        "{at} {told:?}"
    );
}

#[test]
fn a_stored_secret_stays_with_its_address() {
    let desk = Desk::new();
    let mut members = desk.shown("any");
    members.insert("issuer".to_owned(), json!("https://evil.example"));
    let manifest = read_connection(&members, &desk.site, &desk.row.organization).unwrap();
    assert!(with_connection(desk.row.clone(), (manifest, None), &desk.keys, NOW).is_err());
    members.insert("client_secret".to_owned(), json!("a new one"));
    let manifest = read_connection(&members, &desk.site, &desk.row.organization).unwrap();
    assert!(with_connection(desk.row.clone(), (manifest, None), &desk.keys, NOW).is_ok());
}

#[test]
fn what_cannot_be_is_told_by_its_key() {
    let desk = Desk::new();
    for (key, value, told) in [
        ("issuer", json!("http://10.0.0.1"), ("issuer", "INVALID")),
        ("issuer", json!("http://127.0.0.1:8080"), ("issuer", "INVALID")),
        ("issuer", json!(7), ("issuer", "INVALID")),
        ("issuer", json!(null), ("connections.0.issuer", "INVALID")),
        ("colour", json!("red"), ("colour", "UNKNOWN")),
        ("kind", json!("local"), ("kind", "INVALID")),
    ] {
        let mut members = desk.shown("any");
        members.insert(key.to_owned(), value.clone());
        let faults = desk.sent(&members).unwrap_err();
        let key = told.0.strip_prefix("connections.0.").unwrap_or(told.0);
        assert_eq!(faults, [(key.to_owned(), told.1.to_owned())], "{key} {value}");
    }
    assert_eq!(desk.sent(&Map::new()).unwrap_err().len(), 2);
}

#[test]
fn a_workspace_that_is_sent_back_as_it_was_read_changes_nothing() {
    let desk = Desk::new();
    let organization = &desk.row.organization;
    let mut members = object(serde_json::to_value(WorkspaceSettings::of(organization)).unwrap());
    for key in ["hosts", "sessions"] {
        members.remove(key).unwrap();
    }
    assert_eq!(read_workspace(&members, &desk.site, organization).unwrap(), organization.workspace);
    for (key, value, told_at) in [
        ("authentication", json!("nobody"), "authentication"),
        ("colour", json!("red"), "colour"),
        ("routes", json!([{ "path": "/", "upstream": "http://127.0.0.1:8080" }]), "routes.0.upstream"),
        ("routes", json!([{ "path": "/", "upstream": "http://10.0.0.1" }]), "routes.0.upstream"),
    ] {
        let mut members = members.clone();
        members.insert(key.to_owned(), value);
        let faults = told(read_workspace(&members, &desk.site, organization).unwrap_err());
        assert_eq!(faults.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), [told_at]);
    }
}
