//! Whom a workspace lets through, what it says to the others, and what the application is told (interface 4).

use http::Method;
use serde_json::{Value, json};
use vestibule_conformance::wire::Page;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask;

#[tokio::test]
async fn a_program_without_a_session_is_told_the_address_of_the_sign_in() {
    let world = World::start().await;
    let mut browser = world.browser();
    for (row, method, target, headers, landing) in [
        ("a script", Method::GET, "/api?q=1&r=a b", &[("sec-fetch-mode", "cors")][..], "/api?q=1&r=a%20b"),
        (
            "a picture",
            Method::GET,
            "/logo",
            &[("sec-fetch-mode", "no-cors"), ("accept", "text/html")],
            "/logo",
        ),
        ("a command line", Method::GET, "/api", &[("accept", "*/*")], "/api"),
        ("a form", Method::POST, "/form", &[("sec-fetch-mode", "navigate")], "/form"),
        ("a script that calls itself a page", Method::PUT, "/api", &[("accept", "text/html")], "/api"),
        ("an address that a sign-in cannot land on", Method::GET, "/a?%zz\"<x>", &[], "/a?%zz%22%3Cx%3E"),
    ] {
        let page = ask(&mut browser, method, &world.url("acme", target), headers).await;
        assert_eq!(page.status, 401, "{row}: {}", page.text());
        let address = page.json()["sign_in"].as_str().expect(row).to_owned();
        assert!(address.starts_with(&world.url("acme", "/.vestibule/sign-in?to=")), "{row}: {address}");
        let pairs: Vec<_> = Page::imagined(&address, "").unwrap().url.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("to".to_owned(), landing.to_owned())], "{row}");
        assert_eq!(page.json()["error"], "SIGN-IN-REQUIRED", "{row}");
        assert!(!page.headers.contains_key("set-cookie") && !page.headers.contains_key("location"), "{row}");
    }
    assert!(world.application.received().is_empty());
}

/// The address of a 401 works: a browser that opens it comes back to where the program was.
#[tokio::test]
async fn the_address_of_a_401_leads_back() {
    let world = World::start().await;
    let mut browser = world.browser();
    let page = ask(&mut browser, Method::GET, &world.url("acme", "/reports?year=2026"), &[]).await;
    let address = page.json()["sign_in"].as_str().unwrap().to_owned();
    let page = browser.open(&address).await.unwrap();
    assert_eq!(
        (page.status.as_u16(), page.url.as_str()),
        (200, world.url("acme", "/reports?year=2026").as_str())
    );
}

#[tokio::test]
async fn a_navigation_without_a_session_is_sent_to_the_sign_in() {
    let world = World::start().await;
    for (row, method, headers) in [
        ("a browser", Method::GET, &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")][..]),
        ("an old browser", Method::GET, &[("accept", "text/html,*/*;q=0.8")]),
        ("its look ahead", Method::HEAD, &[("accept", "text/html")]),
    ] {
        let mut browser = world.browser();
        let page = ask(&mut browser, method, &world.url("acme", "/"), headers).await;
        assert_eq!(page.status, 303, "{row}: {}", page.text());
        let location = page.location().unwrap();
        assert!(location.as_str().starts_with(&world.url("accounts", "/start?host=")), "{row}: {location}");
        assert_eq!(browser.cookies("acme.vestibule.localhost").len(), 1, "{row}: the hand-off");
    }
    assert!(world.application.received().is_empty());
}

/// A session that happens to be there says nothing on an open route, and nobody needs one.
#[tokio::test]
async fn an_open_route_needs_nobody_and_names_nobody() {
    let mut manifest = Manifest::of("acme");
    manifest.routes +=
        "[[workspace.routes]]\npath = \"/open\"\nupstream = \"http://{application}\"\naccess = \"open\"\n";
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut member = world.browser();
    world.sign_in(&mut member).await;
    for (row, mut browser) in [("a stranger", world.browser()), ("a member", member)] {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let page = ask(&mut browser, method.clone(), &world.url("acme", "/open/a"), &[]).await;
            assert_eq!(page.status, 200, "{row} {method}: {}", page.text());
            let received = world.application.last();
            assert_eq!(
                (received.method, received.target),
                (method.to_string(), "/open/a".to_owned()),
                "{row}"
            );
            let told = received.headers.keys().filter(|name| {
                name.as_str().starts_with("vestibule-")
                    || matches!(name.as_str(), "x-forwarded-user" | "x-forwarded-email")
            });
            assert_eq!(told.count(), 0, "{row} {method}: {:?}", received.headers);
        }
    }
}

/// A list that fits stands in its header; a longer one is named by its address alone.
#[tokio::test]
async fn groups_over_four_kilobytes_are_told_by_reference() {
    let world = World::start().await;
    let name = |n: usize| format!("team-{n:03}");
    // `any:team-000` and a comma are 13 letters: 315 of them are 4094, one more 4107.
    for (count, fits) in [(0, true), (10, true), (315, true), (316, false), (500, false)] {
        let groups: Vec<_> = (0..count).map(name).collect();
        world.provider.claims(json!({ "groups": groups }).as_object().unwrap().clone());
        let mut browser = world.browser();
        world.sign_in(&mut browser).await;
        let received = world.application.last();
        let ids: Vec<String> = groups.iter().map(|group| format!("any:{group}")).collect();
        let address = world.url("acme", "/.vestibule/groups");
        let inline = (fits && count > 0).then(|| ids.join(","));
        assert_eq!(received.header("x-forwarded-groups"), inline.as_deref(), "{count}");
        let reference = (!fits).then_some(address.as_str());
        assert_eq!(received.header("x-forwarded-groups-ref"), reference, "{count}");
        // An assertion has names and quotation marks to carry too: it is full earlier.
        let assertion = claims(received.header("vestibule-assertion").unwrap());
        let (listed, referred) = (assertion.get("groups"), assertion.get("groups_ref"));
        assert_eq!(listed, (count == 10).then(|| json!(ids)).as_ref(), "{count}");
        assert_eq!(referred, (count > 10).then(|| json!(address)).as_ref(), "{count}");
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/.vestibule/groups"), &[]).await;
        assert_eq!(page.json()["groups"], json!(ids), "{count}: all of them are there to read");
        let page =
            ask(&mut world.browser(), Method::GET, &world.url("acme", "/.vestibule/groups"), &[]).await;
        assert_eq!(page.status, 401, "{count}: for nobody else");
    }
}

/// The claims of a JWT, unverified.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&decoded(payload)).unwrap()
}

fn decoded(base64url: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut octets) = (0_u32, 0_u32, Vec::new());
    for letter in base64url.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(letter).unwrap()).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            octets.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    octets
}
