//! The workspace by the API: the method of sign-in with its acknowledgement, routes, groups and limits (PRV-15, PRV-16, WSP-01).

use http::Method;
use serde_json::{Value, json};

use super::{Desk, assert_problem, keys_of};

#[tokio::test]
async fn a_workspace_is_read_and_sent_back() {
    let mut desk = Desk::open().await;
    let before = desk.read("/workspace").await;
    assert_eq!(before.json()["authentication"], "any");
    assert_eq!(before.json()["hosts"][0], "acme.vestibule.localhost");
    assert_eq!(desk.replace("/workspace", |_| {}).await.status, 200);
    assert!(desk.events("workspace.changed").await.is_empty(), "nothing changed");
    let page = desk
        .replace("/workspace", |value| {
            value["admit_groups"] = json!(["any:staff"]);
            value["sessions"] = json!({ "idle": "15m", "maximum": "8h" });
            value["routes"][0]["timeout"] = json!("30s");
        })
        .await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    let after = desk.read("/workspace").await;
    assert_eq!(after.json(), page.json());
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_eq!(after.json()["sessions"], json!({ "idle": "15m", "maximum": "8h" }));
    let changed = desk.events("workspace.changed").await;
    assert_eq!((changed.len(), &changed[0]["target"]["routes"]), (1, &json!(true)));
}

#[tokio::test]
async fn directories_are_read_and_sent_back() {
    let mut desk = Desk::open().await;
    let before = desk.read("/directories").await.json();
    assert_eq!(before["directories"][0]["name"], "corp");
    assert_eq!(desk.replace("/directories", |_| {}).await.status, 200);
    let page = desk.replace("/directories", |value| value["directories"] = json!([])).await;
    assert_problem(&page, 422, "SETTINGS-INVALID");
    let page = desk.replace("/directories", |value| value["directories"] = json!(["corp"])).await;
    assert_eq!(keys_of(&page), ["directories"]);
    let page = desk
        .replace("/directories", |value| {
            let another =
                json!({ "name": "other", "domain_sid": "S-1-5-21-7-8-9", "upn_suffixes": ["other.example"] });
            value["directories"].as_array_mut().unwrap().push(another);
        })
        .await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    assert_eq!(desk.read("/directories").await.json()["directories"][1]["name"], "other");
}

#[tokio::test]
async fn another_method_asks_whether_they_know() {
    let mut desk = Desk::open().await;
    let without = |value: &mut Value| drop(value.as_object_mut().unwrap().remove("authentication"));
    let page = desk.replace("/workspace", without).await;
    assert_problem(&page, 409, "SUBSCRIBER-IMPACT");
    assert_eq!(keys_of(&page), ["acknowledge_subscriber_impact"]);
    for wrong in [json!(false), json!("true"), json!(1)] {
        let page = desk
            .replace("/workspace", |value| {
                without(value);
                value["acknowledge_subscriber_impact"] = wrong;
            })
            .await;
        assert!(page.status.is_client_error(), "{}", page.text_body());
    }
    assert_eq!(desk.read("/workspace").await.json()["authentication"], "any");
    let page = desk
        .replace("/workspace", |value| {
            without(value);
            value["acknowledge_subscriber_impact"] = json!(true);
        })
        .await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    // From now on nobody gets in.
    let mut browser = desk.office.world.browser();
    let page = browser.open(&desk.office.world.url("acme", "/")).await.unwrap();
    assert!(page.text().contains("SIGN-IN-METHOD"), "{}", page.text());
}

#[tokio::test]
async fn what_a_workspace_may_not_be_is_told_by_its_key() {
    let mut desk = Desk::open().await;
    let own = format!("http://{}", desk.office.world.address());
    let operators = format!("http://{}", desk.office.world.operator());
    let route = |upstream: &str| json!([{ "path": "/", "upstream": upstream }]);
    for (key, value, told) in [
        ("authentication", json!("nobody"), "authentication"),
        ("hosts", json!(["evil.vestibule.localhost"]), "hosts"),
        ("hosts", json!([]), "hosts"),
        ("routes", route(&own), "routes.0.upstream"),
        ("routes", route(&operators), "routes.0.upstream"),
        ("routes", route("http://10.0.0.1"), "routes.0.upstream"),
        ("routes", route("http://example.com"), "routes.0.upstream"),
        ("routes", route("https://169.254.169.254"), "routes.0.upstream"),
        ("routes", json!([{ "path": "/.vestibule", "upstream": "https://app.example" }]), "routes.0.path"),
        ("sessions", json!({ "idle": "1s", "maximum": "8h" }), "sessions.idle"),
        ("colour", json!("red"), "colour"),
    ] {
        let page = desk.replace("/workspace", |whole| whole[key] = value.clone()).await;
        assert_eq!(keys_of(&page), [told], "{key} {value} {}", page.text_body());
        assert_problem(&page, 422, "SETTINGS-INVALID");
    }
}

#[tokio::test]
async fn a_change_says_what_it_was_made_from() {
    let mut desk = Desk::open().await;
    let page = desk.read("/workspace").await;
    let (value, version) = (page.json(), page.header("etag").unwrap().to_owned());
    for (name, tags, status, code) in [
        ("none", vec![], 428, "VERSION-MISSING"),
        ("any", vec!["*".to_owned()], 428, "VERSION-MISSING"),
        ("two", vec![version.clone(), version.clone()], 428, "VERSION-MISSING"),
        ("weak", vec![format!("W/{version}")], 412, "VERSION-STALE"),
        ("bare", vec![version.trim_matches('"').to_owned()], 412, "VERSION-STALE"),
        ("another", vec!["\"0\"".to_owned()], 412, "VERSION-STALE"),
    ] {
        let headers: Vec<_> = tags.iter().map(|tag| ("if-match", tag.as_str())).collect();
        let page = desk.send(Method::PUT, "/workspace", &headers, Some(&value)).await;
        assert_eq!(page.json()["code"], code, "{name}");
        assert_problem(&page, status, code);
    }
    let mut changed = value.clone();
    changed["admit_groups"] = json!(["any:staff"]);
    let headers = [("if-match", version.as_str())];
    assert_eq!(desk.send(Method::PUT, "/workspace", &headers, Some(&changed)).await.status, 200);
    // Of two that read the same, the second one reads again.
    let page = desk.send(Method::PUT, "/workspace", &headers, Some(&value)).await;
    assert_problem(&page, 412, "VERSION-STALE");
    // What somebody else did elsewhere in the organisation is no reason.
    let version = desk.read("/workspace").await.header("etag").unwrap().to_owned();
    desk.gives_ada(vestibule_policies::permission::Access::Full).await;
    let headers = [("if-match", version.as_str())];
    assert_eq!(desk.send(Method::PUT, "/workspace", &headers, Some(&value)).await.status, 200);
}
