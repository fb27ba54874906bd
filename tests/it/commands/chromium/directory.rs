//! The forms of the broker's own in Chromium, before the demo's directory: password, and registration of a device.

use serde_json::Value;
use tempfile::TempDir;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::{Chromium, Flow, Step};

use super::super::program::Program;

/// Goes through a sign-in of the demo as alice, and out and in again.
async fn go_round(kind: &str, steps: Option<Vec<Step>>) -> Value {
    let folder = TempDir::new().unwrap();
    let mut demo = Program::start(folder.path(), &["demo", "--port", "0", "--data", "data"], None);
    let base = demo.ready().await;
    let list = Browser::new().open(&format!("{base}demo.json")).await.unwrap().json();
    let entry = list["sign_ins"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
    let alice = entry["accounts"].as_array().unwrap().iter().find(|one| one["username"] == "alice").unwrap();
    let workspace = format!("{}reports?year=2026", entry["url"].as_str().unwrap());
    let flow =
        Flow { steps, ..Flow::round(&workspace, "alice@corp.example", alice["password"].as_str().unwrap()) };
    let report = Chromium::run(&flow).await.unwrap();
    demo.stop().await;
    assert_eq!(report["faults"], serde_json::json!([]), "no page breaks its own policy: {report:#}");
    let end = report["steps"].as_array().unwrap().last().unwrap().clone();
    for (which, arrived) in [("first", arrival(&report)), ("last", &end)] {
        assert_eq!(
            (arrived["status"].as_u64(), arrived["url"].as_str()),
            (Some(200), Some(&*workspace)),
            "{which}: back where the person wanted to go: {report:#}"
        );
        assert_eq!(arrived["asked"], true, "{which}: {report:#}");
    }
    report
}

/// The step after which the person is in for the first time.
fn arrival(report: &Value) -> &Value {
    let steps = report["steps"].as_array().unwrap();
    let before = steps.iter().position(|step| step["step"] == "question").unwrap();
    // With one workspace alone the round passes over the second.
    &steps[before - 1]
}

#[tokio::test]
async fn a_person_comes_in_by_password_and_is_asked_again_after_the_sign_out() {
    go_round("active-directory", None).await;
}

#[tokio::test]
async fn a_person_registers_a_device_and_brings_a_code_of_it_the_next_time() {
    let steps = vec![
        Step::Open,
        Step::SignIn,
        Step::Code,
        Step::Question,
        Step::SignOut,
        Step::Reopen,
        Step::SignInAgain,
        Step::Code,
    ];
    let report = go_round("active-directory-token", Some(steps)).await;
    let steps = report["steps"].as_array().unwrap();
    let titles: Vec<_> = ["sign_in", "sign_in_again"]
        .iter()
        .map(|name| steps.iter().find(|step| step["step"] == *name).unwrap()["title"].as_str().unwrap())
        .collect();
    assert!(titles[0].starts_with("Register your device"), "{titles:?}");
    assert!(titles[1].starts_with("Enter your one-time code"), "{titles:?}");
}
