//! Sign-ins that somebody else began, finished or repeats: none of them opens a session in this browser, and none spends
//! what is this browser's own (SESS-03, RFC 9700 §4.7).

mod once;

use vestibule_conformance::hostile::Endpoint;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::world::World;

/// Begins a sign-in and stops before the path that starts with this.
async fn stopped(world: &World, browser: &mut Browser, path: &str) -> Page {
    browser.stop_before(Some(path));
    let page = browser.open(&world.url("acme", "/")).await.unwrap();
    browser.stop_before(None);
    assert!(page.location().is_some_and(|next| next.path().starts_with(path)), "stopped at {}", page.url);
    page
}

fn next(page: &Page) -> String {
    page.location().expect("a redirect").to_string()
}

/// Nobody came in: page, audit, cookies, application.
async fn assert_refused(world: &World, browser: &mut Browser, page: &Page, before: usize, code: &str) {
    assert!(page.status.is_client_error(), "{code}: {} {}", page.status, page.text());
    assert!(page.text().contains(code), "{code}: {}", page.text());
    world.assert_refused(before, code).await;
    assert!(!world.has_session(browser, "acme").await, "{code}");
    assert!(world.application.received().is_empty(), "{code}");
}

async fn finishes(world: &World, browser: &mut Browser, stopped: &Page) {
    let page = browser.follow(stopped).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    assert!(world.has_session(browser, "acme").await);
}

#[tokio::test]
async fn an_attackers_callback_opens_nothing_in_the_victims_browser() {
    let world = World::start().await;
    let (mut attacker, mut victim) = (world.browser(), world.browser());
    let attack = stopped(&world, &mut attacker, "/core/").await;
    let own = stopped(&world, &mut victim, "/core/").await;
    for (row, browser) in
        [("no sign-in of its own", &mut world.browser()), ("one under way", &mut victim.clone())]
    {
        let before = world.audit().await.len();
        let page = browser.open(&next(&attack)).await.unwrap();
        assert!(!page.headers.contains_key("set-cookie"), "SESS-03 {row}");
        assert_refused(&world, browser, &page, before, "SIGN-IN-COOKIE").await;
    }
    victim.open(&next(&attack)).await.unwrap();
    assert!(world.provider.calls_to(Endpoint::Token).is_empty(), "the attacker's code went nowhere");
    finishes(&world, &mut victim, &own).await;
    // A stranger's attempt burns nobody's sign-in either.
    finishes(&world, &mut attacker, &attack).await;
}

#[tokio::test]
async fn an_attackers_hand_over_opens_nothing_in_the_victims_browser() {
    let world = World::start().await;
    let mut victim = world.browser();
    let own = stopped(&world, &mut victim, "/.vestibule/complete").await;
    for (row, mut browser) in [("no sign-in of its own", world.browser()), ("one under way", victim.clone())]
    {
        let mut attacker = world.browser();
        let attack = stopped(&world, &mut attacker, "/.vestibule/complete").await;
        let before = world.audit().await.len();
        let page = browser.open(&next(&attack)).await.unwrap();
        assert!(!page.headers.contains_key("set-cookie"), "SESS-03 {row}");
        assert_refused(&world, &mut browser, &page, before, "SIGN-IN-HANDOVER").await;
        // Whoever presents a code uses it up.
        let before = world.audit().await.len();
        let page = attacker.follow(&attack).await.unwrap();
        assert_refused(&world, &mut attacker, &page, before, "SIGN-IN-HANDOVER").await;
    }
    finishes(&world, &mut victim, &own).await;
}

#[tokio::test]
async fn a_hand_over_is_for_one_host() {
    let world = World::start().await;
    let mut browser = world.browser();
    // The browser holds the secret on the second workspace, and has the code made for the first: the host alone is wrong.
    browser.stop_before(Some("/start"));
    let start = browser.open(&world.url("acme-second", "/")).await.unwrap();
    browser.stop_before(Some("/.vestibule/complete"));
    let page = browser.open(&next(&start).replace("host=acme-second.", "host=acme.")).await.unwrap();
    browser.stop_before(None);
    let before = world.audit().await.len();
    let page = browser.open(&next(&page).replace("acme.", "acme-second.")).await.unwrap();
    assert_refused(&world, &mut browser, &page, before, "SIGN-IN-HANDOVER").await;
    assert!(!world.has_session(&mut browser, "acme-second").await);
}

#[tokio::test]
async fn an_answer_that_does_not_match_spends_nothing() {
    let world = World::start().await;
    let (mut browser, mut other) = (world.browser(), world.browser());
    let own = stopped(&world, &mut browser, "/core/").await;
    let url = next(&own);
    let state = |page: &Page| {
        let location = page.location().unwrap();
        location.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    };
    let (mine, theirs) = (state(&own), state(&stopped(&world, &mut other, "/core/").await));
    let flip = |at: usize| {
        let letter = if mine.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{letter}{}", &mine[..at], &mine[at + 1..])
    };
    // Number, connection, proof and tag, by their places in the text.
    let rows = [
        ("another browser's state", theirs, "SIGN-IN-COOKIE"),
        ("another number", flip(2), "SIGN-IN-STATE"),
        ("another connection", flip(12), "SIGN-IN-STATE"),
        ("another proof", flip(24), "SIGN-IN-STATE"),
        ("another tag", flip(50), "SIGN-IN-STATE"),
        ("cut short", mine[..mine.len() - 1].to_owned(), "SIGN-IN-STATE"),
        ("one letter more", format!("{mine}A"), "SIGN-IN-STATE"),
        ("empty", String::new(), "SIGN-IN-STATE"),
        ("60,000 letters", "A".repeat(60_000), "REQUEST-MALFORMED"),
    ];
    for (row, state, code) in rows {
        let before = world.audit().await.len();
        let page = browser.open(&url.replace(&mine, &state)).await.unwrap();
        assert!(!page.headers.contains_key("set-cookie"), "{row}");
        assert!(page.text().contains(code), "{row}: {}", page.text());
        assert_refused(&world, &mut browser, &page, before, code).await;
    }
    assert!(world.provider.calls_to(Endpoint::Token).is_empty());
    finishes(&world, &mut browser, &own).await;
}

#[tokio::test]
async fn a_sign_in_inside_another_page_is_refused_and_touches_no_cookie() {
    let world = World::start().await;
    let mut browser = world.browser();
    let start = stopped(&world, &mut browser, "/start").await;
    let (mut ahead, mut further) = (browser.clone(), browser.clone());
    ahead.stop_before(Some("/core/"));
    let callback = ahead.follow(&start).await.unwrap();
    further.stop_before(Some("/.vestibule/complete"));
    let complete = further.follow(&start).await.unwrap();
    for destination in ["iframe", "image", "frame", "embed", "object", "empty", "script", "Document", ""] {
        for (row, browser, page) in [
            ("start", &mut browser, &start),
            ("callback", &mut ahead, &callback),
            ("complete", &mut further, &complete),
        ] {
            let request = Request::get(&next(page)).unwrap().header("sec-fetch-dest", destination).unwrap();
            let answer = browser.request(request.header("accept", "text/html").unwrap()).await.unwrap();
            assert_eq!(answer.status, 403, "{row} for {destination}");
            assert!(answer.text_body().contains("REQUEST-DESTINATION"), "{row} for {destination}");
            assert!(!answer.headers.contains_key("set-cookie"), "{row} for {destination}");
        }
    }
    // Nothing was spent: each goes on from where it stands.
    for (row, browser, page) in
        [("start", browser, start), ("callback", ahead, callback), ("complete", further, complete)]
    {
        let mut browser = browser;
        browser.stop_before(None);
        assert_eq!(browser.follow(&page).await.unwrap().text_body(), "the application", "{row}");
    }
}
