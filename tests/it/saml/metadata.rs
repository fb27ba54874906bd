//! Our metadata, and a provider's that is fetched from its address.

use vestibule_broker::check::check;
use vestibule_broker::clock::Clock as _;
use vestibule_broker::deployment::metadata::keep;
use vestibule_conformance::saml::elements;
use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::{Manifest, Scheme};

/// SAML-01, SML-04: whatever a provider reads there is what a request says.
#[tokio::test]
async fn ours_names_both_certificates_of_each_purpose_and_one_consumer_service() {
    let saml = SamlWorld::start("").await;
    let mut browser = saml.world.browser();
    let page = browser.open(&saml.world.url("saml", "/saml/metadata.xml")).await.unwrap();
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (200, Some("application/samlmetadata+xml"))
    );
    let text = page.text_body();
    let found = elements(text.split_once("?>").unwrap().1.trim()).unwrap();
    assert!(!found.is_empty());
    assert_eq!(text.matches("use=\"signing\"").count(), 2);
    assert_eq!(text.matches("use=\"encryption\"").count(), 2);
    assert_eq!(text.matches("<md:AssertionConsumerService ").count(), 1);
    assert!(text.contains(&format!("entityID=\"{}\"", saml.world.origin("saml"))));
    assert!(text.contains(&format!("Location=\"{}\"", saml.world.url("saml", "/saml/acs"))));
    assert!(text.contains(&format!("Location=\"{}\"", saml.world.url("saml", "/saml/logout/callback"))));
    let id = saml.world.app().deployment.load_full().tenants().next().unwrap().organization.id;
    for path in [format!("/{id}"), format!("/saml/metadata.xml?organization={id}")] {
        let page = browser.open(&saml.world.url("saml", &path)).await.unwrap();
        assert!(
            page.text_body().contains(&format!("entityID=\"{}/{id}\"", saml.world.origin("saml"))),
            "{path}"
        );
    }
    for path in [
        "/0123456789abcdef",
        "/saml/metadata.xml?organization=x",
        "/saml/metadata.xml?organization=0123456789abcdef",
    ] {
        assert_eq!(browser.open(&saml.world.url("saml", path)).await.unwrap().status, 404, "{path}");
    }
}

/// SAML-05, SAML-74: until a copy has passed nobody is sent anywhere.
#[tokio::test]
async fn until_a_providers_metadata_has_been_fetched_sign_in_says_so() {
    let saml = SamlWorld::bare(Scheme::Http).await;
    for address in ["http://127.0.0.1:1/metadata".to_owned(), format!("{}/saml/nothing", saml.origin())] {
        let manifest: Manifest = saml.manifest("acme", &format!("metadata = {{ url = \"{address}\" }}"));
        saml.world.change(&manifest).await;
        let page = saml.world.browser().open(&saml.world.url("acme", "/")).await.unwrap();
        assert!(page.status == 503 && page.text().contains("SAML-METADATA"), "{address}: {}", page.text());
    }
    saml.apply("").await;
    let mut browser = saml.world.browser();
    let page = saml.sign_in(&mut browser, &saml.world.url("acme", "/"), "none").await;
    assert_eq!(page.text_body(), "the application");
}

/// A copy outlives a restart, also while the provider is away.
#[tokio::test]
async fn a_copy_that_passed_is_kept() {
    let mut saml = SamlWorld::start("").await;
    saml.world.restart().await;
    let deployment = saml.world.app().deployment.load_full();
    let tenant = deployment.tenants().next().unwrap();
    let connection = tenant.organization.connections[0].id;
    assert_eq!(tenant.provider(connection).unwrap().certificates().len(), 2, "from the store, at once");
    // Applying the same again does not forget it.
    saml.world.change(&saml.manifest("acme", "force_authn = true")).await;
    let deployment = saml.world.app().deployment.load_full();
    assert_eq!(deployment.tenants().next().unwrap().provider(connection).unwrap().certificates().len(), 2);
}

/// SAML-74: an organisation's address is called with the same reach as every other of its addresses.
#[tokio::test]
async fn a_providers_address_reaches_nothing_that_is_ours() {
    let saml = SamlWorld::bare(Scheme::Http).await;
    // By a name that resolves to this machine, so that nobody sees it before it is called.
    let port = saml.world.address().port();
    let manifest = saml.manifest("acme", &format!("metadata = {{ url = \"http://localhost:{port}/x\" }}"));
    assert!(saml.world.apply(&manifest).await.is_err(), "our own listener");
    let operator = saml.world.operator().port();
    let manifest =
        saml.manifest("acme", &format!("metadata = {{ url = \"http://localhost:{operator}/metrics\" }}"));
    saml.world.change(&manifest).await;
    let loader = crate::openid::issuer::loader(&saml.world);
    let findings = check(&loader, Some("acme"), saml.world.clock.now()).await.unwrap();
    assert!(findings.iter().any(|one| one.code == Some("SAML-METADATA")), "{findings:?}");
}

/// Whose keys are trusted is written down whenever it changes; a pin that is added counts at once.
#[tokio::test]
async fn a_provider_that_is_named_later_is_the_only_one_from_then_on() {
    let saml = SamlWorld::start("").await;
    let changes = |all: Vec<vestibule_tests::world::Audited>| -> Vec<_> {
        all.into_iter().filter(|one| one.event == "connection.metadata-changed").collect()
    };
    let first = changes(saml.world.audit().await);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].details["before"], serde_json::Value::Null);
    assert_eq!(first[0].details["after"]["entity_id"], saml.sandbox.entity_id());
    assert_eq!(first[0].details["after"]["certificates"].as_array().unwrap().len(), 2);
    let pinned =
        |id: &str| format!("metadata = {{ url = \"{}\" }}\nentity_id = \"{id}\"", saml.sandbox.entity_id());
    for (id, status) in [(saml.sandbox.entity_id(), 200), ("https://other.example/idp".to_owned(), 503)] {
        saml.world.change(&saml.manifest("acme", &pinned(&id))).await;
        let page = saml.world.browser().open(&saml.world.url("acme", "/")).await.unwrap();
        assert_eq!(page.status, status, "{id}: {}", page.text());
        assert_eq!(page.text().contains("SAML-METADATA"), status == 503);
    }
    assert_eq!(changes(saml.world.audit().await).len(), 1, "the same copy, and none for the other");
}

/// What was fetched for a connection that has been configured anew meanwhile is nobody's.
#[tokio::test]
async fn a_copy_that_comes_too_late_is_dropped() {
    let saml = SamlWorld::start("").await;
    let app = saml.world.app();
    let deployment = app.deployment.load_full();
    let tenant = deployment.tenants().next().unwrap();
    let (organization, connection) = (tenant.organization.id, tenant.organization.connections[0].id);
    let row = tenant.connection_row(connection).unwrap();
    let copy = row.metadata.clone().unwrap();
    let changed = || async {
        let keeping = keep(&app.store, organization, row, copy.clone(), saml.world.clock.now());
        keeping.await.unwrap()
    };
    assert!(changed().await, "the connection that it was fetched for");
    saml.world.change(&saml.manifest("acme", "force_authn = true")).await;
    assert!(!changed().await, "another one by now");
}
