//! Methods that nobody forwards, and upgrades that this version does not carry (HTTP-10, HTTP-11, HTTP-13).

use http::Method;
use vestibule_tests::world::World;

use super::{ask, raw, status};

const CONNECT: &str = "CONNECT acme.vestibule.localhost:{port}";

/// Host, request line, whether with a session, and the status of the refusal.
const REFUSED: &[(&str, &str, &str, bool, u16)] = &[
    ("HTTP-11 a member's WebSocket", "acme", "GET /ws", true, 501),
    ("HTTP-11 a stranger's WebSocket", "acme", "GET /ws", false, 401),
    ("HTTP-13 TRACE", "acme", "TRACE /", true, 405),
    ("HTTP-13 a stranger's TRACE", "acme", "TRACE /", false, 405),
    ("HTTP-13 CONNECT", "acme", CONNECT, true, 405),
    ("HTTP-13 a stranger's CONNECT", "acme", CONNECT, false, 405),
    ("HTTP-13 TRACE of a sign-in", "accounts", "TRACE /start", false, 405),
    ("HTTP-13 TRACE of the console", "console", "TRACE /", false, 405),
    ("HTTP-13 a POST of a sign-in", "accounts", "POST /start", false, 405),
    ("HTTP-13 a PUT of a callback", "accounts", "PUT /core/login-okta", false, 405),
    ("HTTP-13 a POST of a session", "acme", "POST /.vestibule/session", true, 405),
    ("HTTP-13 a DELETE of a session", "acme", "DELETE /.vestibule/session", true, 405),
    ("HTTP-13 a POST of a hand-over", "acme", "POST /.vestibule/complete", true, 405),
];

#[tokio::test]
async fn what_is_not_forwarded_is_refused_by_name() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    world.application.forget();
    let access = browser.cookie("acme.vestibule.localhost", &world.cookie_name("access")).unwrap().value;
    let port = world.address().port();
    for (row, host, line, member, expected) in REFUSED {
        let cookie = if *member { format!("Cookie: vestibule-access={access}\r\n") } else { String::new() };
        let lines = match line.strip_suffix("/ws") {
            // Who is refused an upgrade keeps an ordinary connection.
            Some(_) => "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13",
            None => "Connection: close",
        };
        let line = line.replace("{port}", &port.to_string());
        let message =
            format!("{line} HTTP/1.1\r\nHost: {host}.vestibule.localhost:{port}\r\n{cookie}{lines}\r\n\r\n");
        let answer = raw(world.address(), &message).await;
        assert_eq!(status(&answer), *expected, "{row}: {answer}");
        let code = match expected {
            401 => "SIGN-IN-REQUIRED",
            501 => "NOT-BUILT",
            _ => "METHOD-NOT-ALLOWED",
        };
        assert!(answer.contains(code), "{row}: {answer}");
        assert_eq!(*expected == 405, answer.to_ascii_lowercase().contains("\nallow: "), "{row}: {answer}");
    }
    assert!(world.application.received().is_empty());
    assert!(world.has_session(&mut browser, "acme").await, "none of it ended the session");
}

/// HTTP-10: an offer to speak something else may be passed over (RFC 9110 §7.8), and never becomes a tunnel.
#[tokio::test]
async fn other_upgrades_are_passed_over() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    for protocol in ["h2c", "TLS/1.0", "foo"] {
        let headers = [
            ("connection", "Upgrade, HTTP2-Settings"),
            ("upgrade", protocol),
            ("http2-settings", "AAMAAABkAAQAAP__"),
        ];
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/"), &headers).await;
        assert_eq!((page.status.as_u16(), page.text_body().as_str()), (200, "the application"), "{protocol}");
        let received = world.application.last();
        assert_eq!(
            (received.header("upgrade"), received.header("http2-settings")),
            (None, None),
            "{protocol}"
        );
    }
}
