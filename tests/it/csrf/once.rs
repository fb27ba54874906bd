//! A sign-in is used once and soon: replays, races, deadlines (OIDC Core §3.1.2.5, RFC 9700 §4.5).

use std::time::Duration;

use vestibule_tests::world::World;

use super::{assert_refused, finishes, next, stopped};

const MILLISECOND: Duration = Duration::from_millis(1);

#[tokio::test]
async fn a_callback_is_used_once_also_after_a_restart() {
    let mut world = World::start().await;
    let mut browser = world.browser();
    let callback = stopped(&world, &mut browser, "/core/").await;
    // As it was before: whoever copied the cookies has the transaction still.
    let copy = browser.clone();
    finishes(&world, &mut browser, &callback).await;
    for (row, restart) in
        [("SESS-03 at once", false), ("SESS-03 after a restart", true), ("SESS-03 after a crash", true)]
    {
        match (row.ends_with("crash"), restart) {
            (true, _) => world.crash().await,
            (false, true) => world.restart().await,
            (false, false) => {}
        }
        world.application.forget();
        let mut again = copy.clone();
        let before = world.audit().await.len();
        let page = again.open(&next(&callback)).await.unwrap();
        assert!(page.text().contains("SIGN-IN-REPLAY"), "{row}: {}", page.text());
        assert_refused(&world, &mut again, &page, before, "SIGN-IN-REPLAY").await;
        // The browser itself let go of the cookie.
        let before = world.audit().await.len();
        let page = browser.open(&next(&callback)).await.unwrap();
        assert!(page.text().contains("SIGN-IN-COOKIE"), "{row}: {}", page.text());
        world.assert_refused(before, "SIGN-IN-COOKIE").await;
        assert!(world.has_session(&mut browser, "acme").await, "{row}: the session itself lives");
    }
}

#[tokio::test]
async fn of_two_callbacks_at_once_one_wins() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = stopped(&world, &mut browser, "/core/").await;
    let (mut one, mut two) = (browser.clone(), browser);
    let (first, second) = tokio::join!(one.follow(&callback), two.follow(&callback));
    let pages = [first.unwrap(), second.unwrap()];
    let won = pages.iter().filter(|page| page.text_body() == "the application").count();
    let lost = pages.iter().filter(|page| page.text().contains("SIGN-IN-REPLAY")).count();
    assert_eq!((won, lost), (1, 1), "{} / {}", pages[0].text(), pages[1].text());
    let opened = world.audit().await.iter().filter(|one| one.event == "sign-in.succeeded").count();
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_failed_callback_is_spent_too() {
    use vestibule_conformance::hostile::{Edit, Fault};
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = stopped(&world, &mut browser, "/core/").await;
    let mut copy = browser.clone();
    world.provider.script(Fault::Claims(Edit::set("nonce", "another")));
    let before = world.audit().await.len();
    let page = browser.follow(&callback).await.unwrap();
    assert_refused(&world, &mut browser, &page, before, "OIDC-NONCE").await;
    world.provider.behave();
    let before = world.audit().await.len();
    let page = copy.follow(&callback).await.unwrap();
    assert_refused(&world, &mut copy, &page, before, "SIGN-IN-REPLAY").await;
}

#[tokio::test]
async fn a_transaction_lives_for_fifteen_minutes() {
    const LIFETIME: Duration = Duration::from_mins(15);
    for (row, wait, code) in [
        ("just before", LIFETIME.saturating_sub(MILLISECOND), None),
        ("at its end", LIFETIME, Some("SIGN-IN-EXPIRED")),
        ("a day later", Duration::from_hours(24), Some("SIGN-IN-EXPIRED")),
    ] {
        let world = World::start().await;
        let mut browser = world.browser();
        let callback = stopped(&world, &mut browser, "/core/").await;
        world.clock.advance(wait);
        let Some(code) = code else {
            finishes(&world, &mut browser, &callback).await;
            continue;
        };
        let before = world.audit().await.len();
        let page = browser.follow(&callback).await.unwrap();
        assert!(page.text().contains(code), "{row}: {}", page.text());
        assert_refused(&world, &mut browser, &page, before, code).await;
        let left = browser.cookies("accounts.vestibule.localhost");
        assert!(!left.iter().any(|cookie| cookie.name.contains("txn")), "{row}: the cookie is gone");
    }
}

#[tokio::test]
async fn a_hand_over_code_lives_for_a_minute() {
    const LIFETIME: Duration = Duration::from_mins(1);
    for (row, wait, code) in [
        ("just before", LIFETIME.saturating_sub(MILLISECOND), None),
        ("at its end", LIFETIME, Some("SIGN-IN-HANDOVER")),
        ("an hour later", Duration::from_hours(1), Some("SIGN-IN-HANDOVER")),
    ] {
        let world = World::start().await;
        let mut browser = world.browser();
        let complete = stopped(&world, &mut browser, "/.vestibule/complete").await;
        world.clock.advance(wait);
        let Some(code) = code else {
            finishes(&world, &mut browser, &complete).await;
            continue;
        };
        let before = world.audit().await.len();
        let page = browser.follow(&complete).await.unwrap();
        assert!(page.text().contains(code), "{row}: {}", page.text());
        assert_refused(&world, &mut browser, &page, before, code).await;
    }
}

#[tokio::test]
async fn a_hand_over_code_is_used_once_also_at_once() {
    let world = World::start().await;
    let mut browser = world.browser();
    let complete = stopped(&world, &mut browser, "/.vestibule/complete").await;
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let (first, second) = tokio::join!(one.follow(&complete), two.follow(&complete));
    let pages = [first.unwrap(), second.unwrap()];
    let won = pages.iter().filter(|page| page.text_body() == "the application").count();
    assert_eq!(won, 1, "{} / {}", pages[0].text(), pages[1].text());
    world.application.forget();
    let before = world.audit().await.len();
    let page = browser.follow(&complete).await.unwrap();
    assert_refused(&world, &mut browser, &page, before, "SIGN-IN-HANDOVER").await;
}
