//! The way over SAML in a real browser: a provider of somebody else posts across sites, and our cookies are `SameSite=Lax`.
//!
//! Nothing but a real browser proves that the cookie of the sign-in is there again after that post, that no page's own policy
//! stops the form that follows, and that a deep link outlives all of it.

use serde_json::Value;
use vestibule_tests::counterparts::saml::{Options, PASSWORD};
use vestibule_tests::counterparts::{Chromium, Flow, Lineage, Person, Step};

use super::real::beside::{Beside, DEEP};

fn step<'a>(report: &'a Value, name: &str) -> &'a Value {
    let steps = report["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == name).unwrap_or_else(|| panic!("no step {name}: {report:#}"))
}

fn answered<'a>(step: &'a Value, start: &str) -> Vec<&'a str> {
    let answers = step["answers"].as_array().unwrap().iter().filter_map(|one| one["url"].as_str());
    answers.filter(|url| url.starts_with(start)).collect()
}

async fn comes_in(beside: &Beside, lines: &str) {
    beside.connect(lines).await;
    let world = &beside.saml.world;
    world.application.forget();
    let flow = Flow {
        second: Some(world.url("acme-second", "/")),
        ..Flow::round(world.url("acme", DEEP), "alice", PASSWORD)
    };
    let report = Chromium::run(&flow).await.unwrap_or_else(|error| panic!("{lines}: {error}"));
    assert_eq!(report["faults"], serde_json::json!([]), "no page breaks its own policy: {report:#}");

    let arrived = step(&report, "sign_in");
    let shown = (arrived["status"].as_u64(), arrived["text"].as_str());
    assert_eq!(shown, (Some(200), Some("the application")), "{report:#}");
    assert_eq!(arrived["url"], flow.workspace, "back where the person wanted to go");
    let posted = answered(arrived, &world.url("saml", "/saml/acs"));
    assert_eq!(posted.len(), 1, "by the one consumer service: {report:#}");
    for cookie in arrived["cookies"].as_array().unwrap() {
        if cookie["name"].as_str().is_some_and(|name| name.starts_with("vestibule-")) {
            assert_eq!((&cookie["sameSite"], &cookie["httpOnly"]), (&"Lax".into(), &true.into()), "{cookie}");
        }
    }
    let seen = world.application.received();
    let alice = Person::with_login("alice").unwrap();
    let first = seen.iter().find(|one| one.target == DEEP).unwrap_or_else(|| panic!("{seen:#?}"));
    assert_eq!(first.header("x-forwarded-user"), Some(alice.cip_upn.as_str()));
    assert_eq!(first.header("x-forwarded-email"), Some(alice.cip_email.as_str()));

    let second = step(&report, "second");
    let asked = (second["status"].as_u64(), second["asked"].as_bool());
    assert_eq!(asked, (Some(200), Some(false)), "{report:#}");
    assert!(answered(second, &beside.idp.origin()).is_empty(), "no trip to the provider: {second:#}");
    assert_goes_and_returns(beside, &report);
}

/// Over the provider and back, and in again by name and password.
fn assert_goes_and_returns(beside: &Beside, report: &Value) {
    let out = step(report, "sign_out");
    assert!(out["url"].as_str().unwrap().ends_with("/.vestibule/signed-out"), "{report:#}");
    let callback = beside.saml.world.url("saml", "/saml/logout/callback");
    assert_eq!(answered(out, &callback).len(), 1, "from the provider: {report:#}");
    let reopened = step(report, "reopen");
    assert!(reopened["title"].as_str().unwrap().starts_with("You are signed out"), "{report:#}");
    let again = step(report, "sign_in_again");
    assert_eq!(
        (again["status"].as_u64(), again["asked"].as_bool(), again["text"].as_str()),
        (Some(200), Some(true), Some("the application")),
        "asked anew: {report:#}"
    );
}

#[tokio::test]
async fn a_person_comes_in_from_chromium_through_simple_saml_php() {
    let beside = Beside::start(Lineage::SimpleSaml, Options::default()).await;
    for binding in ["redirect", "post"] {
        comes_in(&beside, &format!("signed = \"both\"\nbinding = \"{binding}\"")).await;
    }
}

#[tokio::test]
async fn a_person_comes_in_from_chromium_through_pysaml2() {
    let beside = Beside::start(Lineage::PySaml, Options { encrypt: true, ..Options::default() }).await;
    for binding in ["redirect", "post"] {
        comes_in(&beside, &format!("signed = \"both\"\nbinding = \"{binding}\"")).await;
    }
}

/// The page with the button stands where another site has posted to.
#[tokio::test]
async fn a_provider_begins_in_chromium() {
    let (beside, start) = Beside::beginning().await;
    beside.connect("scoped_entity_id = true\nidp_initiated = true").await;
    let world = &beside.saml.world;
    let steps = Some(vec![Step::Open, Step::SignIn, Step::Press]);
    let flow = Flow { steps, ..Flow::round(start, "alice", PASSWORD) };
    let report = Chromium::run(&flow).await.unwrap();
    assert_eq!(report["faults"], serde_json::json!([]), "no page breaks its own policy: {report:#}");
    let asked = step(&report, "sign_in");
    let (text, alice) = (asked["text"].as_str().unwrap(), Person::with_login("alice").unwrap());
    assert!(text.contains(&alice.cip_upn) && text.contains("Acme acme"), "{report:#}");
    let mut cookies = asked["cookies"].as_array().unwrap().iter();
    assert!(cookies.all(|one| one["name"] != world.cookie_name("access")), "nothing opened by itself");
    let arrived = step(&report, "press");
    assert_eq!(
        (&arrived["url"], &arrived["text"]),
        (&world.url("acme", "/").into(), &"the application".into())
    );
    assert_eq!(world.application.last().header("x-forwarded-user"), Some(alice.cip_upn.as_str()));
}
