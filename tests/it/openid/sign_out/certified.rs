//! Sign-outs over and by a certified OpenID provider, which shares no code with the broker: its own pages, its own logout tokens.

use serde_json::Value;
use vestibule_broker::http::route::AccountsRoute;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::ids::ConnectionId;
use vestibule_tests::counterparts::{Client, OpenIdProvider, Person, SignIn, SignOut, TokenAuth};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::super::logout::connection;
use super::press;

const SECRET: &str = "a secret of this test alone";

fn manifest(issuer: &str) -> Manifest {
    let connections = format!(
        "[[connections]]\nname = \"any\"\nkind = \"oidc\"\nissuer = \"{issuer}\"\nclient_id = \"vestibule\"\n\
         client_secret = \"{SECRET}\"\ndirectories = [\"corp\"]\n"
    );
    let directories = format!(
        "[[directories]]\nname = \"corp\"\ndomain_sid = \"{}\"\nupn_suffixes = [\"corp.example\"]\n",
        Person::with_login("alice").unwrap().domain_sid()
    );
    Manifest { connections, directories, ..Manifest::of("acme") }
}

/// The addresses have the connection's id, which stays when its issuer becomes the one that was told them.
async fn world() -> (World, OpenIdProvider) {
    let world = World::with(Scheme::Http, &[manifest("{issuer}")]).await;
    let id: ConnectionId = connection(&world, "acme");
    let address = |route: AccountsRoute| world.url("accounts", &route.path());
    let client = Client {
        id: "vestibule".to_owned(),
        secret: SECRET.to_owned(),
        redirect_uris: vec![address(AccountsRoute::OidcCallback(id))],
        token_auth: TokenAuth::Basic,
        sign_out: SignOut {
            redirect_uris: vec![world.url("acme", "/")],
            back_channel: Some(address(AccountsRoute::BackChannelLogout(id))),
        },
    };
    let provider = OpenIdProvider::start(&client, &SignIn::Scripted("alice".to_owned())).await.unwrap();
    world.change(&manifest(provider.issuer())).await;
    (world, provider)
}

async fn signed_in(world: &World) -> Browser {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser
}

/// Presses the button of the provider's page.
async fn agree(browser: &mut Browser, page: &Page) -> Page {
    let form = page.form_with("xsrf").unwrap_or_else(|error| panic!("{error}: {}", page.text_body()));
    browser.auto_submit(&form).await.unwrap()
}

async fn received(world: &World, before: usize) -> Vec<Value> {
    let events = world.audit().await.split_off(before);
    assert!(events.iter().all(|one| one.event != "logout.refused"), "{events:?}");
    let received = events.into_iter().filter(|one| one.event == "logout.received");
    received.map(|mut one| one.details["sessions"].take()).collect()
}

/// OIDC-RP-27, OIDC-RP-28.
#[tokio::test]
async fn a_sign_out_here_ends_its_session_and_one_there_ends_ours() {
    let (world, provider) = world().await;
    let (mut here, mut there, mut other) =
        (signed_in(&world).await, signed_in(&world).await, signed_in(&world).await);
    let before = world.audit().await.len();

    let page = press(&world, &mut here).await;
    let page = here.settle(page).await.unwrap();
    assert!(page.url.as_str().starts_with(&format!("{}/session/end?", provider.issuer())), "{}", page.url);
    let page = agree(&mut here, &page).await;
    assert_eq!(page.url.as_str(), world.url("acme", "/.vestibule/signed-out"), "{}", page.text());
    // It tells everybody who knew its session; ours was over before.
    assert_eq!(received(&world, before).await, [0]);
    assert!(world.has_session(&mut there, "acme").await && world.has_session(&mut other, "acme").await);

    let before = world.audit().await.len();
    let page = there.open(&format!("{}/session/end", provider.issuer())).await.unwrap();
    agree(&mut there, &page).await;
    assert_eq!(received(&world, before).await, [1]);
    assert!(!world.has_session(&mut there, "acme").await, "its logout token ended ours");
    assert!(world.has_session(&mut other, "acme").await, "the same person, another session there");
    provider.stop().await.unwrap();
}
