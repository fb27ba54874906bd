//! Where a response meets its browser: once, soon, and in no other.

use std::time::Duration;

use vestibule_conformance::wire::Request;
use vestibule_tests::saml::SamlWorld;

use super::holding;

/// The way from the consumer service to the landing, not yet gone.
async fn landing(saml: &SamlWorld) -> (vestibule_conformance::wire::Browser, String) {
    let (mut browser, form) = holding(saml).await;
    browser.stop_before(Some("/landing"));
    let page = browser.auto_submit(&form).await.unwrap();
    browser.stop_before(None);
    let place = page.location().unwrap().to_string();
    (browser, place)
}

#[tokio::test]
async fn a_response_is_taken_once_also_after_a_restart() {
    let mut saml = SamlWorld::start("").await;
    let (mut browser, form) = holding(&saml).await;
    let page = browser.auto_submit(&form).await.unwrap();
    assert_eq!(page.text_body(), "the application");
    for restarted in [false, true] {
        if restarted {
            saml.world.restart().await;
        }
        let before = saml.world.audit().await.len();
        let page = browser.auto_submit(&form).await.unwrap();
        assert_eq!(page.status, 403, "{}", page.text());
        saml.world.assert_refused(before, "SAML-REPLAY").await;
    }
}

#[tokio::test]
async fn a_restart_between_posting_and_landing_loses_nothing() {
    let mut saml = SamlWorld::start("").await;
    let (mut browser, place) = landing(&saml).await;
    saml.world.restart().await;
    let page = browser.open(&place).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    let again = browser.open(&place).await.unwrap();
    assert!(again.text().contains("SIGN-IN-REPLAY"), "{}", again.text());
}

#[tokio::test]
async fn another_browser_gets_nothing_and_takes_nothing() {
    let saml = SamlWorld::start("").await;
    let (mut browser, place) = landing(&saml).await;
    let (mut other, _) = holding(&saml).await;
    let page = other.open(&place).await.unwrap();
    assert!(page.status == 400 && page.text().contains("SIGN-IN-COOKIE"), "{}", page.text());
    let page = browser.open(&place).await.unwrap();
    assert_eq!(page.text_body(), "the application");
}

#[tokio::test]
async fn a_minute_later_it_is_gone() {
    for (seconds, there) in [(59, true), (60, false)] {
        let saml = SamlWorld::start("").await;
        let (mut browser, place) = landing(&saml).await;
        saml.world.clock.advance(Duration::from_secs(seconds));
        let page = browser.open(&place).await.unwrap();
        assert_eq!(page.text_body() == "the application", there, "{seconds} s: {}", page.text());
    }
}

#[tokio::test]
async fn nothing_lands_inside_another_page() {
    let saml = SamlWorld::start("").await;
    let (mut browser, place) = landing(&saml).await;
    for destination in ["iframe", "image", "empty"] {
        let request = Request::get(&place).unwrap().header("sec-fetch-dest", destination).unwrap();
        let page = saml.world.browser().request(request).await.unwrap();
        assert_eq!(page.status, 403);
        assert!(page.text().contains("REQUEST-DESTINATION") && page.header("set-cookie").is_none());
    }
    assert_eq!(browser.open(&place).await.unwrap().text_body(), "the application");
}

/// saml-core §2.7.2, SAML-26: the provider's session ends ours, never later than it would have ended.
#[tokio::test]
async fn a_session_ends_with_the_providers_own() {
    let saml = SamlWorld::start("").await;
    let mut browser = saml.world.browser();
    saml.sign_in(&mut browser, &saml.world.url("acme", "/"), "none").await;
    let session = browser.open(&saml.world.url("acme", "/.vestibule/session")).await.unwrap().json();
    assert!(session["maximum_expires_at"].is_string(), "{session}");
}
