//! What the broker sends: each request once, with the secret where the provider wants it (OIDC-RP-01, -11, -14, -16).

use vestibule_conformance::hostile::{Call, ClientAuth, Edit, Endpoint, Fault};
use vestibule_conformance::wire::Page;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{calls, sign_in};

/// RFC 6749 §2.3.1 over `vestibule+hostile` and `s:%+é/`: each form-urlencoded, then joined by a colon, then Base64.
const BASIC: &str = "Basic dmVzdGlidWxlJTJCaG9zdGlsZTpzJTNBJTI1JTJCJUMzJUE5JTJG";
const POSTED: [&str; 2] = ["client_id=vestibule%2Bhostile", "client_secret=s%3A%25%2B%C3%A9%2F"];

#[tokio::test]
async fn every_endpoint_is_asked_once() {
    let world = World::start().await;
    assert_eq!(sign_in(&world, "OIDC-RP-01").await.code(), "in");
    for endpoint in [Endpoint::Authorize, Endpoint::Token, Endpoint::Keys, Endpoint::UserInfo] {
        assert_eq!(calls(&world, endpoint), 1, "OIDC-RP-01: {endpoint:?}");
    }
    let call = only(&world, Endpoint::UserInfo);
    let bearer = call.authorization.as_deref().unwrap_or_default();
    assert!(bearer.starts_with("Bearer "), "OIDC-RP-11: {bearer}");
    assert_eq!(
        (call.query.as_str(), call.body.as_str()),
        ("", ""),
        "OIDC-RP-11: the token stands in the header alone"
    );
}

#[tokio::test]
async fn userinfo_is_not_asked_for_what_the_token_says() {
    let world = World::start().await;
    world.provider.script(Fault::Claims(Edit::set("cip_email", "alice@corp.example")));
    assert_eq!(sign_in(&world, "OIDC-RP-01: a full token").await.code(), "in");
    assert_eq!(calls(&world, Endpoint::UserInfo), 0);
}

#[tokio::test]
async fn a_provider_without_userinfo_is_not_asked_for_it() {
    let world = World::start().await;
    let nowhere = Fault::Discovery(Edit::remove("userinfo_endpoint"));
    world.provider.script(nowhere.clone());
    assert_eq!(sign_in(&world, "the email is missing").await.code(), "CLAIM-EMAIL");
    let email = Fault::Claims(Edit::set("cip_email", "alice@corp.example"));
    world.provider.script_all(vec![nowhere, email]);
    assert_eq!(sign_in(&world, "the email is in the token").await.code(), "in");
    assert_eq!(calls(&world, Endpoint::UserInfo), 0);
}

#[tokio::test]
async fn no_two_sign_ins_send_the_same_values() {
    let world = World::start().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, "OIDC-RP-14").await.code(), "in");
        let query = only(&world, Endpoint::Authorize).query;
        for name in ["nonce", "state", "code_challenge"] {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            let value = value.unwrap_or_else(|| panic!("OIDC-RP-14: no {name} in {query}")).to_owned();
            assert!(value.len() >= 43, "OIDC-RP-14: {name} has 256 bits: {value}");
            assert!(!seen.contains(&value), "OIDC-RP-14: {name} again");
            seen.push(value);
        }
    }
}

#[tokio::test]
async fn the_secret_goes_where_the_provider_takes_it() {
    let world = World::start().await;
    for (row, fault, basic) in [
        ("both ways", None, true),
        ("basic only", Some(Fault::ClientAuth(ClientAuth::BasicOnly)), true),
        ("post only", Some(Fault::ClientAuth(ClientAuth::PostOnly)), false),
        // Discovery §3: basic where nothing is said.
        ("nothing said", Some(Fault::Discovery(Edit::remove("token_endpoint_auth_methods_supported"))), true),
    ] {
        world.provider.script_all(fault.into_iter().collect());
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), "in", "OIDC-RP-16: {row}");
        let call = only(&world, Endpoint::Token);
        assert_eq!(call.authorization.as_deref(), basic.then_some(BASIC), "OIDC-RP-16: {row}");
        let secret_is_posted = call.body.contains("client_secret");
        assert_eq!(secret_is_posted, !basic, "OIDC-RP-16: {row}: {}", call.body);
        assert!(
            basic || POSTED.iter().all(|part| call.body.contains(part)),
            "OIDC-RP-16: {row}: {}",
            call.body
        );
        assert!(!call.query.contains("secret"), "OIDC-RP-16: {row}");
    }
    let neither = Edit::set("token_endpoint_auth_methods_supported", vec!["private_key_jwt"]);
    world.provider.script(Fault::Discovery(neither));
    world.provider.forget_calls();
    assert_eq!(sign_in(&world, "neither way").await.code(), "OIDC-DISCOVERY", "OIDC-RP-16: neither way");
    assert_eq!(calls(&world, Endpoint::Token), 0, "OIDC-RP-16: neither way");
}

#[tokio::test]
async fn another_secret_is_refused_by_the_provider() {
    let mut manifest = Manifest::of("acme");
    manifest.connections = manifest.connections.replace("s:%+é/", "s:%+e/");
    let world = World::with(Scheme::Http, &[manifest]).await;
    for (row, auth) in [("basic", ClientAuth::BasicOnly), ("post", ClientAuth::PostOnly)] {
        world.provider.script(Fault::ClientAuth(auth));
        assert_eq!(sign_in(&world, row).await.code(), "OIDC-TOKEN-REFUSED", "OIDC-RP-16: {row}");
    }
}

#[tokio::test]
async fn a_connection_asks_for_exactly_the_scopes_that_it_names() {
    let world = World::start().await;
    for (row, named, asked) in [
        ("none named", "", "openid profile email"),
        ("openid alone", "scopes = [\"openid\"]\n", "openid"),
        ("without e-mail", "scopes = [\"openid\", \"profile\"]\n", "openid profile"),
        ("one of its own", "scopes = [\"openid\", \"urn:corp:people+1\"]\n", "openid urn:corp:people+1"),
    ] {
        world.change(&naming(named)).await;
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), "in", "OIDC-RP-15: {row}");
        let query = only(&world, Endpoint::Authorize).query;
        let page = Page::imagined(&format!("http://accounts.example/?{query}"), "").unwrap();
        let pairs = page.url.query_pairs().filter(|(name, _)| name == "scope");
        let scope: Vec<String> = pairs.map(|(_, value)| value.into_owned()).collect();
        assert_eq!(scope, [asked], "OIDC-RP-15: {row}: {query}");
    }
    // Core §3.1.2.1: without openid it is no OpenID request.
    let refused = world.apply(&naming("scopes = [\"profile\", \"email\"]\n")).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("openid")), "OIDC-RP-15: without openid");
}

fn naming(scopes: &str) -> Manifest {
    let connections = format!("{}{scopes}", Manifest::of("acme").connections);
    Manifest { connections, ..Manifest::of("acme") }
}

/// The one call to an endpoint.
fn only(world: &World, endpoint: Endpoint) -> Call {
    let calls = world.provider.calls_to(endpoint);
    let [call] = calls.as_slice() else { panic!("{endpoint:?} was asked {} times", calls.len()) };
    call.clone()
}
