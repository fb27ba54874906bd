//! The way through, in every form that a connection may have.

use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::Scheme;

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

/// CLM-15: where no directory's identifier tells people apart, a NameID that is missing would make them all one.
#[tokio::test]
async fn without_a_directory_a_person_needs_a_name_id() {
    for (directory, fault, code) in [
        (true, "none", None),
        (true, "no-name-id", None),
        // The sandbox sends an e-mail address.
        (false, "none", Some("SAML-SUBJECT")),
        (false, "no-name-id", Some("SAML-SUBJECT")),
    ] {
        let saml = SamlWorld::bare(Scheme::Http).await;
        let mut manifest = saml.manifest("acme", "");
        if !directory {
            manifest.directories.clear();
            manifest.connections =
                manifest.connections.replace("directories = [\"corp\"]", "dangerous_any_directory = true");
        }
        saml.world.change(&manifest).await;
        saml.until_known().await;
        let before = saml.world.audit().await.len();
        let page = saml.sign_in(&mut saml.world.browser(), &saml.world.url("acme", "/"), fault).await;
        match code {
            None => assert_eq!(page.text_body(), "the application", "{directory} {fault}: {}", page.text()),
            Some(code) => saml.world.assert_refused(before, code).await,
        }
    }
}
