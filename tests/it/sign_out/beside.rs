//! A sign-out beside a sign-in of the same browser: the later word counts, whichever arrives first (interface 3, SESS-04).

use std::time::Duration;

use http::Method;
use vestibule_conformance::hostile::{Endpoint, Fault, Misbehaviour};
use vestibule_conformance::wire::{Browser, Form, Page, Request};
use vestibule_tests::world::World;

use super::{assert_signed_out, question, sign_out, world};

/// Time for the sign-out, while the token endpoint has not answered yet; in milliseconds.
const SLOW: u16 = 1_500;
/// Far more than anything here takes.
const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_sign_out_while_the_token_endpoint_answers_is_not_undone() {
    for (row, signs_out) in [("nobody signs out", false), ("SESS-04: the person signs out", true)] {
        let world = world().await;
        let mut browser = world.browser();
        let tab = world.until_the_answer(&mut browser, "acme-third", "/").await;
        world.sign_in(&mut browser).await;
        let mut elsewhere = browser.clone();
        world.provider.script(Fault::Endpoint(Endpoint::Token, Misbehaviour::Slow(SLOW)));
        world.provider.forget_calls();
        world.application.forget();
        let answer = tokio::spawn(async move {
            let page = browser.follow(&tab).await.unwrap();
            (browser, page)
        });
        asked(&world, Endpoint::Token).await;
        if signs_out {
            sign_out(&world, &mut elsewhere).await;
        }
        assert!(!answer.is_finished(), "{row}: the exchange is under way still");
        let before = world.audit().await.len();
        let (mut browser, page) = answer.await.unwrap();
        if !signs_out {
            assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
            continue;
        }
        assert_eq!(page.status, 403, "{row}: {}", page.text());
        assert!(page.text().contains("OIDC-FRESH"), "{row}: {}", page.text());
        world.assert_refused(before, "OIDC-FRESH").await;
        assert!(world.application.received().is_empty(), "{row}");
        for label in ["acme", "acme-second", "acme-third"] {
            assert!(!world.has_session(&mut browser, label).await, "{row}: {label}");
            assert_signed_out(&elsewhere.open(&world.url(label, "/")).await.unwrap(), row);
        }
    }
}

async fn asked(world: &World, endpoint: Endpoint) {
    let asked = async {
        while world.provider.calls_to(endpoint).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, asked).await.expect("the endpoint is asked");
}

/// A browser whose session on `acme-second` is of a root whose place a newer sign-in on `acme` has taken.
async fn replaced(world: &World) -> (Browser, Form) {
    let mut browser = world.browser();
    let tab = world.until_the_answer(&mut browser, "acme", "/").await;
    world.sign_in(&mut browser).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    let page = browser.open(&world.url("acme-second", "/.vestibule/sign-out")).await.unwrap();
    let old = page.form_with("form_token").expect("the older session's form");
    assert_eq!(browser.follow(&tab).await.unwrap().text_body(), "the application");
    assert!(!world.has_session(&mut browser, "acme-second").await, "its session went with the older root");
    assert!(world.has_session(&mut browser, "acme").await);
    (browser, old)
}

/// How the person of such a tab signs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By the application's link.
    Link,
    /// By the form that the tab shows since before the newer sign-in.
    Form,
    /// The same, told by what the form sends: no page says where it may go.
    Post,
}

async fn leave(world: &World, browser: &mut Browser, old: &Form, way: Way) -> Page {
    let address = world.url("acme-second", "/.vestibule/sign-out");
    match way {
        Way::Link => browser.open(&address).await.unwrap(),
        Way::Form => {
            let page = browser.submit(old).await.unwrap_or_else(|error| panic!("the browser stops: {error}"));
            browser.settle(page).await.unwrap()
        }
        Way::Post => {
            let request = Request::new(Method::POST, &address).unwrap();
            let request = request.header("origin", &world.origin("acme-second")).unwrap();
            let request = request.header("content-type", "application/x-www-form-urlencoded").unwrap();
            let token = old.field("form_token").unwrap();
            let page = browser.request(request.body(format!("form_token={token}"))).await.unwrap();
            browser.open(page.refresh().expect("it leads on").1.as_str()).await.unwrap()
        }
    }
}

async fn is_asked_about_the_newer_one(way: Way, restarts: bool) {
    let row = format!("{way:?}, after a restart: {restarts}");
    let mut world = world().await;
    let (mut browser, old) = replaced(&world).await;
    if restarts {
        world.restart().await;
    }
    world.provider.forget_calls();
    let page = leave(&world, &mut browser, &old, way).await;
    let asked = world.url("acme-second", "/.vestibule/sign-out");
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, asked.as_str()), "{row}: {}", page.text());
    assert!(!page.text().contains("Sign in again"), "{row}: not signed out yet: {}", page.text());
    assert!(world.provider.calls().is_empty(), "{row}: who is there is known");
    for label in ["acme", "acme-second"] {
        assert!(world.has_session(&mut browser, label).await, "{row}: {label}: it only asked");
    }
    let form = page.form_with("form_token").expect("a question");
    assert_ne!(form.field("form_token"), old.field("form_token"), "{row}: of the newer session");
    assert_signed_out(&browser.submit(&form).await.unwrap(), &row);
    for label in ["acme", "acme-second"] {
        assert!(!world.has_session(&mut browser, label).await, "{row}: {label}");
    }
}

async fn learns_that_the_newer_one_was_signed_out(way: Way) {
    let world = world().await;
    let (mut browser, old) = replaced(&world).await;
    sign_out(&world, &mut browser).await;
    assert_signed_out(&leave(&world, &mut browser, &old, way).await, &format!("{way:?}"));
}

#[tokio::test]
async fn a_link_in_a_tab_of_a_replaced_session_asks_about_the_newer_one() {
    is_asked_about_the_newer_one(Way::Link, false).await;
    is_asked_about_the_newer_one(Way::Link, true).await;
}

#[tokio::test]
async fn a_post_in_a_tab_of_a_replaced_session_asks_about_the_newer_one() {
    is_asked_about_the_newer_one(Way::Post, false).await;
    is_asked_about_the_newer_one(Way::Post, true).await;
}

/// The same as a browser does it, which holds `form-action` of the page against every redirect behind the form.
#[tokio::test]
async fn a_form_in_a_tab_of_a_replaced_session_asks_about_the_newer_one() {
    is_asked_about_the_newer_one(Way::Form, false).await;
    learns_that_the_newer_one_was_signed_out(Way::Form).await;
}

#[tokio::test]
async fn a_tab_of_a_replaced_session_learns_that_the_newer_one_was_signed_out() {
    for way in [Way::Link, Way::Post] {
        learns_that_the_newer_one_was_signed_out(way).await;
    }
}

/// Its Origin and form would be another's: whoever may not post here does not get as far as the question.
#[tokio::test]
async fn a_strangers_form_learns_nothing_of_a_replaced_session() {
    let world = world().await;
    let (mut browser, _) = replaced(&world).await;
    for (row, origin) in [("none", None), ("a stranger's", Some("https://evil.example"))] {
        let address = world.url("acme-second", "/.vestibule/sign-out");
        let mut request = Request::new(Method::POST, &address).unwrap();
        if let Some(origin) = origin {
            request = request.header("origin", origin).unwrap();
        }
        let page = browser.request(request).await.unwrap();
        assert_eq!(page.status, 403, "SESS-15: Origin {row}: {}", page.text());
        assert!(!page.headers.contains_key("set-cookie"), "SESS-15: Origin {row}");
        assert!(world.has_session(&mut browser, "acme").await, "SESS-15: Origin {row}");
    }
}

/// On the host of the newer sign-in the tab has the newer cookie, and an old form is somebody else's form.
#[tokio::test]
async fn an_older_form_on_the_host_of_the_newer_sign_in_ends_nothing() {
    let world = world().await;
    let mut browser = world.browser();
    let tab = world.until_the_answer(&mut browser, "acme", "/").await;
    world.sign_in(&mut browser).await;
    let old = question(&world, &mut browser).await.form_with("form_token").unwrap();
    browser.follow(&tab).await.unwrap();
    let page = browser.submit(&old).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(!page.text().contains("Sign in again"), "{}", page.text());
    assert!(world.has_session(&mut browser, "acme").await);
    question(&world, &mut browser).await;
}
