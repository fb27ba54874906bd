//! Whom a workspace lets through, what it says to the others, and what the application is told (interface 4).

use http::Method;
use serde_json::{Value, json};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{ask, raw, status};

#[tokio::test]
async fn a_program_without_a_session_is_told_the_address_of_the_sign_in() {
    let world = World::start().await;
    let mut browser = world.browser();
    for (row, method, target, headers, landing) in [
        ("a script", Method::GET, "/api?q=1&r=a b", &[("sec-fetch-mode", "cors")][..], "/api?q=1&r=a%20b"),
        ("a picture", Method::GET, "/logo", &[("sec-fetch-mode", "no-cors"), ("accept", "text/html")], "/logo"),
        ("a command line", Method::GET, "/api", &[("accept", "*/*")], "/api"),
        ("a form", Method::POST, "/form", &[("sec-fetch-mode", "navigate")], "/form"),
        ("a script that calls itself a page", Method::PUT, "/api", &[("accept", "text/html")], "/api"),
        ("an address that a sign-in cannot land on", Method::GET, "/a?%zz\"<x>", &[], "/a?%zz%22%3Cx%3E"),
    ] {
        let page = ask(&mut browser, method, &world.url("acme", target), headers).await;
        assert_eq!(page.status, 401, "{row}: {}", page.text());
        let address = page.json()["sign_in"].as_str().expect(row).to_owned();
        let (path, query) = address.split_once('?').unwrap();
        assert_eq!(path, world.url("acme", "/.vestibule/sign-in"), "{row}");
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
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
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, world.url("acme", "/reports?year=2026").as_str()));
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
    manifest.routes += "[[workspace.routes]]\npath = \"/open\"\nupstream = \"http://{application}\"\naccess = \"open\"\n";
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut member = world.browser();
    world.sign_in(&mut member).await;
    for (row, mut browser) in [("a stranger", world.browser()), ("a member", member)] {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let page = ask(&mut browser, method.clone(), &world.url("acme", "/open/a"), &[]).await;
            assert_eq!(page.status, 200, "{row} {method}: {}", page.text());
            let received = world.application.last();
            assert_eq!((received.method, received.target), (method.to_string(), "/open/a".to_owned()), "{row}");
            let told = received.headers.keys().filter(|name| {
                name.as_str().starts_with("vestibule-") || matches!(name.as_str(), "x-forwarded-user" | "x-forwarded-email")
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
    for (count, fits) in [(0, true), (315, true), (316, false), (500, false)] {
        let groups: Vec<_> = (0..count).map(name).collect();
        world.provider.claims(json!({ "groups": groups }).as_object().unwrap().clone());
        let mut browser = world.browser();
        world.sign_in(&mut browser).await;
        let received = world.application.last();
        let ids: Vec<String> = groups.iter().map(|group| format!("any:{group}")).collect();
        let inline = (fits && count > 0).then(|| ids.join(","));
        let reference = (!fits).then(|| world.url("acme", "/.vestibule/groups"));
        assert_eq!(received.header("x-forwarded-groups"), inline.as_deref(), "{count}");
        assert_eq!(received.header("x-forwarded-groups-ref"), reference.as_deref(), "{count}");
        let assertion = claims(received.header("vestibule-assertion").unwrap());
        assert_eq!(assertion.get("groups_ref").and_then(Value::as_str), reference.as_deref(), "{count}");
        assert_eq!(assertion.get("groups").is_some(), inline.is_some(), "{count}");
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/.vestibule/groups"), &[]).await;
        assert_eq!(page.json()["groups"], json!(ids), "{count}: all of them are there to read");
        let page = ask(&mut world.browser(), Method::GET, &world.url("acme", "/.vestibule/groups"), &[]).await;
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

/// Methods that nobody forwards, and an upgrade that this version does not carry (HTTP-10, HTTP-11, HTTP-13).
#[tokio::test]
async fn what_is_not_forwarded_is_refused_by_name() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    world.application.forget();
    let cookie = browser.cookie("acme.vestibule.localhost", &world.cookie_name("access")).unwrap().value;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    for (row, host, line, lines, signed_in, expected, code) in [
        ("HTTP-11 a member's WebSocket", "acme", "GET /ws", upgrade, true, 501, "NOT-BUILT"),
        ("HTTP-11 a stranger's WebSocket", "acme", "GET /ws", upgrade, false, 401, "SIGN-IN-REQUIRED"),
        ("HTTP-13 TRACE", "acme", "TRACE /", "Connection: close", true, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 TRACE of a stranger", "acme", "TRACE /", "Connection: close", false, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 CONNECT", "acme", "CONNECT acme.vestibule.localhost:{port}", "Connection: close", true, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 CONNECT of a stranger", "acme", "CONNECT acme.vestibule.localhost:{port}", "Connection: close", false, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 TRACE of a sign-in", "accounts", "TRACE /start", "Connection: close", false, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 TRACE of the console", "console", "TRACE /", "Connection: close", false, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 a POST of a sign-in", "accounts", "POST /start", "Connection: close", false, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 a POST of a session", "acme", "POST /.vestibule/session", "Connection: close", true, 405, "METHOD-NOT-ALLOWED"),
        ("HTTP-13 a DELETE of a session", "acme", "DELETE /.vestibule/session", "Connection: close", true, 405, "METHOD-NOT-ALLOWED"),
    ] {
        let cookie = if signed_in { format!("Cookie: vestibule-access={cookie}\r\n") } else { String::new() };
        let port = world.address().port();
        let line = line.replace("{port}", &port.to_string());
        let message = format!("{line} HTTP/1.1\r\nHost: {host}.vestibule.localhost:{port}\r\n{cookie}{lines}\r\n\r\n");
        // Who is refused an upgrade keeps an ordinary connection.
        let message = message.replace("Connection: Upgrade", "Connection: Upgrade, close");
        let answer = raw(world.address(), &message).await;
        assert_eq!(status(&answer), expected, "{row}: {answer}");
        assert!(answer.contains(code), "{row}: {answer}");
    }
    assert!(world.application.received().is_empty());
}

/// HTTP-10: an offer to speak something else may be passed over (RFC 9110 §7.8), and never becomes a tunnel.
#[tokio::test]
async fn other_upgrades_are_passed_over() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    for protocol in ["h2c", "TLS/1.0", "foo"] {
        let headers = [("connection", "Upgrade, HTTP2-Settings"), ("upgrade", protocol), ("http2-settings", "AAMAAABkAAQAAP__")];
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/"), &headers).await;
        assert_eq!((page.status.as_u16(), page.text_body().as_str()), (200, "the application"), "{protocol}");
        let received = world.application.last();
        assert_eq!((received.header("upgrade"), received.header("http2-settings")), (None, None), "{protocol}");
    }
}
