//! A Gateway's own ways. Shape from docs.

use std::collections::HashSet;

use super::*;

const GATEWAY: &str = "https://gateway.sandbox.localhost:8443";
const BROWSERS: &str = "http://gateway.sandbox.localhost:8080";

fn world() -> World {
    let World { provider, clock } = World::new(Shape::Gateway);
    let settings =
        Settings { issuer: GATEWAY.to_owned(), browsers: Some(BROWSERS.to_owned()), ..provider.settings };
    World { provider: Provider::new(settings).unwrap(), clock }
}

async fn id_token(world: &World, username: &str) -> String {
    let page = world.get(&world.authorize_url(&[("scope", "openid ctxs_cc")]), &[]).await;
    let people = People::standard();
    let password = people.by_username(username).unwrap().password.clone();
    let fields = [("username", username), ("password", password.as_str())];
    let answer = world.post(&page.action(), &[(ORIGIN, BROWSERS)], &fields).await;
    assert!(!answer.query().contains_key("iss"), "a Gateway does not say so");
    let code = answer.query().remove("code").unwrap();
    let tokens = world.redeem(&[("code", &code)]).await.json();
    tokens["id_token"].as_str().unwrap().to_owned()
}

fn name_of(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_document_is_apart_from_the_issuer_and_the_browser_from_both() {
    let world = world();
    assert_eq!(
        world.get(&format!("{GATEWAY}/.well-known/openid-configuration"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let address = format!("{GATEWAY}/oauth/idp/.well-known/openid-configuration");
    let document = world.get(&address, &[]).await.json();
    for (name, expected) in [
        ("issuer", GATEWAY.to_owned()),
        ("authorization_endpoint", format!("{BROWSERS}/oauth/idp/login")),
        ("token_endpoint", format!("{GATEWAY}/oauth/idp/token")),
        ("jwks_uri", format!("{GATEWAY}/oauth/idp/certs")),
        ("end_session_endpoint", format!("{BROWSERS}/oauth/idp/logout")),
    ] {
        assert_eq!(document[name], expected, "{name}");
        if name != "issuer" {
            assert_ne!(world.get(&expected, &[]).await.status, StatusCode::NOT_FOUND, "{name}");
        }
    }
}

#[tokio::test]
async fn every_token_has_a_key_of_its_own_which_is_published() {
    let world = world();
    let mut names = HashSet::new();
    for _ in 0..20 {
        let name = name_of(&id_token(&world, "alice").await);
        let keys = world.get(&format!("{GATEWAY}/oauth/idp/certs"), &[]).await.json();
        let keys = keys["keys"].as_array().unwrap();
        assert!(keys.len() <= 16 && keys.iter().any(|key| key["kid"] == name.as_str()), "{keys:?}");
        assert!(names.insert(name), "a name that was there before");
    }
}

#[tokio::test]
async fn whom_the_lookup_does_not_find_has_empty_claims() {
    let world = world();
    for (username, found) in [("alice", true), ("dave", false)] {
        let claims = shared_key().open(&id_token(&world, username).await).unwrap();
        for name in ["sid", "oid", "upn", "email", "domain"] {
            assert_eq!(claims[name] != "", found, "{username} {name}");
        }
        assert_eq!(claims["iss"], GATEWAY);
        assert!(claims["givename"].is_string() && claims["familyname"].is_string());
        assert!(claims.get("cip_sid").is_none() && claims.get("given_name").is_none());
    }
}
