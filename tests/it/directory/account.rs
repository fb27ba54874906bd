//! A person's own page (AD-20, TOK-06; PWD-19): who sees it, and what it takes to change the password or take the device away.

use std::time::Duration;

use http::Method;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::world::{Manifest, World};

use super::{ACCOUNTS, Corp, PLAIN, STEP, TOKEN, WRONG, assert_code, secret_of};

const NEW: &str = "Another-password-7";
const CLOSED: &str = "You are not signed in.";

async fn signed_in(corp: &Corp, username: &str) -> Browser {
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, username).await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    browser
}

/// The form that changes the password, with these three fields.
async fn change(corp: &Corp, browser: &mut Browser, [current, new, again]: [&str; 3]) -> Page {
    let page = browser.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    let page = browser.click(&page, &page.link("Change password").unwrap()).await.unwrap();
    let form = page.form_with("current_password").unwrap().with("current_password", current);
    browser.submit(&form.with("new_password", new).with("new_password_again", again)).await.unwrap()
}

async fn assert_closed(world: &World, browser: &mut Browser, row: &str) {
    let own = world.origin("accounts");
    for (method, path) in [
        (Method::GET, "/account/acme"),
        (Method::HEAD, "/account/acme"),
        (Method::GET, "/account/acme/password"),
        (Method::POST, "/account/acme/password"),
        (Method::POST, "/account/acme/device"),
    ] {
        let request = Request::new(method.clone(), &world.url("accounts", path)).unwrap();
        let request = request.header("origin", &own).unwrap().header("accept", "text/html").unwrap();
        let request = request.header("content-type", "application/x-www-form-urlencoded").unwrap();
        let page = browser.request(request.body("form_token=x&current_password=x&code=1")).await.unwrap();
        assert_eq!(page.status, 403, "{row} {method} {path}: {}", page.text());
        assert!(method == Method::HEAD || page.text().contains(CLOSED), "{row} {path}: {}", page.text());
        assert!(page.forms().is_empty() && !page.text().contains('@'), "{row} {path}: {}", page.text());
    }
}

#[tokio::test]
async fn nobody_sees_the_page_without_a_live_session_of_this_organisation_by_a_directory() {
    let corp = Corp::start(PLAIN).await;
    assert_closed(corp.world(), &mut corp.world().browser(), "no session").await;
    let page = corp.world().browser().open(&corp.world().url("accounts", "/account/nobody")).await.unwrap();
    assert_code(&page, 404, "NOT-FOUND");
    let mut browser = signed_in(&corp, "alice").await;
    let page = browser.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    assert!(page.status == 200 && page.text().contains("alice@corp.example"), "{}", page.text());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.form_with("code").is_err(), "no second step, no device");
    // A second organisation by the same directory.
    let text = corp.at.manifest().text(corp.world());
    let other = text.replace("slug = \"acme\"", "slug = \"other\"").replace("acme.v", "other.v");
    let other = other.replace("acme-second", "other-second");
    corp.world().apply_text(&other).await.unwrap();
    corp.world().settle().await;
    let page = browser.open(&corp.world().url("accounts", "/account/other")).await.unwrap();
    assert!(page.status == 403 && page.text().contains(CLOSED), "another organisation's: {}", page.text());
    // Signed out, and idle for too long.
    let mut out = browser.clone();
    let form = out.open(&corp.world().url("acme", "/.vestibule/sign-out")).await.unwrap();
    let mut idle = signed_in(&corp, "bob").await;
    out.submit(&form.form_with("form_token").unwrap()).await.unwrap();
    assert_closed(corp.world(), &mut browser, "signed out").await;
    corp.world().clock.advance(Duration::from_hours(24 * 365));
    assert_closed(corp.world(), &mut idle, "idle").await;
}

#[tokio::test]
async fn a_session_of_another_kind_has_no_such_page() {
    let world = World::start().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    assert_closed(&world, &mut browser, "by OpenID Connect").await;
    // The connection becomes a directory's of the same name: the session is no directory's.
    let corp = Corp::start(PLAIN).await;
    let mut browser = signed_in(&corp, "alice").await;
    corp.world().change(&Manifest::of("acme")).await;
    assert_closed(corp.world(), &mut browser, "by a directory that is no method any more").await;
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_the_persons_other_sessions_end() {
    let corp = Corp::start(PLAIN).await;
    let old = corp.password("alice");
    let (mut this, mut other) = (signed_in(&corp, "alice").await, signed_in(&corp, "alice").await);
    let mut bob = signed_in(&corp, "bob").await;
    for (row, typed, said) in [
        ("nothing", ["", "", ""], "each"),
        ("the current one is wrong", ["not this one", NEW, NEW], "The current password is not right."),
        ("they differ", [&old, NEW, "Another-password-8"], "are not the same"),
        ("the same", [&old, &old, &old], "is the current one"),
        ("too short for the domain", [&old, "short1", "short1"], "did not accept the new password"),
    ] {
        let page = change(&corp, &mut this, typed).await;
        let refused =
            said == "The current password is not right." || said == "did not accept the new password";
        assert_eq!(page.status, if refused { 403 } else { 200 }, "{row}: {}", page.text());
        assert!(row == "nothing" || page.text().contains(said), "{row}: {}", page.text());
        let form = page.form_with("current_password").unwrap();
        for field in ["current_password", "new_password", "new_password_again"] {
            assert_eq!(form.field(field), Some(""), "{row}: no password comes back");
        }
        assert_eq!(corp.password("alice"), old, "{row}");
    }
    let before = corp.world().audit().await.len();
    let page = change(&corp, &mut this, [&old, NEW, NEW]).await;
    assert!(page.text().contains("Your password is changed."), "{}", page.text());
    assert_eq!(corp.password("alice"), NEW);
    assert!(corp.world().has_session(&mut this, "acme").await, "SESS-12: this one stays");
    assert!(!corp.world().has_session(&mut other, "acme").await, "SESS-12: the others end");
    assert!(corp.world().has_session(&mut bob, "acme").await, "nobody else's");
    let events = corp.world().audit().await.split_off(before);
    let names: Vec<_> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!(names, ["password.changed", "session.ended"]);
    let page = other.open(&corp.world().url("acme", "/")).await.unwrap();
    assert_eq!(page.url.path(), "/password", "the other has to sign in");
    let page = corp.type_in(&mut other, "alice", &old).await;
    assert!(page.text().contains(WRONG));
    assert_eq!(corp.type_in(&mut other, "alice", NEW).await.text_body(), "the application");
}

/// RFC 9110 §9.2.1, ASVS 3.5: nothing is changed for a page of somebody else, by whatever way its browser comes.
#[tokio::test]
async fn forms_of_others_change_nothing() {
    let corp = Corp::start(TOKEN).await;
    let mut browser = corp.world().browser();
    let secret = corp.register_in(&mut browser, "alice").await;
    let mut bob = corp.world().browser();
    corp.register_in(&mut bob, "bob").await;
    let old = corp.password("alice");
    corp.world().clock.advance(STEP);
    let code = corp.code(&secret, 0).await;
    let account = browser.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    let token = account.form_with("form_token").unwrap().field("form_token").unwrap().to_owned();
    let bobs = bob.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    let bobs = bobs.form_with("form_token").unwrap().field("form_token").unwrap().to_owned();
    assert_ne!(token, bobs);
    let own = corp.world().origin("accounts");
    for (row, origin, token, code_text) in [
        ("no Origin", None, Some(&token), "REQUEST-ORIGIN"),
        ("Origin: null", Some("null".to_owned()), Some(&token), "REQUEST-ORIGIN"),
        ("the application's", Some(corp.world().origin("acme")), Some(&token), "REQUEST-ORIGIN"),
        ("a stranger's", Some("https://evil.example".to_owned()), Some(&token), "REQUEST-ORIGIN"),
        ("no form token", Some(own.clone()), None, "REQUEST-FORM-TOKEN"),
        ("another session's", Some(own.clone()), Some(&bobs), "REQUEST-FORM-TOKEN"),
        ("an empty one", Some(own.clone()), Some(&String::new()), "REQUEST-FORM-TOKEN"),
    ] {
        for path in ["/account/acme/password", "/account/acme/device"] {
            let mut fields = vec![("current_password", old.as_str()), ("code", &code)];
            fields.extend([("new_password", NEW), ("new_password_again", NEW)]);
            fields.extend(token.map(|token| ("form_token", token.as_str())));
            let mut request = Request::post(&corp.world().url("accounts", path), &fields).unwrap();
            if let Some(origin) = &origin {
                request = request.header("origin", origin).unwrap();
            }
            let page = browser.request(request).await.unwrap();
            assert!(page.status == 403 && page.text().contains(code_text), "{row} {path}: {}", page.text());
        }
    }
    for destination in ["iframe", "image", "empty", "object"] {
        for path in ["/account/acme", "/account/acme/password"] {
            let request = Request::get(&corp.world().url("accounts", path)).unwrap();
            let request = request.header("sec-fetch-dest", destination).unwrap();
            let page = browser.request(request).await.unwrap();
            assert!(
                page.status == 403 && page.text().contains("REQUEST-DESTINATION"),
                "{destination} {path}"
            );
        }
    }
    // A page elsewhere posts for the browser: no Lax cookie goes along, and the origin says where it comes from.
    let html = format!(
        "<form method=post action=\"{}\"><input name=form_token value=\"{token}\"><input name=current_password value=\"{old}\">\
         <input name=new_password value=\"{NEW}\"><input name=new_password_again value=\"{NEW}\"></form>",
        corp.world().url("accounts", "/account/acme/password")
    );
    let elsewhere = Page::imagined("https://evil.example/", &html).unwrap();
    let page = browser.submit(&elsewhere.form_with("form_token").unwrap()).await.unwrap();
    assert_code(&page, 403, "REQUEST-ORIGIN");
    assert_eq!((corp.password("alice"), corp.rows("devices").await), (old, 2));
    for path in ["/account/acme", "/account/acme/device"] {
        let method = if path == "/account/acme" { Method::POST } else { Method::GET };
        let request = Request::new(method, &corp.world().url("accounts", path)).unwrap();
        assert_eq!(browser.request(request.header("origin", &own).unwrap()).await.unwrap().status, 405);
    }
}

async fn remove(corp: &Corp, browser: &mut Browser, password: &str, code: &str) -> Page {
    let page = browser.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    let form = page.form_with("code").unwrap().with("current_password", password).with("code", code);
    browser.submit(&form).await.unwrap()
}

#[tokio::test]
async fn a_device_goes_by_the_current_password_and_its_own_code() {
    let corp = Corp::start(TOKEN).await;
    let (mut this, mut other) = (corp.world().browser(), corp.world().browser());
    let secret = corp.register_in(&mut this, "alice").await;
    let used = corp.code(&secret, 0).await;
    corp.world().clock.advance(STEP);
    let page = corp.first_step(&mut other, "alice").await;
    super::enter(&mut other, &page, &corp.code(&secret, 0).await).await;
    corp.world().clock.advance(STEP);
    let (password, right) = (corp.password("alice"), corp.code(&secret, 0).await);
    for (row, typed, code, said) in [
        ("nothing", "", "", "Type both"),
        ("no code", &*password, "", "Type both"),
        ("no password", "", &right, "Type both"),
        ("a wrong password", "not this one", &right, "The password is not right"),
        ("no code at all", &password, "abc", "The one-time code is not right"),
        ("a wrong code", &password, &corp.wrong_code(&secret).await, "The one-time code is not right"),
        ("a used code", &password, &used, "The one-time code is not right"),
    ] {
        let page = remove(&corp, &mut this, typed, code).await;
        let status = if said == "Type both" { 200 } else { 403 };
        assert!(
            page.status == status && page.text().contains(said),
            "{row}: {} {}",
            page.status,
            page.text()
        );
        assert_eq!(corp.rows("devices").await, 1, "{row}");
    }
    let before = corp.world().audit().await.len();
    let page = remove(&corp, &mut this, &password, &right).await;
    assert!(page.text().contains("Your device is removed."), "{}", page.text());
    assert!(page.form_with("code").is_err(), "it is gone from the page");
    assert_eq!(corp.rows("devices").await, 0);
    let events = corp.world().audit().await.split_off(before);
    let names: Vec<_> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!(names, ["token.removed", "session.ended"]);
    assert!(corp.world().has_session(&mut this, "acme").await, "SESS-12: this one stays");
    assert!(!corp.world().has_session(&mut other, "acme").await, "SESS-12: factor removed");
    let page = corp.first_step(&mut corp.world().browser(), "alice").await;
    assert_ne!(secret_of(&page), secret);
}

/// A session that somebody holds is no way around the lockouts.
#[tokio::test]
async fn wrong_passwords_and_codes_there_count_as_everywhere() {
    let corp = Corp::start(TOKEN).await;
    let mut this = corp.world().browser();
    let secret = corp.register_in(&mut this, "alice").await;
    corp.world().clock.advance(STEP);
    let (password, wrong) = (corp.password("alice"), corp.wrong_code(&secret).await);
    for _ in 0..5 {
        let page = remove(&corp, &mut this, &password, &wrong).await;
        assert!(page.text().contains("The one-time code is not right"), "{}", page.text());
    }
    let page = remove(&corp, &mut this, &password, &corp.code(&secret, 0).await).await;
    assert_code(&page, 403, "TOKEN-LOCKED");
    assert_code(&corp.first_step(&mut corp.world().browser(), "alice").await, 403, "TOKEN-LOCKED");
    let (_, before) = corp.sandbox.directory.binds("alice");
    for number in 0..4 {
        let page = match number % 2 {
            0 => remove(&corp, &mut this, "not this one", "123456").await,
            _ => change(&corp, &mut this, ["not this one", NEW, NEW]).await,
        };
        assert!(page.status == 403 && page.text().contains("is not right"), "{}", page.text());
    }
    // The fifth, at the sign-in of the same browser.
    let mut signing_in = this.clone();
    signing_in.jar().end_session();
    assert!(signing_in.cookies(ACCOUNTS).len() == 1, "the device's");
    assert!(corp.type_in(&mut signing_in, "alice", "not this one").await.text().contains(WRONG));
    assert_eq!(corp.sandbox.directory.binds("alice").1 - before, 5);
    let page = change(&corp, &mut this, [&password, NEW, NEW]).await;
    assert!(page.text().contains("The current password is not right."), "held: {}", page.text());
    assert_eq!(corp.sandbox.directory.binds("alice").1 - before, 5, "PWD-05: the directory is not asked");
    assert_eq!(corp.password("alice"), password);
}

/// LDAP-12: the session is of a person, and the name that they had may be another's by now.
#[tokio::test]
async fn a_name_that_changed_hands_does_not_hand_over_the_page() {
    let corp = Corp::start(TOKEN).await;
    let mut this = corp.world().browser();
    let secret = corp.register_in(&mut this, "alice").await;
    corp.world().clock.advance(STEP);
    corp.sandbox.directory.rename_upn("alice", "alicia@corp.example");
    corp.sandbox.directory.rename_upn("bob", "alice@mail.corp.example");
    let directory = &corp.sandbox.directory;
    assert!(directory.recreate("alice"));
    directory.rename_upn("alice", "alice@corp.example");
    // The same name and password, and another security identifier.
    let page = remove(&corp, &mut this, &corp.password("alice"), &corp.code(&secret, 0).await).await;
    assert!(page.text().contains("The password is not right"), "LDAP-12: {}", page.text());
    assert_eq!(corp.rows("devices").await, 1, "LDAP-12");
    let event = corp.world().audit().await.pop().unwrap();
    assert_eq!(event.details["cause"], "another-person", "{}", event.details);
}
