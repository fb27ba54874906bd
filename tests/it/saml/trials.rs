//! Test sign-ins: whoever is lured to one is asked first, and what comes of them is written down.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_conformance::wire::Request;
use vestibule_tests::saml::SamlWorld;

use super::faults::ticket;
use super::post;

#[tokio::test]
async fn nobody_is_sent_to_the_provider_without_having_pressed_the_button() {
    let saml = SamlWorld::start("").await;
    let url = saml.world.url("accounts", &format!("/test?ticket={}", ticket(&saml).await));
    let own = saml.world.origin("accounts");
    let mut browser = saml.world.browser();
    for address in [url.clone(), format!("{url}&again=1")] {
        let page = browser.open(&address).await.unwrap();
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, address.as_str()));
        assert!(page.header("set-cookie").is_none());
    }
    let question = browser.open(&url).await.unwrap().form_with("ticket").unwrap();
    let (ticket, post) = (question.field("ticket").unwrap(), saml.world.url("accounts", "/test"));
    for origin in ["https://evil.example", "null", &saml.world.origin("acme")] {
        let request = Request::post(&post, &[("ticket", ticket)]).unwrap().header("origin", origin).unwrap();
        let page = browser.request(request).await.unwrap();
        assert!(page.status == 403 && page.text().contains("REQUEST-ORIGIN"), "{origin}: {}", page.text());
    }
    let request = Request::post(&post, &[("ticket", "x")]).unwrap().header("origin", &own).unwrap();
    assert_eq!(browser.request(request).await.unwrap().status, 400);
    let page = browser.submit(&question).await.unwrap();
    assert!(page.url.as_str().starts_with(saml.origin()), "{}", page.url);
}

#[tokio::test]
async fn who_was_tested_is_written_down() {
    let saml = SamlWorld::start("").await;
    let url = saml.world.url("accounts", &format!("/test?ticket={}", ticket(&saml).await));
    let mut concluded = Vec::new();
    for fault in ["none", "wrong-audience"] {
        let before = saml.world.audit().await.len();
        // The second time the report of the first is there.
        saml.sign_in(&mut saml.world.browser(), &format!("{url}&again=1"), fault).await;
        let events = saml.world.audit().await;
        assert_eq!(events.len(), before + 1, "{fault}");
        assert_eq!(events[before].event, "test.concluded");
        concluded.push(events[before].details.clone());
    }
    assert_eq!((&concluded[0]["upn"], &concluded[0]["code"]), (&"alice@corp.example".into(), &().into()));
    assert_eq!((&concluded[1]["upn"], &concluded[1]["code"]), (&().into(), &"SAML-AUDIENCE".into()));
}

/// Whoever has the address can post what they like; it never takes the place of those who come in.
#[tokio::test]
async fn responses_that_prove_nothing_fill_nothing() {
    let saml = SamlWorld::start("").await;
    let url = saml.world.url("accounts", &format!("/test?ticket={}", ticket(&saml).await));
    for number in 0..9 {
        let mut browser = saml.world.browser();
        let page = saml.until_response(&mut browser, &url, "none").await;
        let relay = page.form_with("SAMLResponse").unwrap().field("RelayState").unwrap().to_owned();
        let noise = STANDARD.encode(format!("<noise{number}/>"));
        let page = post(&saml, &[("SAMLResponse", &noise), ("RelayState", &relay)]).await;
        assert_eq!(page.text().contains("STORE-BUSY"), number == 8, "{number}: {}", page.text());
    }
    let page = saml.sign_in(&mut saml.world.browser(), &saml.world.url("acme", "/"), "none").await;
    assert_eq!(page.text_body(), "the application");
}
