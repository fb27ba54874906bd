//! A password that is due is changed by its owner, who then signs in with it (AD-20); and a session that changed its own password
//! outlasts the directory's look at it (AD-21, SESS-12).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use vestibule_broker::clock::Clock as _;
use vestibule_conformance::sandbox::directory::Settings;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::directory::{DirectoryWorld, SandboxDirectory};

use super::{Corp, MINUTE, PLAIN, TOKEN, WRONG, enter, secret_of};

const NEW: &str = "Another-password-7";

async fn fill(browser: &mut Browser, page: &Page, [current, new, again]: [&str; 3]) -> Page {
    let form = page.form_with("current_password").unwrap().with("current_password", current);
    let form = form.with("new_password", new).with("new_password_again", again);
    let answer = browser.submit(&form).await.unwrap();
    browser.settle(answer).await.unwrap()
}

#[tokio::test]
async fn who_has_to_change_the_password_does_and_comes_in() {
    let corp = Corp::start(PLAIN).await;
    for (username, said) in [("erika", "has expired"), ("felix", "asks you to change your password")] {
        let old = corp.password(username);
        let mut browser = corp.world().browser();
        let page = corp.type_in(&mut browser, username, "not this one").await;
        assert!(page.text().contains(WRONG), "only a right password leads on: {}", page.text());
        let page = corp.type_in(&mut browser, username, &old).await;
        assert!(page.text().contains(said), "{username}: {}", page.text());
        assert!(!corp.world().has_session(&mut browser, "acme").await);
        for (typed, status) in [
            (["not this one", NEW, NEW], 403),
            ([&old, NEW, "Another-password-8"], 200),
            ([&old, &old, &old], 200),
            ([&old, "short1", "short1"], 403),
            ([&old, "a\0bcdefgh", "a\0bcdefgh"], 403),
            (["", NEW, NEW], 200),
        ] {
            let again = fill(&mut browser, &page, typed).await;
            assert_eq!(again.status, status, "{typed:?}: {}", again.text());
            assert!(again.form_with("new_password").is_ok(), "{typed:?}: {}", again.text());
            assert!(again.text().contains(said), "{typed:?}: the reason is still told: {}", again.text());
            assert_eq!(corp.password(username), old, "{typed:?}");
        }
        let before = corp.world().audit().await.len();
        let page = fill(&mut browser, &page, [&old, NEW, NEW]).await;
        assert_eq!(page.text_body(), "the application", "{username}: {}", page.text());
        assert_eq!(corp.password(username), NEW);
        let events = corp.world().audit().await.split_off(before);
        let changed: Vec<_> = events.iter().filter(|one| one.event == "password.changed").collect();
        let [changed] = &changed[..] else { panic!("{username}: one event of the change") };
        let details = &changed.details;
        assert_eq!(details["upn"], format!("{username}@corp.example"), "{details}");
        assert!(details["security_id"].as_str().is_some_and(|sid| sid.starts_with("S-1-5-21-")), "{details}");
        assert!(!details.to_string().contains(NEW) && !details.to_string().contains(&old), "{details}");
    }
}

#[tokio::test]
async fn a_changed_password_is_the_first_step_and_no_more() {
    let corp = Corp::start(TOKEN).await;
    let old = corp.password("erika");
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "erika").await;
    let page = fill(&mut browser, &page, [&old, NEW, NEW]).await;
    assert!(!corp.world().has_session(&mut browser, "acme").await, "PWD-11");
    let code = corp.code(&secret_of(&page), 0).await;
    assert_eq!(enter(&mut browser, &page, &code).await.text_body(), "the application");
    assert_eq!(corp.at.session(&mut browser).await["amr"], serde_json::json!(["pwd", "otp"]));
}

#[tokio::test]
async fn wrong_current_passwords_count() {
    let corp = Corp::start(PLAIN).await;
    let old = corp.password("erika");
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "erika").await;
    let (_, before) = corp.sandbox.directory.binds("erika");
    for _ in 0..8 {
        fill(&mut browser, &page, ["not this one", NEW, NEW]).await;
    }
    assert_eq!(corp.sandbox.directory.binds("erika").1 - before, 5, "PWD-05");
    let held = fill(&mut browser, &page, [&old, NEW, NEW]).await;
    assert!(held.text().contains("The current password is not right."), "{}", held.text());
    assert_eq!(corp.password("erika"), old);
}

/// AD-21: the directory's mark of the password is what a session is looked up by; who changed it here brings the new one along.
#[tokio::test]
async fn the_session_that_changed_the_password_outlasts_the_directorys_look_at_it() {
    let seconds = Arc::new(AtomicI64::new(1_700_000_000));
    let clock = Arc::clone(&seconds);
    let sandbox = SandboxDirectory::start(|settings| Settings {
        clock: Arc::new(move || clock.load(Ordering::SeqCst)),
        ..settings
    });
    let sandbox = sandbox.await;
    let lines = "default_domain = \"corp\"\nrecheck = \"1m\"\n";
    let at = DirectoryWorld::start(PLAIN, vec![sandbox.domain()], lines).await;
    let corp = Corp { sandbox, at };
    let mut browsers = Vec::new();
    for username in ["alice", "bob", "carol", "hanako"] {
        let mut browser = corp.world().browser();
        assert_eq!(corp.first_step(&mut browser, username).await.text_body(), "the application");
        browsers.push(browser);
    }
    let now = corp.world().clock.now();
    seconds.fetch_add(60, Ordering::SeqCst);
    let page = browsers[0].open(&corp.world().url("accounts", "/account/acme/password")).await.unwrap();
    let page = fill(&mut browsers[0], &page, [&corp.password("alice"), NEW, NEW]).await;
    assert!(page.text().contains("Your password is changed."), "{}", page.text());
    // One after the other: when the second look has ended somebody, the first has been at everybody.
    for (username, at) in [("bob", 1), ("carol", 2)] {
        corp.sandbox.directory.set_password(username, NEW);
        let ended = async {
            while corp.world().has_session(&mut browsers[at], "acme").await {
                corp.world().clock.advance(MINUTE);
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            }
        };
        let ended = tokio::time::timeout(std::time::Duration::from_secs(20), ended).await;
        ended.expect("AD-21: another password ends it");
    }
    assert!(corp.world().clock.now().since(now) < MINUTE * 30, "the sessions live so long by themselves");
    assert!(
        corp.world().has_session(&mut browsers[0], "acme").await,
        "SESS-12: the one that changed it stays"
    );
    assert!(corp.world().has_session(&mut browsers[3], "acme").await, "nobody else's ends");
}
