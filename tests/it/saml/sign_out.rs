//! Sign-out: ours first, then the provider's by an unsigned request, and back (AMB-03).

use vestibule_conformance::saml::redirect;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::saml::SamlWorld;

async fn signed_in(saml: &SamlWorld) -> Browser {
    let mut browser = saml.world.browser();
    let page = saml.sign_in(&mut browser, &saml.world.url("acme", "/"), "none").await;
    assert_eq!(page.text_body(), "the application");
    browser
}

async fn press(saml: &SamlWorld, browser: &mut Browser) -> Page {
    let question = browser.open(&saml.world.url("acme", "/.vestibule/sign-out")).await.unwrap();
    browser.submit(&question.form_with("form_token").unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_providers_session_ends_too_and_the_person_comes_back() {
    let saml = SamlWorld::start("").await;
    let mut browser = signed_in(&saml).await;
    let page = press(&saml, &mut browser).await;
    let (_, to) = page.refresh().expect("the page goes on to the provider");
    assert!(to.as_str().starts_with(saml.origin()), "{to}");
    let request = redirect::decode(to.query().unwrap()).unwrap();
    assert!(!request.signed && request.xml.contains("LogoutRequest"), "{}", request.xml);
    assert!(!saml.world.has_session(&mut browser, "acme").await, "ours is over before the provider is asked");
    let page = browser.settle(page).await.unwrap();
    assert!(page.url.as_str().ends_with("/.vestibule/signed-out"), "{}", page.url);
    // The provider asks anew.
    let page = browser.open(&saml.world.url("acme", "/.vestibule/sign-in?to=/")).await.unwrap();
    assert!(page.url.as_str().starts_with(saml.origin()), "{}", page.url);
}

#[tokio::test]
async fn without_a_logout_address_only_our_session_ends() {
    let saml = SamlWorld::start("logout_url = \"off\"").await;
    let mut browser = signed_in(&saml).await;
    let page = press(&saml, &mut browser).await;
    assert!(page.url.as_str().ends_with("/.vestibule/signed-out"), "{}", page.url);
    assert!(!saml.world.has_session(&mut browser, "acme").await);
}

/// SML-12, SAML-67: what comes back decides nothing, and a parameter that stands twice is nobody's.
#[tokio::test]
async fn the_callback_believes_nothing_and_leads_nowhere_else() {
    let saml = SamlWorld::start("").await;
    let mut browser = signed_in(&saml).await;
    browser.stop_before(Some("/saml/logout/callback"));
    let page = press(&saml, &mut browser).await;
    let page = browser.settle(page).await.unwrap();
    browser.stop_before(None);
    let back = page.location().expect("the provider's answer");
    let get = async |url: &str| saml.world.browser().open(url).await.unwrap();
    let query = back.query().unwrap().to_owned();
    let base = saml.world.url("saml", "/saml/logout/callback");
    let (answer, relay): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.starts_with("SAMLResponse"));
    let (answer, relay) =
        (answer[0], relay.iter().find(|pair| pair.starts_with("RelayState")).unwrap().to_string());
    let bomb =
        redirect::encode(redirect::Parameter::Response, &format!("<a>{}</a>", "b".repeat(1024 * 1024)), None);
    for (row, query) in [
        ("no relay state", answer.to_owned()),
        ("somebody else's", format!("{answer}&RelayState=https%3A%2F%2Fevil.example")),
        ("no answer", relay.clone()),
        ("an empty one", format!("SAMLResponse=&{relay}")),
        ("a bomb", format!("{bomb}&{relay}")),
        ("the answer twice", format!("{answer}&{answer}&{relay}")),
        ("the relay state twice", format!("{answer}&{relay}&{relay}")),
    ] {
        let page = get(&format!("{base}?{query}")).await;
        assert_eq!(page.status, 400, "{row}: {}", page.text());
        assert!(page.text().contains("SAML-LOGOUT"), "{row}: {}", page.text());
    }
    let page = get(&format!("{base}?SAMLRequest=AAAA&{relay}")).await;
    assert!(page.status == 404 && page.text().contains("NOT-BUILT"), "{}", page.text());
    let page = get(back.as_str()).await;
    assert!(page.url.as_str().ends_with("/.vestibule/signed-out"), "{}", page.url);
    let page = get(&saml.world.url("saml", "/saml/logout?SAMLRequest=AAAA")).await;
    assert!(page.status == 404 && page.text().contains("NOT-BUILT"), "{}", page.text());
}
