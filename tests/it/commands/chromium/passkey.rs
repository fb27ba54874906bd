//! A passkey in Chromium, with the authenticator that it has for tests: made, used, removed, and refused then.

use serde_json::Value;
use tempfile::TempDir;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::{Chromium, PasskeyFlow, totp};

use super::super::program::Program;
use super::step;

#[tokio::test]
async fn an_administrator_signs_in_with_a_passkey_until_it_is_removed() {
    let folder = TempDir::new().unwrap();
    let mut demo = Program::start(folder.path(), &["demo", "--port", "0", "--data", "data"], None);
    let base = demo.ready().await;
    let list = Browser::new().open(&format!("{base}demo.json")).await.unwrap().json();
    let entry = list["sign_ins"].as_array().unwrap().iter().find(|one| one["kind"] == "local").unwrap();
    let account = &entry["accounts"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let flow = PasskeyFlow {
        console: base.replace("://", "://console.") + "go/acme-okta",
        profile: base.replace("://", "://accounts.") + "profile/acme-okta",
        username: text(&account["username"]),
        password: text(&account["password"]),
        code: totp(account["totp_secret"].as_str().unwrap(), now).await.unwrap(),
    };
    let report = Chromium::passkey(&flow).await.unwrap();
    assert_eq!(report["faults"], serde_json::json!([]), "no page breaks its own policy: {report:#}");
    let says = |name: &str, said: &str| {
        assert!(step(&report, name)["text"].as_str().unwrap().contains(said), "{name}: {report:#}");
    };
    let offered = |name: &str| step(&report, name)["offered"].as_bool().unwrap();
    assert!(!offered("before"), "none was added");
    assert!(step(&report, "entered")["url"].as_str().unwrap().contains("://console."), "{report:#}");
    assert!(offered("form"));
    says("added", "Your passkey is added");
    assert!(offered("asked") && offered("waiting"));
    assert!(step(&report, "proved")["url"].as_str().unwrap().contains("://console."), "{report:#}");
    says("session", r#""amr":["pwd","pop"]"#);
    says("listed", "Laptop Made on");
    says("listed", "last used on");
    says("question", "Remove passkey?");
    says("removed", "The passkey is removed");
    assert_eq!(step(&report, "refused")["status"], 403, "{report:#}");
    says("refused", "The passkey was not accepted");
    assert!(!offered("refused") && !offered("after"), "it is no longer asked for");
    demo.stop().await;
}
