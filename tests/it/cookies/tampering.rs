//! Cookies that somebody spoilt, copied or planted: nobody is signed in by them, nothing breaks, nothing passes on
//! (SESS-16).

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vestibule_conformance::wire::{Browser, Cookies, Request};
use vestibule_tests::world::World;

use super::{HOSTS, world};

const ACCESS: &str = "__Host-vestibule-access";

/// Sends a request whose `Cookie` header is written octet by octet, and reads the status.
async fn status(world: &World, host: &str, path: &str, cookie: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    let mut octets =
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: ").into_bytes();
    octets.extend_from_slice(cookie);
    octets.extend_from_slice(b"\r\n\r\n");
    stream.write_all(&octets).await.unwrap();
    let mut answer = Vec::new();
    // A reset behind a refusal is an end like another.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer but {answer:?}"))
}

async fn signed_in(world: &World) -> (Browser, String, String) {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    let value = |host: &str| browser.cookie(host, ACCESS).unwrap().value;
    let (here, elsewhere) = (value(HOSTS[1]), value(HOSTS[2]));
    (browser, here, elsewhere)
}

fn flipped(value: &str, at: usize, bit: u8) -> Vec<u8> {
    let mut octets = format!("{ACCESS}={value}").into_bytes();
    octets[ACCESS.len() + 1 + at] ^= 1 << bit;
    octets
}

#[tokio::test]
async fn a_spoilt_access_cookie_is_nobody_and_never_passes_on() {
    let world = world().await;
    let (_, good, other_host) = signed_in(&world).await;
    let pair = format!("{ACCESS}={good}");
    let upper = ACCESS.to_ascii_uppercase();
    let swapped: String = good.chars().rev().collect();
    world.application.forget();
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("cut by one", pair[..pair.len() - 1].into()),
        ("cut in half", pair[..pair.len() - good.len() / 2].into()),
        ("empty", format!("{ACCESS}=").into()),
        ("no equals sign", ACCESS.into()),
        ("one letter more", format!("{pair}A").into()),
        ("backwards", format!("{ACCESS}={swapped}").into()),
        ("in another case", format!("{ACCESS}={}", good.to_ascii_lowercase()).into()),
        ("padded", format!("{pair}=").into()),
        ("quoted", format!("{ACCESS}=\"{good}\"").into()),
        ("percent-encoded", format!("{ACCESS}=%{:02x}{}", good.as_bytes()[0], &good[1..]).into()),
        ("of another host", format!("{ACCESS}={other_host}").into()),
        ("twice", format!("{pair}; {pair}").into()),
        ("twice, the other first", format!("{ACCESS}=x; {pair}").into()),
        ("twice, the other last", format!("{pair}; {ACCESS}=").into()),
        ("beside a planted one of another host", format!("{pair}; {ACCESS}={other_host}").into()),
        (
            "another of ours twice",
            format!("{pair}; __Host-vestibule-txn-1=a; __Host-vestibule-txn-1=b").into(),
        ),
        ("the name in capitals", format!("{upper}={good}").into()),
        ("the name without its prefix", format!("vestibule-access={good}").into()),
        ("the prefix of the other kind", format!("__Secure-vestibule-access={good}").into()),
        ("in the name", format!("{ACCESS}{good}=1").into()),
        ("behind a comma", format!("a=1, {pair}").into()),
        ("behind U+00A0", format!("\u{a0}{pair}").into()),
        ("behind U+2000", format!("\u{2000}{pair}").into()),
        ("with a tail of no text", [pair.as_bytes(), b"\xff\xfe"].concat()),
        ("a space inside", format!("{ACCESS}={} {}", &good[..9], &good[9..]).into()),
        ("NUL behind it", [pair.as_bytes(), b"\0"].concat()),
        ("a bare CR behind it", [pair.as_bytes(), b"\rX: y"].concat()),
        ("64 KB", format!("{ACCESS}={}", "A".repeat(64 * 1024)).into()),
        ("200 KB before it", format!("a={}; {pair}", "A".repeat(200 * 1024)).into()),
        ("ten thousand names", format!("{}{pair}", "a=1; ".repeat(10_000)).into()),
        ("only separators", b"; ;=;;= ; ".to_vec()),
    ];
    for (row, cookie) in rows {
        for path in ["/.vestibule/session", "/reports"] {
            let status = status(&world, HOSTS[1], path, &cookie).await;
            assert!((400..500).contains(&status), "SESS-16 {row}: {status} for {path}");
        }
    }
    assert!(world.application.received().is_empty(), "SESS-16: nothing passed on");
    assert_eq!(
        status(&world, HOSTS[1], "/reports", pair.as_bytes()).await,
        200,
        "and the session itself still lives"
    );
}

#[tokio::test]
async fn no_bit_of_the_access_cookie_is_without_meaning() {
    let world = world().await;
    let (_, good, _) = signed_in(&world).await;
    world.application.forget();
    for at in 0..good.len() {
        for bit in [0, 1, 5] {
            let status = status(&world, HOSTS[1], "/.vestibule/session", &flipped(&good, at, bit)).await;
            assert!((400..500).contains(&status), "SESS-16: {status} with bit {bit} of letter {at} flipped");
        }
    }
}

#[tokio::test]
async fn a_good_cookie_among_odd_ones_still_counts() {
    let world = world().await;
    let (_, good, _) = signed_in(&world).await;
    let pair = format!("{ACCESS}={good}");
    for (row, cookie) in [
        ("alone", pair.clone().into_bytes()),
        ("among others", format!("a=1; {pair}; b=2").into()),
        ("among odd pieces", format!("; ;=;x; {pair};;").into()),
        ("without a space", format!("a=1;{pair};b=2").into()),
        ("beside bytes of no text", [b"a=\xff\xfe; ", pair.as_bytes()].concat()),
        ("beside the name without its prefix", format!("vestibule-access=x; {pair}").into()),
    ] {
        assert_eq!(status(&world, HOSTS[1], "/.vestibule/session", &cookie).await, 200, "{row}");
    }
}

/// Every cookie of ours at this host but the session's, by a part of its name.
fn spoil(browser: &mut Browser, world: &World, host: &str, part: &str, change: impl Fn(&str) -> String) {
    let found =
        browser.cookies(host).into_iter().find(|cookie| cookie.name.contains(part)).expect("the cookie");
    let label = host.split('.').next().unwrap();
    let line = format!("{}={}; Path=/; Secure", found.name, change(&found.value));
    browser.set_cookie(&world.url(label, "/"), &line).unwrap();
}

type Change<'a> = &'a dyn Fn(&str) -> String;

fn cut(value: &str) -> String {
    value[..value.len() - 1].to_owned()
}

fn one_letter_off(value: &str) -> String {
    let middle = value.len() / 2;
    let letter = if value.as_bytes()[middle] == b'A' { 'B' } else { 'A' };
    format!("{}{letter}{}", &value[..middle], &value[middle + 1..])
}

#[tokio::test]
async fn spoilt_cookies_of_a_sign_in_under_way_end_it_with_a_page() {
    let world = world().await;
    let foreign = {
        let mut other = world.browser();
        super::tab(&world, &mut other, "/").await;
        let cookies = other.cookies(HOSTS[0]);
        cookies.into_iter().find(|cookie| cookie.name.contains("-txn-")).unwrap().value
    };
    let changes: [(&str, Change<'_>); 5] = [
        ("cut", &cut),
        ("one letter off", &one_letter_off),
        ("empty", &|_: &str| String::new()),
        ("3,000 letters", &|_: &str| "A".repeat(3000)),
        ("another browser's", &|_: &str| foreign.clone()),
    ];
    for (row, change) in changes {
        for (stop, host, part, code) in [
            ("/core/", HOSTS[0], "-txn-", "SIGN-IN-STATE"),
            ("/.vestibule/complete", HOSTS[1], "-handoff-", "SIGN-IN-HANDOVER"),
        ] {
            let mut browser = world.browser();
            browser.stop_before(Some(stop));
            let page = browser.open(&world.url("acme", "/")).await.unwrap();
            browser.stop_before(None);
            spoil(&mut browser, &world, host, part, change);
            let before = world.audit().await.len();
            let page = browser.follow(&page).await.unwrap();
            assert_eq!(page.status, 400, "SESS-16 {part} {row}");
            assert!(page.text().contains(code), "SESS-16 {part} {row}: {}", page.text());
            world.assert_refused(before, code).await;
            assert!(!world.has_session(&mut browser, "acme").await, "SESS-16 {part} {row}");
        }
    }
    assert!(world.application.received().is_empty(), "SESS-16");
}

#[tokio::test]
async fn a_spoilt_root_or_marker_is_none() {
    let world = world().await;
    for change in [cut, one_letter_off] {
        let (mut browser, _, _) = signed_in(&world).await;
        spoil(&mut browser, &world, HOSTS[0], "-signin-", change);
        let mut browser = without_access(browser);
        browser.stop_before(Some("/core/"));
        let page = browser.open(&world.url("acme", "/")).await.unwrap();
        let asked = page.hops.iter().any(|hop| hop.url.path() == "/authorize");
        assert!(asked, "SESS-16: the provider is asked: {}", page.url);
    }
    let mut browser = world.browser();
    let line = "__Host-vestibule-signed-out=AAAA; Path=/; Secure";
    browser.set_cookie(&world.url("acme", "/"), line).unwrap();
    world.sign_in(&mut browser).await;
}

fn without_access(mut browser: Browser) -> Browser {
    for host in HOSTS {
        browser.jar().remove(host, ACCESS);
    }
    browser
}

#[tokio::test]
async fn a_cookie_of_the_broker_reaches_no_application() {
    let world = world().await;
    let (_, good, _) = signed_in(&world).await;
    world.application.forget();
    let cookie = format!("theirs=1; {ACCESS}={good}; vestibule-access=x; __Host-vestibule-txn-1=y");
    let request = Request::get(&world.url("acme", "/")).unwrap().cookies(Cookies::Omit);
    let page = world.browser().request(request.header("cookie", &cookie).unwrap()).await.unwrap();
    assert_eq!(page.text_body(), "the application");
    let received = world.application.last();
    assert_eq!(received.header("cookie"), Some("theirs=1"), "SESS-16");
}
