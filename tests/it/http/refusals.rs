//! An application that is away or slow: 502 and 504 in the visitor's language, and the session stays (interface 6).

use std::collections::BTreeMap;

use http::Method;
use tokio::net::TcpListener;
use vestibule_conformance::wire::{Browser, BrowserOptions};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask;

/// A workspace whose `/down` nobody serves and whose `/slow` never answers.
async fn world() -> (World, TcpListener) {
    // Bound and closed again: nobody is there. The other one takes connections and says nothing.
    let nobody = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let mute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut manifest = Manifest::of("acme");
    manifest.more = format!(
        "[[workspace.routes]]\npath = \"/down\"\nupstream = \"http://{nobody}\"\n\
         [[workspace.routes]]\npath = \"/open-down\"\nupstream = \"http://{nobody}\"\naccess = \"open\"\n\
         [[workspace.routes]]\npath = \"/slow\"\nupstream = \"http://{}\"\ntimeout = \"1s\"\n",
        mute.local_addr().unwrap()
    );
    (World::with(Scheme::Http, &[manifest]).await, mute)
}

fn speaking(world: &World, language: &str) -> Browser {
    Browser::with_options(BrowserOptions {
        language: language.to_owned(),
        hosts: BTreeMap::new(),
        clock: world.clock.seconds(),
        ..BrowserOptions::default()
    })
}

#[tokio::test]
async fn an_application_that_is_away_is_told_in_both_languages_and_the_session_stays() {
    let (world, _mute) = world().await;
    for (language, tag, stays) in [
        ("en", "lang=\"en\"", "You are still signed in."),
        ("ja", "lang=\"ja\"", "サインインしたままの状態です"),
        ("fr", "lang=\"en\"", "You are still signed in."),
    ] {
        let mut browser = speaking(&world, language);
        world.sign_in(&mut browser).await;
        let page = browser.open(&world.url("acme", "/down/a?b=c")).await.unwrap();
        assert_eq!(page.status, 502, "{language}: {}", page.text());
        assert!(page.text_body().contains(tag), "{language}: {}", page.text_body());
        for text in ["APPLICATION-DOWN", stays] {
            assert!(page.text().contains(text), "{language}: {}", page.text());
        }
        let retry: Vec<_> = page.links().into_iter().map(|link| link.href.to_string()).collect();
        assert_eq!(retry, [world.url("acme", "/down/a?b=c")], "{language}");
        assert!(world.has_session(&mut browser, "acme").await, "{language}");
    }
}

#[tokio::test]
async fn a_program_and_a_stranger_are_told_the_code() {
    let (world, _mute) = world().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    for (row, path, browser) in
        [("a member", "/down", &mut browser), ("a stranger", "/open-down", &mut world.browser())]
    {
        let page = ask(browser, Method::GET, &world.url("acme", path), &[]).await;
        assert_eq!(
            (page.status.as_u16(), page.json()["error"].as_str()),
            (502, Some("APPLICATION-DOWN")),
            "{row}"
        );
        let correlation = page.json()["correlation"].as_str().unwrap().to_owned();
        assert!(correlation.len() == 16 && correlation.bytes().all(|byte| byte.is_ascii_hexdigit()), "{row}");
    }
    // Nobody who is signed out is told that they are still signed in.
    let page = world.browser().open(&world.url("acme", "/open-down")).await.unwrap();
    assert_eq!(page.status, 502);
    assert!(!page.text().contains("still signed in"), "{}", page.text());
}

#[tokio::test]
async fn an_application_that_is_slow_is_given_up_after_the_routes_timeout() {
    let (world, _mute) = world().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let page = browser.open(&world.url("acme", "/slow")).await.unwrap();
    assert_eq!(page.status, 504, "{}", page.text());
    assert!(
        page.text().contains("APPLICATION-SLOW") && page.text().contains("You are still signed in."),
        "{}",
        page.text()
    );
    assert!(world.has_session(&mut browser, "acme").await);
}
