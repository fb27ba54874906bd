//! What `apply` and `check` say of a SAML connection, and what they refuse (SML-05, SAML-06).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_broker::check::{check, tickets};
use vestibule_broker::clock::Clock as _;
use vestibule_conformance::saml::{Certificate, Key};
use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::Scheme;

use crate::openid::issuer::loader;

fn by_hand(saml: &SamlWorld, certificates: &[Vec<u8>]) -> String {
    let pem = |der: &Vec<u8>| {
        let lines: Vec<String> = STANDARD
            .encode(der)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!(
            "\"\"\"\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n\"\"\"",
            lines.join("\n")
        )
    };
    let list: Vec<_> = certificates.iter().map(pem).collect();
    format!(
        "entity_id = \"{id}\"\nsso_url = \"{origin}/saml/sso\"\ncertificates = [{list}]",
        id = saml.sandbox.entity_id(),
        origin = saml.origin(),
        list = list.join(", ")
    )
}

fn ending(saml: &SamlWorld, seconds: i64) -> Vec<u8> {
    let now = (saml.world.clock.seconds())();
    let key = Key::rsa(saml.signing_key().pkcs8()).unwrap();
    Certificate { common_name: "Sandbox".to_owned(), not_before: now - 86_400, not_after: now + seconds }
        .of(&key)
}

#[tokio::test]
async fn certificates_that_have_all_ended_are_refused_by_apply_and_at_sign_in_with_one_code() {
    let saml = SamlWorld::bare(Scheme::Http).await;
    let (ended, good) = (ending(&saml, -1), ending(&saml, 3600));
    let refused = saml
        .world
        .apply(&saml.manifest("acme", &by_hand(&saml, std::slice::from_ref(&ended))))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("SAML-CERTIFICATE"), "{refused}");
    // Beside a valid one it is left out, and `check` says so.
    saml.world.change(&saml.manifest("acme", &by_hand(&saml, &[ended, good]))).await;
    let mut browser = saml.world.browser();
    let page = saml.sign_in(&mut browser, &saml.world.url("acme", "/"), "none").await;
    assert_eq!(page.text_body(), "the application");
    let findings = check(&loader(&saml.world), Some("acme"), saml.world.clock.now()).await.unwrap();
    let remarks: Vec<_> = findings.iter().filter(|one| one.check == "certificate").collect();
    assert_eq!(remarks.len(), 2);
    assert!(remarks.iter().all(|one| one.code.is_none()), "a remark, no fault");
    assert!(remarks.iter().any(|one| one.detail.contains("NOT VALID NOW")), "{remarks:?}");
    // An hour later none is left.
    saml.world.clock.advance(Duration::from_hours(2));
    let page = saml.world.browser().open(&saml.world.url("acme", "/")).await.unwrap();
    assert!(page.status == 403 && page.text().contains("SAML-CERTIFICATE"), "{}", page.text());
    let findings = check(&loader(&saml.world), Some("acme"), saml.world.clock.now()).await.unwrap();
    assert!(findings.iter().any(|one| one.code == Some("SAML-CERTIFICATE")), "{findings:?}");
}

#[tokio::test]
async fn apply_says_what_the_provider_has_to_be_told() {
    let saml = SamlWorld::bare(Scheme::Http).await;
    for (lines, scoped) in [("", false), ("scoped_entity_id = true", true)] {
        let outcome = saml.world.apply(&saml.manifest("acme", lines)).await.unwrap();
        saml.world.settle().await;
        let said = serde_json::to_value(&outcome).unwrap();
        let addresses = &said["connections"][0]["addresses"];
        let entity_id = addresses["entity_id"].as_str().unwrap();
        let shared = saml.world.origin("saml");
        assert_eq!(entity_id == shared, !scoped, "{entity_id}");
        assert!(entity_id.starts_with(&shared));
        assert_eq!(addresses["acs"], saml.world.url("saml", "/saml/acs"));
        assert_eq!(addresses["logout"], saml.world.url("saml", "/saml/logout/callback"));
        let page = saml.world.browser().open(addresses["metadata"].as_str().unwrap()).await.unwrap();
        assert!(page.text_body().contains(&format!("entityID=\"{entity_id}\"")), "{}", page.text_body());
        assert!(addresses.get("redirect_uri").is_none());
    }
}

#[tokio::test]
async fn check_fetches_metadata_anew_and_hands_out_a_test_sign_in() {
    let saml = SamlWorld::start("").await;
    let findings = check(&loader(&saml.world), Some("acme"), saml.world.clock.now()).await.unwrap();
    let names: Vec<_> = findings.iter().map(|one| (one.check.clone(), one.code)).collect();
    assert_eq!(names[0], ("metadata address".to_owned(), None));
    assert!(names.iter().all(|(_, code)| code.is_none()), "{findings:?}");
    let (loader, accounts) = (loader(&saml.world), saml.world.origin("accounts"));
    let tickets = tickets(&loader, "acme", &accounts, saml.world.clock.now()).await.unwrap();
    let url = &tickets[0].url;
    let mut browser = saml.world.browser();
    let page = saml.sign_in(&mut browser, url, "none").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("alice@corp.example") && page.text().contains("session"), "{}", page.text());
    assert!(!saml.world.has_session(&mut browser, "acme").await);
    let report = browser.open(&format!("{url}&json=1")).await.unwrap().json();
    assert_eq!((&report["state"], &report["session"]), (&"passed".into(), &false.into()), "{report}");
    // The link holds for an hour, and tells a stranger nothing.
    saml.world.clock.advance(Duration::from_hours(1));
    let page = browser.open(url).await.unwrap();
    assert!(page.status == 400 && page.text().contains("SIGN-IN-EXPIRED"), "{}", page.text());
    let page = browser.open(&saml.world.url("accounts", "/test?ticket=x")).await.unwrap();
    assert_eq!(page.status, 400);
}

#[tokio::test]
async fn what_a_manifest_must_not_say_is_refused_where_it_stands() {
    let saml = SamlWorld::bare(Scheme::Http).await;
    let good = ending(&saml, 3600);
    for (lines, key) in [
        ("idp_initiated = true".to_owned(), "idp_initiated"),
        ("comparison = \"exact\"".to_owned(), "comparison"),
        ("authentication_context = \"password\"".to_owned(), "authentication_context"),
        ("signed = \"none\"".to_owned(), "signed"),
        ("binding = \"artifact\"".to_owned(), "binding"),
        ("client_secret = \"s\"".to_owned(), "client_secret"),
        ("response_mode = \"query\"".to_owned(), "response_mode"),
        ("required_claims = [\"upn\"]".to_owned(), "required_claims"),
        ("logout_url = \"http://idp.example/slo\"".to_owned(), "logout_url"),
        ("metadata = { url = \"http://169.254.169.254/latest\" }".to_owned(), "metadata"),
        ("metadata = { url = \"file:///etc/passwd\" }".to_owned(), "metadata"),
        ("metadata = { file = \"absent.xml\" }".to_owned(), "metadata"),
        (
            "sso_url = \"javascript:alert(1)\"\nentity_id = \"x\"\ncertificates = [\"x\"]".to_owned(),
            "sso_url",
        ),
        (
            format!("{}\nmetadata = {{ url = \"{}\" }}", by_hand(&saml, &[good]), saml.sandbox.entity_id()),
            "sso_url",
        ),
    ] {
        let refused = saml.world.apply(&saml.manifest("acme", &lines)).await;
        let refused = refused.expect_err(&lines).to_string();
        assert!(refused.contains(&format!("connections.any.{key}")), "{lines}: {refused}");
    }
}
