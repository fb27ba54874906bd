//! What waits between the two steps has no power by itself (PWD-11): one attempt, five minutes, one browser, one sign-in.

use std::time::Duration;

use vestibule_conformance::wire::{Browser, Page, Request};

use super::{ACCOUNTS, Corp, MINUTE, STEP, TOKEN, assert_code, enter, secret_of, ticket_of};

async fn second_step(corp: &Corp) -> (Browser, Page) {
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    (browser, page)
}

async fn assert_nobody(corp: &Corp, browser: &mut Browser, row: &str) {
    assert!(!corp.world().has_session(browser, "acme").await, "PWD-11 {row}");
    assert!(corp.world().application.received().is_empty(), "PWD-11 {row}");
}

#[tokio::test]
async fn a_ticket_is_of_one_attempt_one_browser_and_one_sign_in() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    corp.world().application.forget();
    let code = corp.code(&secret, 0).await;
    // Twice: a wrong code used it up, although it is shown in no page any more.
    let (mut browser, page) = second_step(&corp).await;
    enter(&mut browser, &page, &corp.wrong_code(&secret).await).await;
    assert_code(&enter(&mut browser, &page, &code).await, 400, "TOKEN-TICKET");
    assert_nobody(&corp, &mut browser, "used").await;
    // In a browser that is in no sign-in: the address names nothing.
    let (_, page) = second_step(&corp).await;
    let mut other = corp.world().browser();
    assert_code(&enter(&mut other, &page, &code).await, 400, "SIGN-IN-COOKIE");
    assert_nobody(&corp, &mut other, "another browser").await;
    // In a browser that is in one of its own, whoever's it is.
    let (_, stolen) = second_step(&corp).await;
    for name in ["alice", "bob"] {
        let mut thief = corp.world().browser();
        let own = corp.first_step(&mut thief, name).await;
        let form = own.form_with("ticket").unwrap().with("ticket", &ticket_of(&stolen)).with("code", &code);
        assert_code(&thief.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
        assert_nobody(&corp, &mut thief, "of another sign-in").await;
    }
    // In another tab of the same browser: that is another sign-in too.
    let (mut browser, first) = second_step(&corp).await;
    let second = corp.first_step(&mut browser, "alice").await;
    let form = second.form_with("ticket").unwrap().with("ticket", &ticket_of(&first)).with("code", &code);
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    assert_nobody(&corp, &mut browser, "another tab's").await;
}

#[tokio::test]
async fn a_password_typed_again_in_the_same_sign_in_leaves_one_ticket() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    let first = browser.submit(&form).await.unwrap();
    let second = browser.submit(&form).await.unwrap();
    assert_eq!(corp.rows("pending").await, 1);
    let mut copy = browser.clone();
    assert_code(
        &enter(&mut browser.clone(), &first, &corp.code(&secret, 0).await).await,
        400,
        "TOKEN-TICKET",
    );
    let page = enter(&mut browser, &second, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application", "two tabs: the later one goes on: {}", page.text());
    // The sign-in is spent: its cookie, kept by somebody, brings the password in once more and no session.
    corp.world().clock.advance(STEP);
    let third = copy.submit(&form).await.unwrap();
    let page = enter(&mut copy, &third, &corp.code(&secret, 0).await).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    assert!(!corp.world().has_session(&mut copy, "acme").await);
}

#[tokio::test]
async fn a_first_step_waits_for_five_minutes() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    let millisecond = Duration::from_millis(1);
    for (row, wait, in_time) in [
        ("just before", (MINUTE * 5).saturating_sub(millisecond), true),
        ("at its end", MINUTE * 5, false),
        ("much later", MINUTE * 14, false),
    ] {
        corp.world().clock.advance(STEP * 2);
        let (mut browser, page) = second_step(&corp).await;
        corp.world().clock.advance(wait);
        let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
        assert_eq!(page.text_body() == "the application", in_time, "{row}: {}", page.text());
        assert!(in_time || page.text().contains("TOKEN-TICKET"), "{row}: {}", page.text());
        assert_eq!(corp.world().has_session(&mut browser, "acme").await, in_time, "{row}");
    }
    // And with it the sign-in itself, whichever is over first.
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    corp.world().clock.advance(MINUTE * 13);
    let page = browser.submit(&form).await.unwrap();
    corp.world().clock.advance(MINUTE * 2);
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert_code(&page, 400, "SIGN-IN-EXPIRED");
}

#[tokio::test]
async fn the_second_step_is_not_skipped() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    corp.world().application.forget();
    let (browser, page) = second_step(&corp).await;
    let action = page.form_with("ticket").unwrap().action;
    let register = action.as_str().replace("/token?", "/token/register?");
    let code = corp.code(&secret, 0).await;
    let own = corp.world().origin("accounts");
    for address in [action.as_str(), &register] {
        let page = browser.clone().open(address).await.unwrap();
        assert_code(&page, 405, "METHOD-NOT-ALLOWED");
        for (row, fields) in [
            ("no ticket", vec![("code", code.as_str())]),
            ("an empty one", vec![("ticket", ""), ("code", &code)]),
            ("no ticket of ours", vec![("ticket", "A"), ("code", &code)]),
            ("one that nobody has", vec![("ticket", &*"A".repeat(43)), ("code", &code)]),
        ] {
            let request = Request::post(address, &fields).unwrap().header("origin", &own).unwrap();
            let request = request.header("accept", "text/html").unwrap();
            // In a copy: a refusal ends the sign-in and takes its cookie along.
            let page = browser.clone().request(request).await.unwrap();
            assert!(page.status == 400 && page.text().contains("TOKEN-TICKET"), "{row}: {}", page.text());
        }
    }
    // The hand-over has no code for it, and the workspace begins anew.
    let complete = corp.world().url("acme", "/.vestibule/complete");
    for address in [complete.clone(), format!("{complete}?code={}", ticket_of(&page))] {
        let page = browser.clone().open(&address).await.unwrap();
        assert!(page.status.is_client_error(), "{}", page.text());
    }
    let again = browser.clone().open(&corp.world().url("acme", "/")).await.unwrap();
    assert_eq!(again.url.path(), "/password");
    assert_nobody(&corp, &mut browser.clone(), "skipped").await;
    // A ticket of one kind is none of the other.
    let mut fresh = corp.world().browser();
    let registering = corp.first_step(&mut fresh, "bob").await;
    let other = secret_of(&registering);
    for (row, browser, page, to, code) in [
        ("a code as a registration", browser, page, "/token/register", code),
        ("a registration as a code", fresh, registering, "/token", corp.code(&other, 0).await),
    ] {
        let mut browser = browser;
        let mut form = page.form_with("ticket").unwrap().with("code", &code);
        form.action.set_path(to);
        assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
        assert_nobody(&corp, &mut browser, row).await;
        assert!(browser.cookies(ACCOUNTS).iter().all(|cookie| !cookie.name.contains("txn")), "{row}");
    }
    assert_eq!(corp.rows("devices").await, 1);
}

/// Whoever knows one password fills a few rows with it, and takes no place from anybody else.
#[tokio::test]
async fn first_steps_of_one_person_are_few() {
    let corp = Corp::start(TOKEN).await;
    let mut waiting = corp.world().browser();
    let bobs = corp.first_step(&mut waiting, "bob").await;
    for _ in 0..12 {
        second_step(&corp).await;
    }
    assert_eq!(corp.rows("pending").await, 9, "eight of alice and one of bob");
    let page = enter(&mut waiting, &bobs, &corp.code(&secret_of(&bobs), 0).await).await;
    assert_eq!(page.text_body(), "the application");
}
