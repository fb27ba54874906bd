//! What strangers and other browsers may not do (PWD-11, SESS-03, SESS-15, HTTP-16).

use vestibule_conformance::wire::Request;

use super::{ADA, MINUTE, Office, PASSWORD, assert_code};

/// SESS-03: what an attacker began opens nothing in the victim's browser, and the other way round.
#[tokio::test]
async fn a_ticket_is_of_no_use_in_another_browser() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
    let form = page.form_saying("Verify").unwrap().with("code", &office.code(&ada.secret, 0).await);
    let mut other = office.world.browser();
    assert_code(&other.submit(&form).await.unwrap(), 400, "SIGN-IN-COOKIE");
    // In a sign-in of its own the ticket is another's, and is used up by the attempt.
    let theirs = other.open(&office.console("/")).await.unwrap();
    let action = theirs.form_with("password").unwrap().action.as_str().replace("/sign-in?", "/sign-in/code?");
    let fields = [("ticket", form.field("ticket").unwrap()), ("code", form.field("code").unwrap())];
    let request = Request::post(&action, &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    assert_code(&other.request(request).await.unwrap(), 400, "TOKEN-TICKET");
    assert!(office.session(&mut other).await.is_none());
}

/// PWD-11: no address leads past a step.
#[tokio::test]
async fn no_step_is_reached_without_the_one_before() {
    let office = Office::start().await;
    office.ada().await;
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let form = page.form_with("password").unwrap();
    let token = "A".repeat(43);
    for path in ["code", "backup-code", "password", "choose"] {
        let mut browser = browser.clone();
        let action = form.action.as_str().replace("/sign-in?", &format!("/sign-in/{path}?"));
        for ticket in ["", "x", &token] {
            let fields =
                [("ticket", ticket), ("code", "000000"), ("organization", "acme"), ("new_password", "x")];
            let request = Request::post(&action, &fields).unwrap();
            let request = request.header("origin", &office.world.origin("accounts")).unwrap();
            let page = browser.request(request).await.unwrap();
            assert!(page.status.is_client_error(), "{path} {ticket}: {}", page.text());
        }
        let page = browser.open(&action).await.unwrap();
        assert_eq!(page.status, 405, "{path} by GET");
        assert!(office.session(&mut browser).await.is_none(), "{path}");
    }
}

/// Interface 2: an unsafe method needs exactly our origin and the form's token.
#[tokio::test]
async fn forms_of_others_sign_nobody_in_or_out() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let form = page.form_with("password").unwrap();
    let fields = [("form_token", form.field("form_token").unwrap()), ("name", ADA), ("password", PASSWORD)];
    for origin in
        ["null", "https://evil.example", &office.world.origin("acme"), &office.world.origin("console")]
    {
        let request = Request::post(form.action.as_str(), &fields).unwrap().header("origin", origin).unwrap();
        assert_code(&browser.clone().request(request).await.unwrap(), 403, "REQUEST-ORIGIN");
    }
    for token in ["", "x"] {
        let fields = [("form_token", token), ("name", ADA), ("password", PASSWORD)];
        let request = Request::post(form.action.as_str(), &fields).unwrap();
        let request = request.header("origin", &office.world.origin("accounts")).unwrap();
        assert_code(&browser.clone().request(request).await.unwrap(), 403, "REQUEST-FORM-TOKEN");
    }
    office.sign_in(&mut browser, &office.console("/"), &ada).await;
    let sign_out = office.console("/.vestibule/sign-out");
    for origin in ["null", "https://evil.example", &office.world.origin("accounts")] {
        let request =
            Request::post(&sign_out, &[("form_token", "x")]).unwrap().header("origin", origin).unwrap();
        assert_eq!(browser.request(request).await.unwrap().status, 403, "{origin}");
    }
    let request = Request::post(&sign_out, &[("form_token", "x")]).unwrap();
    let request = request.header("origin", &office.world.origin("console")).unwrap();
    assert_eq!(browser.request(request).await.unwrap().status, 403);
    assert!(office.session(&mut browser).await.is_some());
}

/// Architecture 3: no administrator's session opens an application, and no subscriber's the console.
#[tokio::test]
async fn a_cookie_of_one_door_opens_no_other() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    office.sign_in(&mut browser, &office.console("/"), &ada).await;
    office.world.sign_in(&mut browser).await;
    assert!(office.world.has_session(&mut browser, "acme").await);
    let value = |host: &str, name: &str| {
        let cookie = browser.cookie(host, &office.world.cookie_name(name));
        cookie.unwrap_or_else(|| panic!("{name} on {host}")).value.clone()
    };
    let (admin, access) =
        (value("console.vestibule.localhost", "admin"), value("acme.vestibule.localhost", "access"));
    for (label, name, token) in [
        ("console", "admin", access.as_str()),
        ("acme", "access", admin.as_str()),
        ("console", "access", access.as_str()),
        ("acme", "admin", admin.as_str()),
    ] {
        let mut other = office.world.browser();
        let url = office.world.url(label, "/.vestibule/session");
        other.set_cookie(&url, &format!("{}={token}; Path=/", office.world.cookie_name(name))).unwrap();
        assert_eq!(other.open(&url).await.unwrap().status, 401, "{name} on {label}");
    }
}

/// SESS-02: a preset cookie is nobody's session, and each sign-in has a token of its own.
#[tokio::test]
async fn each_sign_in_has_a_token_of_its_own() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    let name = office.world.cookie_name("admin");
    let preset = "A".repeat(43);
    browser.set_cookie(&office.console("/"), &format!("{name}={preset}; Path=/")).unwrap();
    let page = office.sign_in(&mut browser, &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let first = browser.cookie("console.vestibule.localhost", &name).unwrap().value.clone();
    assert_ne!(first, preset);
    office.world.clock.advance(MINUTE);
    let fresh = office.console("/.vestibule/sign-in?to=%2F&fresh=1");
    office.sign_in(&mut browser, &fresh, &ada).await;
    assert_ne!(browser.cookie("console.vestibule.localhost", &name).unwrap().value, first);
    let mut old = office.world.browser();
    old.set_cookie(&office.console("/"), &format!("{name}={first}; Path=/")).unwrap();
    assert!(office.session(&mut old).await.is_none(), "the former session ended");
}

/// What was proved by one link makes nobody by another: neither an address nor a device.
#[tokio::test]
async fn an_enrolment_is_of_its_link_alone() {
    let office = Office::start().await;
    let mine = office.link("acme", "mallory@evil.example").await;
    let theirs = office.link("beta", "boss@beta.example").await;
    let token = |link: &str| link.split("link=").nth(1).unwrap().to_owned();
    let mut browser = office.world.browser();
    let page = office.name_and_password(&mut browser, &mine).await;
    let secret = super::secret_of(&page);
    let mut form = page.form_with("code").unwrap().with("code", &office.code(&secret, 0).await);
    form.action = form.action.as_str().replace(&token(&mine), &token(&theirs)).parse().unwrap();
    let page = browser.submit(&form).await.unwrap();
    assert_code(&page, 400, "TOKEN-TICKET");
    let page = office.world.browser().open(&theirs).await.unwrap();
    assert!(page.form_with("display_name").is_ok(), "theirs is as good as before: {}", page.text());
}
