//! The kind `okta`: its issuer, its demands, its names (OKT-01 to OKT-16, CLM-09, AMB-38; interface 4 and 5).

use serde_json::{Value, json};
use vestibule_conformance::hostile::{AnswerFault, Edit, Endpoint, Fault, Setup, Signing};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{SID, refused, session, token, userinfo};
use crate::openid::{calls, sign_in};

fn manifest(server: &str) -> Manifest {
    let connections = format!(
        "[[connections]]\nname = \"any\"\nkind = \"okta\"\ndomain = \"{{origin}}\"\ncustom_domain = true\n{server}\
         client_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n"
    );
    Manifest { connections, ..Manifest::of("acme") }
}

/// An Okta organisation with the authorization server `default`.
async fn okta() -> World {
    let setup = Setup { path: "/oauth2/default".to_owned(), ..Setup::default() };
    World::with_provider(Scheme::Http, &[manifest("authorization_server = \"default\"\n")], setup).await
}

#[tokio::test]
async fn a_person_comes_in_through_a_custom_authorization_server() {
    let world = okta().await;
    let session = session(&world, "OKT: custom authorization server").await;
    assert_eq!((&session["kind"], &session["connection"]), (&json!("okta"), &json!("any")));
    assert_eq!(
        session["claims"]["groups"],
        json!(["okta:Staff"]),
        "interface 4: okta:<id>, whatever its name"
    );
    assert_eq!(session["provenance"]["cip_sid"], "any:id_token");
    let [call] = world.provider.calls_to(Endpoint::Authorize).try_into().expect("one request");
    assert!(call.path.starts_with("/oauth2/default/"), "{}", call.path);
    assert!(call.query.contains("scope=openid+profile+email"), "OKT: {}", call.query);
    assert!(call.query.contains("core%2Flogin-okta"), "interface 3: {}", call.query);
}

#[tokio::test]
async fn a_person_comes_in_through_the_org_server() {
    let world = World::with_provider(Scheme::Http, &[manifest("")], Setup::default()).await;
    session(&world, "OKT: org server").await;
}

#[tokio::test]
async fn another_authorization_server_is_another_issuer() {
    let setup = Setup { path: "/oauth2/default".to_owned(), ..Setup::default() };
    for (row, server) in [
        ("the org server", ""),
        ("another server", "authorization_server = \"other\"\n"),
        ("another case", "authorization_server = \"Default\"\n"),
    ] {
        let world = World::with_provider(Scheme::Http, &[manifest(server)], setup.clone()).await;
        assert_eq!(sign_in(&world, row).await.code(), "OIDC-DISCOVERY", "{row}");
        assert_eq!(calls(&world, Endpoint::Authorize), 0, "{row}");
    }
}

#[tokio::test]
async fn okta_demands_identifiers_and_name_but_no_email() {
    let world = okta().await;
    for (row, fault, code, claim) in [
        ("no SID", Fault::Claims(Edit::remove("cip_sid")), "CLAIM-SID", "cip_sid"),
        ("no UPN", Fault::Claims(Edit::remove("cip_upn")), "CLAIM-UPN", "cip_upn"),
        ("no object id", Fault::Claims(Edit::remove("cip_oid")), "CLAIM-OID", "cip_oid"),
        ("another domain's SID", token("cip_sid", "S-1-5-21-1-2-3-1104"), "CLAIM-SCOPE", "cip_sid"),
        ("another domain's suffix", token("cip_upn", "bob@else.example"), "CLAIM-SCOPE", "cip_upn"),
    ] {
        world.provider.script(fault);
        let (found, named, reason) = refused(&world, row).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "OIDC-RP-40: {row}: {reason}");
    }
    world.provider.script_all(no_email());
    let session = session(&world, "no e-mail").await;
    assert_eq!(session["claims"]["cip_email"], Value::Null);
    for (row, value) in [("text", SID), ("Base64", "AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA==")] {
        world.provider.script(token("cip_sid", value));
        assert_eq!(super::session(&world, row).await["claims"]["cip_sid"], SID, "OIDC-RP-40: {row}");
    }
}

#[tokio::test]
async fn the_japanese_edition_demands_an_email_too() {
    let world = okta().await;
    let text = manifest("authorization_server = \"default\"\n").text(&world);
    let text = text.replace("[organization]\n", "[organization]\nedition = \"japan\"\n");
    world.apply_text(&text).await.expect("the manifest");
    world.settle().await;
    assert_eq!(sign_in(&world, "AMB-38: with an e-mail").await.code(), "in");
    world.provider.script_all(no_email());
    assert_eq!(refused(&world, "AMB-38: without").await.0, "CLAIM-EMAIL");
}

/// AMB-38: the standard claim stands in for `cip_email`, unless Okta says that nobody verified it.
#[tokio::test]
async fn the_standard_email_stands_in_where_it_is_verified() {
    let world = okta().await;
    let no_own = || Fault::UserInfo(Edit::remove("cip_email"));
    for (row, faults, email) in [
        ("its own claim", vec![userinfo("email", "other@mail.example")], Some("alice@corp.example")),
        ("the standard one", vec![no_own(), userinfo("email", "a@mail.example")], Some("a@mail.example")),
        (
            "nothing said",
            vec![no_own(), Fault::UserInfo(Edit::remove("email_verified"))],
            Some("alice@corp.example"),
        ),
        ("not verified", vec![no_own(), userinfo("email_verified", false)], None),
        ("not verified, in text", vec![no_own(), userinfo("email_verified", "False")], None),
        (
            "the token's address is not verified",
            vec![no_own(), token("email", "a@mail.example"), token("email_verified", false)],
            None,
        ),
        // Core §5.1: the flag speaks of the address beside it.
        (
            "a flag without an address",
            vec![no_own(), token("email_verified", false)],
            Some("alice@corp.example"),
        ),
        (
            "its own claim beside one not verified",
            vec![userinfo("email_verified", false)],
            Some("alice@corp.example"),
        ),
    ] {
        world.provider.script_all(faults);
        let session = session(&world, row).await;
        assert_eq!(session["claims"]["cip_email"].as_str(), email, "AMB-38: {row}");
        assert_eq!(session["provenance"]["cip_email"].is_string(), email.is_some(), "AMB-38: {row}");
    }
}

/// annex c.8: Okta signs with RS256 alone, whatever its metadata says.
#[tokio::test]
async fn okta_signs_with_rs256_alone() {
    let world = okta().await;
    let announce =
        Fault::Discovery(Edit::set("id_token_signing_alg_values_supported", json!(["RS256", "ES256"])));
    world.provider.script(announce.clone());
    assert_eq!(sign_in(&world, "RS256").await.code(), "in");
    world.provider.script_all(vec![announce, Fault::Signing(Signing::Es256)]);
    assert_eq!(sign_in(&world, "ES256").await.code(), "OIDC-ALGORITHM");
}

/// OKT-16: who is not assigned to the application is told so, and nothing is redeemed.
#[tokio::test]
async fn somebody_who_is_not_assigned_is_denied() {
    let world = okta().await;
    let text = "User is not assigned to the client application.";
    let denied = AnswerFault::Error("access_denied".to_owned(), text.to_owned());
    world.provider.script(Fault::Answer(denied));
    assert_eq!(sign_in(&world, "OKT-16").await.code(), "OIDC-DENIED");
    assert_eq!(calls(&world, Endpoint::Token), 0, "OKT-16");
    let event = world.audit().await.pop().expect("an event");
    assert!(event.details["reason"].as_str().unwrap_or_default().contains(text), "{:?}", event.details);
}

/// `email` is read for nobody but okta: elsewhere it is a claim like any other.
#[tokio::test]
async fn no_other_kind_takes_the_standard_email() {
    let world = World::start().await;
    world.provider.script(Fault::UserInfo(Edit::remove("cip_email")));
    assert_eq!(refused(&world, "AMB-38: oidc").await.0, "CLAIM-EMAIL");
}

fn no_email() -> Vec<Fault> {
    vec![Fault::UserInfo(Edit::remove("cip_email")), Fault::UserInfo(Edit::remove("email"))]
}
