//! Heads in both directions, methods, and applications that fail.

use std::time::Duration;

use vestibule_policies::claims::Claims;
use vestibule_policies::organization::HeaderRule;

use super::world::{Front, Recorder, head_lines, listener, route_to};
use crate::proxy::{IdentityHeaders, RouteNames};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

#[tokio::test]
async fn the_application_sees_the_request_and_what_the_broker_adds() {
    let mut application = Recorder::answering(OK).await;
    let names = RouteNames::of(&HeaderRule::Default).unwrap();
    let claims = Claims {
        upn: vestibule_policies::address::Upn::parse("alice@corp.example").ok(),
        ..Claims::default()
    };
    let identity = IdentityHeaders::prepare(&claims, &names, "a.b.c", "/.vestibule/groups").unwrap();
    let front = Front::start(route_to(application.address), Some(identity)).await;
    let answer = front
        .exchange(
            "GET /a/b?c=d%20e&f HTTP/1.1\r\nHost: evil.example\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\
             Accept: */*\r\nX_Forwarded_User: bob\r\nX-Forwarded-For: 10.0.0.1\r\nVestibule-Assertion: forged\r\n\
             Cookie: a=1; vestibule-access=secret\r\nCookie: __Host-vestibule-txn-1=secret; b=2\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhi"), "{answer}");
    let seen = application.next().await;
    assert!(seen.starts_with("GET /a/b?c=d%20e&f HTTP/1.1\r\n"), "{seen}");
    let expected = [
        "accept: */*",
        "cookie: a=1; b=2",
        "host: acme.vestibule.localhost:8080",
        "vestibule-assertion: a.b.c",
        "x-forwarded-for: 192.0.2.7",
        "x-forwarded-host: acme.vestibule.localhost:8080",
        "x-forwarded-port: 8080",
        "x-forwarded-preferred-username: alice@corp.example",
        "x-forwarded-proto: http",
        "x-forwarded-user: alice@corp.example",
    ];
    assert_eq!(head_lines(&seen), expected);
}

#[tokio::test]
async fn an_open_route_carries_no_identity_not_even_a_forged_one() {
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    front
        .exchange(
            "GET / HTTP/1.0\r\nX-Forwarded-User: bob\r\nX-Forwarded_Groups: admins\r\nVestibule_Assertion: forged\r\n\r\n",
        )
        .await;
    let seen = application.next().await;
    assert!(seen.starts_with("GET / HTTP/1.1\r\n"), "{seen}");
    assert!(!seen.contains("bob") && !seen.contains("admins") && !seen.contains("forged"), "{seen}");
}

#[tokio::test]
async fn the_answer_keeps_its_head_but_for_what_is_the_brokers() {
    let application = Recorder::answering(
        "HTTP/1.1 404 Nowhere\r\nContent-Length: 0\r\nX-App: 1\r\nVestibule-Sign-In: x\r\nSet-Cookie: a=1\r\n\
         Set-Cookie: Vestibule-access=x\r\nSet-Cookie: b=2; Domain=vestibule.localhost\r\n\
         Set-Cookie: c=3; Domain=acme.vestibule.localhost\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n",
    )
    .await;
    let front = Front::before(application.address).await;
    let answer = front.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404 Nowhere\r\n"), "{answer}");
    let expected = [
        "connection: close",
        "content-length: 0",
        "date: Thu, 01 Jan 2026 00:00:00 GMT",
        "set-cookie: a=1",
        "set-cookie: c=3; Domain=acme.vestibule.localhost",
        "x-app: 1",
    ];
    assert_eq!(head_lines(&answer), expected);
}

#[tokio::test]
async fn bodies_go_through_whatever_the_method() {
    let rows = [
        ("POST with a length", "POST / HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "content-length: 3", "abc"),
        ("GET with a length", "GET / HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "content-length: 3", "abc"),
        (
            "GET in chunks",
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
            "transfer-encoding: chunked",
            "3\r\nabc\r\n0\r\n\r\n",
        ),
        (
            "Expect",
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n",
            "abc",
            "expect: 100-continue",
            "abc",
        ),
        ("unknown method", "BREW / HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "content-length: 3", "abc"),
    ];
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    for (row, head, body, line, expected) in rows {
        let answer = front.exchange(&format!("{head}Host: x\r\nConnection: close\r\n\r\n{body}")).await;
        assert!(answer.ends_with("\r\n\r\nhi"), "{row}: {answer}");
        let seen = application.next().await;
        assert!(head_lines(&seen).contains(&line), "{row}: {seen}");
        assert!(seen.ends_with(&format!("\r\n\r\n{expected}")), "{row}: {seen}");
    }
}

#[tokio::test]
async fn connections_to_the_application_are_used_again() {
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    for _ in 0..10 {
        front.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        application.next().await;
    }
    assert_eq!(application.connections(), 1);
}

#[tokio::test]
async fn methods_and_upgrades_that_are_not_forwarded() {
    let rows = [
        ("TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n", "405", "METHOD-NOT-ALLOWED"),
        (
            "WebSocket",
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n",
            "501",
            "NOT-BUILT",
        ),
        (
            "WebSocket among others",
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo, websocket\r\n",
            "501",
            "NOT-BUILT",
        ),
    ];
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    for (row, head, status, code) in rows {
        let answer = front.exchange(&format!("{head}Connection: close\r\n\r\n")).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.ends_with(code),
            "{row}: {answer}"
        );
    }
    assert_eq!(application.rest(), Vec::<String>::new());
}

#[tokio::test]
async fn connect_is_refused() {
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    let answer = front.exchange("CONNECT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert_eq!(application.rest(), Vec::<String>::new());
}

#[tokio::test]
async fn another_upgrade_is_passed_over() {
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    let answer = front
        .exchange(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\
             HTTP2-Settings: AAMAAABk\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let seen = application.next().await.to_ascii_lowercase();
    assert!(
        !seen.contains("upgrade") && !seen.contains("settings") && !seen.contains("\r\nconnection"),
        "{seen}"
    );
}

#[tokio::test]
async fn an_application_that_fails_is_told_by_code() {
    let (closed, down) = listener().await;
    drop(closed);
    let (_silent, slow) = listener().await;
    let switching = Recorder::answering(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nbytes",
    )
    .await;
    let garbled = Recorder::answering("SSH-2.0-OpenSSH_9.2\r\n\r\n").await;
    for (row, address, status, code) in [
        ("down", down, "502", "APPLICATION-DOWN"),
        ("slow", slow, "504", "APPLICATION-SLOW"),
        ("switches protocols unasked", switching.address, "502", "APPLICATION-DOWN"),
        ("not HTTP", garbled.address, "502", "APPLICATION-DOWN"),
    ] {
        let mut route = route_to(address);
        if row == "slow" {
            route.timeout = Duration::from_millis(50);
        }
        let front = Front::start(route, None).await;
        let answer = front.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.ends_with(code),
            "{row}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_name_below_localhost_reaches_this_machine() {
    let mut application = Recorder::answering(OK).await;
    let mut route = route_to(application.address);
    let port = application.address.port();
    route.upstream = format!("http://application.sandbox.localhost:{port}/").parse().unwrap();
    let front = Front::start(route, None).await;
    let answer = front.exchange("GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("hi"), "{answer}");
    assert!(application.next().await.starts_with("GET /x HTTP/1.1\r\n"));
}
