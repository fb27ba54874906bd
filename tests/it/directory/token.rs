//! One-time codes of a registered device: each once, one step of drift, one winner (TOK-02, TOK-04; PWD-07, PWD-09, PWD-11).

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Corp, SECOND, STEP, TOKEN, assert_code, enter, ticket_of};

const NOT_RIGHT: &str = "The code is not right";

#[tokio::test]
async fn a_code_is_taken_one_step_early_or_late_and_each_once() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP * 10);
    for (row, steps, taken) in [
        ("PWD-09 two steps late", -2, false),
        ("PWD-09 one step late", -1, true),
        ("PWD-09 once more", -1, false),
        ("PWD-09 in its time", 0, true),
        ("PWD-09 the one before a used one", -1, false),
        ("PWD-09 one step early", 1, true),
        ("PWD-09 in its time, after a later one", 0, false),
    ] {
        let mut browser = corp.world().browser();
        let page = corp.first_step(&mut browser, "alice").await;
        let page = enter(&mut browser, &page, &corp.code(&secret, steps).await).await;
        let came_in = page.text_body() == "the application";
        assert_eq!(came_in, taken, "{row}: {}", page.text());
        assert!(taken || page.text().contains(NOT_RIGHT), "{row}: {}", page.text());
        assert_eq!(corp.world().has_session(&mut browser, "acme").await, taken, "{row}");
    }
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP * 10);
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    let page = enter(&mut browser, &page, &corp.code(&secret, 2).await).await;
    assert!(page.text().contains(NOT_RIGHT), "PWD-09 two steps early: {}", page.text());
}

#[tokio::test]
async fn the_code_of_a_registration_is_used_by_it() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert!(page.text().contains(NOT_RIGHT), "{}", page.text());
}

#[tokio::test]
async fn a_wrong_code_shows_the_form_with_a_fresh_ticket_and_the_first_ones_deadline() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP * 2);
    for (row, rest, in_time) in [
        ("in the last millisecond", Duration::from_mins(3).saturating_sub(SECOND / 1000), true),
        ("when five minutes are over", Duration::from_mins(3), false),
    ] {
        let mut browser = corp.world().browser();
        let first = corp.first_step(&mut browser, "alice").await;
        corp.world().clock.advance(Duration::from_mins(1));
        let before = corp.world().audit().await.len();
        let again = enter(&mut browser, &first, &corp.wrong_code(&secret).await).await;
        assert!(again.status == 403 && again.text().contains(NOT_RIGHT), "{row}: {}", again.text());
        assert_ne!(ticket_of(&first), ticket_of(&again), "{row}");
        corp.world().assert_refused(before, "TOKEN-CODE").await;
        let event = corp.world().audit().await.pop().unwrap();
        assert!(
            event.details["sign_in"]["subject"]
                .as_str()
                .is_some_and(|subject| subject.starts_with("S-1-5-21-")),
            "whose code it was is written down: {}",
            event.details
        );
        // What is no code counts for none, and moves no deadline either.
        corp.world().clock.advance(Duration::from_mins(1));
        let malformed = enter(&mut browser, &again, "12345").await;
        assert!(malformed.text().contains("A one-time code has six digits"), "{row}: {}", malformed.text());
        corp.world().clock.advance(rest);
        let page = enter(&mut browser, &malformed, &corp.code(&secret, 0).await).await;
        if in_time {
            assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
        } else {
            assert_code(&page, 400, "TOKEN-TICKET");
            assert!(!corp.world().has_session(&mut browser, "acme").await, "{row}");
        }
    }
}

/// PWD-11: the code counts at the moment of its transaction in the store, whoever asks at the same time.
#[tokio::test]
async fn of_many_submissions_at_once_one_wins() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    let code = corp.code(&secret, 0).await;
    // One ticket, many times.
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    let mut tries = JoinSet::new();
    for _ in 0..8 {
        let (mut browser, page, code) = (browser.clone(), page.clone(), code.clone());
        tries.spawn(async move { enter(&mut browser, &page, &code).await.text_body() });
    }
    let bodies = tries.join_all().await;
    assert_eq!(bodies.iter().filter(|body| *body == "the application").count(), 1);
    assert_eq!(bodies.iter().filter(|body| body.contains("TOKEN-TICKET")).count(), 7);
    // One code, many tickets.
    corp.world().clock.advance(STEP);
    let code = corp.code(&secret, 0).await;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        let mut browser = corp.world().browser();
        let page = corp.first_step(&mut browser, "alice").await;
        waiting.push((browser, page));
    }
    let mut tries = JoinSet::new();
    for (mut browser, page) in waiting {
        let code = code.clone();
        tries.spawn(async move { enter(&mut browser, &page, &code).await.text_body() });
    }
    let bodies = tries.join_all().await;
    assert_eq!(bodies.iter().filter(|body| *body == "the application").count(), 1);
    assert_eq!(bodies.iter().filter(|body| body.contains(NOT_RIGHT)).count(), 4);
}
