//! HTTP-03, HTTP-04: what a client says of itself in headers is worth nothing, and is made anew by the broker.

use std::path::Path;

use http::Method;
use vestibule_broker::config::parse_server;
use vestibule_conformance::wire::Browser;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask;

/// What a front proxy would say, and a stranger wants to be believed.
const CLAIMED: &[(&str, &str)] = &[
    ("X-Forwarded-For", "203.0.113.9"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Port", "1"),
    ("X-Forwarded-Uri", "/evil"),
    ("X-Forwarded-Prefix", "/evil"),
    ("X-Forwarded-Method", "DELETE"),
    ("X_Forwarded_For", "203.0.113.9"),
    ("Forwarded", "for=203.0.113.9;host=evil.example"),
    ("X-Original-URL", "/evil"),
    ("X-Rewrite-URL", "/evil"),
    ("X-Real-IP", "203.0.113.9"),
];

/// What the broker says instead.
const REBUILT: [&str; 4] = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"];

/// The server's configuration anew, as SIGHUP takes it, with these networks trusted.
fn trust(world: &World, networks: &str) {
    let port = world.address().port();
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\noperator_listen = \"127.0.0.1:9\"\npublic_port = {port}\n\
         trusted_proxies = [{networks}]\n[outbound]\nallow_private = [\"127.0.0.0/8\"]\n"
    );
    let config = parse_server(&text, Path::new("vestibule.toml"), world.directory()).unwrap();
    world.app().reconfigure(config).unwrap();
}

async fn signed_in(world: &World) -> Browser {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser
}

#[tokio::test]
async fn forwarded_headers_of_a_stranger_are_dropped_and_made_anew() {
    let world = World::start().await;
    let mut browser = signed_in(&world).await;
    let port = world.address().port();
    // Trusted or not, no proxy says which host, path or method a request is for.
    for (networks, client) in
        [("", "127.0.0.1"), ("\"10.0.0.0/8\"", "127.0.0.1"), ("\"127.0.0.1\"", "203.0.113.9")]
    {
        trust(&world, networks);
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/mine"), CLAIMED).await;
        assert_eq!(page.status, 200, "[{networks}] {}", page.text());
        let received = world.application.last();
        assert_eq!((received.method.as_str(), received.target.as_str()), ("GET", "/mine"), "[{networks}]");
        let host = format!("acme.vestibule.localhost:{port}");
        assert_eq!(
            REBUILT.map(|name| received.header(name).unwrap_or_default().to_owned()),
            [client.to_owned(), host.clone(), "http".to_owned(), port.to_string()],
            "[{networks}]"
        );
        assert_eq!(received.header("host"), Some(host.as_str()), "[{networks}]");
        for (name, _) in CLAIMED {
            let name = name.to_ascii_lowercase();
            let count = received.headers.get_all(&name).iter().count();
            assert_eq!(count, usize::from(REBUILT.contains(&name.as_str())), "[{networks}] {name}");
        }
    }
}

#[tokio::test]
async fn the_scheme_is_the_configurations_own() {
    let world = World::with(Scheme::Https, &[Manifest::of("acme")]).await;
    let mut browser = signed_in(&world).await;
    let claimed = [("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", "80")];
    ask(&mut browser, Method::GET, &world.url("acme", "/"), &claimed).await;
    let received = world.application.last();
    let told = REBUILT.map(|name| received.header(name).unwrap_or_default().to_owned());
    assert_eq!(told, ["127.0.0.1", "acme.vestibule.localhost", "https", "443"]);
}

#[tokio::test]
async fn the_clients_address_is_the_last_one_that_no_trusted_proxy_has() {
    let world = World::start().await;
    let mut browser = signed_in(&world).await;
    for (row, networks, forwarded, client) in [
        ("nobody is trusted", "", "203.0.113.9", "127.0.0.1"),
        ("the peer is none of the trusted", "\"127.0.0.2\"", "203.0.113.9", "127.0.0.1"),
        ("a trusted peer", "\"127.0.0.1\"", "203.0.113.9", "203.0.113.9"),
        ("what the client wrote before it", "\"127.0.0.1\"", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("a chain of trusted proxies", "\"127.0.0.0/8\"", "203.0.113.9, 127.0.0.7", "203.0.113.9"),
        ("no address", "\"127.0.0.1\"", "203.0.113.9, unknown", "127.0.0.1"),
        ("IPv6", "\"127.0.0.1\"", "2001:db8::7", "2001:db8::7"),
    ] {
        trust(&world, networks);
        ask(&mut browser, Method::GET, &world.url("acme", "/"), &[("X-Forwarded-For", forwarded)]).await;
        assert_eq!(world.application.last().header("x-forwarded-for"), Some(client), "{row}");
        // The audit says the same of a refusal.
        let start = world.url("accounts", "/start");
        ask(&mut browser, Method::GET, &start, &[("X-Forwarded-For", forwarded)]).await;
        assert_eq!(world.audit().await.pop().unwrap().details["client"], client, "{row}");
    }
}

/// Spellings that some server behind us folds into one of our names (CGI, WSGI, PHP).
const SPELLINGS: &[&str] = &[
    "X-Forwarded-User",
    "x_forwarded_user",
    "X-Forwarded_User",
    "X.Forwarded.User",
    "X-FORWARDED-EMAIL",
    "X_Forwarded_Email",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-Groups",
    "X_FORWARDED_GROUPS",
    "X-Forwarded-Groups-Ref",
    "Vestibule-Assertion",
    "vestibule_assertion",
    "Vestibule-Anything",
    "X-Auth-User",
    "x_auth_user",
    "X-Auth-Groups-Ref",
];

#[tokio::test]
async fn identity_headers_of_a_client_are_removed_in_every_spelling_on_every_route() {
    let mut manifest = Manifest::of("acme");
    manifest.routes = "[[workspace.routes]]\npath = \"/\"\nupstream = \"http://{application}\"\n\
        [[workspace.routes]]\npath = \"/open\"\nupstream = \"http://{application}\"\naccess = \"open\"\n\
        [[workspace.routes]]\npath = \"/renamed\"\nupstream = \"http://{application}\"\n\
        headers = { user = \"X-Auth-User\", groups = \"X-Auth-Groups\" }\n"
        .to_owned();
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut browser = signed_in(&world).await;
    let mut headers: Vec<_> = SPELLINGS.iter().map(|name| (*name, "forged")).collect();
    headers.push(("X-Custom", "kept"));
    for (path, user) in [("/", Some("x-forwarded-user")), ("/open", None), ("/renamed", Some("x-auth-user"))]
    {
        let page = ask(&mut browser, Method::GET, &world.url("acme", path), &headers).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let received = world.application.last();
        assert!(!received.headers.values().any(|value| value == "forged"), "{path}: {:?}", received.headers);
        assert_eq!(received.header("x-custom"), Some("kept"), "{path}");
        assert_eq!(received.header("vestibule-assertion").is_some(), user.is_some(), "{path}");
        for name in ["x-forwarded-user", "x-auth-user"] {
            assert_eq!(
                received.header(name),
                (Some(name) == user).then_some("alice@corp.example"),
                "{path} {name}"
            );
        }
    }
}

#[tokio::test]
async fn no_header_opens_a_protected_route() {
    let world = World::start().await;
    let own = world.origin("acme");
    for (row, header, value) in [
        ("HTTP-04 a health check", "User-Agent", "kube-probe/1.31"),
        ("HTTP-04 another", "User-Agent", "GoogleHC/1.0"),
        ("HTTP-03 another address", "X-Original-URL", "/open"),
        ("HTTP-03 a preflight's method", "X-Forwarded-Method", "OPTIONS"),
        ("HTTP-13 an overridden method", "X-HTTP-Method-Override", "OPTIONS"),
        ("a forged identity", "X-Forwarded-User", "alice@corp.example"),
        ("credentials for the application", "Authorization", "Basic YWxpY2U6eA=="),
        ("the own origin", "Origin", own.as_str()),
    ] {
        for method in [Method::GET, Method::OPTIONS] {
            let page =
                ask(&mut world.browser(), method, &world.url("acme", "/healthz"), &[(header, value)]).await;
            assert_eq!(page.status, 401, "{row}");
        }
    }
    assert!(world.application.received().is_empty());
}
