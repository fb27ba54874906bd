//! `[[connections]]` of kind `gateway`, key by key. Shape from docs.

use vestibule_policies::ClaimName;
use vestibule_providers::config::{GatewayConfig, ProviderConfig, ResponseMode};

use super::*;

const GATEWAY: &str = "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"gateway\"\nkind = \"gateway\"\n\
                       fqdn = \"Gateway.corp.example\"\n";

fn parse(text: &str) -> Result<Manifest, Faults> {
    manifest_of(text, &local_server())
}

/// Shape from docs.
#[test]
fn a_name_is_all_that_a_gateway_needs() {
    let connection = parse(GATEWAY).unwrap().connections.unwrap().remove(0);
    let config = GatewayConfig {
        fqdn: "Gateway.corp.example".to_owned(),
        response_mode: ResponseMode::Query,
        clock_tolerance_s: 60,
    };
    assert_eq!(config.issuer(), "https://Gateway.corp.example", "GW-07: to the letter");
    assert_eq!(config.discovery(), "https://Gateway.corp.example/oauth/idp/.well-known/openid-configuration");
    assert_eq!(connection.provider, ProviderConfig::Gateway(config));
    assert!(connection.client_secret.is_none());
    assert_eq!(connection.required, ClaimName::ALL, "CLM-06");
    assert_eq!((connection.names.sid.as_str(), connection.names.given_name.as_str()), ("sid", "givename"));
    for (row, more) in [
        ("a port", "fqdn = \"gateway.corp.example:8443\""),
        ("a loopback port that is allowed", "fqdn = \"localhost:8443\""),
        (
            "as long as a Gateway takes",
            &format!("fqdn = \"{}.example\"", "a".repeat(59) + "." + &"b".repeat(51)),
        ),
    ] {
        let text = GATEWAY.replace("fqdn = \"Gateway.corp.example\"", more);
        assert_eq!(told(parse(&text)), [], "{row}");
    }
}

/// Shape from docs.
#[test]
fn faults_of_a_gateway() {
    let rows = r#"
        a client id of one's own | client_id = "x" | 7 connections.gateway.client_id UNKNOWN
        a secret of one's own    | client_secret = "x" | 7 connections.gateway.client_secret UNKNOWN
        an issuer                | issuer = "https://id.example" | 7 connections.gateway.issuer UNKNOWN
        scopes                   | scopes = ["openid"] | 7 connections.gateway.scopes UNKNOWN
        other names              | claims = { sid = "x" } | 7 connections.gateway.claims UNKNOWN
        less than all claims     | required_claims = ["upn"] | 7 connections.gateway.required_claims INVALID
        too much tolerance       | clock_tolerance = "6m" | 7 connections.gateway.clock_tolerance INVALID
        tolerance as a number    | clock_tolerance = 60 | 7 connections.gateway.clock_tolerance INVALID
        answers in the fragment  | response_mode = "fragment" | 7 connections.gateway.response_mode INVALID
        a password to keep       | sso_password = "accept" | 7 connections.gateway.sso_password UNKNOWN
    "#;
    assert_refused(GATEWAY, rows, parse);
    let long = format!("{}.example", "a".repeat(60) + "." + &"b".repeat(52));
    for (row, fqdn) in [
        ("a scheme", "https://gateway.corp.example"),
        ("a path", "gateway.corp.example/vpn"),
        ("a final slash", "gateway.corp.example/"),
        ("a query", "gateway.corp.example?a"),
        ("a fragment", "gateway.corp.example#a"),
        ("a person", "alice@gateway.corp.example"),
        ("nothing", ""),
        ("a space", "gateway corp.example"),
        ("a port that is none", "gateway.corp.example:x"),
        ("a private address", "10.0.0.1"),
        ("our own listener", "127.0.0.1:8080"),
        ("longer than a Gateway takes", &long),
    ] {
        let text = GATEWAY.replace("Gateway.corp.example", fqdn);
        let expected = (6, "connections.gateway.fqdn".to_owned(), FaultCode::Invalid);
        assert_eq!(told(parse(&text)), [expected], "{row}");
    }
    let prefix = GATEWAY.replace("name = \"gateway\"", "name = \"okta\"");
    assert_eq!(told(parse(&prefix)), [(4, "connections.okta.name".to_owned(), FaultCode::Invalid)]);
}
