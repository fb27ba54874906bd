//! A frame in the provider's sign-out page (OpenID Connect Front-Channel Logout 1.0): it ends the session that it names, of its own
//! issuer and connection, and nothing else.

use http::Method;
use vestibule_broker::http::route::AccountsRoute;
use vestibule_conformance::hostile::Endpoint;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::ids::ConnectionId;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::logout::{connection, signed_in};

fn address(world: &World, id: ConnectionId, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{}?{query}", world.url("accounts", &AccountsRoute::FrontChannelLogout(id).path()))
}

/// As a frame on another site does: without a cookie.
async fn frame(world: &World, address: &str) -> Page {
    let page = world.browser().open(address).await.unwrap();
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.header("set-cookie").is_none());
    page
}

async fn lives(world: &World, browser: &mut Browser) -> bool {
    world.has_session(browser, "acme").await
}

/// OIDC-RP-31.
#[tokio::test]
async fn a_frame_ends_the_session_that_it_names() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut one = signed_in(&world, "acme", Some("s-1")).await;
    let mut two = signed_in(&world, "acme", Some("s-2")).await;
    let mut other = signed_in(&world, "beta", Some("s-1")).await;
    let id = connection(&world, "acme");
    world.provider.forget_calls();
    let before = world.audit().await.len();
    let page = frame(&world, &address(&world, id, &[("iss", world.provider.issuer()), ("sid", "s-1")])).await;
    assert_eq!((page.status.as_u16(), page.text().as_str()), (200, ""));
    // RFC 6797 and the like stay; the issuer's origin may frame it, and nobody else.
    let policy = format!("default-src 'none'; frame-ancestors {}", world.provider.origin());
    assert_eq!(page.header("content-security-policy"), Some(policy.as_str()));
    assert_eq!(page.header("x-frame-options"), None);
    assert!(!lives(&world, &mut one).await);
    assert!(lives(&world, &mut two).await);
    assert!(world.has_session(&mut other, "beta").await);
    // Nobody who merely opens an address has us call the provider.
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len() + world.provider.calls_to(Endpoint::Keys).len(),
        0
    );
    let events = world.audit().await.split_off(before);
    let names: Vec<_> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!(names, ["logout.received", "session.ended"]);
}

#[tokio::test]
async fn another_issuer_and_an_unknown_session_end_nothing() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut browser = signed_in(&world, "acme", Some("s-1")).await;
    let (issuer, id) = (world.provider.issuer().to_owned(), connection(&world, "acme"));
    let beta = connection(&world, "beta");
    let slash = format!("{issuer}/");
    for (row, id, pairs, status) in [
        ("another iss", id, vec![("iss", "https://id.example"), ("sid", "s-1")], 400),
        ("nearly our iss", id, vec![("iss", &slash), ("sid", "s-1")], 400),
        ("no iss", id, vec![("sid", "s-1")], 400),
        ("iss twice", id, vec![("iss", &issuer), ("iss", &issuer), ("sid", "s-1")], 400),
        ("no sid", id, vec![("iss", &issuer)], 400),
        ("sid twice", id, vec![("iss", &issuer), ("sid", "s-1"), ("sid", "s-1")], 400),
        (
            "nobody's connection",
            ConnectionId::from_bytes([9; 8]),
            vec![("iss", &issuer), ("sid", "s-1")],
            400,
        ),
        // What is not known is not told.
        ("another sid", id, vec![("iss", &issuer), ("sid", "s-2")], 200),
        ("an empty sid", id, vec![("iss", &issuer), ("sid", "")], 200),
        ("another organisation's connection", beta, vec![("iss", &issuer), ("sid", "s-1")], 200),
    ] {
        let before = world.audit().await.len();
        let page = frame(&world, &address(&world, id, &pairs)).await;
        assert_eq!(page.status, status, "{row}: {}", page.text());
        let events = world.audit().await.split_off(before);
        let events: Vec<_> = events.iter().map(|one| (one.event.as_str(), one.code.as_deref())).collect();
        assert_eq!(events, [("logout.refused", Some("OIDC-LOGOUT-SESSION"))], "{row}");
        assert!(lives(&world, &mut browser).await, "{row}");
    }
    let good = address(&world, id, &[("iss", &issuer), ("sid", "s-1")]);
    for method in [Method::HEAD, Method::POST] {
        let page = world.browser().request(Request::new(method, &good).unwrap()).await.unwrap();
        assert_eq!(page.status, 405);
    }
    assert!(lives(&world, &mut browser).await);
    assert_eq!(frame(&world, &good).await.status, 200);
    assert!(!lives(&world, &mut browser).await);
}
