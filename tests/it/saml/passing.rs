//! The way through, in every form that a connection may have.

use vestibule_tests::saml::SamlWorld;

#[tokio::test]
async fn somebody_comes_in_by_either_binding_signed_or_not_encrypted_or_not() {
    for (lines, encrypted) in [
        ("", false),
        ("binding = \"post\"", false),
        ("sign_requests = false\nbinding = \"post\"", false),
        ("signed = \"both\"\nforce_authn = true", true),
        ("authentication_context = \"PasswordProtectedTransport\"\ncomparison = \"exact\"", true),
        ("scoped_entity_id = true", false),
    ] {
        let saml = SamlWorld::start(lines).await;
        if encrypted {
            saml.encrypt().await;
        }
        let mut browser = saml.world.browser();
        let mut page = browser.open(&saml.world.url("acme", "/reports?from=1")).await.unwrap();
        if let Ok(form) = page.form_with("SAMLRequest") {
            page = browser.auto_submit(&form).await.unwrap();
        }
        let page = saml.choose(&mut browser, &page, "alice", "none").await;
        let form = page.form_with("SAMLResponse").unwrap();
        let page = browser.auto_submit(&form).await.unwrap();
        assert_eq!(
            (page.status.as_u16(), page.text_body().as_str()),
            (200, "the application"),
            "{lines}: {} {}",
            page.url,
            page.text()
        );
        assert!(page.url.as_str().ends_with("/reports?from=1"), "{}", page.url);
        let session = browser.open(&saml.world.url("acme", "/.vestibule/session")).await.unwrap().json();
        assert_eq!(session["claims"]["cip_upn"], "alice@corp.example");
        assert_eq!(session["provenance"]["cip_sid"], "any:assertion");
        assert_eq!(session["kind"], "saml");
    }
}
