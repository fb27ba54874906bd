//! HTTP-06: the Host chooses a door, and every link is made from the configuration.

use vestibule_tests::world::World;

use super::{raw, status};

/// Target and header lines, with `{host}` and `{port}`, and the status that a navigation gets.
const ROWS: &[(&str, &str, &str, u16)] = &[
    ("the host with its port", "/x", "Host: {host}:{port}", 303),
    ("without the port", "/x", "Host: {host}", 303),
    ("in another case", "/x", "Host: ACME.Vestibule.LocalHost:{port}", 303),
    ("an absolute target of the same host", "http://{host}:{port}/x", "Host: {host}:{port}", 303),
    ("a forwarded host beside it", "/x", "Host: {host}:{port}\r\nX-Forwarded-Host: evil.example", 303),
    ("another host", "/x", "Host: evil.example", 421),
    ("another host with our port", "/x", "Host: evil.example:{port}", 421),
    ("another port", "/x", "Host: {host}:1", 421),
    ("no port at all", "/x", "Host: {host}:", 421),
    ("a trailing dot", "/x", "Host: {host}.", 421),
    ("a trailing dot before the port", "/x", "Host: {host}.:{port}", 421),
    ("a label before it", "/x", "Host: evil.{host}:{port}", 421),
    ("a name that only ends like it", "/x", "Host: evil{host}:{port}", 421),
    ("an address", "/x", "Host: 127.0.0.1:{port}", 421),
    ("credentials before it", "/x", "Host: evil@{host}:{port}", 421),
    ("a list", "/x", "Host: {host}:{port}, evil.example", 421),
    ("nothing", "/x", "Host:", 421),
    ("no line", "/x", "X-Host: {host}:{port}", 400),
    ("two lines", "/x", "Host: {host}:{port}\r\nHost: evil.example", 400),
    ("two lines that agree", "/x", "Host: {host}:{port}\r\nHost: {host}:{port}", 400),
    ("an absolute target of another host", "http://evil.example/x", "Host: {host}:{port}", 400),
    ("ours in the target, another in the line", "http://{host}:{port}/x", "Host: evil.example", 400),
];

#[tokio::test]
async fn a_request_is_for_one_configured_host_and_links_come_from_the_configuration() {
    let world = World::start().await;
    let start = format!("location: {}", world.url("accounts", "/start?host=acme.vestibule.localhost&"));
    for (row, target, lines, expected) in ROWS {
        let message =
            format!("GET {target} HTTP/1.1\r\n{lines}\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
                .replace("{host}", "acme.vestibule.localhost")
                .replace("{port}", &world.address().port().to_string());
        let answer = raw(world.address(), &message).await;
        assert_eq!(status(&answer), *expected, "{row}: {answer}");
        assert_eq!(answer.contains(&start), *expected == 303, "{row}: {answer}");
        assert!(!answer.contains("evil"), "{row}: {answer}");
    }
    assert!(world.application.received().is_empty());
}

/// Metadata and the JSON of a 401 hold addresses too.
#[tokio::test]
async fn no_answer_takes_an_address_from_the_request() {
    let world = World::start().await;
    let port = world.address().port();
    let lines = "Host: ACME.vestibule.localhost\r\nX-Forwarded-Host: evil.example\r\n\
                 Forwarded: host=evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\n\
                 Referer: http://evil.example/\r\nConnection: close";
    let answer = raw(world.address(), &format!("GET /x HTTP/1.1\r\n{lines}\r\n\r\n")).await;
    let address = format!("http://acme.vestibule.localhost:{port}/.vestibule/sign-in?to=%2Fx");
    assert_eq!(status(&answer), 401, "{answer}");
    assert!(answer.contains(&format!("\"{address}\"")) && !answer.contains("evil"), "{answer}");
}

#[tokio::test]
async fn the_base_domain_and_what_is_not_built_answer_by_name() {
    let world = World::start().await;
    let port = world.address().port();
    for (host, expected, what) in [
        ("vestibule.localhost", 303, format!("location: {}", world.url("console", "/"))),
        ("console.vestibule.localhost", 401, "SIGN-IN-REQUIRED".to_owned()),
        ("saml.vestibule.localhost", 404, "NOT-FOUND".to_owned()),
    ] {
        let message = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        let answer = raw(world.address(), &message).await;
        assert_eq!(status(&answer), expected, "{host}: {answer}");
        assert!(answer.contains(&what), "{host}: {answer}");
    }
}
