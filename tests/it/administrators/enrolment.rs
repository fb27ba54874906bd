//! From a link to an administrator (ADM-01, MFA-01 to MFA-09, SGN-09; PWD-12, PWD-15, PWD-17).

use std::time::Duration;

use super::{ADA, MINUTE, Office, PASSWORD, PHONE, assert_code, codes_of, secret_of};

#[tokio::test]
async fn somebody_new_comes_from_the_link_to_the_console() {
    let office = Office::start().await;
    let link = office.link("acme", ADA).await;
    let mut browser = office.world.browser();
    let (page, ada) = office.enrol(&mut browser, &link).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert!(page.text().contains("Ada Ekström") && page.text().contains(ADA), "{}", page.text());
    assert_eq!(ada.codes.len(), 10);
    let session = office.session(&mut browser).await.unwrap();
    assert_eq!(session["organization"], "acme");
    assert_eq!((&session["audience"], &session["kind"]), (&"administrator".into(), &"local".into()));
    assert_eq!(session["amr"], serde_json::json!(["pwd", "otp"]));
    assert_eq!(session["claims"]["cip_email"], ADA);
    let events: Vec<_> = office.world.audit().await.into_iter().map(|event| event.event).collect();
    for event in ["administrator.bootstrapped", "person.created", "token.registered", "administrator.joined"]
    {
        assert!(events.iter().any(|one| one == event), "{event} in {events:?}");
    }
}

#[tokio::test]
async fn a_link_is_used_once_for_an_hour_and_by_no_get() {
    let office = Office::start().await;
    let first = office.link("acme", ADA).await;
    let link = office.link("acme", ADA).await;
    let page = office.world.browser().open(&first).await.unwrap();
    assert_code(&page, 403, "PERSON-LINK");
    // Mail scanners follow every link.
    for _ in 0..3 {
        assert!(office.world.browser().open(&link).await.unwrap().text().contains("Create your account"));
    }
    let mut other = office.world.browser();
    let waiting = other.open(&link).await.unwrap();
    let (page, _) = office.enrol(&mut office.world.browser(), &link).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert_code(&office.world.browser().open(&link).await.unwrap(), 403, "PERSON-LINK");
    let form = waiting.form_with("display_name").unwrap().with("display_name", "Eve");
    let form = form.with("new_password", PASSWORD).with("new_password_again", PASSWORD);
    assert_code(&other.submit(&form).await.unwrap(), 403, "PERSON-LINK");

    let late = office.link("acme", "late@acme.example").await;
    office.world.clock.advance(Duration::from_hours(1));
    assert_code(&office.world.browser().open(&late).await.unwrap(), 403, "PERSON-LINK");
    for none in ["/join", "/join?link=x", &format!("/join?link={}", "A".repeat(43))] {
        let page = office.world.browser().open(&office.console(none)).await.unwrap();
        assert!(page.text().contains("PERSON-LINK") || page.text().contains("Sign in as an"), "{none}");
    }
}

/// PWD-17, PWD-11: nothing is made before the last step, and no step can be left out or be another browser's.
#[tokio::test]
async fn who_stops_half_way_is_nobody_yet() {
    let office = Office::start().await;
    let link = office.link("acme", ADA).await;
    let mut browser = office.world.browser();
    let page = office.name_and_password(&mut browser, &link).await;
    let secret = secret_of(&page);
    let device = page.form_with("code").unwrap();
    // The ticket of one step opens no other one.
    let recovery = device.action.as_str().replace("/join/device", "/join/recovery");
    let skipped = office.world.browser();
    let mut skipping = browser.clone();
    let request = vestibule_conformance::wire::Request::post(
        &recovery,
        &[("ticket", device.field("ticket").unwrap()), ("phone", PHONE), ("saved", "yes")],
    );
    let request = request.unwrap().header("origin", &office.world.origin("accounts")).unwrap();
    let page = skipping.request(request).await.unwrap();
    assert_code(&page, 400, "TOKEN-TICKET");
    drop(skipped);
    // Used up by that; the way begins anew with the same link.
    let mut browser = office.world.browser();
    let page = office.name_and_password(&mut browser, &link).await;
    assert_ne!(secret_of(&page), secret, "a secret is shown once (PWD-12)");
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains("is not right"), "nobody yet: {}", page.text());
    let (page, _) = office.enrol(&mut browser, &link).await;
    assert_eq!(page.url.as_str(), office.console("/"));
}

#[tokio::test]
async fn what_is_wrong_with_a_password_is_told_at_once() {
    let office = Office::start().await;
    let link = office.link("acme", ADA).await;
    for (name, password, again, said) in [
        ("Ada", "short7!A", "short7!A", "at least 12 characters"),
        ("Ada", "no-digits-here!A", "no-digits-here!A", "needs a digit"),
        ("Ada", "no-upper-case-7!", "no-upper-case-7!", "upper-case"),
        ("Ada", PASSWORD, "Another-7-Tannen!", "not the same"),
        ("Ada", "Ada@acme.example-7!", "Ada@acme.example-7!", "your name, your address"),
        ("", PASSWORD, PASSWORD, "Type your name"),
        ("Ada", "Password1234!", "Password1234!", "easy to guess"),
    ] {
        let mut browser = office.world.browser();
        let page = browser.open(&link).await.unwrap();
        let form = page.form_with("display_name").unwrap().with("display_name", name);
        let form = form.with("new_password", password).with("new_password_again", again);
        let page = browser.submit(&form).await.unwrap();
        assert!(page.text().contains(said), "{password}: {}", page.text());
        assert!(!page.text_body().contains(password), "no password comes back");
        assert!(page.form_with("display_name").is_ok(), "the form is there again");
    }
}

#[tokio::test]
async fn phone_and_saved_codes_are_needed_and_a_wrong_first_code_is_not_taken() {
    let office = Office::start().await;
    let link = office.link("acme", ADA).await;
    let mut browser = office.world.browser();
    let page = office.name_and_password(&mut browser, &link).await;
    let secret = secret_of(&page);
    let wrong = page.form_with("code").unwrap().with("code", "000000");
    let page = browser.submit(&wrong).await.unwrap();
    assert!(page.text().contains("is not right"), "{}", page.text());
    assert_eq!(secret_of(&page), secret, "the same device");
    let form = page.form_with("code").unwrap().with("code", &office.code(&secret, 0).await);
    let page = browser.submit(&form).await.unwrap();
    let codes = codes_of(&page);
    let form = page.form_with("phone").unwrap().with("phone", "none").with("saved", "yes");
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("telephone number"), "{}", page.text());
    let form = page.form_with("phone").unwrap().with("phone", PHONE).without("saved");
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("tick that you have"), "{}", page.text());
    assert_eq!(codes_of(&page), codes, "the same codes");
    let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
    let page = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(page).await.unwrap().url.as_str(), office.console("/"));
}

/// Somebody who is known already gains the membership alone, and only by their own link (PWD-17).
#[tokio::test]
async fn who_is_known_signs_in_and_gains_the_membership() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let link = office.link("beta", ADA).await;
    let mut browser = office.world.browser();
    // Nobody joins anything without having read it, also when the form is there again.
    let page = browser.open(&link).await.unwrap();
    assert!(page.text().contains("makes you an administrator of Acme beta"), "{}", page.text());
    let page = office.password(&mut browser, &link, ADA, "wrong").await;
    assert!(page.text().contains("makes you an administrator of Acme beta"), "{}", page.text());
    let plain = office.world.browser().open(&office.console("/")).await.unwrap();
    assert!(!plain.text().contains("makes you an administrator"), "{}", plain.text());
    let page = office.sign_in(&mut browser, &link, &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert_eq!(office.session(&mut browser).await.unwrap()["organization"], "beta");
    office.world.clock.advance(MINUTE);

    let theirs = office.link("beta", "grace@beta.example").await;
    let token = theirs.split("link=").nth(1).unwrap();
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let form = page.form_with("password").unwrap();
    let action = format!("{}&link={token}", form.action);
    let fields = [("form_token", form.field("form_token").unwrap()), ("name", ADA), ("password", PASSWORD)];
    let request = vestibule_conformance::wire::Request::post(&action, &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    let page = browser.request(request).await.unwrap();
    let page = office.second(&mut browser, &page, &office.code(&ada.secret, 0).await).await;
    assert_code(&page, 403, "PERSON-LINK");
    assert!(office.world.browser().open(&theirs).await.unwrap().text().contains("Create your account"));
}
