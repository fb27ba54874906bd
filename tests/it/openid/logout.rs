//! Sign-outs that a provider sends: logout tokens from server to server (Back-Channel Logout 1.0). Beside the one good token stand those
//! that differ from it in one thing, and end nobody's session.

use std::time::Duration;

use serde_json::json;
use vestibule_broker::http::route::AccountsRoute;
use vestibule_conformance::hostile::{Edit, Encoding, Fault, HmacKey, SUBJECT, Signing};
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::Slug;
use vestibule_tests::world::{Manifest, Scheme, World};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

pub(crate) fn connection(world: &World, slug: &str) -> ConnectionId {
    let deployment = world.app().deployment.load();
    deployment.by_slug(&Slug::parse(slug).unwrap()).unwrap().organization.connections[0].id
}

fn address(world: &World, slug: &str) -> String {
    world.url("accounts", &AccountsRoute::BackChannelLogout(connection(world, slug)).path())
}

/// As a provider's server does: without a cookie, an `Origin` or a history.
async fn post(world: &World, address: &str, fields: &[(&str, &str)]) -> Page {
    let page = world.browser().request(Request::post(address, fields).unwrap()).await.unwrap();
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.header("set-cookie").is_none());
    page
}

async fn send(world: &World, slug: &str, faults: Vec<Fault>) -> Page {
    let token = world.provider.logout_token(faults);
    post(world, &address(world, slug), &[("logout_token", &token)]).await
}

fn claim(name: &str, value: impl Into<serde_json::Value>) -> Fault {
    Fault::Claims(Edit::set(name, value))
}

/// A browser that is signed in on this workspace, with a session of this id at the provider.
pub(crate) async fn signed_in(world: &World, label: &str, sid: Option<&str>) -> Browser {
    world.provider.script_all(sid.map(|sid| claim("sid", sid)).into_iter().collect());
    let mut browser = world.browser();
    let page = browser.open(&world.url(label, "/")).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    world.provider.behave();
    browser
}

/// OIDC-RP-28, and what the token does not name goes on.
#[tokio::test]
async fn the_session_that_is_named_ends_everywhere_and_no_other() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut one = signed_in(&world, "acme", Some("s-1")).await;
    one.open(&world.url("acme-second", "/")).await.unwrap();
    let mut two = signed_in(&world, "acme", Some("s-2")).await;
    // The same provider, client, person and session, in another organisation.
    let mut other = signed_in(&world, "beta", Some("s-1")).await;
    let before = world.audit().await.len();
    let page = send(&world, "acme", vec![claim("sid", "s-1")]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    // The next request of either workspace already finds it ended.
    for label in ["acme", "acme-second"] {
        assert!(!world.has_session(&mut one, label).await, "{label}");
    }
    assert!(world.has_session(&mut two, "acme").await);
    assert!(world.has_session(&mut other, "beta").await, "another organisation's session");
    let events = world.audit().await.split_off(before);
    let names: Vec<_> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!(names, ["logout.received", "session.ended"]);
    assert_eq!((&events[0].details["sessions"], &events[1].details["by"]), (&json!(1), &json!("provider")));
    // What servers beside this one follow.
    let feed: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM changes WHERE kind = 'root-ended'")
        .fetch_one(world.app().store.readers())
        .await
        .unwrap();
    assert_eq!(feed, 1);
    // The person comes in again, by the provider.
    let page = one.open(&world.url("acme", "/")).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
}

#[tokio::test]
async fn a_token_without_a_session_ends_all_of_its_person() {
    let world = World::start().await;
    let mut one = signed_in(&world, "acme", Some("s-1")).await;
    let mut two = signed_in(&world, "acme", None).await;
    assert_eq!(send(&world, "acme", vec![claim("sub", "somebody-else")]).await.status, 200);
    assert!(world.has_session(&mut one, "acme").await && world.has_session(&mut two, "acme").await);
    assert_eq!(send(&world, "acme", Vec::new()).await.status, 200);
    assert!(!world.has_session(&mut one, "acme").await && !world.has_session(&mut two, "acme").await);
}

/// A session and a person that do not belong together end nothing; a session that nobody knows may be the one that is meant.
#[tokio::test]
async fn a_session_is_ended_for_its_own_person_alone() {
    let world = World::start().await;
    let mut known = signed_in(&world, "acme", Some("s-1")).await;
    let mut unknown = signed_in(&world, "acme", None).await;
    let foreign = vec![claim("sid", "s-1"), claim("sub", "somebody-else")];
    assert_eq!(send(&world, "acme", foreign).await.status, 200);
    assert!(world.has_session(&mut known, "acme").await);
    assert_eq!(send(&world, "acme", vec![claim("sid", "s-9")]).await.status, 200);
    assert!(world.has_session(&mut known, "acme").await, "its session is another");
    assert!(!world.has_session(&mut unknown, "acme").await, "its session may be this one");
    let no_subject = vec![claim("sid", "s-1"), Fault::Claims(Edit::remove("sub"))];
    assert_eq!(send(&world, "acme", no_subject).await.status, 200);
    assert!(!world.has_session(&mut known, "acme").await);
}

/// OIDC-RP-29: each row differs from the good token in one thing. Whoever sent it reads the same of all.
#[tokio::test]
async fn a_token_that_is_wrong_in_one_thing_ends_nothing() {
    let world = World::start().await;
    let mut browser = signed_in(&world, "acme", Some("s-1")).await;
    let typ = |typ: &str| Fault::Header(Edit::set("typ", typ));
    let without = |name: &str| Fault::Claims(Edit::remove(name));
    let mut answers = Vec::new();
    for (row, fault, code) in [
        ("alg none", Fault::Signing(Signing::Unsigned("none")), "OIDC-TOKEN"),
        ("HS256 with our secret", Fault::Signing(Signing::Hs256(HmacKey::ClientSecret)), "OIDC-ALGORITHM"),
        ("HS256 with the public key", Fault::Signing(Signing::Hs256(HmacKey::Pem)), "OIDC-ALGORITHM"),
        ("ES256, which is not announced", Fault::Signing(Signing::Es256), "OIDC-ALGORITHM"),
        ("no signature", Fault::Signing(Signing::EmptySignature), "OIDC-TOKEN"),
        ("a bit of the signature", Fault::Signing(Signing::BadRs256), "OIDC-SIGNATURE"),
        ("a key of the attacker's", Fault::Signing(Signing::ForeignKey), "OIDC-SIGNATURE"),
        ("a kid that nobody has", Fault::Header(Edit::set("kid", "nobody")), "OIDC-KEY-UNKNOWN"),
        ("two segments", Fault::Encoding(Encoding::Segments(2)), "OIDC-TOKEN"),
        ("a line break", Fault::Encoding(Encoding::LineBreak), "OIDC-TOKEN"),
        ("typ of an access token", typ("at+jwt"), "OIDC-TOKEN"),
        ("typ of another event", typ("secevent+jwt"), "OIDC-TOKEN"),
        ("a claim twice", Fault::Claims(Edit::raw("\"sub\"", "\"other\"")), "OIDC-TOKEN"),
        ("iss of another", claim("iss", "https://id.example"), "OIDC-TOKEN-ISSUER"),
        ("aud of another", claim("aud", "another"), "OIDC-AUDIENCE"),
        ("no exp", without("exp"), "OIDC-TIME"),
        ("exp passed", Fault::Claims(Edit::time("exp", -60)), "OIDC-TIME"),
        ("no iat", without("iat"), "OIDC-TIME"),
        ("iat to come", Fault::Claims(Edit::time("iat", 61)), "OIDC-TIME"),
        ("iat of eleven minutes ago", Fault::Claims(Edit::time("iat", -660)), "OIDC-TIME"),
        ("no event", without("events"), "OIDC-LOGOUT-EVENT"),
        (
            "another event",
            claim("events", json!({ "http://schemas.openid.net/event/other": {} })),
            "OIDC-LOGOUT-EVENT",
        ),
        ("an event that is no object", claim("events", json!({ EVENT: true })), "OIDC-LOGOUT-EVENT"),
        ("a nonce", claim("nonce", "n"), "OIDC-LOGOUT-NONCE"),
        ("nobody", without("sub"), "OIDC-LOGOUT-SUBJECT"),
        ("a sid that is a number", claim("sid", 1), "OIDC-LOGOUT-SUBJECT"),
        ("no jti", without("jti"), "OIDC-LOGOUT-ID"),
        ("17 KiB", claim("padding", "a".repeat(13 * 1024)), "OIDC-TOKEN"),
    ] {
        let before = world.audit().await.len();
        let page = send(&world, "acme", vec![fault]).await;
        let events = world.audit().await.split_off(before);
        let seen: Vec<_> = events.iter().map(|one| (one.event.as_str(), one.code.as_deref())).collect();
        assert_eq!(seen, [("logout.refused", Some(code))], "{row}: {events:?}");
        assert!(world.has_session(&mut browser, "acme").await, "{row}");
        answers.push((page.status.as_u16(), page.text_body()));
    }
    answers.dedup();
    assert_eq!(answers, [(400, r#"{"error":"invalid_request"}"#.to_owned())]);
    for (row, fault) in [("without typ", Fault::Header(Edit::remove("typ"))), ("typ JWT", typ("JWT"))] {
        let mut browser = signed_in(&world, "acme", None).await;
        assert_eq!(send(&world, "acme", vec![fault]).await.status, 200, "{row}");
        assert!(!world.has_session(&mut browser, "acme").await, "{row}");
    }
}

/// The same of what is around a token that is good.
#[tokio::test]
async fn what_carries_the_token_has_to_be_as_the_standard_says() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut browser = signed_in(&world, "acme", None).await;
    let (good, token) = (address(&world, "acme"), world.provider.logout_token(Vec::new()));
    let nobodys =
        world.url("accounts", &AccountsRoute::BackChannelLogout(ConnectionId::from_bytes([9; 8])).path());
    let token = token.as_str();
    let large = "a".repeat(64 * 1024);
    for (row, address, fields, code) in [
        ("another organisation's address", &address(&world, "beta"), vec![("logout_token", token)], None),
        ("nobody's address", &nobodys, vec![("logout_token", token)], Some("ADMISSION-CONNECTION")),
        ("no token", &good, vec![("token", token)], Some("REQUEST-MALFORMED")),
        ("an empty one", &good, vec![("logout_token", "")], Some("OIDC-TOKEN")),
        (
            "the token twice",
            &good,
            vec![("logout_token", token), ("logout_token", token)],
            Some("REQUEST-MALFORMED"),
        ),
        ("64 KiB beside it", &good, vec![("logout_token", token), ("a", &large)], Some("REQUEST-TOO-LARGE")),
    ] {
        let before = world.audit().await.len();
        let page = post(&world, address, &fields).await;
        let last = world.audit().await.split_off(before);
        assert_eq!(last.first().and_then(|one| one.code.as_deref()), code, "{row}");
        assert_eq!(page.status, if code.is_some() { 400 } else { 200 }, "{row}: {}", page.text());
        assert!(world.has_session(&mut browser, "acme").await, "{row}");
    }
    let as_json = Request::post(&good, &[]).unwrap().body(json!({ "logout_token": token }).to_string());
    assert_eq!(world.browser().request(as_json).await.unwrap().status, 400);
    let get = world.browser().open(&format!("{good}?logout_token={token}")).await.unwrap();
    assert_eq!(get.status, 405);
    assert!(world.has_session(&mut browser, "acme").await);
    assert_eq!(post(&world, &good, &[("logout_token", token)]).await.status, 200);
    assert!(!world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn a_token_counts_once_also_after_a_restart() {
    let mut world = World::start().await;
    let token = world.provider.logout_token(Vec::new());
    let address = address(&world, "acme");
    assert_eq!(post(&world, &address, &[("logout_token", &token)]).await.status, 200);
    world.clock.advance(Duration::from_secs(1));
    let mut browser = signed_in(&world, "acme", None).await;
    world.restart().await;
    let before = world.audit().await.len();
    assert_eq!(post(&world, &address, &[("logout_token", &token)]).await.status, 400);
    let last = world.audit().await.split_off(before);
    assert_eq!(last[0].code.as_deref(), Some("OIDC-LOGOUT-REPLAY"));
    assert!(world.has_session(&mut browser, "acme").await);
    // Another one of the same person counts.
    assert_eq!(send(&world, "acme", Vec::new()).await.status, 200);
    assert!(!world.has_session(&mut browser, "acme").await);
}

/// A sign-out outlasts every sign-in that began before it, and none that begins after.
#[tokio::test]
async fn a_sign_in_that_was_under_way_does_not_undo_it() {
    let world = World::start().await;
    let mut browser = world.browser();
    let page = world.until_the_answer(&mut browser, "acme", "/").await;
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(send(&world, "acme", Vec::new()).await.status, 200);
    let page = browser.follow(&page).await.unwrap();
    assert!(page.text().contains("OIDC-FRESH"), "{}", page.text());
    world.clock.advance(Duration::from_secs(1));
    let mut browser = signed_in(&world, "acme", None).await;
    assert!(world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn the_store_learns_no_name_of_the_provider() {
    let world = World::start().await;
    signed_in(&world, "acme", Some("a-session-of-the-provider")).await;
    let (session, subject): (String, String) =
        sqlx::query_as("SELECT upstream_session, upstream_subject FROM roots")
            .fetch_one(world.app().store.readers())
            .await
            .unwrap();
    assert!(!session.contains("a-session") && !subject.contains(SUBJECT), "{session} {subject}");
    assert_ne!(session, subject);
}
