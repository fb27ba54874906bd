//! Where a response meets its browser: once, soon, and in no other.

use std::time::Duration;

use vestibule_conformance::saml::{Message, instant};
use vestibule_conformance::wire::{Browser, Request};
use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::{Manifest, Scheme};

use super::forging::{alice, asked, signed};
use super::holding;

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// The workspace's own maximum.
const OURS: Duration = Duration::from_hours(2);

/// The way from the consumer service to the landing, not yet gone.
async fn landing(saml: &SamlWorld) -> (Browser, String) {
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
    let (ten_minutes, eight_hours) = (Duration::from_mins(10), Duration::from_hours(8));
    for (row, theirs, lasts) in [
        ("sooner than ours", Some(ten_minutes), ten_minutes),
        ("a second sooner", Some(OURS.saturating_sub(SECOND)), OURS.saturating_sub(SECOND)),
        ("a second later", Some(OURS + SECOND), OURS),
        ("hours later", Some(eight_hours), OURS),
        ("no end", None, OURS),
    ] {
        let saml = with_a_maximum().await;
        let mut browser = signed_in(&saml, theirs).await;
        let session = browser.open(&saml.world.url("acme", "/.vestibule/session")).await.unwrap().json();
        let end = (saml.world.clock.seconds())() + i64::try_from(lasts.as_secs()).unwrap();
        assert_eq!(session["maximum_expires_at"], instant(end), "{row}: {session}");
        for (wait, lives) in [(lasts.saturating_sub(MILLISECOND), true), (MILLISECOND, false)] {
            saml.world.application.forget();
            saml.world.clock.advance(wait);
            let request = Request::get(&saml.world.url("acme", "/")).unwrap();
            let page = browser.request(request).await.unwrap();
            assert_eq!(page.status, if lives { 200 } else { 401 }, "{row}, lives {lives}: {}", page.text());
            assert_eq!(saml.world.application.received().len(), usize::from(lives), "{row}");
        }
        let audit = saml.world.audit().await;
        assert_eq!(audit.last().unwrap().event, "session.ended", "{row}");
    }
}

/// A workspace whose sessions last as long as [`OURS`], whatever is done or not.
async fn with_a_maximum() -> SamlWorld {
    let saml = SamlWorld::bare(Scheme::Http).await;
    let sessions = "idle = \"off\"\nmaximum = \"2h\"".to_owned();
    saml.world.change(&Manifest { sessions, ..saml.manifest("acme", "") }).await;
    saml.until_known().await;
    saml
}

/// In by a response whose `SessionNotOnOrAfter` is so far ahead.
async fn signed_in(saml: &SamlWorld, ahead: Option<Duration>) -> Browser {
    let mut browser = saml.world.browser();
    let page = browser.open(&saml.world.url("acme", "/")).await.unwrap();
    let (request, _) = asked(saml, &page);
    let mut message = Message::good(&request, &alice());
    let statement = message.assertion.as_mut().unwrap().authn.as_mut().unwrap();
    statement.session_not_on_or_after =
        ahead.map(|ahead| request.now + i64::try_from(ahead.as_secs()).unwrap());
    let page = saml.choose(&mut browser, &page, "alice", "none").await;
    let form = page.form_with("SAMLResponse").unwrap().with("SAMLResponse", &signed(saml, &message));
    let page = browser.auto_submit(&form).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    browser
}
