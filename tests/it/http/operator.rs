//! OPS-15: health and metrics are the operator's, on a listener of their own that serves nothing else.

use vestibule_tests::world::World;

use super::{raw, status};

fn message(method: &str, path: &str, host: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn the_operators_listener_serves_health_and_metrics_and_nothing_else() {
    let world = World::start().await;
    world.sign_in(&mut world.browser()).await;
    for (method, path, expected, text) in [
        ("GET", "/healthz", 200, "ok"),
        ("HEAD", "/healthz", 200, ""),
        ("GET", "/readyz", 200, "ready"),
        ("GET", "/metrics", 200, "# TYPE"),
        ("POST", "/healthz", 405, ""),
        ("GET", "/", 404, ""),
        ("GET", "/start", 404, ""),
        ("GET", "/.vestibule/session", 404, ""),
    ] {
        let answer = raw(world.operator(), &message(method, path, "acme.vestibule.localhost")).await;
        assert_eq!(status(&answer), expected, "{method} {path}: {answer}");
        assert!(answer.contains(text), "{method} {path}: {answer}");
        assert!(!answer.to_ascii_lowercase().contains("set-cookie"), "{method} {path}: {answer}");
    }
    let metrics = raw(world.operator(), &message("GET", "/metrics", "127.0.0.1")).await;
    for secret in ["acme", "alice", "127.0.0.1:", "hostile"] {
        assert!(!metrics.to_ascii_lowercase().contains(secret), "{secret} in {metrics}");
    }
}

#[tokio::test]
async fn the_front_door_does_not_serve_them() {
    let world = World::start().await;
    for host in ["accounts", "console", "saml", "acme"] {
        for path in ["/healthz", "/readyz", "/metrics"] {
            let host = format!("{host}.vestibule.localhost");
            let answer = raw(world.address(), &message("GET", path, &host)).await;
            let expected = if host.starts_with("acme") { 401 } else { 404 };
            assert_eq!(status(&answer), expected, "{host}{path}: {answer}");
        }
    }
    assert!(world.application.received().is_empty());
}
