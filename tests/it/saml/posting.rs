//! The consumer service, where anybody may post: it believes what it verifies, spends nothing, and keeps only what holds.

use http::Method;
use vestibule_conformance::wire::Request;
use vestibule_tests::saml::SamlWorld;

use super::{holding, post};

/// SAML-02, SDP-SP08.
#[tokio::test]
async fn responses_come_by_post_alone() {
    let saml = SamlWorld::start("").await;
    let (_, form) = holding(&saml).await;
    let url = saml.world.url("saml", "/saml/acs");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLResponse", form.field("SAMLResponse").unwrap())
        .append_pair("RelayState", form.field("RelayState").unwrap())
        .finish();
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let request = Request::new(method.clone(), &format!("{url}?{query}")).unwrap();
        let page = saml.world.browser().request(request).await.unwrap();
        assert_eq!(page.status, 405, "{method}");
    }
    let json = Request::new(Method::POST, &url)
        .unwrap()
        .header("content-type", "application/json")
        .unwrap()
        .body("{}");
    assert_eq!(saml.world.browser().request(json).await.unwrap().status, 400);
}

/// Two readers would each take another one.
#[tokio::test]
async fn a_field_that_stands_twice_or_not_at_all_is_refused() {
    let saml = SamlWorld::start("").await;
    let (mut browser, form) = holding(&saml).await;
    let (response, relay) =
        (form.field("SAMLResponse").unwrap().to_owned(), form.field("RelayState").unwrap().to_owned());
    for fields in [
        vec![("RelayState", relay.as_str())],
        vec![("SAMLResponse", ""), ("RelayState", &relay)],
        vec![("SAMLResponse", &response), ("SAMLResponse", &response), ("RelayState", &relay)],
        vec![("SAMLResponse", &response), ("RelayState", &relay), ("RelayState", &relay)],
    ] {
        let page = post(&saml, &fields).await;
        assert!(
            page.status.is_client_error() && page.text().contains("SAML-MESSAGE"),
            "{fields:?}: {}",
            page.text()
        );
    }
    // Nothing of that burnt the sign-in.
    let page = browser.auto_submit(&form).await.unwrap();
    assert_eq!(page.text_body(), "the application");
}

/// SAML-27: without a relay state of ours nobody asked for it.
#[tokio::test]
async fn a_response_with_a_foreign_relay_state_is_unsolicited() {
    let saml = SamlWorld::start("").await;
    let (_, form) = holding(&saml).await;
    let response = form.field("SAMLResponse").unwrap();
    let relay = form.field("RelayState").unwrap();
    let mut changed = relay.to_owned().into_bytes();
    changed[5] ^= 1;
    let changed = String::from_utf8(changed).unwrap();
    for relay in
        ["", "https://evil.example/", "//evil.example", "javascript:alert(1)", changed.as_str(), &relay[1..]]
    {
        let page = post(&saml, &[("SAMLResponse", response), ("RelayState", relay)]).await;
        assert_eq!(page.status, 403, "{relay}");
        assert!(
            page.text().contains("SAML-UNSOLICITED") && page.location().is_none(),
            "{relay}: {}",
            page.text()
        );
    }
}

/// SAML-33: one provider, two organisations of this broker.
#[tokio::test]
async fn a_response_for_one_organisation_opens_no_other() {
    let saml = SamlWorld::start("scoped_entity_id = true").await;
    saml.world.change(&saml.manifest("beta", "scoped_entity_id = true")).await;
    saml.until_known().await;
    let (_, acme) = holding(&saml).await;
    let mut victim = saml.world.browser();
    let page = saml.until_response(&mut victim, &saml.world.url("beta", "/"), "none").await;
    let beta = page.form_with("SAMLResponse").unwrap();
    // The response of the one with the relay state of the other: the audience tells them apart.
    let crossed = [
        ("SAMLResponse", acme.field("SAMLResponse").unwrap()),
        ("RelayState", beta.field("RelayState").unwrap()),
    ];
    let page = post(&saml, &crossed).await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("SAML-AUDIENCE"), "{}", page.text());
    let page = victim.auto_submit(&beta).await.unwrap();
    assert_eq!(page.text_body(), "the application");
}

/// SAML-27: with one entity id for both, the request tells them apart, once the browser is there.
#[tokio::test]
async fn a_response_to_another_request_is_refused_and_the_sign_in_stays() {
    let saml = SamlWorld::start("").await;
    let (_, other) = holding(&saml).await;
    let (mut browser, own) = holding(&saml).await;
    let crossed = own.clone().with("SAMLResponse", other.field("SAMLResponse").unwrap());
    let before = saml.world.audit().await.len();
    let page = browser.auto_submit(&crossed).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    saml.world.assert_refused(before, "SAML-REQUEST").await;
    // What was presented is used up, and only that.
    let page = browser.auto_submit(&own).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    let again = [
        ("SAMLResponse", other.field("SAMLResponse").unwrap()),
        ("RelayState", other.field("RelayState").unwrap()),
    ];
    assert!(post(&saml, &again).await.text().contains("SAML-REPLAY"));
}

/// One place for each sign-in and assertion (architecture 2, step 4).
#[tokio::test]
async fn the_same_octets_find_the_same_place_and_others_none() {
    let saml = SamlWorld::start("").await;
    let (mut browser, form) = holding(&saml).await;
    let fields = [
        ("SAMLResponse", form.field("SAMLResponse").unwrap()),
        ("RelayState", form.field("RelayState").unwrap()),
    ];
    let url = saml.world.url("saml", "/saml/acs");
    let mut places = Vec::new();
    for _ in 0..2 {
        let mut stranger = saml.world.browser();
        stranger.stop_before(Some("/landing"));
        let page = stranger.request(Request::post(&url, &fields).unwrap()).await.unwrap();
        assert_eq!(page.status, 303);
        places.push(page.location().unwrap());
    }
    assert_eq!(places[0], places[1]);
    // Without the cookie of the sign-in the place is worth nothing, and stays.
    let stranger = saml.world.browser().open(places[0].as_str()).await.unwrap();
    assert!(stranger.status == 400 && stranger.text().contains("SIGN-IN-COOKIE"), "{}", stranger.text());
    let page = browser.auto_submit(&form).await.unwrap();
    assert_eq!(page.text_body(), "the application");
}

/// SAML-68: a megabyte of anything, and a message that would be ten.
#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let saml = SamlWorld::start("").await;
    let (_, form) = holding(&saml).await;
    let relay = form.field("RelayState").unwrap();
    for (octet, count) in [("A", 1024 * 1024), ("%", 1024 * 1024), ("=", 600 * 1024)] {
        let text = octet.repeat(count);
        let page = post(&saml, &[("SAMLResponse", &text), ("RelayState", relay)]).await;
        assert!(page.status.is_client_error(), "{octet}: {}", page.status);
    }
}

/// The likeliest mistake at a provider: whoever comes back there reads a page.
#[tokio::test]
async fn an_answer_at_a_wrong_address_gets_a_page_and_a_script_gets_json() {
    let saml = SamlWorld::start("").await;
    for (mode, kind) in [("navigate", "text/html"), ("cors", "application/json")] {
        let url = saml.world.url("saml", "/acs");
        let request = Request::post(&url, &[("SAMLResponse", "x")]).unwrap();
        let request = request.header("sec-fetch-mode", mode).unwrap();
        let page = saml.world.browser().request(request).await.unwrap();
        assert_eq!(page.status, 404);
        assert!(page.header("content-type").unwrap().starts_with(kind), "{mode}");
    }
}
