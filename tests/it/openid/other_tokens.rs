//! Tokens that are good for something else, or for somebody else's broker, open nothing here (JWT-12, JWT-16).

use serde_json::json;
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_conformance::wire::Browser;
use vestibule_tests::world::World;

use super::{Outcome, sign_in};

#[tokio::test]
async fn only_an_id_token_is_an_id_token() {
    let world = World::start().await;
    let typ = |typ: &str| Fault::Header(Edit::set("typ", typ));
    let logout = Fault::Claims(Edit::set(
        "events",
        json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
    ));
    for (row, faults, code) in [
        ("typ JWT", vec![typ("JWT")], "in"),
        ("typ jwt", vec![typ("jwt")], "in"),
        ("typ is empty", vec![typ("")], "OIDC-TOKEN"),
        ("typ of a logout token", vec![typ("logout+jwt")], "OIDC-TOKEN"),
        ("typ of a security event", vec![typ("secevent+jwt")], "OIDC-TOKEN"),
        ("typ is a number", vec![Fault::Header(Edit::set("typ", 1))], "OIDC-TOKEN"),
        // Back-Channel Logout §2.4: a logout token has no nonce, so that it can be none of ours.
        ("a logout token without typ", vec![logout, Fault::Claims(Edit::remove("nonce"))], "OIDC-NONCE"),
    ] {
        world.provider.script_all(faults);
        assert_eq!(sign_in(&world, row).await.code(), code, "JWT-16: {row}");
    }
}

/// The catalogue's tokens of 1 MB pass the bound of the whole answer; these pass the token's own.
#[tokio::test]
async fn a_large_token_is_read_within_bounds() {
    let world = World::start().await;
    let members = |count: u32| {
        let members: Vec<String> = (1..count).map(|n| format!("\"c{n}\":0")).collect();
        Fault::Claims(Edit::raw("\"c0\"", format!("0,{}", members.join(","))))
    };
    let groups: Vec<String> = (0..5_000).map(|n| format!("group-{n}")).collect();
    for (row, fault, code) in [
        ("5,000 groups", Fault::Claims(Edit::set("groups", groups)), "in"),
        ("300 KB", Fault::Claims(Edit::set("padding", "a".repeat(300_000))), "in"),
        ("600 KB", Fault::Claims(Edit::set("padding", "a".repeat(600_000))), "OIDC-TOKEN"),
        ("5,000 claims", members(5_000), "in"),
        ("20,000 claims", members(20_000), "OIDC-TOKEN"),
        ("8 nested arrays", Fault::Claims(Edit::raw("\"n\"", nested(8))), "in"),
        ("100 nested arrays", Fault::Claims(Edit::raw("\"n\"", nested(100))), "OIDC-TOKEN"),
        ("64 audiences", Fault::Claims(Edit::set("aud", audiences(&world, 64))), "OIDC-AUTHORIZED-PARTY"),
        ("65 audiences", Fault::Claims(Edit::set("aud", audiences(&world, 65))), "OIDC-AUDIENCE"),
    ] {
        world.provider.script(fault);
        assert_eq!(sign_in(&world, row).await.code(), code, "JWT-12: {row}");
    }
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

fn audiences(world: &World, count: usize) -> Vec<String> {
    let mut audiences = vec!["other".to_owned(); count - 1];
    audiences.push(world.provider.client_id().to_owned());
    audiences
}

#[tokio::test]
async fn no_token_of_ours_is_a_session() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let assertion = world.application.last().header("vestibule-assertion").expect("an assertion").to_owned();
    let session = browser.open(&world.url("acme", "/.vestibule/session")).await.expect("the session").json();
    let [_, state] = transaction(&world, &mut browser).await;
    let root = cookie_of(&mut browser, &world, "accounts", "signin-");
    let access = cookie_of(&mut browser, &world, "acme", "access");
    for (row, value, live) in [
        ("its own access", access, true),
        ("the assertion", assertion, false),
        ("the public session id", session["session"].as_str().expect("an id").to_owned(), false),
        ("the pseudonym", session["sub"].as_str().expect("a pseudonym").to_owned(), false),
        ("the root's token", root, false),
        ("a state", state, false),
    ] {
        let mut thief = world.browser();
        let line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", world.cookie_name("access"));
        thief.set_cookie(&world.url("acme", "/"), &line).expect("a cookie");
        assert_eq!(world.has_session(&mut thief, "acme").await, live, "JWT-16: {row} as access");
    }
}

#[tokio::test]
async fn nothing_of_another_broker_opens_this_one() {
    let (world, other) = (World::start().await, World::start().await);
    let mut browser = other.browser();
    other.sign_in(&mut browser).await;
    let mut thief = world.browser();
    for (label, bare) in [("acme", "access"), ("accounts", "signin-")] {
        let host = format!("{label}.{}", other.domain());
        let found =
            browser.cookies(&host).into_iter().find(|one| one.name.starts_with(&other.cookie_name(bare)));
        let found = found.unwrap_or_else(|| panic!("no cookie {bare} at {host}"));
        let line = format!("{}={}; Path=/; HttpOnly; SameSite=Lax", found.name, found.value);
        thief.set_cookie(&world.url(label, "/"), &line).expect("a cookie");
    }
    assert!(!world.has_session(&mut thief, "acme").await, "JWT-16: the cookies of broker B");
    // Its state, and the whole of its transaction's cookie, at our callback.
    let [number, state] = transaction(&other, &mut other.browser()).await;
    let callback = callback(&world).await;
    let mut visitor = world.browser();
    visitor.set_cookie(&world.url("accounts", "/"), &number).expect("a cookie");
    let before = world.audit().await.len();
    let page = visitor.open(&format!("{callback}?code=a&state={state}")).await.expect("the page");
    assert_eq!(page.status, 400, "JWT-16: the state of broker B: {}", page.text());
    world.assert_refused(before, "SIGN-IN-STATE").await;
    assert!(matches!(sign_in(&world, "our own").await, Outcome::In(_)));
}

/// Begins a sign-in, and stops before the answer: the transaction's cookie as a line, and its state.
async fn transaction(world: &World, browser: &mut Browser) -> [String; 2] {
    let mut fresh = browser.clone();
    fresh.stop_before(Some("/authorize"));
    // A workspace where this browser has no session yet; without a root the provider is asked.
    let host = format!("accounts.{}", world.domain());
    for cookie in fresh.cookies(&host) {
        fresh.jar().remove(&host, &cookie.name);
    }
    let page = fresh.open(&world.url("acme-second", "/")).await.expect("the start");
    let target = page.location().expect("the provider's address");
    let state = target.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    let found = fresh.cookies(&host).into_iter().find(|one| one.name.starts_with(&world.cookie_name("txn-")));
    let found = found.expect("the transaction's cookie");
    [format!("{}={}; Path=/; HttpOnly; SameSite=Lax", found.name, found.value), state]
}

/// Our callback's address.
async fn callback(world: &World) -> String {
    let mut browser = world.browser();
    browser.stop_before(Some("/core/"));
    let page = browser.open(&world.url("acme", "/")).await.expect("the start");
    let mut address = page.location().expect("the callback");
    address.set_query(None);
    address.to_string()
}

fn cookie_of(browser: &mut Browser, world: &World, label: &str, bare: &str) -> String {
    let cookies = browser.cookies(&format!("{label}.{}", world.domain()));
    let found = cookies.into_iter().find(|one| one.name.starts_with(&world.cookie_name(bare)));
    found.unwrap_or_else(|| panic!("no cookie {bare} at {label}")).value
}
