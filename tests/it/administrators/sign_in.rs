//! Signing in with both factors, and which organisation is opened (SGN-02 to SGN-15, MFA-17; PWD-10, PWD-11, PWD-13; SESS-02).

use vestibule_conformance::wire::{Browser, Page};

use super::{ADA, MINUTE, Office, PASSWORD, STEP, assert_code};

const NOT_RIGHT: &str = "The user name or the password is not right";

#[tokio::test]
async fn both_factors_open_the_console_and_each_code_works_once() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    // A session that lives needs no second sign-in, from whichever address.
    for path in ["/", "/go/acme"] {
        assert_eq!(browser.open(&office.console(path)).await.unwrap().url.as_str(), office.console("/"));
    }
    let mut other = office.world.browser();
    let page = office.sign_in(&mut other, &office.console("/go/acme"), &ada).await;
    assert!(page.text().contains("The code is not right"), "used: {}", page.text());
    office.world.clock.advance(STEP);
    let page = office.second(&mut other, &page, &office.code(&ada.secret, 0).await).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_in_one_way() {
    let office = Office::start().await;
    office.ada().await;
    let mut bodies = Vec::new();
    for (name, password) in
        [(ADA, "wrong"), ("nobody@acme.example", "wrong"), ("nobody@acme.example", PASSWORD)]
    {
        let mut browser = office.world.browser();
        let page = office.password(&mut browser, &office.console("/"), name, password).await;
        assert!(page.status == 403 && page.text().contains(NOT_RIGHT), "{name}: {}", page.text());
        bodies.push(page.text().replace(name, ""));
        assert!(office.session(&mut browser).await.is_none());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
    for (name, password) in [("", PASSWORD), (ADA, "")] {
        let page = office.password(&mut office.world.browser(), &office.console("/"), name, password).await;
        assert!(page.text().contains("Type both"), "{}", page.text());
    }
}

#[tokio::test]
async fn five_wrong_passwords_hold_the_account_for_a_quarter_of_an_hour() {
    let office = Office::start().await;
    let ada = office.ada().await;
    for _ in 0..5 {
        office.password(&mut office.world.browser(), &office.console("/"), ADA, "wrong").await;
    }
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains(NOT_RIGHT), "held looks like wrong: {}", page.text());
    office.world.clock.advance(MINUTE * 15);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

/// PWD-05: whoever signed in from this browser before has tries of their own.
#[tokio::test]
async fn strangers_hold_an_account_and_not_its_owners_browser() {
    let office = Office::start().await;
    let (mut own, ada) = office.ada_at_her_desk().await;
    for _ in 0..5 {
        office.password(&mut office.world.browser(), &office.console("/"), ADA, "wrong").await;
    }
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains(NOT_RIGHT), "held for others: {}", page.text());
    office.world.clock.advance(MINUTE);
    let fresh = office.console("/.vestibule/sign-in?fresh=1&to=/");
    let page = office.sign_in(&mut own, &fresh, &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

/// MFA-09, MFA-17, PWD-13.
#[tokio::test]
async fn a_backup_code_takes_the_place_of_the_app_once() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let backup = async |browser: &mut _, code: &str| {
        let page = office.password(browser, &office.console("/"), ADA, PASSWORD).await;
        let form = page.form_saying("Verify the backup code").unwrap().with("code", code);
        let page = browser.submit(&form).await.unwrap();
        browser.settle(page).await.unwrap()
    };
    let mut browser = office.world.browser();
    let page = backup(&mut browser, &ada.codes[3].to_uppercase().replace(' ', "-")).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert_eq!(office.session(&mut browser).await.unwrap()["amr"], serde_json::json!(["pwd", "mfa"]));
    let page = backup(&mut office.world.browser(), &ada.codes[3]).await;
    assert!(page.text().contains("was used before"), "{}", page.text());
    let page = backup(&mut office.world.browser(), "aaaaa aaaaa").await;
    assert!(page.text().contains("was used before"), "{}", page.text());
    let page = backup(&mut office.world.browser(), &ada.codes[4]).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let events = office.world.audit().await;
    assert_eq!(events.iter().filter(|event| event.event == "backup-code.used").count(), 2);
}

/// PWD-10: wrong codes of both sorts are guesses at one door.
#[tokio::test]
async fn five_wrong_second_factors_make_it_rest() {
    let office = Office::start().await;
    let ada = office.ada().await;
    for round in 0..5 {
        let mut browser = office.world.browser();
        let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
        let button = if round % 2 == 0 { "Verify" } else { "Verify the backup code" };
        let form = page.form_saying(button).unwrap().with("code", "000000");
        browser.submit(&form).await.unwrap();
    }
    let mut browser = office.world.browser();
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert!(page.text().contains("too many wrong codes"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_none());
    let form = page.form_saying("Verify the backup code").unwrap().with("code", &ada.codes[0]);
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("too many wrong codes"), "nor a backup code: {}", page.text());
    office.world.clock.advance(MINUTE * 5);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

/// SGN-12, ORG-15.
#[tokio::test]
async fn of_several_organisations_the_person_chooses_one() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let link = office.link("beta", ADA).await;
    office.sign_in(&mut office.world.browser(), &link, &ada).await;
    office.world.clock.advance(MINUTE);
    let mut browser = office.world.browser();
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert!(page.text().contains("Choose an organisation"), "{}", page.text());
    let form = page.form_with("ticket").unwrap().press("Acme beta").unwrap();
    let page = browser.submit(&form).await.unwrap();
    browser.settle(page).await.unwrap();
    assert_eq!(office.session(&mut browser).await.unwrap()["organization"], "beta");
    // The address of the other one asks anew, and its session takes this one's place on the console.
    office.world.clock.advance(MINUTE);
    let page = office.sign_in(&mut browser, &office.console("/go/acme"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert_eq!(office.session(&mut browser).await.unwrap()["organization"], "acme");
}

/// SGN-15, AMB-17: an address of no organisation looks like one with the built-in identity, and tells nobody.
#[tokio::test]
async fn the_address_of_no_organisation_looks_like_any_other() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let shown = async |path: &str| {
        let page = office.world.browser().open(&office.console(path)).await.unwrap();
        (page.status, page.text())
    };
    assert_eq!(shown("/go/acme").await, shown("/go/nobody-here").await);
    assert_eq!(shown("/go/acme").await.0, 200);
    for path in ["/go/", "/go/A", "/go/a/b", "/go/%00", "/go/..%2f"] {
        let status = shown(path).await.0.as_u16();
        assert!([200, 400, 404].contains(&status), "{path}: {status}");
    }
    // Somebody else's organisation is no way in, and not the wrong one either.
    let page = office.sign_in(&mut office.world.browser(), &office.console("/go/beta"), &ada).await;
    assert!(page.text().contains("not of an organisation that you administer"), "{}", page.text());
    assert!(!page.text().contains("Beta") && page.text().contains("Acme"), "{}", page.text());
    for typed in ["acme", "https://anything.example/go/acme", "Nobody-Here"] {
        let mut browser = office.world.browser();
        let page = browser.open(&office.console("/")).await.unwrap();
        let form = page.form_with("organization").unwrap().with("organization", typed);
        let page = browser.submit(&form).await.unwrap();
        let (_, to) = page.refresh().unwrap();
        assert_eq!(to.host_str().unwrap(), "console.vestibule.localhost", "{typed}");
        assert!(to.path().starts_with("/go/"), "{typed}");
    }
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let form = page.form_with("organization").unwrap().with("organization", "../evil");
    assert!(browser.submit(&form).await.unwrap().text().contains("no identifier"));
}

/// ADM-25, SES-09: what an organisation says of its administrators counts for sessions that live.
#[tokio::test]
async fn who_is_no_administrator_any_more_is_out_at_once() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert!(office.session(&mut browser).await.is_some());
    let app = office.world.app();
    let slug = vestibule_policies::name::Slug::parse("acme").unwrap();
    let id = app.deployment.load().by_slug(&slug).unwrap().organization.id;
    let now = app.wall.now();
    let change = app.store.write(move |transaction| {
        Box::pin(async move {
            let clear = |organization: &mut vestibule_policies::Organization| {
                organization.administrators.clear();
                Ok(())
            };
            vestibule_broker::store::organizations::change(transaction, id, now, clear).await
        })
    });
    change.await.unwrap();
    office.world.settle().await;
    assert!(office.session(&mut browser).await.is_none());
    office.world.clock.advance(MINUTE);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert_code(&page, 403, "ADMISSION-MEMBERSHIP");
}

/// SES-01, SES-03: the limits of administrators are those of the edition.
#[tokio::test]
async fn a_session_ends_after_an_hour_without_a_page() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    office.sign_in(&mut browser, &office.console("/"), &ada).await;
    office.world.clock.advance(MINUTE * 59);
    // Asking is no activity, a page is.
    assert!(office.session(&mut browser).await.is_some());
    assert!(browser.open(&office.console("/")).await.unwrap().text().contains("Ada"));
    office.world.clock.advance(MINUTE * 59);
    assert!(office.session(&mut browser).await.is_some());
    office.world.clock.advance(MINUTE);
    assert!(office.session(&mut browser).await.is_none(), "an hour after the last page");
}

/// SES-03: activity moves the idle end alone.
#[tokio::test]
async fn nothing_moves_the_end_of_a_session_of_a_day() {
    let office = Office::start().await;
    let (mut browser, _) = office.ada_at_her_desk().await;
    for _ in 0..47 {
        office.world.clock.advance(MINUTE * 30);
        let page = browser.open(&office.console("/sessions")).await.unwrap();
        assert_eq!(page.url.as_str(), office.console("/sessions"), "{}", page.text());
    }
    office.world.clock.advance(MINUTE * 30);
    assert!(office.session(&mut browser).await.is_none());
}

#[tokio::test]
async fn signing_out_ends_the_session_and_asks_again() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    office.sign_in(&mut browser, &office.console("/"), &ada).await;
    let page = browser.open(&office.console("/.vestibule/sign-out")).await.unwrap();
    assert!(office.session(&mut browser).await.is_some(), "GET asks");
    let page = browser.submit(&page.form_with("form_token").unwrap()).await.unwrap();
    assert!(page.text().contains("signed out"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_none());
    office.world.clock.advance(MINUTE);
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_some());
}

/// PWD-06, PWD-14, SGN-08, SESS-12: a password that is due is changed, and what was proved with the old one is of nothing any more.
#[tokio::test]
async fn a_proof_ends_with_the_password_that_it_is_of() {
    let office = Office::start().await;
    let ada = office.ada().await;
    office.world.clock.advance(MINUTE * 60 * 24 * 61);
    let backup = async |browser: &mut _, code: &str| {
        let page = office.password(browser, &office.console("/"), ADA, PASSWORD).await;
        let form = page.form_saying("Verify the backup code").unwrap().with("code", code);
        Browser::submit(browser, &form).await.unwrap()
    };
    // Somebody else knows the password, and waits at each step.
    let (mut first, mut second) = (office.world.browser(), office.world.browser());
    let at_code = office.password(&mut first, &office.console("/"), ADA, PASSWORD).await;
    let at_change = backup(&mut second, &ada.codes[0]).await;
    assert!(at_change.text().contains("Your password is too old"), "{}", at_change.text());

    let mut browser = office.world.browser();
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    let chosen = |page: &Page, new: &str, again: &str| {
        let form = page.form_with("new_password").unwrap_or_else(|_| panic!("{}", page.text()));
        form.with("new_password", new).with("new_password_again", again)
    };
    for (new, again, said) in [
        (PASSWORD, PASSWORD, "was yours before"),
        ("Blau-und-8-Tannen!", "x", "not the same"),
        ("short", "short", "at least 12"),
    ] {
        let page = browser.clone().submit(&chosen(&page, new, again)).await.unwrap();
        assert!(page.text().contains(said) || page.text().contains("TOKEN-TICKET"), "{new}: {}", page.text());
    }
    // The tickets of those tries are used up, each by its own.
    office.world.clock.advance(STEP);
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    let page = browser.submit(&chosen(&page, PASSWORD, PASSWORD)).await.unwrap();
    assert!(page.text().contains("was yours before"), "{}", page.text());
    let new = "Blau-und-8-Tannen!";
    let page = browser.submit(&chosen(&page, new, new)).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());

    let page = second.submit(&chosen(&at_change, "Rot-und-9-Tannen!", "Rot-und-9-Tannen!")).await.unwrap();
    assert_code(&page, 400, "TOKEN-TICKET");
    office.world.clock.advance(STEP);
    let page = office.second(&mut first, &at_code, &office.code(&ada.secret, 0).await).await;
    assert_code(&page, 400, "TOKEN-TICKET");
    for browser in [&mut first, &mut second] {
        assert!(office.session(browser).await.is_none());
    }
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains(NOT_RIGHT), "the old one: {}", page.text());
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, new).await;
    assert!(page.form_saying("Verify").is_ok(), "the new one: {}", page.text());
    let events = office.world.audit().await;
    assert_eq!(events.iter().filter(|event| event.event == "password.changed").count(), 1);
}
