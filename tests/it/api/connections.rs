//! Connections by the API: tested before they stand, never deleted while they are used, and their secrets are written and never read
//! (PRV-02, PRV-03, PRV-06, PRV-09, PRV-11).

use http::Method;
use serde_json::{Value, json};

use super::{Desk, assert_problem, keys_of};

const CANARY: &str = "canary-7f3a-of-a-client";

fn second(desk: &Desk) -> Value {
    json!({
        "name": "second", "kind": "oidc", "issuer": desk.office.world.provider.issuer(), "client_id": "vestibule",
        "client_secret": CANARY, "directories": ["corp"],
    })
}

#[tokio::test]
async fn a_connection_is_made_changed_and_deleted() {
    let mut desk = Desk::open().await;
    let page = desk.send(Method::POST, "/connections", &[], Some(&second(&desk))).await;
    assert_eq!(page.status, 201, "{}", page.text_body());
    let location = page.header("location").unwrap().to_owned();
    assert_eq!(location, "/api/v1/organizations/acme/connections/second");
    let made = page.json();
    assert_eq!((&made["state"], &made["client_secret"]), (&json!("connected"), &json!({ "stored": "…" })));
    assert!(made["addresses"]["redirect_uri"].as_str().unwrap().contains(made["id"].as_str().unwrap()));
    let all = desk.read("/connections").await.json();
    let states: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|one| (&one["name"], &one["state"])).collect();
    assert_eq!(states, [(&json!("any"), &json!("in-use")), (&json!("second"), &json!("connected"))]);
    // As it was read it can be sent back, and nothing changes.
    assert_eq!(desk.replace("/connections/second", |_| {}).await.status, 200);
    assert!(desk.events("connection.changed").await.is_empty());
    let page = desk.replace("/connections/second", |value| value["scopes"] = json!(["openid"])).await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    assert_eq!(page.json()["id"], made["id"]);
    let changed = desk.events("connection.changed").await;
    assert_eq!(changed[0]["target"]["keys"], json!(["providers.second.provider.scopes"]), "{changed:?}");
    assert!(desk.events("secret.rotated").await.is_empty());
    let page =
        desk.replace("/connections/second", |value| value["client_secret"] = json!("canary-another")).await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    assert_eq!(desk.events("secret.rotated").await.len(), 1);
    let version = desk.read("/connections/second").await.header("etag").unwrap().to_owned();
    let page = desk.send(Method::DELETE, "/connections/second", &[], None).await;
    assert_problem(&page, 428, "VERSION-MISSING");
    let page = desk.send(Method::DELETE, "/connections/second", &[("if-match", &version)], None).await;
    assert_eq!(page.status, 204);
    assert_problem(&desk.read("/connections/second").await, 404, "NOT-FOUND");
    for name in ["connection.created", "connection.removed"] {
        let events = desk.events(name).await;
        assert_eq!((events.len(), &events[0]["target"]["name"]), (1, &json!("second")), "{name}");
    }
    desk.has_kept_quiet(CANARY, &[]).await;
    desk.has_kept_quiet("canary-another", &[]).await;
}

#[tokio::test]
async fn what_is_used_is_not_deleted() {
    let mut desk = Desk::open().await;
    let version = desk.read("/connections/any").await.header("etag").unwrap().to_owned();
    let page = desk.send(Method::DELETE, "/connections/any", &[("if-match", &version)], None).await;
    assert_problem(&page, 409, "CONNECTION-IN-USE");
    assert_eq!(keys_of(&page), ["workspace.authentication"]);
    assert_eq!(desk.read("/connections/any").await.status, 200);
    let mut value = second(&desk);
    value["name"] = json!("any");
    let page = desk.send(Method::POST, "/connections", &[], Some(&value)).await;
    assert_problem(&page, 409, "CONNECTION-KNOWN");
}

/// PRV-15: the workspace's method is not switched off unawares; another connection is, and neither is tested for it.
#[tokio::test]
async fn a_connection_is_switched_off_by_its_key() {
    let mut desk = Desk::open().await;
    assert_eq!(desk.read("/connections/any").await.json()["enabled"], true);
    for wrong in [json!(false), json!("true")] {
        let page = desk
            .replace("/connections/any", |value| {
                value["enabled"] = json!(false);
                value["acknowledge_subscriber_impact"] = wrong.clone();
            })
            .await;
        assert_eq!(keys_of(&page), ["acknowledge_subscriber_impact"], "{wrong}");
        assert!(page.status.is_client_error(), "{}", page.text_body());
    }
    let page = desk.replace("/connections/any", |value| value["enabled"] = json!(false)).await;
    assert_problem(&page, 409, "SUBSCRIBER-IMPACT");
    assert_eq!(desk.read("/connections/any").await.json()["enabled"], true);
    let page = desk
        .replace("/connections/any", |value| {
            value["enabled"] = json!(false);
            value["acknowledge_subscriber_impact"] = json!(true);
        })
        .await;
    assert_eq!((page.status.as_u16(), &page.json()["enabled"]), (200, &json!(false)), "{}", page.text_body());
    let mut browser = desk.office.world.browser();
    let page = browser.open(&desk.office.world.url("acme", "/")).await.unwrap();
    assert!(page.status == 403 && page.text().contains("ADMISSION-OFF"), "{}", page.text());
    assert!(desk.events("connection.tested").await.is_empty(), "its provider may be what is wrong");
    let page = desk.replace("/connections/any", |value| value["enabled"] = json!(true)).await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    desk.office.world.sign_in(&mut browser).await;

    let mut value = second(&desk);
    value["enabled"] = json!("no");
    let page = desk.send(Method::POST, "/connections", &[], Some(&value)).await;
    assert_eq!((page.status.as_u16(), keys_of(&page)), (422, vec!["enabled".to_owned()]));
    value["enabled"] = json!(false);
    let page = desk.send(Method::POST, "/connections", &[], Some(&value)).await;
    assert_eq!((page.status.as_u16(), &page.json()["enabled"]), (201, &json!(false)), "{}", page.text_body());
}

#[tokio::test]
async fn a_connection_is_tried_by_an_address() {
    let mut desk = Desk::open().await;
    let page = desk.send(Method::POST, "/connections/any/trial", &[], None).await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    let url = page.json()["url"].as_str().unwrap().to_owned();
    let question = desk.office.world.browser().open(&url).await.unwrap();
    assert!(question.status == 200 && question.form_with("ticket").is_ok(), "{}", question.text());
    let page = desk.send(Method::POST, "/connections/nobody/trial", &[], None).await;
    assert_problem(&page, 404, "NOT-FOUND");
    assert_eq!(desk.events("test.issued").await.len(), 1);
}

#[tokio::test]
async fn what_does_not_pass_its_test_is_not_saved() {
    let mut desk = Desk::open().await;
    let mut wrong = second(&desk);
    wrong["issuer"] = json!(format!("{}/", desk.office.world.provider.issuer()));
    for (path, told) in [("/connections", 422), ("/connections/test", 200)] {
        let page = desk.send(Method::POST, path, &[], Some(&wrong)).await;
        assert_eq!(page.status, told, "{}", page.text_body());
        assert!(page.text_body().contains("OIDC-"), "{}", page.text_body());
        assert_problem(&desk.read("/connections/second").await, 404, "NOT-FOUND");
    }
    let page = desk.send(Method::POST, "/connections/test", &[], Some(&second(&desk))).await;
    assert_eq!((page.status.as_u16(), &page.json()["passed"]), (200, &json!(true)), "{}", page.text_body());
    assert_problem(&desk.read("/connections/second").await, 404, "NOT-FOUND");
    let page = desk.send(Method::POST, "/connections/any/test", &[], None).await;
    assert_eq!((page.status.as_u16(), &page.json()["passed"]), (200, &json!(true)), "{}", page.text_body());
    // What stands does not change to what does not pass.
    let page = desk
        .replace("/connections/any", |value| {
            value["issuer"] = wrong["issuer"].clone();
            value["client_secret"] = json!("x");
        })
        .await;
    assert_problem(&page, 422, "CONNECTION-TEST");
    // Whatever came of it, each was asked.
    assert_eq!(desk.events("connection.tested").await.len(), 5);
}

#[tokio::test]
async fn a_secret_goes_where_it_was_given_for_and_from_nowhere_of_this_machine() {
    let mut desk = Desk::open().await;
    for (name, change, told, status, code) in [
        (
            "a variable",
            json!({ "client_secret": { "env": "PATH" } }),
            "client_secret.env",
            400,
            "SECRET-FORM",
        ),
        (
            "a file",
            json!({ "client_secret": { "file": "/etc/passwd" } }),
            "client_secret.file",
            400,
            "SECRET-FORM",
        ),
        ("no form", json!({ "client_secret": {} }), "client_secret", 400, "SECRET-FORM"),
        (
            "certificates",
            json!({ "ca": { "file": "/etc/ssl/certs/ca-certificates.crt" } }),
            "ca.file",
            400,
            "SECRET-FORM",
        ),
        (
            "another address",
            json!({ "issuer": "https://evil.example" }),
            "client_secret",
            422,
            "SETTINGS-INVALID",
        ),
        (
            "every directory",
            json!({ "dangerous_any_directory": true }),
            "dangerous_any_directory",
            422,
            "SETTINGS-INVALID",
        ),
        ("another name", json!({ "name": "renamed" }), "name", 422, "SETTINGS-INVALID"),
        ("another id", json!({ "id": "00000000000000ff" }), "id", 422, "SETTINGS-INVALID"),
        ("plain elsewhere", json!({ "issuer": "http://id.example" }), "issuer", 422, "SETTINGS-INVALID"),
        ("no directory", json!({ "directories": ["nobody"] }), "directories", 422, "SETTINGS-INVALID"),
        ("no kind", json!({ "kind": "local" }), "kind", 422, "SETTINGS-INVALID"),
    ] {
        let page = desk
            .replace("/connections/any", |value| {
                for (key, new) in change.as_object().unwrap() {
                    value[key] = new.clone();
                }
            })
            .await;
        assert_eq!(keys_of(&page), [told], "{name} {}", page.text_body());
        assert_problem(&page, status, code);
    }
    let own = format!("http://{}", desk.office.world.address());
    let page = desk
        .replace("/connections/any", |value| {
            value["issuer"] = json!(own);
            value["client_secret"] = json!("x");
        })
        .await;
    assert_eq!(keys_of(&page), ["issuer"], "{}", page.text_body());
}

impl Desk {
    /// A secret is in no answer that can be asked for, and in no event.
    async fn has_kept_quiet(&mut self, secret: &str, more: &[&str]) {
        for path in ["", "/connections", "/connections/any", "/workspace", "/clients", "/administrators"]
            .iter()
            .chain(more)
        {
            let page = self.read(path).await;
            assert!(!page.text_body().contains(secret), "{path}");
        }
        for event in self.office.world.audit().await {
            assert!(!event.details.to_string().contains(secret), "{}", event.event);
        }
    }
}

#[tokio::test]
async fn no_secret_of_a_client_is_written_down() {
    let mut desk = Desk::open().await;
    let (id, secret) = desk.client().await;
    let token = desk.token(&id, &secret).await.json()["access_token"].as_str().unwrap().to_owned();
    desk.has_kept_quiet(&secret, &[&format!("/clients/{id}")]).await;
    desk.has_kept_quiet(&token, &[]).await;
    let store = std::fs::read_dir(desk.office.world.directory()).unwrap();
    for file in store.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let octets = std::fs::read(&file).unwrap();
        for hidden in [&secret, &token] {
            let found = octets.windows(hidden.len()).any(|window| window == hidden.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
}
