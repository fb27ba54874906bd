//! HTTP-12, SESS-16: cookies at the border, and answers of an application that look like ours.

use bytes::Bytes;
use http::{Method, Response};
use http_body_util::Full;
use vestibule_tests::application::Received;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask;

/// What an application tries to set, and whether it comes through.
const SET: &[(&str, &str, bool)] = &[
    ("its own", "app=1; Path=/; HttpOnly", true),
    ("for exactly its host", "app=1; Domain=acme.vestibule.localhost", true),
    ("with an empty Domain", "app=1; Domain=", true),
    ("a name that only holds ours", "my-vestibule-access=1", true),
    ("the access cookie", "vestibule-access=planted; Path=/", false),
    ("in another case", "VESTIBULE-Access=planted", false),
    ("with the other prefix", "__Host-vestibule-access=planted; Secure; Path=/", false),
    ("behind blanks", "  vestibule-access = planted", false),
    ("nameless", "=vestibule-access=planted", false),
    ("a root", "vestibule-signin-0123456789abcdef=planted", false),
    ("for every workspace", "app=1; Domain=vestibule.localhost", false),
    ("with a leading dot", "app=1; domain=.vestibule.localhost", false),
    ("for a public suffix", "app=1; Domain=localhost", false),
    ("for another workspace", "app=1; Domain=beta.vestibule.localhost", false),
    (
        "twice, the last one harmless",
        "app=1; Domain=vestibule.localhost; Domain=acme.vestibule.localhost",
        false,
    ),
];

fn setting(line: &'static str) -> impl Fn(&Received) -> Response<Full<Bytes>> {
    move |_| Response::builder().header("set-cookie", line).body(Full::default()).unwrap()
}

#[tokio::test]
async fn an_application_sets_cookies_of_its_own_host_and_name_alone() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    for (row, line, passes) in SET {
        world.application.answer_with(setting(line));
        let page = ask(&mut browser.clone(), Method::GET, &world.url("acme", "/"), &[]).await;
        assert_eq!(page.status, 200, "{row}");
        let set: Vec<_> = page.headers.get_all("set-cookie").iter().collect();
        assert_eq!(set, if *passes { vec![line.trim()] } else { Vec::new() }, "{row}");
    }
}

#[tokio::test]
async fn the_brokers_cookies_never_reach_an_application() {
    for scheme in [Scheme::Http, Scheme::Https] {
        let world = World::with(scheme, &[Manifest::of("acme")]).await;
        let mut browser = world.browser();
        world.sign_in(&mut browser).await;
        let access = browser.cookie("acme.vestibule.localhost", &world.cookie_name("access")).unwrap();
        let planted = "a=1; vestibule-handoff-x=2; __Host-vestibule-txn-y=3; Vestibule-Signed-Out=4; b=\"5";
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/"), &[("cookie", planted)]).await;
        assert_eq!(page.status, 200, "{scheme:?}: {}", page.text());
        for received in world.application.received() {
            let text = format!("{received:?}");
            assert!(!text.contains(&access.value), "{scheme:?}: {text}");
            assert!(!text.to_ascii_lowercase().contains("vestibule-handoff"), "{scheme:?}: {text}");
        }
        assert_eq!(world.application.last().header("cookie"), Some("a=1; b=\"5"), "{scheme:?}");
    }
}

/// An application that has a sign-in of its own keeps it: its answers are not ours to interpret.
#[tokio::test]
async fn an_applications_own_refusals_pass_as_they_are() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    for (row, status, name, value) in [
        ("a challenge", 401, "www-authenticate", "Basic realm=\"app\""),
        ("a redirect to a sign-in elsewhere", 302, "location", "https://login.corp.example/?next=/"),
        ("a redirect to a sibling", 303, "location", "http://beta.vestibule.localhost/"),
        ("a refusal", 403, "x-reason", "no"),
        ("a failure", 500, "x-reason", "broken"),
        ("its own policy", 200, "content-security-policy", "default-src *"),
    ] {
        world.application.answer_with(move |_| {
            Response::builder().status(status).header(name, value).body(Full::from("its own words")).unwrap()
        });
        let page = ask(&mut browser, Method::GET, &world.url("acme", "/"), &[("accept", "text/html")]).await;
        assert_eq!(page.status, status, "{row}");
        assert_eq!(page.header(name), Some(value), "{row}");
        assert_eq!(page.text_body(), "its own words", "{row}");
    }
    assert!(world.has_session(&mut browser, "acme").await, "none of it ended the session");
}

#[tokio::test]
async fn an_application_cannot_speak_as_the_broker() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    world.application.answer_with(|_| {
        let reply =
            Response::builder().header("vestibule-sign-in", "https://evil.example/").header("x-app", "1");
        reply.header("vestibule_assertion", "x").body(Full::default()).unwrap()
    });
    let page = ask(&mut browser, Method::GET, &world.url("acme", "/"), &[]).await;
    assert_eq!(page.header("x-app"), Some("1"));
    assert_eq!((page.header("vestibule-sign-in"), page.header("vestibule_assertion")), (None, None));
}
