//! The catalogue of attacks, posted to the running broker as any stranger can: each is refused with its code, sets nothing and
//! spends nothing, so that the sign-in they were aimed at still succeeds.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_conformance::hostile::saml::{Case, Setting, Verdict, catalogue};
use vestibule_conformance::saml::Key;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::saml::SamlWorld;

use super::forging::{alice, asked, key};
use super::post;

const DEMANDING: &str =
    "force_authn = true\nauthentication_context = \"PasswordProtectedTransport\"\ncomparison = \"exact\"";
/// What only the browser can tell: which request it has made, and when. `landing` and `faults` have them.
const AT_THE_LANDING: [&str; 2] = ["SAML-15", "SAML-27"];

/// A sign-in that has reached the provider: its browser, its page and its relay state, and every message that could answer it.
async fn aimed(saml: &SamlWorld) -> (Browser, Page, String, Vec<Case>) {
    let mut browser = saml.world.browser();
    let page = browser.open(&saml.world.url("acme", "/")).await.unwrap();
    let (request, relay_state) = asked(saml, &page);
    let keys = saml.world.app().service_provider().await.unwrap();
    let setting = Setting {
        request,
        identity: alice(),
        trusted: key(saml),
        certificate: saml.sandbox.certificate().to_vec(),
        attacker: Arc::new(Key::generate_rsa(2048).unwrap()),
        encryption: Some(keys.encryption.current.certificate.der().to_vec()),
        skew: 180,
        context: Some("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".to_owned()),
        forced: true,
    };
    (browser, page, relay_state, catalogue(&setting))
}

#[tokio::test]
async fn strangers_are_refused_and_burn_nothing() {
    let saml = SamlWorld::start(DEMANDING).await;
    let (mut browser, page, relay, cases) = aimed(&saml).await;
    let mut posted = 0;
    for case in &cases {
        let Verdict::Refused(codes) = case.verdict else { continue };
        if codes.is_empty() || AT_THE_LANDING.contains(&case.row) {
            continue;
        }
        let response = STANDARD.encode(&case.message);
        let page = post(&saml, &[("SAMLResponse", &response), ("RelayState", &relay)]).await;
        let row = format!("{} ({:?})", case.name, case.form);
        assert!(page.status.is_client_error(), "{row}: {}", page.status);
        assert!(page.header("set-cookie").is_none(), "{row}");
        let text = page.text();
        let known = codes.iter().any(|code| text.contains(code)) || page.status == 413;
        assert!(known, "{row}: expected one of {codes:?}: {text}");
        posted += 1;
    }
    assert!(posted > 700, "{posted} attacks");
    let page = saml.choose(&mut browser, &page, "alice", "none").await;
    let page = browser.auto_submit(&page.form_with("SAMLResponse").unwrap()).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
}
