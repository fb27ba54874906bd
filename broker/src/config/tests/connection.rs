//! `[[connections]]`, key by key.

use vestibule_policies::ClaimName;
use vestibule_providers::config::ProviderConfig;

use super::*;

use FaultCode::{Invalid, Missing, SecretForm, Unreadable};

const OIDC: &str = "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"any\"\nkind = \"oidc\"\n\
                    issuer = \"https://id.example\"\nclient_id = \"vestibule\"\nclient_secret = \"s\"\n";
const OKTA: &str = "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"okta\"\nkind = \"okta\"\n\
                    domain = \"https://acme.okta.com\"\nclient_id = \"0oa1\"\nclient_secret = \"s\"\n";

fn parse(text: &str) -> Result<Manifest, Faults> {
    manifest_of(text, &local_server())
}

fn connection(text: &str) -> ConnectionManifest {
    parse(text).unwrap().connections.unwrap().remove(0)
}

#[test]
fn what_is_no_kind_of_connection_is_refused_alone() {
    for kind in ["local", "ldap", "OIDC"] {
        let text = format!(
            "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"x\"\nkind = \"{kind}\"\ntenant = \"t\""
        );
        let faults = parse(&text).unwrap_err();
        assert_eq!(told::<()>(Err(faults)), [(5, "connections.x.kind".to_owned(), Invalid)], "{kind}");
    }
    let missing = "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"x\"\ntenant = \"t\"";
    assert_eq!(told(parse(missing)), [(3, "connections.x.kind".to_owned(), Missing)]);
}

#[test]
fn faults_of_every_kind() {
    let rows = r#"
        another kind's key       | tenant = "x" | 9 connections.any.tenant UNKNOWN
        AD's key                 | recheck = "10m" | 9 connections.any.recheck UNKNOWN
        okta's key               | api_token = "x" | 9 connections.any.api_token UNKNOWN
        okta's domain            | domain = "https://acme.okta.com" | 9 connections.any.domain UNKNOWN
        AD behind it, no name    | resolve_from_ad = "Corp AD" | 9 connections.any.resolve_from_ad INVALID
        answers in the fragment  | response_mode = "fragment" | 9 connections.any.response_mode INVALID
        scopes without openid    | scopes = ["profile"] | 9 connections.any.scopes INVALID
        two scopes in one        | scopes = ["openid", "a b"] | 9 connections.any.scopes INVALID
        scope twice              | scopes = ["openid", "openid"] | 9 connections.any.scopes INVALID
        unknown claim            | required_claims = ["groups"] | 9 connections.any.required_claims INVALID
        claim with an empty name | [connections.claims] ; upn = "" | 10 connections.any.claims.upn INVALID
        unknown claim's name     | claims = { name = "x" } | 9 connections.any.claims.name UNKNOWN
        directory twice          | directories = ["a", "a"] | 9 connections.any.directories INVALID
        danger as a text         | dangerous_any_directory = "yes" | 9 connections.any.dangerous_any_directory INVALID
        switch as a text         | enabled = "no" | 9 connections.any.enabled INVALID
        ca as a text             | ca = "ca.pem" | 9 connections.any.ca INVALID
        ca from a variable       | ca = { env = "CARGO_PKG_NAME" } | 9 connections.any.ca INVALID
        ca that is absent        | ca = { file = "absent.pem" } | 9 connections.any.ca.file UNREADABLE
        ca that is none          | ca = { file = "broken.pem" } | 9 connections.any.ca.file INVALID
        ca with a key            | ca = { file = "with-key.pem" } | 9 connections.any.ca.file INVALID
        directories of another   | [[directories]] ; name = "corp" | 9 directories.corp.domain_sid MISSING
    "#;
    assert_refused(OIDC, rows, parse);
    let long = format!("{OIDC}claims = {{ upn = \"{}\" }}", "u".repeat(129));
    assert_eq!(told(parse(&long)), [(9, "connections.any.claims.upn".to_owned(), Invalid)]);
    assert!(parse(&long.replace("uuu", "uu")).is_ok());
}

#[test]
fn a_name_is_given_once_also_by_a_connection_that_is_refused() {
    let twice = format!("{OIDC}[[connections]]\nname = \"any\"\nkind = \"ldap\"");
    let expected =
        [(10, "connections.any.name".to_owned(), Invalid), (11, "connections.any.kind".to_owned(), Invalid)];
    assert_eq!(told(parse(&twice)), expected);
}

#[test]
fn faults_in_place_of_a_good_value() {
    let long = format!("client_id = \"{}\"", "c".repeat(256));
    for (name, good, bad, line, key, code) in [
        ("issuer left out", "issuer = \"https://id.example\"", "", 3, "issuer", Missing),
        ("secret left out", "client_secret = \"s\"", "", 3, "client_secret", Missing),
        ("client id left out", "client_id = \"vestibule\"", "", 3, "client_id", Missing),
        ("issuer over http", "https://id", "http://id", 6, "issuer", Invalid),
        ("issuer with a query", "id.example", "id.example?a=b", 6, "issuer", Invalid),
        ("issuer with a fragment", "id.example", "id.example/#a", 6, "issuer", Invalid),
        ("issuer with a person", "id.example", "alice@id.example", 6, "issuer", Invalid),
        ("issuer at our listener", "https://id.example", "http://127.0.0.1:9090", 6, "issuer", Invalid),
        ("issuer with a space", "id.example", "id.example/a b", 6, "issuer", Invalid),
        ("empty client id", "\"vestibule\"", "\"\"", 7, "client_id", Invalid),
        ("client id with a space", "\"vestibule\"", "\"a b\"", 7, "client_id", Invalid),
        ("long client id", "client_id = \"vestibule\"", &long, 7, "client_id", Invalid),
        ("empty secret", "\"s\"", "\"\"", 8, "client_secret", Invalid),
        ("secret as a number", "\"s\"", "1", 8, "client_secret", SecretForm),
        ("secret of two forms", "\"s\"", "{ env = \"A\", file = \"b\" }", 8, "client_secret", SecretForm),
        ("secret of no form", "\"s\"", "{}", 8, "client_secret", SecretForm),
        ("secret of another form", "\"s\"", "{ vault = \"a\" }", 8, "client_secret", SecretForm),
        (
            "variable that is not set",
            "\"s\"",
            "{ env = \"VESTIBULE_NOT_SET\" }",
            8,
            "client_secret.env",
            Missing,
        ),
        ("variable without a name", "\"s\"", "{ env = \"\" }", 8, "client_secret.env", Invalid),
        (
            "secret's file is absent",
            "\"s\"",
            "{ file = \"absent.txt\" }",
            8,
            "client_secret.file",
            Unreadable,
        ),
        ("secret without end", "\"s\"", "{ file = \"/dev/zero\" }", 8, "client_secret.file", Unreadable),
        ("secret that is empty", "\"s\"", "{ file = \"/dev/null\" }", 8, "client_secret.file", Invalid),
        ("another kind's prefix", "name = \"any\"", "name = \"okta\"", 4, "name", Invalid),
        ("Entra's prefix", "name = \"any\"", "name = \"entra\"", 4, "name", Invalid),
    ] {
        assert_eq!(OIDC.matches(good).count(), 1, "{name}");
        let text = OIDC.replace(good, bad);
        let label = if bad.contains("name = ") { bad.split('"').nth(1).unwrap() } else { "any" };
        assert_eq!(told(parse(&text)), [(line, format!("connections.{label}.{key}"), code)], "{name}");
    }
    assert!(parse(OIDC).is_ok());
}

#[test]
fn okta_domains() {
    let domain = |address: &str, custom: bool| {
        let text = OKTA.replace("https://acme.okta.com", address);
        parse(&if custom { format!("{text}custom_domain = true") } else { text })
    };
    for (address, okta, custom) in [
        ("https://acme.okta.com", true, true),
        ("https://acme.okta.com/", true, true),
        ("https://ACME.okta-eu.com", true, true),
        ("https://acme.oktapreview.com", true, true),
        ("https://okta.com", false, true),
        ("https://.okta.com", false, false),
        ("https://acme.okta.com.evil.example", false, true),
        ("https://acmeokta.com", false, true),
        ("https://acme.okta.com:443", false, true),
        ("https://id.corp.example:8443", false, true),
        ("https://acme.okta.com/oauth2", false, false),
        ("https://alice@acme.okta.com", false, false),
        ("http://acme.okta.com", false, false),
        ("http://127.0.0.1:9000", false, true),
        ("http://okta.sandbox.localhost:9000", false, true),
        ("http://127.0.0.1:9090", false, false),
        ("acme.okta.com", false, false),
    ] {
        let refused = [(6, "connections.okta.domain".to_owned(), Invalid)];
        assert_eq!(told(domain(address, false)), if okta { &[] } else { &refused[..] }, "{address}");
        assert_eq!(told(domain(address, true)), if custom { &[] } else { &refused[..] }, "{address} custom");
    }
    let kept = connection(&OKTA.replace("https://acme.okta.com", "https://ACME.okta.com/"));
    assert_eq!(kept.provider.issuer(), "https://acme.okta.com", "the org server, in one spelling");
}

#[test]
fn faults_of_okta() {
    let rows = r#"
        empty server       | authorization_server = "" | 9 connections.okta.authorization_server INVALID
        server with a path | authorization_server = "a/b" | 9 connections.okta.authorization_server INVALID
        server upwards     | authorization_server = ".." | 9 connections.okta.authorization_server INVALID
        custom as a text   | custom_domain = "true" | 9 connections.okta.custom_domain INVALID
        fewer claims       | required_claims = ["upn", "sid"] | 9 connections.okta.required_claims INVALID
        oidc's key         | issuer = "https://id.example" | 9 connections.okta.issuer UNKNOWN
        token's form       | api_token = { vault = "x" } | 9 connections.okta.api_token SECRET-FORM
    "#;
    assert_refused(OKTA, rows, parse);
}

#[test]
fn required_claims_by_kind_and_edition() {
    use ClaimName::{Email, ObjectId, SecurityId, Upn};
    let japan = |text: &str| text.replace("[organization]", "[organization]\nedition = \"japan\"");
    let more = format!("{OKTA}required_claims = [\"email\", \"oid\", \"upn\", \"sid\"]");
    for (name, text, expected) in [
        ("oidc", OIDC.to_owned(), &[Upn][..]),
        ("oidc, japan", japan(OIDC), &[Upn]),
        ("oidc asks for nothing", format!("{OIDC}required_claims = []"), &[]),
        (
            "oidc asks for others",
            format!("{OIDC}required_claims = [\"email\", \"sid\"]"),
            &[SecurityId, Email],
        ),
        ("okta", OKTA.to_owned(), &[SecurityId, Upn, ObjectId]),
        ("okta, japan (AMB-38)", japan(OKTA), &[SecurityId, Upn, ObjectId, Email]),
        ("okta asks for more", more, &[SecurityId, Upn, ObjectId, Email]),
    ] {
        assert_eq!(connection(&text).required, expected, "{name}");
    }
    let fewer = japan(&format!("{OKTA}required_claims = [\"sid\", \"upn\", \"oid\"]"));
    assert_eq!(told(parse(&fewer)), [(10, "connections.okta.required_claims".to_owned(), Invalid)]);
}

#[test]
fn directories_of_the_same_file_are_held_against_it() {
    let declared = "[[directories]]\nname = \"corp\"\ndomain_sid = \"S-1-5-21-1-2-3\"\n";
    let speaking = format!("{OIDC}directories = [\"corp\"]\n");
    assert_eq!(connection(&format!("{speaking}{declared}")).directories[0].as_str(), "corp");
    assert!(parse(&speaking).is_ok(), "directories are left alone");
    let other = format!("{speaking}{}", declared.replace("corp", "other"));
    assert_eq!(told(parse(&other)), [(9, "connections.any.directories".to_owned(), Invalid)]);
}

#[test]
fn what_an_oidc_connection_becomes() {
    let any = connection(OIDC);
    let ProviderConfig::Oidc(oidc) = &any.provider else { panic!("{:?}", any.provider) };
    assert_eq!((oidc.issuer.as_str(), oidc.client_id.as_str()), ("https://id.example", "vestibule"));
    assert_eq!(oidc.scopes, ["openid", "profile", "email"]);
    let windows = connection(&OIDC.replace("\"s\"", "{ file = \"secret.txt\" }"));
    assert!(
        matches!(windows.client_secret, Some(SecretSource::Given(secret)) if secret.expose() == "from-a-file")
    );
}
