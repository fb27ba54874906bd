//! Sign-out: GET asks, POST ends, and until a fresh sign-in the browser is told at every workspace that it is signed out.

mod beside;
mod forgery;
mod marker;

use std::time::Duration;

use serde_json::Value;
use vestibule_conformance::hostile::{Edit, Endpoint, Fault};
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::world::{Audited, Manifest, Scheme, World};

const SECOND: Duration = Duration::from_secs(1);

/// Three workspaces; the tests sign in on the first, open the second, and leave the third alone.
async fn world() -> World {
    let workspaces = ["acme", "acme-second", "acme-third"].map(str::to_owned).to_vec();
    World::with(Scheme::Http, &[Manifest { workspaces, ..Manifest::of("acme") }]).await
}

/// A browser with a session on two workspaces.
async fn signed_in(world: &World) -> Browser {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    assert!(world.has_session(&mut browser, "acme-second").await);
    browser
}

async fn question(world: &World, browser: &mut Browser) -> Page {
    let page = browser.open(&world.url("acme", "/.vestibule/sign-out")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

/// Signs out as a person does.
async fn sign_out(world: &World, browser: &mut Browser) -> Page {
    let form = question(world, browser).await.form_with("form_token").unwrap();
    let page = browser.submit(&form).await.unwrap();
    assert_signed_out(&page, "after the sign-out");
    page
}

fn assert_signed_out(page: &Page, row: &str) {
    assert_eq!(page.status, 200, "{row}: {}", page.text());
    assert!(page.text().contains("Sign in again"), "{row}: {}", page.text());
    assert!(page.refresh().is_none(), "{row}: it does not sign in by itself");
    assert_eq!(page.header("cache-control"), Some("no-store"), "{row}: SESS-07");
}

fn query_of_latest_trip(world: &World) -> String {
    world.provider.calls_to(Endpoint::Authorize).pop().map(|call| call.query).unwrap_or_default()
}

#[tokio::test]
async fn the_question_ends_nothing_and_its_answer_ends_the_session_on_every_workspace() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let mut stolen = browser.clone();
    question(&world, &mut browser).await;
    for label in ["acme", "acme-second"] {
        assert!(world.has_session(&mut browser, label).await, "{label}: GET only asks");
    }
    let page = sign_out(&world, &mut browser).await;
    assert_eq!(page.url.path(), "/.vestibule/signed-out");
    assert!(browser.cookie("acme.vestibule.localhost", "vestibule-access").is_none());
    for label in ["acme", "acme-second"] {
        assert!(!world.has_session(&mut stolen, label).await, "{label}: a copy of the cookies is as dead");
    }
    let ended: Vec<Value> = world
        .audit()
        .await
        .into_iter()
        .filter(|one| one.event == "session.ended")
        .map(|one| one.details)
        .collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["by"], "sign-out");
}

#[tokio::test]
async fn every_navigation_to_a_workspace_shows_the_signed_out_page_until_a_fresh_sign_in() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    sign_out(&world, &mut browser).await;
    world.application.forget();
    world.provider.forget_calls();
    for row in ["first", "again"] {
        for (label, path) in
            [("acme", "/"), ("acme", "/reports"), ("acme-second", "/"), ("acme-third", "/reports")]
        {
            let page = browser.open(&world.url(label, path)).await.unwrap();
            assert_signed_out(&page, &format!("{row}: {label}{path}"));
            // What is no navigation is told the address, and no more.
            let page = browser.request(Request::get(&world.url(label, path)).unwrap()).await.unwrap();
            assert_eq!(page.status, 401, "{row}: {label}{path}");
            assert!(!page.headers.contains_key("set-cookie"), "{row}: {label}{path}");
        }
    }
    assert!(world.application.received().is_empty());
    assert!(world.provider.calls().is_empty(), "nobody went to the provider");
}

#[tokio::test]
async fn the_link_of_the_signed_out_page_asks_the_provider_for_fresh_authentication() {
    for (row, label) in [
        ("where the person signed out", "acme"),
        ("where a session was", "acme-second"),
        ("where none ever was", "acme-third"),
    ] {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        assert!(!query_of_latest_trip(&world).contains("prompt="), "the first sign-in may use what is there");
        sign_out(&world, &mut browser).await;
        let page = browser.open(&world.url(label, "/reports")).await.unwrap();
        let page = browser.click(&page, &page.link("Sign in again").unwrap()).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
        let query = query_of_latest_trip(&world);
        let parameters: Vec<&str> = query.split('&').collect();
        assert!(parameters.contains(&"prompt=login") && parameters.contains(&"max_age=0"), "{row}: {query}");
        // From here on no workspace shows it any more, and none needs another trip.
        world.provider.forget_calls();
        for label in ["acme", "acme-second", "acme-third"] {
            let page = browser.open(&world.url(label, "/")).await.unwrap();
            assert_eq!(page.text_body(), "the application", "{row}, then {label}: {}", page.text());
        }
        assert!(world.provider.calls_to(Endpoint::Authorize).is_empty(), "{row}");
    }
}

#[tokio::test]
async fn whoever_types_the_address_of_the_sign_in_is_asked_afresh_too() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    sign_out(&world, &mut browser).await;
    let page = browser.open(&world.url("acme", "/.vestibule/sign-in?to=/")).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    assert!(query_of_latest_trip(&world).contains("prompt=login"));
}

#[tokio::test]
async fn an_authentication_that_is_older_than_the_start_is_refused() {
    for (row, claims, code) in [
        ("at the start", Edit::time("auth_time", 0), None),
        ("one second before it", Edit::time("auth_time", -1), Some("OIDC-FRESH")),
        ("an hour before it", Edit::time("auth_time", -3600), Some("OIDC-FRESH")),
        ("never told", Edit::remove("auth_time"), Some("OIDC-FRESH")),
    ] {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        let page = sign_out(&world, &mut browser).await;
        world.application.forget();
        world.clock.advance(SECOND);
        world.provider.script(Fault::Claims(claims));
        let before = world.audit().await.len();
        let page = browser.click(&page, &page.link("Sign in again").unwrap()).await.unwrap();
        let Some(code) = code else {
            assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
            continue;
        };
        assert_eq!(page.status, 403, "{row}");
        assert!(page.text().contains(code), "{row}: {}", page.text());
        world.assert_refused(before, code).await;
        assert!(world.application.received().is_empty(), "{row}");
        for label in ["acme", "acme-second", "acme-third"] {
            let page = browser.open(&world.url(label, "/")).await.unwrap();
            assert_signed_out(&page, &format!("{row}, then {label}"));
        }
    }
}

#[tokio::test]
async fn an_old_authentication_is_good_enough_for_whoever_did_not_sign_out() {
    let world = world().await;
    world.provider.script(Fault::Claims(Edit::time("auth_time", -3600)));
    world.sign_in(&mut world.browser()).await;
}

#[tokio::test]
async fn a_sign_in_that_was_begun_before_the_sign_out_does_not_undo_it() {
    let world = world().await;
    let mut browser = world.browser();
    let waiting = world.until_the_answer(&mut browser, "acme-third", "/").await;
    world.sign_in(&mut browser).await;
    sign_out(&world, &mut browser).await;
    world.application.forget();
    let page = browser.follow(&waiting).await.unwrap();
    assert_eq!(page.status, 403, "it asked for no fresh authentication: {}", page.text());
    assert!(page.text().contains("OIDC-FRESH"), "{}", page.text());
    assert!(world.application.received().is_empty());
    for label in ["acme", "acme-third"] {
        assert_signed_out(&browser.open(&world.url(label, "/")).await.unwrap(), label);
    }
}

#[tokio::test]
async fn the_signed_out_page_outlives_a_restart_and_the_clock() {
    let mut world = world().await;
    let mut browser = signed_in(&world).await;
    sign_out(&world, &mut browser).await;
    world.restart().await;
    world.clock.advance(Duration::from_hours(48));
    for label in ["acme", "acme-second", "acme-third"] {
        assert_signed_out(&browser.open(&world.url(label, "/")).await.unwrap(), label);
    }
}

#[tokio::test]
async fn another_browser_of_the_same_person_stays_signed_in() {
    let world = world().await;
    let (mut here, mut there) = (signed_in(&world).await, signed_in(&world).await);
    sign_out(&world, &mut here).await;
    assert!(
        world.has_session(&mut there, "acme").await && world.has_session(&mut there, "acme-second").await
    );
}

#[tokio::test]
async fn a_fresh_sign_in_that_was_begun_before_a_later_sign_out_does_not_undo_that_one() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let page = sign_out(&world, &mut browser).await;
    let link = page.link("Sign in again").unwrap();
    browser.stop_before(Some("/core/"));
    let waiting = browser.click(&page, &link).await.unwrap();
    browser.stop_before(None);
    assert!(query_of_latest_trip(&world).contains("prompt=login"));
    let page = browser.click(&page, &link).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    world.clock.advance(SECOND);
    sign_out(&world, &mut browser).await;
    world.application.forget();
    let page = browser.follow(&waiting).await.unwrap();
    assert!(page.text().contains("OIDC-FRESH"), "fresh for the first sign-out only: {}", page.text());
    assert!(world.application.received().is_empty());
    assert_signed_out(&browser.open(&world.url("acme", "/")).await.unwrap(), "the second sign-out stands");
}

#[tokio::test]
async fn whoever_answers_after_the_session_went_idle_is_signed_out_all_the_same() {
    for (row, token, status) in [("with the form's token", None, 200), ("with another", Some("x"), 403)] {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        let mut form = question(&world, &mut browser).await.form_with("form_token").unwrap();
        if let Some(token) = token {
            form = form.with("form_token", token);
        }
        world.clock.advance(Duration::from_hours(12));
        assert!(!world.has_session(&mut browser, "acme").await, "{row}: the limits were quicker");
        let page = browser.submit(&form).await.unwrap();
        assert_eq!(page.status, status, "{row}: {}", page.text());
        world.provider.forget_calls();
        let page = browser.open(&world.url("acme", "/")).await.unwrap();
        assert_eq!(world.provider.calls_to(Endpoint::Authorize).len(), usize::from(status == 403), "{row}");
        if status == 200 {
            assert_signed_out(&page, row);
            // Not by this workspace's cookie alone: the root itself is signed out of, and the audit says so.
            assert_signed_out(&browser.open(&world.url("acme-third", "/")).await.unwrap(), row);
        }
        let by_person =
            |event: &&Audited| event.event == "session.ended" && event.details["by"] == "sign-out";
        assert_eq!(world.audit().await.iter().filter(by_person).count(), usize::from(status == 200), "{row}");
    }
}
