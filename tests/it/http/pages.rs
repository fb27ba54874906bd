//! HTTP-15, SESS-06, SESS-07: hostile text stays text on every page, and every answer of ours carries the same headers.

use http::HeaderMap;
use serde_json::json;
use vestibule_broker::http::route::{AccountsRoute, WorkspaceRoute};
use vestibule_conformance::hostile::{AnswerFault, Fault};
use vestibule_conformance::wire::Page;
use vestibule_tests::world::{Manifest, Scheme, World};

/// Breaks out of text, of an attribute in either quotes, and of a script; as it stands, and as it travels in a query.
const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}";
const ENCODED: &str =
    "%22%27%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%7B%7B7*7%7D%7D";

/// As far as it may stand in a path: an encoded slash may not.
fn in_path() -> String {
    ENCODED.replace("%2F", "")
}

/// What every answer of ours says (SESS-06), whatever it is.
const ALWAYS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn assert_headers(headers: &HeaderMap, scheme: Scheme, row: &str) {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
    for (name, value) in ALWAYS {
        assert_eq!(text(name), Some(value), "{row}: {name}");
    }
    // SESS-07: no cache gives one person's answer to another.
    let vary = text("vary").unwrap_or_default();
    assert!(vary.split(',').any(|name| name.trim() == "Cookie"), "{row}: vary {vary}");
    let referrer = text("referrer-policy");
    assert!(matches!(referrer, Some("no-referrer" | "same-origin")), "{row}: {referrer:?}");
    let hsts = (scheme == Scheme::Https).then_some("max-age=31536000");
    assert_eq!(text("strict-transport-security"), hsts, "{row}: a year, and under https alone");
    assert_eq!(text("access-control-allow-origin"), None, "{row}");
    let policy = text("content-security-policy").unwrap_or_else(|| panic!("{row} has no policy"));
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{row}: {policy}");
    }
    for part in ["unsafe", "script-src", "*", "data: *", "http:"] {
        assert!(!policy.contains(part), "{row}: {part} in {policy}");
    }
}

/// Nothing of it became markup, nothing runs, and the page says where it may post to.
fn assert_harmless(page: &Page, scheme: Scheme, row: &str) {
    assert_headers(&page.headers, scheme, row);
    let body = page.text_body();
    for markup in ["<script", "<img src=x", "onerror=alert(1)>"] {
        assert!(!body.contains(markup), "{row}: {markup} in {body}");
    }
    assert!(page.is_html(), "{row}");
    let policy = page.header("content-security-policy").unwrap();
    let own = if page.forms().is_empty() { "form-action 'none'" } else { "form-action 'self'" };
    assert!(policy.contains(own) && policy.contains("base-uri 'none'"), "{row}: {policy}");
    for link in page.links() {
        assert!(matches!(link.href.scheme(), "http" | "https"), "{row}: {}", link.href);
        assert!(link.href.host_str().unwrap().ends_with("vestibule.localhost"), "{row}: {}", link.href);
    }
}

/// Addresses that a stranger makes up, and the status of their page.
fn addresses(world: &World) -> Vec<(&'static str, String, u16)> {
    let start = AccountsRoute::Start.path();
    let complete = WorkspaceRoute::Complete.path().unwrap();
    let signed_out = WorkspaceRoute::SignedOut.path().unwrap();
    vec![
        ("no page of accounts", world.url("accounts", &format!("/{ENCODED}?x={ENCODED}")), 404),
        (
            "a start for a hostile host",
            world.url("accounts", &format!("{start}?host={ENCODED}&handoff={ENCODED}")),
            400,
        ),
        (
            "a hostile answer",
            world.url("accounts", &format!("/core/login-okta?state={ENCODED}&code={ENCODED}")),
            400,
        ),
        (
            "a hostile error",
            world.url("accounts", &format!("/core/login-okta?error={ENCODED}&error_description={ENCODED}")),
            400,
        ),
        ("a hostile code", world.url("acme", &format!("{complete}?code={ENCODED}")), 400),
        ("a hostile marker", world.url("acme", &format!("{signed_out}?ended={ENCODED}&to={ENCODED}")), 200),
        ("a reserved path", world.url("acme", &format!("/.vestibule/{}", in_path())), 404),
        ("an ambiguous path", world.url("acme", &format!("/{ENCODED}%2f?{ENCODED}")), 400),
        ("the console", world.url("console", &format!("/go/{ENCODED}")), 200),
        ("nobody's host", world.url("nobody", &format!("/{ENCODED}")), 421),
    ]
}

#[tokio::test]
async fn hostile_addresses_stay_text_on_every_page() {
    for scheme in [Scheme::Http, Scheme::Https] {
        let world = World::with(scheme, &[Manifest::of("acme")]).await;
        for (row, address, status) in addresses(&world) {
            let page = world.browser().open(&address).await.unwrap();
            assert_eq!(page.status, status, "{row}: {}", page.text());
            assert_harmless(&page, scheme, row);
        }
    }
}

/// A provider's words, an organisation's name and a person's name come from others too.
#[tokio::test]
async fn hostile_names_and_providers_words_stay_text() {
    let world = World::start().await;
    let name = HOSTILE.replace('"', "\\\"");
    let text = Manifest::of("acme").text(&world).replace("Acme acme", &name);
    world.apply_text(&text).await.unwrap();
    world.settle().await;
    let words = || AnswerFault::Error(HOSTILE.to_owned(), HOSTILE.to_owned());
    world.provider.script(Fault::Answer(words()));
    let page = world.browser().open(&world.url("acme", "/")).await.unwrap();
    assert_eq!(page.status, 400, "{}", page.text());
    assert_harmless(&page, Scheme::Http, "the provider's words");
    assert!(page.text().contains(HOSTILE), "the organisation's name is shown as text: {}", page.text());
    world.provider.claims(json!({ "name": HOSTILE }).as_object().unwrap().clone());
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let path = WorkspaceRoute::SignOut.path().unwrap();
    let question = browser.open(&world.url("acme", path)).await.unwrap();
    assert_eq!(question.status, 200);
    assert_harmless(&question, Scheme::Http, "the question before sign-out");
    assert_eq!(question.text().matches(HOSTILE).count(), 2, "person and organisation: {}", question.text());
    assert_eq!(question.header("referrer-policy"), Some("same-origin"), "or the browser sends Origin: null");
    let page = browser.submit(&question.form_with("form_token").unwrap()).await.unwrap();
    assert_eq!(page.status, 200);
    assert_harmless(&page, Scheme::Http, "the page after sign-out");
    let page = browser.open(&world.url("acme", &format!("/{}?q={ENCODED}", in_path()))).await.unwrap();
    assert_eq!(page.status, 200);
    assert_harmless(&page, Scheme::Http, "the page that a navigation finds after sign-out");
}

#[tokio::test]
async fn a_hostile_address_of_an_application_that_is_away_stays_text() {
    let mut manifest = Manifest::of("acme");
    manifest.routes += "[[workspace.routes]]\npath = \"/down\"\nupstream = \"http://127.0.0.1:1\"\n";
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let page = browser.open(&world.url("acme", &format!("/down/{}?q={ENCODED}", in_path()))).await.unwrap();
    assert_eq!(page.status, 502, "{}", page.text());
    assert_harmless(&page, Scheme::Http, "the application is away");
}

/// Redirects and JSON carry them as pages do; what the application answers is its own.
#[tokio::test]
async fn every_answer_on_the_way_of_a_sign_in_carries_the_headers() {
    for scheme in [Scheme::Http, Scheme::Https] {
        let world = World::with(scheme, &[Manifest::of("acme")]).await;
        let mut browser = world.browser();
        let page = world.sign_in(&mut browser).await;
        let (last, way) = page.hops.split_last().unwrap();
        let ours: Vec<_> =
            way.iter().filter(|hop| hop.url.host_str().unwrap().ends_with("vestibule.localhost")).collect();
        assert_eq!(ours.len(), 4, "workspace, start, callback, complete");
        for hop in ours {
            assert_eq!(hop.status, 303, "{}", hop.url);
            assert_headers(&hop.headers, scheme, hop.url.path());
        }
        assert!(!last.headers.contains_key("content-security-policy"), "the application's own answer");
        for route in [WorkspaceRoute::Session, WorkspaceRoute::Groups] {
            let path = route.path().unwrap();
            for browser in [&mut browser, &mut world.browser()] {
                let page = browser.open(&world.url("acme", path)).await.unwrap();
                assert_headers(&page.headers, scheme, path);
                assert_eq!(page.header("content-type"), Some("application/json"), "{path}");
            }
        }
    }
}
