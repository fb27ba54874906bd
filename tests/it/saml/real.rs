//! Providers that we did not write: `SimpleSAMLphp` and pysaml2, each way that they can be set up to send somebody in, and beside
//! each the way that ends outside.
//!
//! pysaml2 knows us by our own metadata alone, so every row of it reads that too.

pub(super) mod beside;

use vestibule_broker::check::{check, tickets};
use vestibule_broker::clock::Clock as _;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::counterparts::saml::{NameIdMode, Options, SignedPart};
use vestibule_tests::counterparts::{Lineage, PySaml};
use vestibule_tests::saml::SamlWorld;

use crate::openid::issuer::loader;

use self::beside::{Beside, assert_is_alice};

const REQUESTS: [&str; 4] = [
    "signed = \"both\"",
    "signed = \"both\"\nsign_requests = false",
    "signed = \"both\"\nbinding = \"post\"",
    "signed = \"both\"\nbinding = \"post\"\nsign_requests = false",
];

#[tokio::test]
async fn somebody_comes_in_by_either_binding_whether_the_request_is_signed_or_not() {
    for lineage in Lineage::ALL {
        let beside = Beside::start(lineage, Options::default()).await;
        for lines in REQUESTS {
            beside.comes_in(lines).await;
        }
        // The same from a file, which the manifest reads.
        let metadata = beside.idp.metadata().await.unwrap();
        std::fs::write(beside.saml.world.directory().join("idp.xml"), metadata).unwrap();
        beside.comes_in("metadata = { file = \"idp.xml\" }\nsigned = \"both\"").await;
    }
}

#[tokio::test]
async fn a_provider_that_wants_signed_requests_gets_them() {
    for lineage in Lineage::ALL {
        let beside =
            Beside::start(lineage, Options { require_signed_requests: true, ..Options::default() }).await;
        for lines in REQUESTS {
            if lines.contains("sign_requests = false") {
                beside.is_turned_away(lines).await;
            } else {
                beside.comes_in(lines).await;
            }
        }
    }
}

/// It takes from there which key signs, where answers go and where a sign-out comes back to.
#[tokio::test]
async fn simple_saml_php_reads_our_metadata_too() {
    let options = Options { require_signed_requests: true, ..Options::default() };
    let beside = Beside::read_by_simple_saml(options).await;
    for lines in REQUESTS.into_iter().filter(|lines| !lines.contains("sign_requests")) {
        beside.comes_in(lines).await;
    }
    let beside = Beside::read_by_simple_saml(Options::default()).await;
    let mut browser = beside.comes_in("signed = \"both\"").await;
    signs_out_and_in_again(&beside, &mut browser).await;
}

#[tokio::test]
async fn what_is_signed_has_to_be_what_is_expected() {
    for lineage in Lineage::ALL {
        for signed in [SignedPart::Neither, SignedPart::Response, SignedPart::Assertion, SignedPart::Both] {
            let beside = Beside::start(lineage, Options { signed, ..Options::default() }).await;
            for (expectation, met) in [
                ("either", signed != SignedPart::Neither),
                ("response", matches!(signed, SignedPart::Response | SignedPart::Both)),
                ("assertion", matches!(signed, SignedPart::Assertion | SignedPart::Both)),
                ("both", signed == SignedPart::Both),
            ] {
                let lines = format!("signed = \"{expectation}\"");
                if met {
                    beside.comes_in(&lines).await;
                } else {
                    beside.is_refused(&lines, "SAML-UNSIGNED").await;
                }
            }
        }
    }
}

/// `SimpleSAMLphp` 1.19 has AES in CBC mode alone; pysaml2 does here what a provider has to do.
#[tokio::test]
async fn what_is_encrypted_is_opened_in_the_mode_that_keeps_it_whole() {
    let encrypted = |signed| Options { encrypt: true, signed, ..Options::default() };
    let beside = Beside::start(Lineage::PySaml, encrypted(SignedPart::Both)).await;
    beside.comes_in("signed = \"both\"").await;
    beside.comes_in("").await;
    for signed in [SignedPart::Response, SignedPart::Assertion] {
        let beside = Beside::start(Lineage::PySaml, encrypted(signed)).await;
        beside.is_refused("", "SAML-UNSIGNED").await;
    }
    let beside = Beside::read_by_simple_saml(encrypted(SignedPart::Both)).await;
    beside.is_refused("", "SAML-ENCRYPTION").await;
}

#[tokio::test]
async fn sha_1_is_taken_only_where_that_is_said() {
    for lineage in Lineage::ALL {
        let beside = Beside::start(lineage, Options { sha1: true, ..Options::default() }).await;
        beside.is_refused("signed = \"both\"", "SAML-ALGORITHM").await;
        beside.comes_in("signed = \"both\"\ndangerous_sha1 = true").await;
    }
}

/// Over http `SimpleSAMLphp` says `Password`, whatever was asked; pysaml2 here says what was.
#[tokio::test]
async fn a_class_that_is_demanded_exactly_has_to_be_the_answer() {
    let asked = "authentication_context = \"PasswordProtectedTransport\"\ncomparison";
    for lineage in Lineage::ALL {
        let beside = Beside::start(lineage, Options::default()).await;
        beside.comes_in(&format!("{asked} = \"minimum\"")).await;
        let exactly = format!("{asked} = \"exact\"");
        match lineage {
            Lineage::SimpleSaml => beside.is_refused(&exactly, "SAML-CONTEXT").await,
            Lineage::PySaml => drop(beside.comes_in(&exactly).await),
        }
    }
}

#[tokio::test]
async fn people_may_be_named_in_any_way() {
    for lineage in Lineage::ALL {
        for (name_id, format) in [
            (NameIdMode::Email, "email"),
            (NameIdMode::Persistent, "persistent"),
            (NameIdMode::Transient, "transient"),
            (NameIdMode::Unspecified, "unspecified"),
        ] {
            let beside = Beside::start(lineage, Options { name_id, ..Options::default() }).await;
            let browser = &mut beside.comes_in(&format!("name_id_format = \"{format}\"")).await;
            signs_out_and_in_again(&beside, browser).await;
        }
    }
}

async fn press(saml: &SamlWorld, browser: &mut Browser) -> Page {
    let question = browser.open(&saml.world.url("acme", "/.vestibule/sign-out")).await.unwrap();
    browser.submit(&question.form_with("form_token").unwrap()).await.unwrap()
}

/// Over the provider, whose own session ends, and back.
async fn signs_out_and_in_again(beside: &Beside, browser: &mut Browser) {
    let page = press(&beside.saml, browser).await;
    let (_, there) = page.refresh().expect("the page goes on to the provider");
    assert!(there.as_str().starts_with(&beside.idp.origin()), "{there}");
    assert!(!beside.saml.world.has_session(browser, "acme").await, "ours ends first");
    let page = browser.settle(page).await.unwrap();
    assert!(page.url.as_str().ends_with("/.vestibule/signed-out"), "{}: {}", page.url, page.text());

    beside.saml.world.clock.catch_up();
    let page = browser.open(&beside.saml.world.url("acme", "/.vestibule/sign-in?to=/")).await.unwrap();
    let form = beside.answered(browser, &page).await;
    let page = browser.auto_submit(&form).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
}

/// Where the provider's session goes on, the next sign-in has to be a new one all the same.
#[tokio::test]
async fn without_a_logout_address_the_provider_asks_anew() {
    for lineage in Lineage::ALL {
        let beside = Beside::start(lineage, Options::default()).await;
        let mut browser = beside.comes_in("logout_url = \"off\"").await;
        let page = press(&beside.saml, &mut browser).await;
        let page = browser.settle(page).await.unwrap();
        assert!(page.url.as_str().ends_with("/.vestibule/signed-out"), "{}", page.url);

        beside.saml.world.clock.catch_up();
        let page = browser.open(&beside.saml.world.url("acme", "/.vestibule/sign-in?to=/")).await.unwrap();
        let form = beside.answered(&mut browser, &page).await;
        let page = browser.auto_submit(&form).await.unwrap();
        let page = browser.settle(page).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{lineage:?}: {} {}", page.url, page.text());
    }
}

/// Ours is not signed: such a provider keeps people on a page of its own, and they are signed out here all the same.
#[tokio::test]
async fn a_provider_that_wants_signed_logout_requests_keeps_people_and_its_session() {
    for lineage in Lineage::ALL {
        let beside =
            Beside::start(lineage, Options { require_signed_requests: true, ..Options::default() }).await;
        let mut browser = beside.comes_in("").await;
        let page = press(&beside.saml, &mut browser).await;
        let page = browser.settle(page).await.unwrap();
        assert!(page.url.as_str().starts_with(&beside.idp.origin()), "{lineage:?}: {}", page.url);
        assert!(!beside.saml.world.has_session(&mut browser, "acme").await, "{lineage:?}");
    }
}

/// `check` reads the metadata anew, and its link tries the whole way without opening a session.
#[tokio::test]
async fn a_test_sign_in_says_that_the_connection_works() {
    for lineage in Lineage::ALL {
        let beside = Beside::start(lineage, Options::default()).await;
        let other = "authentication_context = \"X509\"\ncomparison = \"exact\"";
        for (lines, state, cause) in
            [("signed = \"both\"", "passed", None), (other, "refused", Some("context-other"))]
        {
            beside.connect(lines).await;
            let world = &beside.saml.world;
            let (loader, now) = (loader(world), world.clock.now());
            let findings = check(&loader, Some("acme"), now).await.unwrap();
            assert!(findings.iter().all(|one| one.code.is_none()), "{lineage:?}: {findings:?}");
            let tickets = tickets(&loader, "acme", &world.origin("accounts"), now).await.unwrap();
            let url = &tickets[0].url;
            let mut browser = world.browser();
            let question = browser.open(url).await.unwrap().form_with("ticket").unwrap();
            let page = browser.submit(&question).await.unwrap();
            let form = beside.answered(&mut browser, &page).await;
            let page = browser.auto_submit(&form).await.unwrap();
            assert_eq!(page.status, 200, "{lineage:?}: {}", page.text());
            let report = browser.open(&format!("{url}&json=1")).await.unwrap().json();
            let said = (report["state"].as_str(), report["fault"]["cause"].as_str());
            assert_eq!(said, (Some(state), cause), "{lineage:?}: {report}");
            assert!(!world.has_session(&mut browser, "acme").await);
        }
    }
}

/// `SimpleSAMLphp` can begin by itself; the entity id names the organisation then.
#[tokio::test]
async fn a_provider_begins_where_that_is_allowed() {
    let (beside, start) = Beside::beginning().await;
    for (lines, allowed) in
        [("scoped_entity_id = true\nidp_initiated = true", true), ("scoped_entity_id = true", false)]
    {
        beside.connect(lines).await;
        let world = &beside.saml.world;
        let mut browser = world.browser();
        let page = browser.open(&start).await.unwrap();
        let form = beside.answered(&mut browser, &page).await;
        let page = browser.auto_submit(&form).await.unwrap();
        if !allowed {
            assert!(page.status == 403 && page.text().contains("SAML-UNSOLICITED"), "{}", page.text());
            continue;
        }
        assert!(!world.has_session(&mut browser, "acme").await, "nothing opened by itself");
        let page = browser.submit(&page.form_with("form_token").unwrap()).await.unwrap();
        let page = browser.settle(page).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
        assert_is_alice(&beside.saml, &mut browser, lines).await;
    }
}

/// An organisation's own metadata is read as well as the shared one.
#[tokio::test]
async fn a_scoped_entity_id_is_one_that_pysaml2_can_know() {
    let saml = SamlWorld::start("scoped_entity_id = true").await;
    let id = saml.world.app().deployment.load_full().tenants().next().unwrap().organization.id;
    let metadata = saml.world.browser().open(&saml.world.url("saml", &format!("/{id}"))).await.unwrap();
    let options = Options { require_signed_requests: true, ..Options::default() };
    let idp = PySaml::start(&metadata.text_body(), &options).await.unwrap();
    let beside = Beside::of(saml, idp);
    beside.comes_in("scoped_entity_id = true\nsigned = \"both\"").await;
}
