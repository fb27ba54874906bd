//! Somebody who lost everything, and an operator who knows them again (SGN-16; PWD-11, PWD-14, PWD-15, PWD-18).

use std::time::Duration;

use vestibule_broker::apply::Target;
use vestibule_broker::person;
use vestibule_broker::recovery::{self, Recovery, RecoveryError, Whom};
use vestibule_conformance::wire::{Browser, Page};

use super::forgotten::Desk;
use super::{ADA, Enrolled, MINUTE, Office, PASSWORD, PHONE, STEP, assert_code, codes_of, secret_of};

const NEW: &str = "Blau-und-8-Tannen!";

impl Office {
    /// What `vestibule administrator recover` prints.
    async fn recover(&self, whom: Whom) -> Result<Recovery, RecoveryError> {
        let app = self.world.app();
        let settings = app.settings();
        let target = Target { store: &app.store, keys: &app.keys, server: &settings };
        recovery::link(target, &app.mail, &whom, (app.wall.now(), app.session_clock.now())).await
    }

    async fn recovery_link(&self) -> String {
        self.recover(Whom::Email(ADA.to_owned())).await.unwrap().url
    }

    /// The page after the new password: the device.
    async fn again(&self, browser: &mut Browser, link: &str) -> Page {
        self.again_with(browser, link, NEW).await
    }

    async fn again_with(&self, browser: &mut Browser, link: &str, new: &str) -> Page {
        let page = browser.open(link).await.unwrap();
        let form = page.form_with("new_password").unwrap_or_else(|_| panic!("{}", page.text()));
        assert!(page.text().contains(ADA) && page.form_with("display_name").is_err(), "{}", page.text());
        browser.submit(&form.with("new_password", new).with("new_password_again", new)).await.unwrap()
    }

    /// The page after the device: codes and phone.
    async fn registered(&self, browser: &mut Browser, page: &Page) -> (Page, Enrolled) {
        let secret = secret_of(page);
        let form = page.form_with("code").unwrap().with("code", &self.code(&secret, 0).await);
        let page = browser.submit(&form).await.unwrap();
        let codes = codes_of(&page);
        (page, Enrolled { secret, codes })
    }

    async fn phone(&self) -> String {
        let app = self.world.app();
        let ada = person::named(&app.store, &app.keys, ADA).await.unwrap().unwrap();
        ada.record.profile.recovery_phone.as_str().to_owned()
    }

    async fn backup(&self, browser: &mut Browser, password: &str, code: &str) -> Page {
        let page = self.password(browser, &self.console("/"), ADA, password).await;
        let form = page.form_saying("Verify the backup code").unwrap_or_else(|_| panic!("{}", page.text()));
        let page = browser.submit(&form.with("code", code)).await.unwrap();
        browser.settle(page).await.unwrap()
    }
}

async fn end(browser: &mut Browser, page: &Page, phone: &str) -> Page {
    let form = page.form_with("phone").unwrap().with("phone", phone).with("saved", "yes");
    let page = browser.submit(&form).await.unwrap();
    browser.settle(page).await.unwrap()
}

#[tokio::test]
async fn everything_is_another_with_the_last_step_and_not_before() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let before = office.world.app();
    let id = person::named(&before.store, &before.keys, ADA).await.unwrap().unwrap().id;
    let mut signed_in = office.world.browser();
    office.sign_in(&mut signed_in, &office.console("/"), &ada).await;
    let link = office.recovery_link().await;
    let mut browser = office.world.browser();
    let page = office.again(&mut browser, &link).await;
    let (page, new) = office.registered(&mut browser, &page).await;
    assert_eq!(new.codes.len(), 10);
    // Until now all is as it was, and so is the session.
    assert!(office.session(&mut signed_in).await.is_some());
    let mut own = office.world.browser();
    let came = office.backup(&mut own, PASSWORD, &ada.codes[0]).await;
    assert_eq!(came.url.as_str(), office.console("/"), "{}", came.text());
    office.world.clock.advance(STEP);
    let came = office.sign_in(&mut own, &office.console("/.vestibule/sign-in?to=%2F&fresh=1"), &ada).await;
    assert_eq!(came.url.as_str(), office.console("/"), "{}", came.text());

    let came = end(&mut browser, &page, "").await;
    assert_eq!(came.url.as_str(), office.console("/"), "{}", came.text());
    assert_eq!(office.session(&mut browser).await.unwrap()["organization"], "acme");
    for other in [&mut signed_in, &mut own] {
        assert!(office.session(other).await.is_none(), "every session ended");
    }
    assert_eq!(office.phone().await, PHONE, "kept");
    let app = office.world.app();
    assert_eq!(person::named(&app.store, &app.keys, ADA).await.unwrap().unwrap().id, id);

    office.world.clock.advance(MINUTE);
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains("is not right"), "{}", page.text());
    let mut browser = office.world.browser();
    let page = office.password(&mut browser, &office.console("/"), ADA, NEW).await;
    let page = office.second(&mut browser, &page, &office.code(&ada.secret, 0).await).await;
    assert!(page.text().contains("The code is not right"), "the device before: {}", page.text());
    let page = office.second(&mut browser, &page, &office.code(&new.secret, 0).await).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let page = office.backup(&mut office.world.browser(), NEW, &ada.codes[1]).await;
    assert!(page.text().contains("was used before"), "a code before: {}", page.text());
    let page = office.backup(&mut office.world.browser(), NEW, &new.codes[1]).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let events: Vec<_> = office.world.audit().await.into_iter().map(|event| event.event).collect();
    for name in ["administrator.recovery-issued", "administrator.recovered", "password.reset"] {
        assert_eq!(events.iter().filter(|one| *one == name).count(), 1, "{name} in {events:?}");
    }
    assert!(!events.iter().any(|one| one == "recovery-phone.changed"));
}

/// A device that is locked for good is another one then.
#[tokio::test]
async fn a_locked_device_is_unlocked_by_another() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let principal = {
        let app = office.world.app();
        person::named(&app.store, &app.keys, ADA).await.unwrap().unwrap().owner().principal
    };
    for round in 0..20 {
        for _ in 0..5 {
            let mut browser = office.world.browser();
            let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
            office.second(&mut browser, &page, "000000").await;
        }
        office.world.clock.advance(MINUTE * 5 * (1 << round.min(9)));
    }
    let locked: String = sqlx::query_scalar("SELECT device FROM devices WHERE principal = $1")
        .bind(&principal)
        .fetch_one(office.world.app().store.readers())
        .await
        .unwrap();
    office.world.clock.advance(MINUTE * 60 * 48);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert!(page.text().contains("too many wrong codes"), "{locked}: {}", page.text());
    let mut browser = office.world.browser();
    let page = office.again(&mut browser, &office.recovery_link().await).await;
    let (page, _) = office.registered(&mut browser, &page).await;
    let came = end(&mut browser, &page, "+46 8 123 45 67").await;
    assert_eq!(came.url.as_str(), office.console("/"), "{}", came.text());
    assert_eq!(office.phone().await, "+46 8 123 45 67", "changed");
    assert!(office.world.audit().await.iter().any(|event| event.event == "recovery-phone.changed"));
}

/// PWD-15, and no link is good for what another is for.
#[tokio::test]
async fn a_link_is_used_once_for_an_hour_by_its_own_steps() {
    let desk = Desk::start().await;
    let office = desk.office();
    let first = office.recovery_link().await;
    let link = office.recovery_link().await;
    let open = async |url: &str| office.world.browser().open(url).await.unwrap();
    assert_code(&open(&first).await, 403, "PERSON-LINK");
    let token = link.split_once("link=").unwrap().1;
    assert_code(
        &open(&office.world.url("accounts", &format!("/reset?token={token}"))).await,
        403,
        "PERSON-LINK",
    );
    // It is no invitation: nobody who signs in with it joins anything.
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let address = format!("{}&link={token}", page.form_with("password").unwrap().action);
    assert_code(&browser.open(&address).await.unwrap(), 403, "PERSON-LINK");
    for _ in 0..3 {
        assert!(open(&link).await.form_with("new_password").is_ok(), "a scanner uses up nothing");
    }
    // Two who have it wait at the last step; one is first.
    let (mut one, mut other) = (office.world.browser(), office.world.browser());
    let page = office.again(&mut one, &link).await;
    let (first, _) = office.registered(&mut one, &page).await;
    let page = office.again(&mut other, &link).await;
    let (second, _) = office.registered(&mut other, &page).await;
    assert_eq!(end(&mut one, &first, "").await.url.as_str(), office.console("/"));
    assert_code(&end(&mut other, &second, "").await, 403, "PERSON-LINK");
    assert_code(&open(&link).await, 403, "PERSON-LINK");
    assert!(office.session(&mut one).await.is_some() && office.session(&mut other).await.is_none());

    let late = office.recovery_link().await;
    let mut browser = office.world.browser();
    let page = office.again_with(&mut browser, &late, "Rot-und-9-Tannen!").await;
    let form = page.form_with("code").unwrap().with("code", &office.code(&secret_of(&page), 0).await);
    office.world.clock.advance(Duration::from_hours(1));
    assert_code(&open(&late).await, 403, "PERSON-LINK");
    let page = browser.submit(&form).await.unwrap();
    assert!(page.status.is_client_error() && page.form_with("code").is_err(), "{}", page.text());
}

/// Whoever reads the person's mail voids nothing by a reset, and what they reset is another's with the last step.
#[tokio::test]
async fn a_reset_in_between_is_undone_and_the_person_is_told_of_everything() {
    let desk = Desk::start().await;
    let office = desk.office();
    let link = office.recovery_link().await;
    let mail = desk.post.server.takes(1).await.unwrap().pop().unwrap();
    assert_eq!(mail.header("subject"), Some("A way back to your account was opened"));
    assert!(!mail.text.contains("link=") && !mail.html.contains("link="), "{}", mail.text);
    let mut browser = office.world.browser();
    let page = office.again(&mut browser, &link).await;
    let (page, _) = office.registered(&mut browser, &page).await;
    desk.ask(ADA).await;
    let reset = desk.nth_link(1).await;
    let mut thief = office.world.browser();
    let form = thief.open(&reset).await.unwrap().form_with("new_password").unwrap();
    let form = form.with("new_password", "Rot-und-9-Tannen!").with("new_password_again", "Rot-und-9-Tannen!");
    assert!(thief.submit(&form).await.unwrap().text().contains("Your password was changed"));
    desk.ask(ADA).await;
    let another = desk.nth_link(2).await;
    let came = end(&mut browser, &page, "").await;
    assert_eq!(came.url.as_str(), office.console("/"), "{}", came.text());
    assert_code(&thief.open(&another).await.unwrap(), 403, "PERSON-LINK");
    let page = office.password(&mut thief, &office.console("/"), ADA, "Rot-und-9-Tannen!").await;
    assert!(page.text().contains("is not right"), "{}", page.text());
    let mails = desk.post.server.takes(7).await.unwrap();
    let mut told: Vec<_> = mails[4..].iter().map(|mail| mail.header("subject").unwrap()).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "Your authenticator app was changed",
            "Your backup codes were replaced",
            "Your password was changed"
        ]
    );
}

#[tokio::test]
async fn who_is_meant_is_one_person_or_nobody() {
    let office = Office::start().await;
    office.ada().await;
    office.person("one", "shared@acme.example").await;
    office.person("shared@acme.example", "own@acme.example").await;
    let of = async |whom: Whom| office.recover(whom).await.map(|made| made.user_name);
    let (email, name) =
        (|text: &str| Whom::Email(text.to_owned()), |text: &str| Whom::UserName(text.to_owned()));
    assert_eq!(of(email(" Ada@ACME.example ")).await.unwrap(), ADA);
    assert_eq!(of(name(ADA)).await.unwrap(), ADA);
    assert_eq!(of(email("shared@acme.example")).await.unwrap(), "one");
    assert_eq!(of(name("shared@acme.example")).await.unwrap(), "shared@acme.example");
    assert!(matches!(of(name("own@acme.example")).await, Err(RecoveryError::Nobody)));
    assert!(matches!(of(email("nobody@acme.example")).await, Err(RecoveryError::Nobody)));
    office.person("two", "shared@acme.example").await;
    assert!(matches!(of(email("shared@acme.example")).await, Err(RecoveryError::Several)));
    let issued = office.world.audit().await.into_iter();
    assert_eq!(issued.filter(|event| event.event == "administrator.recovery-issued").count(), 4);
}

/// PWD-18: rules, history and the names of the person hold as at every other choice, and the operator's link tells none of it.
#[tokio::test]
async fn the_rules_hold_and_a_failed_step_changes_nothing() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let link = office.recovery_link().await;
    let mut browser = office.world.browser();
    let mut page = browser.open(&link).await.unwrap();
    for (new, again, said) in [
        (PASSWORD, PASSWORD, "was yours before"),
        (NEW, PASSWORD, "not the same"),
        ("short7!A", "short7!A", "at least 12 characters"),
        ("Ada@acme.example-7!", "Ada@acme.example-7!", "your name, your address"),
    ] {
        let form = page.form_with("new_password").unwrap();
        page =
            browser.submit(&form.with("new_password", new).with("new_password_again", again)).await.unwrap();
        assert!(page.text().contains(said), "{new}: {}", page.text());
    }
    let form = page.form_with("new_password").unwrap();
    let page = browser.submit(&form.with("new_password", NEW).with("new_password_again", NEW)).await.unwrap();
    let wrong = page.form_with("code").unwrap().with("code", "000000");
    let page = browser.submit(&wrong).await.unwrap();
    assert!(page.text().contains("is not right"), "{}", page.text());
    let (page, _) = office.registered(&mut browser, &page).await;
    for (phone, saved, said) in [("none", true, "telephone number"), ("", false, "Save the codes first")] {
        let form = page.form_with("phone").unwrap().with("phone", phone);
        let form = if saved { form.with("saved", "yes") } else { form.without("saved") };
        let page = browser.clone().submit(&form).await.unwrap();
        assert!(
            page.text().contains(said) || page.text().contains("TOKEN-TICKET"),
            "{said}: {}",
            page.text()
        );
    }
    office.world.clock.advance(STEP);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "nothing happened yet: {}", page.text());
}
