//! Every cookie of the whole flow, as a browser behind TLS gets it: its attributes, its size, and how many there are
//! (SESS-01, SESS-04).

mod device;
mod tampering;

use std::time::Duration;

use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::world::{Manifest, Scheme, World};

/// Servers and proxies take this much of a header (SESS-04).
const LARGEST_HEADER: usize = 8 * 1024;
const HOSTS: [&str; 3] =
    ["accounts.vestibule.localhost", "acme.vestibule.localhost", "acme-second.vestibule.localhost"];

async fn world() -> World {
    World::with(Scheme::Https, &[Manifest::of("acme")]).await
}

/// Every `Set-Cookie` on the way to a page.
fn set_cookies(page: &Page) -> Vec<String> {
    let headers = page.hops.iter().flat_map(|hop| hop.headers.get_all("set-cookie"));
    headers.map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// SESS-01: one line as it has to be.
fn check(line: &str) {
    let (pair, attributes) = line.split_once("; ").unwrap_or((line, ""));
    let (name, value) = pair.split_once('=').unwrap();
    assert!(name.starts_with("__Host-vestibule-"), "SESS-01 {line}");
    assert!(line.len() <= 4096, "SESS-01 {line}");
    assert!(!name.contains("-txn-") || pair.len() <= 250, "a transaction is {} bytes", pair.len());
    let mut attributes: Vec<String> = attributes.split("; ").map(str::to_ascii_lowercase).collect();
    attributes.sort();
    let mut expected = vec!["httponly", "path=/", "samesite=lax", "secure"];
    if value.is_empty() {
        expected.insert(1, "max-age=0");
    }
    assert_eq!(attributes, expected, "SESS-01: no Domain, no life beyond the browser's: {line}");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    assert!(value.bytes().all(plain), "SESS-01: nothing of the person can be read in {line}");
}

/// The length of the `Cookie` header that a host would get.
fn header(browser: &Browser, host: &str) -> usize {
    browser.cookies(host).iter().map(|cookie| cookie.name.len() + cookie.value.len() + 3).sum()
}

fn check_jar(browser: &mut Browser, row: &str) {
    for host in HOSTS {
        let length = header(browser, host);
        assert!(length < LARGEST_HEADER, "SESS-04 {row}: {length} bytes for {host}");
    }
    assert!(browser.jar().refused().is_empty(), "SESS-01 {row}: {:?}", browser.jar().refused());
}

fn handoffs(browser: &Browser) -> (usize, usize) {
    let cookies = browser.cookies("acme.vestibule.localhost");
    let handoffs = cookies.iter().filter(|cookie| cookie.name.contains("-handoff-"));
    handoffs.fold((0, 0), |(count, size), cookie| (count + 1, size + cookie.name.len() + cookie.value.len()))
}

/// A tab that waits at the provider, in a browser with as many others as there are.
async fn tab(world: &World, browser: &mut Browser, target: &str) -> Page {
    // Tabs are opened one after the other.
    world.clock.advance(Duration::from_millis(1));
    world.until_the_answer(browser, "acme", target).await
}

#[tokio::test]
async fn every_cookie_of_the_whole_flow_is_host_only_hidden_and_of_the_browsers_session() {
    let world = world().await;
    let mut browser = world.browser();
    let mut lines = Vec::new();
    for _ in 0..2 {
        for label in ["acme", "acme-second"] {
            let page = browser.open(&world.url(label, "/reports")).await.unwrap();
            lines.extend(set_cookies(&page));
        }
        let form = browser.open(&world.url("acme", "/.vestibule/sign-out")).await.unwrap();
        lines.extend(set_cookies(&form));
        let form = form.form_with("form_token").unwrap();
        let signed_out = browser.submit(&form).await.unwrap();
        lines.extend(set_cookies(&signed_out));
        lines.extend(set_cookies(&browser.open(&world.url("acme-second", "/")).await.unwrap()));
        let back = browser.click(&signed_out, &signed_out.link("Sign in again").unwrap()).await.unwrap();
        assert_eq!(back.text_body(), "the application", "{}", back.text());
        lines.extend(set_cookies(&back));
    }
    for kind in ["access=", "signin-", "txn-", "handoff-", "signed-out="] {
        let found = lines.iter().any(|line| line.starts_with(&format!("__Host-vestibule-{kind}")));
        assert!(found, "the flow has every kind of cookie, {kind} too");
    }
    for line in &lines {
        check(line);
    }
    check_jar(&mut browser, "the whole flow");
}

#[tokio::test]
async fn a_failed_sign_in_sets_no_other_cookies() {
    use vestibule_conformance::hostile::{Edit, Fault};
    let world = world().await;
    let mut browser = world.browser();
    world.provider.script(Fault::Claims(Edit::set("nonce", "another")));
    let page = browser.open(&world.url("acme", "/")).await.unwrap();
    assert_eq!(page.status, 403);
    for line in set_cookies(&page) {
        check(&line);
    }
    let left = browser.cookies(HOSTS[0]);
    assert!(left.is_empty(), "neither the transaction nor a root: {left:?}");
}

#[tokio::test]
async fn thirty_tabs_finish_in_another_order_and_each_arrives_where_it_wanted() {
    let world = world().await;
    let mut browser = world.browser();
    let mut tabs = Vec::new();
    for number in 0..30 {
        let target = format!("/tab/{number}?x=1");
        tabs.push((target.clone(), tab(&world, &mut browser, &target).await));
        check_jar(&mut browser, &target);
    }
    // Neither the order of the starts nor its reverse.
    for index in (0..30).map(|step| (step * 7 + 3) % 30) {
        let (target, page) = &tabs[index];
        let arrived = browser.follow(page).await.unwrap();
        assert_eq!(arrived.text_body(), "the application", "SESS-04 {target}: {}", arrived.text());
        assert_eq!(arrived.url.as_str(), world.url("acme", target), "SESS-04");
        check_jar(&mut browser, target);
    }
    assert!(world.has_session(&mut browser, "acme").await);
    assert_eq!(handoffs(&browser).0, 0, "each took its own away");
    let left = browser.cookies(HOSTS[0]);
    assert!(left.iter().all(|cookie| !cookie.name.contains("-txn-")), "{left:?}");
}

#[tokio::test]
async fn the_thirty_first_tab_drops_the_oldest_and_no_other() {
    let world = world().await;
    let mut browser = world.browser();
    let mut tabs = Vec::new();
    for number in 0..31 {
        tabs.push(tab(&world, &mut browser, &format!("/tab/{number}")).await);
    }
    let transactions =
        browser.cookies(HOSTS[0]).iter().filter(|cookie| cookie.name.contains("-txn-")).count();
    assert_eq!((transactions, handoffs(&browser).0), (30, 30), "SESS-04");
    check_jar(&mut browser, "31 tabs");
    let before = world.audit().await.len();
    let page = browser.follow(&tabs[0]).await.unwrap();
    assert_eq!(page.status, 400, "SESS-04");
    world.assert_refused(before, "SIGN-IN-COOKIE").await;
    for (number, page) in tabs.iter().enumerate().skip(1) {
        let arrived = browser.follow(page).await.unwrap();
        assert_eq!(arrived.url.path(), format!("/tab/{number}"), "SESS-04: {}", arrived.text());
        assert_eq!(arrived.text_body(), "the application", "SESS-04 tab {number}");
    }
}

#[tokio::test]
async fn an_address_that_does_not_fit_becomes_its_path_and_then_the_root() {
    let world = world().await;
    let long = "a".repeat(1500);
    for (row, target, landing) in [
        ("short", "/reports?year=2026".to_owned(), "/reports?year=2026".to_owned()),
        ("a long query", format!("/reports?filter={long}"), "/reports".to_owned()),
        ("a long path", format!("/{long}"), "/".to_owned()),
        ("a long path with a query", format!("/{long}?year=2026"), "/".to_owned()),
        ("far too long", format!("/reports?filter={}", "a".repeat(5000)), "/".to_owned()),
    ] {
        let mut browser = world.browser();
        let page = browser.open(&world.url("acme", &target)).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
        assert_eq!(page.url.as_str(), world.url("acme", &landing), "{row}");
    }
}

#[tokio::test]
async fn many_long_addresses_stay_within_six_kibibytes_and_the_newest_arrives() {
    let world = world().await;
    for length in [100, 400, 810, 818, 826, 834, 1000, 2000] {
        let mut browser = world.browser();
        let mut latest = None;
        for number in 0..12 {
            let target = format!("/{number}?filter={}", "a".repeat(length));
            let page = tab(&world, &mut browser, &target).await;
            let (_, size) = handoffs(&browser);
            assert!(size <= 6 * 1024, "SESS-04: {size} bytes with addresses of {length}");
            check_jar(&mut browser, &target[..4]);
            latest = Some(page);
        }
        let arrived = browser.follow(&latest.unwrap()).await.unwrap();
        assert_eq!(arrived.url.path(), "/11", "{}", arrived.text());
        assert_eq!(arrived.text_body(), "the application");
    }
}
