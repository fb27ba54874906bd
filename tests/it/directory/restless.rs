//! Wrong one-time codes: five lock the second step and never the password, over all browsers; a hundred lock the device (PWD-10).

use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_conformance::wire::Page;

use super::{Corp, MINUTE, SECOND, STEP, TOKEN, WRONG, assert_code, enter};

const NOT_RIGHT: &str = "The code is not right";

/// Wrong codes from two browsers in turn, each answered with the form.
async fn guess(corp: &Corp, secret: &str, times: usize) {
    let wrong = corp.wrong_code(secret).await;
    let mut browsers = Vec::new();
    for _ in 0..2 {
        let mut browser = corp.world().browser();
        let page = corp.first_step(&mut browser, "alice").await;
        browsers.push((browser, page));
    }
    for number in 0..times {
        let (browser, page) = &mut browsers[number % 2];
        *page = enter(browser, page, &wrong).await;
        assert!(page.text().contains(NOT_RIGHT), "guess {number}: {}", page.text());
    }
}

async fn right(corp: &Corp, secret: &str) -> Page {
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    if page.form_with("ticket").is_err() {
        return page;
    }
    enter(&mut browser, &page, &corp.code(secret, 0).await).await
}

#[tokio::test]
async fn five_wrong_codes_over_two_browsers_lock_the_second_step_and_never_the_password() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    // One who waits at the form already is not let by either.
    let mut waiting = corp.world().browser();
    let form = corp.first_step(&mut waiting, "alice").await;
    guess(&corp, &secret, 5).await;
    let page = enter(&mut waiting, &form, &corp.code(&secret, 0).await).await;
    assert_code(&page, 403, "TOKEN-LOCKED");
    assert!(!corp.world().has_session(&mut waiting, "acme").await);
    assert_code(&right(&corp, &secret).await, 403, "TOKEN-LOCKED");
    // Only who has the password learns of it, and nobody is kept from trying theirs.
    let page = corp.type_in(&mut corp.world().browser(), "alice", "wrong").await;
    assert!(page.text().contains(WRONG) && !page.text().contains("TOKEN"), "{}", page.text());
    let (taken, refused) = corp.sandbox.directory.binds("alice");
    assert_eq!(refused, 1, "TOK-09");
    assert!(taken >= 5, "TOK-09: the directory is asked all the while");
    corp.world().clock.advance((MINUTE * 5).saturating_sub(SECOND));
    assert_code(&right(&corp, &secret).await, 403, "TOKEN-LOCKED");
    corp.world().clock.advance(SECOND);
    assert_eq!(right(&corp, &secret).await.text_body(), "the application");
    // The next rest is twice as long, after a restart as well.
    let mut corp = corp;
    guess(&corp, &secret, 5).await;
    corp.at.world.restart().await;
    corp.world().clock.advance((MINUTE * 10).saturating_sub(SECOND));
    assert_code(&right(&corp, &secret).await, 403, "TOKEN-LOCKED");
    corp.world().clock.advance(SECOND);
    assert_eq!(right(&corp, &secret).await.text_body(), "the application");
}

#[tokio::test]
async fn of_many_codes_at_once_five_are_looked_at() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    let wrong = corp.wrong_code(&secret).await;
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let mut browser = corp.world().browser();
        let page = corp.first_step(&mut browser, "alice").await;
        waiting.push((browser, page));
    }
    let mut tries = JoinSet::new();
    for (mut browser, page) in waiting {
        let wrong = wrong.clone();
        tries.spawn(async move { enter(&mut browser, &page, &wrong).await });
    }
    let pages = tries.join_all().await;
    let looked_at = pages.iter().filter(|page| page.text().contains(NOT_RIGHT)).count();
    let locked = pages.iter().filter(|page| page.text().contains("TOKEN-LOCKED")).count();
    assert_eq!((looked_at, locked), (5, 3), "PWD-10");
}

#[tokio::test]
async fn a_hundred_wrong_codes_lock_the_device_until_a_reset() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    for _ in 0..20 {
        corp.world().clock.advance(Duration::from_hours(24));
        guess(&corp, &secret, 5).await;
    }
    corp.world().clock.advance(Duration::from_hours(24 * 30));
    assert_code(&right(&corp, &secret).await, 403, "TOKEN-DEVICE");
    let mut other = corp.world().browser();
    let page = corp.first_step(&mut other, "bob").await;
    assert!(page.form_with("ticket").is_ok(), "nobody else is: {}", page.text());
}
