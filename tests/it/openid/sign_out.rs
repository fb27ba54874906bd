//! Sign-out over an OpenID provider (RP-Initiated Logout 1.0): ours first, then the provider's, and back to the workspace.

mod certified;

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;
use vestibule_conformance::hostile::{Edit, Endpoint, Fault, Misbehaviour, SUBJECT};
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::world::World;

/// A provider that says where sessions end.
fn offers(world: &World) -> Fault {
    Fault::Discovery(Edit::set("end_session_endpoint", format!("{}/end?a=b", world.provider.origin())))
}

async fn signed_in(world: &World, faults: Vec<Fault>) -> Browser {
    world.provider.script_all(faults);
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser
}

async fn press(world: &World, browser: &mut Browser) -> Page {
    let question = browser.open(&world.url("acme", "/.vestibule/sign-out")).await.unwrap();
    browser.submit(&question.form_with("form_token").unwrap()).await.unwrap()
}

/// The provider's address on the page after the button, and its parameters.
fn onward(world: &World, page: &Page) -> BTreeMap<String, String> {
    let (_, to) = page.refresh().unwrap_or_else(|| panic!("no way on: {} {}", page.url, page.text()));
    assert!(to.as_str().starts_with(&format!("{}/end?a=b&", world.provider.origin())), "{to}");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "the token stays between the two of us");
    to.query_pairs().into_owned().collect()
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a token");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn back(parameters: &BTreeMap<String, String>, state: Option<&str>) -> String {
    let mut url = Url::parse(&parameters["post_logout_redirect_uri"]).unwrap();
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    url.into()
}

/// OIDC-RP-27.
#[tokio::test]
async fn the_providers_session_ends_too_and_the_person_comes_back() {
    let world = World::start().await;
    let mut browser = signed_in(&world, vec![offers(&world)]).await;
    let page = press(&world, &mut browser).await;
    let parameters = onward(&world, &page);
    assert!(!world.has_session(&mut browser, "acme").await, "ours is over before the provider is asked");
    assert_eq!(claims(&parameters["id_token_hint"])["sub"], SUBJECT);
    assert_eq!(parameters["post_logout_redirect_uri"], world.url("acme", "/"), "OKT-04");
    assert!(!parameters.contains_key("client_id"));
    let state = parameters["state"].clone();
    world.application.forget();
    // The redirect of the provider is a navigation from another site.
    let page = browser.navigate(&page, &back(&parameters, Some(&state))).await.unwrap();
    assert_eq!(page.url.as_str(), world.url("acme", "/.vestibule/signed-out"));
    assert_eq!(page.status, 200);
    assert!(world.application.received().is_empty());
    // The token went with the session.
    let kept: Vec<Option<Vec<u8>>> =
        sqlx::query_scalar("SELECT hint FROM roots").fetch_all(world.app().store.readers()).await.unwrap();
    assert_eq!(kept, [None]);
}

/// Whatever comes back leads nowhere but to the page after a sign-out.
#[tokio::test]
async fn another_state_or_none_leads_nowhere() {
    let world = World::start().await;
    let mut browser = signed_in(&world, vec![offers(&world)]).await;
    let page = press(&world, &mut browser).await;
    let parameters = onward(&world, &page);
    let mut other = signed_in(&world, vec![offers(&world)]).await;
    let page = press(&world, &mut other).await;
    let others = onward(&world, &page);
    assert_ne!(parameters["state"], others["state"]);
    world.application.forget();
    world.provider.forget_calls();
    for (row, state) in
        [("none", None), ("another's", Some(others["state"].as_str())), ("made up", Some("x"))]
    {
        let page = browser.open(&back(&parameters, state)).await.unwrap();
        assert_eq!(page.url.as_str(), back(&parameters, state), "{row}: it stays where it came to");
        assert!(page.text().contains("signed out"), "{row}: {}", page.text());
    }
    // Somebody who never signed out here is a visitor with a parameter.
    let mut stranger = world.browser();
    stranger.stop_before(Some("/start"));
    let page = stranger.open(&back(&parameters, Some(&parameters["state"]))).await.unwrap();
    assert!(page.location().is_some_and(|next| next.path() == "/start"));
    assert!(world.application.received().is_empty() && world.provider.calls_to(Endpoint::Token).is_empty());
}

/// Without a place, or with one that is none, it is as it was: our session ends and the page says so.
#[tokio::test]
async fn a_provider_without_a_usable_place_is_left_alone() {
    let world = World::start().await;
    let place = |value: Value| Fault::Discovery(Edit::set("end_session_endpoint", value));
    for (row, fault) in [
        ("none", None),
        ("null", Some(place(Value::Null))),
        ("a number", Some(place(Value::from(1)))),
        ("no address", Some(place(Value::from("/logout")))),
        ("a script", Some(place(Value::from("javascript:alert(1)")))),
    ] {
        let mut browser = signed_in(&world, fault.into_iter().collect()).await;
        let page = press(&world, &mut browser).await;
        assert_eq!(page.url.as_str(), world.url("acme", "/.vestibule/signed-out"), "{row}");
        assert!(!world.has_session(&mut browser, "acme").await, "{row}");
    }
}

/// A provider that is away at that moment, or does not answer, keeps nobody signed in and nobody waiting for long.
#[tokio::test]
async fn a_provider_that_is_away_is_not_waited_for() {
    let world = World::start().await;
    for misbehaviour in [Misbehaviour::Status(503), Misbehaviour::Silent] {
        let mut browser = signed_in(&world, vec![offers(&world)]).await;
        world.provider.script(Fault::Endpoint(Endpoint::Discovery, misbehaviour));
        let pressed = tokio::time::timeout(Duration::from_secs(8), press(&world, &mut browser)).await;
        let page = pressed.unwrap_or_else(|_| panic!("{misbehaviour:?}"));
        assert_eq!(page.url.as_str(), world.url("acme", "/.vestibule/signed-out"), "{misbehaviour:?}");
        assert!(!world.has_session(&mut browser, "acme").await, "{misbehaviour:?}");
    }
}

/// What is too long for an address is not kept, and the provider is told whose address it leads back to instead.
#[tokio::test]
async fn a_long_token_is_not_kept() {
    let world = World::start().await;
    let padding = Fault::Claims(Edit::set("padding", "a".repeat(4 * 1024)));
    let mut browser = signed_in(&world, vec![offers(&world), padding]).await;
    let page = press(&world, &mut browser).await;
    let parameters = onward(&world, &page);
    assert_eq!(parameters["client_id"], world.provider.client_id());
    assert!(!parameters.contains_key("id_token_hint"));
}

#[tokio::test]
async fn the_token_stands_in_the_store_sealed() {
    let world = World::start().await;
    signed_in(&world, Vec::new()).await;
    let kept: Vec<u8> =
        sqlx::query_scalar("SELECT hint FROM roots").fetch_one(world.app().store.readers()).await.unwrap();
    let text = String::from_utf8_lossy(&kept);
    assert!(kept.len() > 500 && !text.contains("eyJ"), "{text}");
}
