//! Sign-ins that the provider begins: refused, or, where a connection allows them, asked about and bound to the browser that was
//! asked (SML-15, SAML-31).

use std::time::Duration;

use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::saml::SamlWorld;

const ALLOWED: &str = "idp_initiated = true\nscoped_entity_id = true";

/// The provider's portal: the person signs in there, and its response waits to be posted.
async fn begun(saml: &SamlWorld, browser: &mut Browser) -> Page {
    let page = browser.open(&format!("{}/saml/unsolicited", saml.origin())).await.unwrap();
    let page = saml.choose(browser, &page, "alice", "none").await;
    let form = page.form_with("SAMLResponse").unwrap();
    browser.auto_submit(&form).await.unwrap()
}

/// A world whose sandbox begins for `acme`.
async fn world(lines: &str) -> SamlWorld {
    let saml = SamlWorld::bare(vestibule_tests::world::Scheme::Http).await;
    saml.apply(lines).await;
    let id = saml.world.app().deployment.load_full().tenants().next().unwrap().organization.id;
    saml.begin_for(&format!("{}/{id}", saml.world.origin("saml")));
    saml
}

#[tokio::test]
async fn where_it_is_not_allowed_the_page_says_how_to_start_instead() {
    let saml = world("scoped_entity_id = true").await;
    let before = saml.world.audit().await.len();
    let page = begun(&saml, &mut saml.world.browser()).await;
    assert_eq!(page.status, 403);
    assert!(
        page.text().contains("SAML-UNSOLICITED") && page.text().contains("its own address"),
        "{}",
        page.text()
    );
    saml.world.assert_refused(before, "SAML-UNSOLICITED").await;
}

#[tokio::test]
async fn where_it_is_allowed_only_the_button_opens_the_workspace() {
    let saml = world(ALLOWED).await;
    let mut browser = saml.world.browser();
    let asked = begun(&saml, &mut browser).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert!(
        asked.text().contains("Acme acme") && asked.text().contains("alice@corp.example"),
        "{}",
        asked.text()
    );
    assert!(!saml.world.has_session(&mut browser, "acme").await, "nothing opened by itself");
    let form = asked.form_with("form_token").unwrap();
    let page = browser.submit(&form).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
    assert_eq!(page.url.as_str(), saml.world.url("acme", "/"));
    // Once.
    let again = browser.submit(&form).await.unwrap();
    assert!(again.status.is_client_error(), "{}", again.text());
}

#[tokio::test]
async fn the_button_is_worth_nothing_elsewhere() {
    let saml = world(ALLOWED).await;
    let mut browser = saml.world.browser();
    let asked = begun(&saml, &mut browser).await;
    let form = asked.form_with("form_token").unwrap();
    let (code, token) = (form.field("code").unwrap(), form.field("form_token").unwrap());
    let url = saml.world.url("accounts", "/landing");
    let own = saml.world.origin("accounts");
    let post = |fields: &[(&str, &str)], origin: &str| {
        Request::post(&url, fields).unwrap().header("origin", origin).unwrap()
    };
    // Another browser, which was never asked.
    let page =
        saml.world.browser().request(post(&[("code", code), ("form_token", token)], &own)).await.unwrap();
    assert!(page.status == 400 && page.text().contains("SIGN-IN-COOKIE"), "{}", page.text());
    // Somebody else's page, a sibling host, no origin at all.
    for origin in ["https://evil.example", "null", &saml.world.origin("acme")] {
        let page = browser.request(post(&[("code", code), ("form_token", token)], origin)).await.unwrap();
        assert!(page.status == 403 && page.text().contains("REQUEST-ORIGIN"), "{origin}: {}", page.text());
    }
    // Another token.
    let page = browser.request(post(&[("code", code), ("form_token", "x")], &own)).await.unwrap();
    assert!(page.status == 403 && page.text().contains("REQUEST-FORM-TOKEN"), "{}", page.text());
    assert!(!saml.world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn it_waits_a_minute_and_no_longer() {
    let saml = world(ALLOWED).await;
    let mut browser = saml.world.browser();
    let asked = begun(&saml, &mut browser).await;
    saml.world.clock.advance(Duration::from_mins(1));
    let page = browser.submit(&asked.form_with("form_token").unwrap()).await.unwrap();
    assert!(page.status == 400 && page.text().contains("SIGN-IN-EXPIRED"), "{}", page.text());
}

/// Somebody else's response in my browser: the page names them, and my own session stays mine until I press.
#[tokio::test]
async fn a_response_of_somebody_else_changes_nothing_by_itself() {
    let saml = world(ALLOWED).await;
    let mut mine = saml.world.browser();
    let page = mine.open(&saml.world.url("acme", "/")).await.unwrap();
    let page = saml.choose(&mut mine, &page, "bob", "none").await;
    let page = mine.auto_submit(&page.form_with("SAMLResponse").unwrap()).await.unwrap();
    assert_eq!(page.text_body(), "the application");
    let mut attacker = saml.world.browser();
    let page = attacker.open(&format!("{}/saml/unsolicited", saml.origin())).await.unwrap();
    let page = saml.choose(&mut attacker, &page, "alice", "none").await;
    let theirs = page.form_with("SAMLResponse").unwrap();
    let asked = mine.auto_submit(&theirs).await.unwrap();
    assert!(asked.text().contains("alice@corp.example"), "{}", asked.text());
    let session = mine.open(&saml.world.url("acme", "/.vestibule/session")).await.unwrap().json();
    assert_eq!(session["claims"]["cip_upn"], "bob@corp.example");
}

/// Opened again and again, the page leaves one cookie: many would push out the browser's others.
#[tokio::test]
async fn the_page_leaves_one_cookie_however_often_it_is_opened() {
    let saml = world(ALLOWED).await;
    let mut browser = saml.world.browser();
    let asked = begun(&saml, &mut browser).await;
    let name = |page: &Page| page.header("set-cookie").unwrap().split_once('=').unwrap().0.to_owned();
    let again = browser.open(asked.url.as_str()).await.unwrap();
    assert_eq!(name(&asked), name(&again));
    let page = browser.submit(&asked.form_with("form_token").unwrap()).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
}

/// Of one provider's many customers each is found by the audience, however many come before it.
#[tokio::test]
async fn the_last_of_many_organisations_of_one_provider_is_found() {
    let saml = SamlWorld::bare(vestibule_tests::world::Scheme::Http).await;
    for number in 0..18 {
        saml.world.change(&saml.manifest(&format!("org-{number}"), ALLOWED)).await;
    }
    saml.until_known().await;
    let ids: Vec<_> =
        saml.world.app().deployment.load_full().tenants().map(|one| one.organization.id).collect();
    assert_eq!(ids.len(), 18);
    for id in ids {
        saml.begin_for(&format!("{}/{id}", saml.world.origin("saml")));
        let asked = begun(&saml, &mut saml.world.browser()).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
    }
    saml.begin_for(&saml.world.origin("saml"));
    let refused = begun(&saml, &mut saml.world.browser()).await;
    assert!(refused.text().contains("SAML-AUDIENCE"), "{}", refused.text());
}
