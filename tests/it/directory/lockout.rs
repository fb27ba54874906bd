//! Our own lockout in front of the directory's (PWD-05): five wrong passwords of one account in whatever spelling, before the
//! directory is asked; and nobody's own browser is locked out by strangers.

use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_conformance::wire::{Browser, Page};

use super::{ACCOUNTS, Corp, MINUTE, PLAIN, SECOND, WRONG};

const WINDOW: Duration = Duration::from_mins(15);
const SPELLINGS: [&str; 5] =
    ["alice@corp.example", "CORP\\alice", "ALICE", "Alice@CORP.example", "corp\\ALICE"];

/// Wrong passwords from a stranger's browser, all on one form.
async fn wrong_ones(corp: &Corp, names: &[&str]) -> Vec<Page> {
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "x", "not this one").await;
    let mut pages = Vec::new();
    for name in names {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(page.status == 403 && page.text().contains(WRONG), "{name}: {} {}", page.status, page.text());
        pages.push(page);
    }
    pages
}

async fn is_let_in(corp: &Corp, browser: &mut Browser, name: &str) -> bool {
    let page = corp.type_in(browser, name, &corp.password("alice")).await;
    let let_in = page.text_body() == "the application";
    assert!(let_in || page.text().contains(WRONG), "{}", page.text());
    let_in
}

#[tokio::test]
async fn five_wrong_passwords_in_any_spelling_hold_the_account_before_the_directory_is_asked() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", "not this one").await;
    let mut bodies = Vec::new();
    for (count, name) in (1..).zip(SPELLINGS) {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(page.text().contains(WRONG), "{name}: {}", page.text());
        assert_eq!(corp.sandbox.directory.binds("alice"), (0, count), "PWD-05 {name}");
        bodies.push(page.text_body());
    }
    let before = corp.world().audit().await.len();
    for (name, body) in SPELLINGS.into_iter().zip(&bodies) {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        assert_eq!(page.status, 403);
        assert_eq!(&page.text_body(), body, "PWD-05 {name}: held looks exactly like wrong");
    }
    // The right password looks like a wrong one as long, in whatever spelling and browser.
    for name in SPELLINGS {
        assert!(!is_let_in(&corp, &mut corp.world().browser(), name).await, "PWD-05 {name}");
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 5), "PWD-05: the sixth never arrives");
    let held = &corp.world().audit().await[before..];
    assert_eq!(held.len(), 10);
    for event in held {
        assert_eq!(
            (event.code.as_deref(), &event.details["cause"]),
            (Some("AD-CREDENTIALS"), &"held".into())
        );
        assert_eq!(event.details["account"], sid("alice"), "whose it was is written down");
    }
    // Nobody else is.
    assert!(corp.first_step(&mut corp.world().browser(), "bob").await.text_body() == "the application");
    corp.world().clock.advance(WINDOW.saturating_sub(SECOND));
    assert!(!is_let_in(&corp, &mut corp.world().browser(), "alice").await, "what is held moves no end");
    corp.world().clock.advance(SECOND);
    assert!(is_let_in(&corp, &mut corp.world().browser(), "alice").await, "it ends with the window");
}

#[tokio::test]
async fn of_a_hundred_at_once_five_get_through() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", "not this one").await;
    let mut tries = JoinSet::new();
    for number in 0..100 {
        let (mut browser, form) = (browser.clone(), form.clone().with("name", SPELLINGS[number % 5]));
        tries.spawn(async move { browser.submit(&form).await.unwrap() });
    }
    for page in tries.join_all().await {
        assert!(page.status == 403 && page.text().contains(WRONG), "PWD-05: {} {}", page.status, page.text());
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 5), "PWD-05");
}

#[tokio::test]
async fn a_right_password_begins_a_new_row_and_a_restart_does_not() {
    let mut corp = Corp::start(PLAIN).await;
    wrong_ones(&corp, &["alice"; 4]).await;
    assert!(is_let_in(&corp, &mut corp.world().browser(), "alice").await);
    wrong_ones(&corp, &["alice"; 4]).await;
    // A pause that is no whole window forgives nothing.
    corp.world().clock.advance(MINUTE * 14);
    corp.at.world.restart().await;
    wrong_ones(&corp, &["alice"; 3]).await;
    assert_eq!(corp.sandbox.directory.binds("alice"), (1, 9));
    corp.at.world.crash().await;
    assert!(!is_let_in(&corp, &mut corp.world().browser(), "alice").await, "PWD-05: after a restart too");
    corp.world().clock.advance(WINDOW);
    assert!(is_let_in(&corp, &mut corp.world().browser(), "alice").await);
}

/// A right password of an account that may not sign in is no guess; a directory that is away judged nothing.
#[tokio::test]
async fn what_is_no_wrong_password_is_given_back() {
    let corp = Corp::start(PLAIN).await;
    for (username, code) in [("greta", "AD-DISABLED"), ("jonas", "AD-HOURS")] {
        for _ in 0..7 {
            let page = corp.first_step(&mut corp.world().browser(), username).await;
            assert!(page.text().contains(code), "{username}: {}", page.text());
        }
    }
    // Blank, or nothing a directory takes: nobody is asked, and nothing counted.
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", " ").await;
    for password in [" ", "\u{3000}", "a\0b", &*"x".repeat(1025)] {
        for _ in 0..2 {
            let page = browser.submit(&form.clone().with("password", password)).await.unwrap();
            assert!(page.status == 403 && page.text().contains(WRONG), "{}", page.text());
        }
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 0));
    assert!(is_let_in(&corp, &mut corp.world().browser(), "alice").await);
}

/// Interface 2: the device's cookie has a bucket of its own, for the account that signed in by it and no other.
#[tokio::test]
async fn strangers_hold_an_account_and_not_its_owners_browser() {
    let corp = Corp::start(PLAIN).await;
    let (mut owner, mut other) = (corp.world().browser(), corp.world().browser());
    assert!(is_let_in(&corp, &mut owner, "alice").await);
    corp.first_step(&mut other, "bob").await;
    for browser in [&mut owner, &mut other] {
        // As after closing it and opening it again: the device's cookie is left.
        browser.jar().end_session();
        assert_eq!(browser.cookies(ACCOUNTS).len(), 1);
    }
    wrong_ones(&corp, &["alice"; 5]).await;
    assert!(!is_let_in(&corp, &mut corp.world().browser(), "alice").await, "a browser that nobody knows");
    assert!(!is_let_in(&corp, &mut other, "alice").await, "a device of another account does not help");
    let thief = owner.clone();
    assert!(is_let_in(&corp, &mut owner, "CORP\\ALICE").await, "the owner's own browser");
    // Its right password ended the row of its own bucket, and not the strangers'.
    assert!(!is_let_in(&corp, &mut corp.world().browser(), "alice").await);
    // From the device five wrong ones are as many as from anywhere.
    let mut thief = thief;
    let form = corp.typed(&mut thief, "alice", "not this one").await;
    let (_, before) = corp.sandbox.directory.binds("alice");
    for _ in 0..8 {
        thief.submit(&form).await.unwrap();
    }
    assert_eq!(corp.sandbox.directory.binds("alice").1 - before, 5, "PWD-05: never for ever");
    assert!(!is_let_in(&corp, &mut thief, "alice").await);
    // Another browser of the same person has a bucket of its own.
    corp.world().clock.advance(WINDOW);
    assert!(is_let_in(&corp, &mut thief, "alice").await, "and it ends");
}

/// Whoever looks into the audit sees whose password is being guessed; whoever guesses learns nothing of it (LDAP-08).
#[tokio::test]
async fn whose_password_was_tried_stands_in_the_audit_and_on_no_page() {
    let corp = Corp::start(PLAIN).await;
    assert!(corp.sandbox.directory.set_disabled("bob"));
    for (row, name, password, cause, account) in [
        ("a wrong one", "CORP\\alice", "not this one", "wrong-password", Some("alice")),
        ("the right one of an account that is shut", "bob", &corp.password("bob"), "disabled", Some("bob")),
        ("a name that nobody has", "norah", "not this one", "unknown-name", None),
        ("no password", "alice", " ", "no-password", None),
    ] {
        let mut browser = corp.world().browser();
        let page = corp.type_in(&mut browser, name, password).await;
        assert!(!page.text_body().contains("S-1-5-21-"), "{row}: {}", page.text());
        let details = corp.world().audit().await.pop().unwrap().details;
        assert_eq!(details["cause"], cause, "{row}: {details}");
        let expected = account.map_or(serde_json::Value::Null, |account| sid(account).into());
        assert_eq!(details["account"], expected, "{row}: {details}");
        assert!(!details.to_string().contains("norah"), "{row}: no name that was typed: {details}");
    }
}

fn sid(username: &str) -> String {
    let people = vestibule_conformance::sandbox::people::People::standard();
    people.by_username(username).and_then(|one| one.security_id.clone()).expect("a person with a SID")
}
