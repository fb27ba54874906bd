//! The life of a sign-in by forms: tabs, its end, and what an operator changes while it waits.

use std::time::Duration;

use http::Method;
use vestibule_conformance::wire::Request;
use vestibule_tests::world::Manifest;

use super::{ACCOUNTS, Corp, MINUTE, PLAIN, STEP, TOKEN, WRONG, assert_code, enter, secret_of};

const LIFETIME: Duration = Duration::from_mins(15);

#[tokio::test]
async fn two_tabs_are_two_sign_ins_and_the_later_one_stays() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let one = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    let two = corp.typed(&mut browser, "bob", &corp.password("bob")).await;
    assert_ne!(one.field("form_token"), two.field("form_token"));
    for (form, upn) in [(two, "bob@corp.example"), (one, "alice@corp.example")] {
        let page = browser.submit(&form).await.unwrap();
        let page = browser.settle(page).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{}", page.text());
        assert_eq!(corp.at.session(&mut browser).await["claims"]["cip_upn"], upn);
    }
    let live: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM roots WHERE ended_ms IS NULL")
        .fetch_one(corp.world().app().store.readers())
        .await
        .unwrap();
    assert_eq!(live, 1, "SESS-02: the old id is dead");
}

#[tokio::test]
async fn a_sign_in_is_completed_once_also_after_a_restart() {
    let mut corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    let copy = browser.clone();
    // At once: one wins.
    let (mut one, mut two) = (browser.clone(), browser);
    let (first, second) = tokio::join!(one.submit(&form), two.submit(&form));
    let pages = [first.unwrap(), second.unwrap()];
    assert_eq!(pages.iter().filter(|page| page.refresh().is_some()).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.text().contains("SIGN-IN-REPLAY")).count(), 1);
    corp.at.world.restart().await;
    assert_code(&copy.clone().submit(&form).await.unwrap(), 400, "SIGN-IN-REPLAY");
    assert_eq!(corp.rows("roots").await, 1);
}

/// The page that leads on is of the accounts host, and goes to the workspace of this sign-in (interface 2).
#[tokio::test]
async fn the_way_on_leads_where_the_sign_in_began() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let page = browser.open(&corp.world().url("acme-second", "/reports?year=2026")).await.unwrap();
    let form =
        page.form_with("password").unwrap().with("name", "alice").with("password", &corp.password("alice"));
    let page = browser.submit(&form).await.unwrap();
    assert_eq!((page.status.as_u16(), page.url.host_str()), (200, Some(ACCOUNTS)));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let (_, onward) = page.refresh().unwrap();
    assert!(onward.as_str().starts_with(&corp.world().origin("acme-second")), "{onward}");
    let page = browser.settle(page).await.unwrap();
    assert_eq!(page.url.as_str(), corp.world().url("acme-second", "/reports?year=2026"));
}

#[tokio::test]
async fn a_form_waits_for_a_quarter_of_an_hour() {
    let corp = Corp::start(PLAIN).await;
    for (row, wait, in_time) in [
        ("just before", LIFETIME.saturating_sub(Duration::from_millis(1)), true),
        ("at its end", LIFETIME, false),
    ] {
        let mut browser = corp.world().browser();
        let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
        let taken = corp.sandbox.directory.binds("alice").0;
        corp.world().clock.advance(wait);
        let shown = browser.clone().open(form.action.as_str()).await.unwrap();
        let page = browser.submit(&form).await.unwrap();
        if in_time {
            assert!(shown.status == 200 && page.refresh().is_some(), "{row}: {}", page.text());
            continue;
        }
        assert_code(&shown, 400, "SIGN-IN-EXPIRED");
        assert_code(&page, 400, "SIGN-IN-EXPIRED");
        assert!(browser.cookies(ACCOUNTS).is_empty(), "{row}: the cookie is gone");
        assert_eq!(corp.sandbox.directory.binds("alice").0, taken, "{row}: no password was tried");
    }
}

#[tokio::test]
async fn what_an_operator_changes_meanwhile_counts_at_every_step() {
    type Change = fn(&mut Manifest, &str);
    let rows: [(&str, Change, (u16, &str)); 4] = [
        (
            "the workspace is gone",
            |manifest, _| manifest.workspaces = vec!["acme-third".to_owned()],
            (403, "ADMISSION-HOST"),
        ),
        (
            "the connection is another kind's",
            |manifest, _| manifest.connections.clone_from(&Manifest::of("acme").connections),
            (400, "SIGN-IN-STATE"),
        ),
        (
            "the connection is gone",
            |manifest, _| {
                manifest.connections =
                    Manifest::of("acme").connections.replace("name = \"any\"", "name = \"new\"");
                manifest.workspace = "authentication = \"new\"\n".to_owned();
            },
            (403, "ADMISSION-CONNECTION"),
        ),
        (
            "the second step is gone",
            |manifest, _| manifest.connections = manifest.connections.replace(TOKEN, PLAIN),
            (400, "SIGN-IN-STATE"),
        ),
    ];
    for (row, change, (status, code)) in rows {
        let corp = Corp::start(TOKEN).await;
        let secret = corp.register("alice").await;
        corp.world().clock.advance(STEP);
        corp.world().application.forget();
        let mut at_password = corp.world().browser();
        let password = corp.typed(&mut at_password, "alice", &corp.password("alice")).await;
        let mut at_token = corp.world().browser();
        let token = corp.first_step(&mut at_token, "alice").await;
        let mut at_register = corp.world().browser();
        let register = corp.first_step(&mut at_register, "bob").await;
        let mut manifest = corp.at.manifest();
        change(&mut manifest, row);
        corp.world().change(&manifest).await;
        let codes = [corp.code(&secret, 0).await, corp.code(&secret_of(&register), 0).await];
        assert_code(&enter(&mut at_token, &token, &codes[0]).await, status, code);
        assert_code(&enter(&mut at_register, &register, &codes[1]).await, status, code);
        let page = at_password.submit(&password).await.unwrap();
        match row {
            // Nothing is missing any more: the password is all.
            "the second step is gone" => assert!(page.refresh().is_some(), "{}", page.text()),
            // It is found out by the step that completes the sign-in.
            "the workspace is gone" => assert!(page.form_with("ticket").is_ok(), "{}", page.text()),
            _ => assert_code(&page, status, code),
        }
        assert_eq!(corp.rows("accesses").await, 1, "{row}: the one from before");
        assert!(corp.world().application.received().is_empty(), "{row}");
    }
}

/// A look that changes nothing: a link's preview, a prefetch.
#[tokio::test]
async fn a_head_asks_and_does_nothing() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    let rows = corp.rows("spends").await;
    for _ in 0..3 {
        let request = Request::new(Method::HEAD, form.action.as_str()).unwrap();
        let page = browser.request(request).await.unwrap();
        assert!(page.status == 200 && page.body.is_empty());
    }
    assert_eq!(corp.rows("spends").await, rows);
    assert!(browser.submit(&form).await.unwrap().refresh().is_some());
}

/// Who goes back in the history after a sign-in is told so, and what to do.
#[tokio::test]
async fn the_form_of_a_finished_sign_in_says_that_it_is_finished() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    let page = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(page).await.unwrap().text_body(), "the application");
    let back = browser.open(form.action.as_str()).await.unwrap();
    assert_code(&back, 400, "SIGN-IN-COOKIE");
    for said in ["This sign-in is finished", "Open your application again"] {
        assert!(back.text().contains(said), "{said}: {}", back.text());
    }
    assert!(corp.world().has_session(&mut browser, "acme").await, "the session lives on");
}

/// SESS-03: what an attacker began, or finished, is not what this browser becomes.
#[tokio::test]
async fn an_attackers_sign_in_opens_nothing_in_the_victims_browser() {
    let corp = Corp::start(PLAIN).await;
    let (mut attacker, mut victim) = (corp.world().browser(), corp.world().browser());
    let attack = corp.typed(&mut attacker, "bob", &corp.password("bob")).await;
    // The victim is lured to the attacker's form, with and without a sign-in of their own.
    assert_code(&victim.open(attack.action.as_str()).await.unwrap(), 400, "SIGN-IN-COOKIE");
    let own = corp.typed(&mut victim, "alice", &corp.password("alice")).await;
    assert_code(&victim.submit(&attack).await.unwrap(), 400, "SIGN-IN-COOKIE");
    // Or to what came of it.
    let page = attacker.submit(&attack).await.unwrap();
    let (_, onward) = page.refresh().unwrap();
    assert_code(&victim.open(onward.as_str()).await.unwrap(), 400, "SIGN-IN-HANDOVER");
    assert!(!corp.world().has_session(&mut victim, "acme").await);
    let page = victim.submit(&own).await.unwrap();
    assert_eq!(victim.settle(page).await.unwrap().text_body(), "the application");
    assert_eq!(corp.at.session(&mut victim).await["claims"]["cip_upn"], "alice@corp.example");
}

/// A sign-out outlasts a sign-in that began before it.
#[tokio::test]
async fn a_sign_out_is_not_undone_by_an_older_form() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let old = corp.typed(&mut browser, "alice", &corp.password("alice")).await;
    corp.world().clock.advance(Duration::from_millis(5));
    assert_eq!(corp.first_step(&mut browser, "alice").await.text_body(), "the application");
    let form = browser.open(&corp.world().url("acme", "/.vestibule/sign-out")).await.unwrap();
    corp.world().clock.advance(Duration::from_millis(5));
    browser.submit(&form.form_with("form_token").unwrap()).await.unwrap();
    corp.world().clock.advance(MINUTE);
    let page = browser.submit(&old).await.unwrap();
    assert!(page.status.is_client_error() || page.text().contains(WRONG), "{}", page.text());
    assert!(!corp.world().has_session(&mut browser, "acme").await);
}
