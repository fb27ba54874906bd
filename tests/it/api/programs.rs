//! Secure clients and their tokens: what they may do, what the token endpoint refuses, and when they are dead (API-02 to API-05, ADM-11,
//! ADM-27, OAUTH-20).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::json;
use vestibule_broker::http::api::ROOT;
use vestibule_conformance::wire::{Page, Request};
use vestibule_policies::permission::{Access, Permission};

use super::{Desk, assert_problem};

/// What the token endpoint says to a request that is written by hand.
async fn answer(desk: &Desk, fields: &[(&str, &str)], more: &[(&str, &str)]) -> Page {
    let url = desk.office.console(&format!("{ROOT}/token"));
    let mut request = Request::post(&url, fields).unwrap();
    for (name, value) in more {
        request = request.header(name, value).unwrap();
    }
    desk.office.world.browser().request(request).await.unwrap()
}

#[track_caller]
fn assert_error(page: &Page, status: u16, error: &str) {
    assert_eq!(
        (page.status.as_u16(), &page.json()["error"]),
        (status, &json!(error)),
        "{}",
        page.text_body()
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.json().get("access_token").is_none());
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn a_client_gets_a_token_in_one_way_or_the_other() {
    let mut desk = Desk::open().await;
    let (id, secret) = desk.client().await;
    let (grant, own) = (
        ("grant_type", "client_credentials"),
        (("client_id", id.as_str()), ("client_secret", secret.as_str())),
    );
    let header = basic(&id, &secret);
    for page in [
        answer(&desk, &[grant, own.0, own.1], &[]).await,
        answer(&desk, &[grant], &[("authorization", &header)]).await,
        answer(&desk, &[grant, own.0, own.1], &[("cookie", "admin=x"), ("origin", "https://evil.example")])
            .await,
    ] {
        assert_eq!(page.status, 200, "{}", page.text_body());
        let value = page.json();
        assert_eq!((&value["token_type"], &value["expires_in"]), (&json!("Bearer"), &json!(3600)));
        let token = value["access_token"].as_str().unwrap();
        assert_eq!(token.len(), 43);
        assert_eq!(desk.call(Method::GET, "", token, None).await.status, 200);
    }
    let other = desk.client().await.1;
    let (twice, wrong) = (basic(&id, &secret), basic(&id, &other));
    for (name, fields, headers, status, error) in [
        ("no grant", vec![own.0, own.1], vec![], 400, "invalid_request"),
        (
            "another grant",
            vec![("grant_type", "password"), own.0, own.1],
            vec![],
            400,
            "unsupported_grant_type",
        ),
        (
            "a code's grant",
            vec![("grant_type", "authorization_code"), own.0, own.1],
            vec![],
            400,
            "unsupported_grant_type",
        ),
        ("grant twice", vec![grant, grant, own.0, own.1], vec![], 400, "invalid_request"),
        ("id twice", vec![grant, own.0, own.0, own.1], vec![], 400, "invalid_request"),
        (
            "both ways",
            vec![grant, own.0, own.1],
            vec![("authorization", twice.as_str())],
            400,
            "invalid_request",
        ),
        ("both ways, id alone", vec![grant, own.0], vec![("authorization", &twice)], 400, "invalid_request"),
        ("a scope", vec![grant, own.0, own.1, ("scope", "full")], vec![], 400, "invalid_scope"),
        ("nobody", vec![grant], vec![], 401, "invalid_client"),
        ("no secret", vec![grant, own.0], vec![], 401, "invalid_client"),
        ("another's secret", vec![grant, own.0, ("client_secret", &other)], vec![], 401, "invalid_client"),
        ("another's, by header", vec![grant], vec![("authorization", &wrong)], 401, "invalid_client"),
        (
            "no client",
            vec![grant, ("client_id", "client_00000000000000ff"), own.1],
            vec![],
            401,
            "invalid_client",
        ),
        ("no id", vec![grant, ("client_id", "backup"), own.1], vec![], 401, "invalid_client"),
        ("a bearer", vec![grant], vec![("authorization", "Bearer x")], 401, "invalid_client"),
    ] {
        let page = answer(&desk, &fields, &headers).await;
        assert_eq!(page.json()["error"], error, "{name}");
        assert_error(&page, status, error);
        let by_header = status == 401 && headers.iter().any(|(name, _)| *name == "authorization");
        assert_eq!(page.header("www-authenticate").is_some(), by_header, "{name}");
    }
}

#[tokio::test]
async fn a_token_is_asked_for_by_a_form_that_is_posted() {
    let mut desk = Desk::open().await;
    let (id, secret) = desk.client().await;
    let url = desk.office.console(&format!("{ROOT}/token"));
    let json = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    let request =
        Request::new(Method::POST, &url).unwrap().header("content-type", "application/json").unwrap();
    let mut browser = desk.office.world.browser();
    let page = browser.request(request.body(json.to_string())).await.unwrap();
    assert_error(&page, 400, "invalid_request");
    let page = browser.request(Request::get(&url).unwrap()).await.unwrap();
    assert_problem(&page, 405, "METHOD-NOT-ALLOWED");
    let query = format!("{url}?grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let page = browser.request(Request::post(&query, &[]).unwrap()).await.unwrap();
    assert_error(&page, 400, "invalid_request");
    let long = "x".repeat(9000);
    assert_error(&answer(&desk, &[("grant_type", &long)], &[]).await, 413, "invalid_request");
}

#[tokio::test]
async fn guessing_ends_soon_and_holds_nobody_elsewhere() {
    let mut desk = Desk::open().await;
    let (id, secret) = desk.client().await;
    let wrong = desk.client().await.1;
    for _ in 0..10 {
        assert_error(&desk.token(&id, &wrong).await, 401, "invalid_client");
    }
    assert_error(&desk.token(&id, &wrong).await, 429, "invalid_client");
    assert_error(&desk.token(&id, &secret).await, 429, "invalid_client");
    // Another client of the same network goes on.
    let (other, its) = desk.client().await;
    assert_eq!(desk.token(&other, &its).await.status, 200);
    desk.office.world.clock.advance(Duration::from_mins(16));
    assert_eq!(desk.token(&id, &secret).await.status, 200);
    assert!(!desk.events("client.refused").await.is_empty());
}

#[tokio::test]
async fn a_token_ends_after_an_hour() {
    let mut desk = Desk::open().await;
    let (_, token) = desk.program().await;
    desk.office.world.clock.advance(Duration::from_secs(3599));
    assert_eq!(desk.call(Method::GET, "", &token, None).await.status, 200);
    desk.office.world.clock.advance(Duration::from_secs(1));
    assert_problem(&desk.call(Method::GET, "", &token, None).await, 401, "CLIENT-TOKEN");
}

#[tokio::test]
async fn a_token_dies_with_its_client() {
    let mut desk = Desk::open().await;
    let (id, token) = desk.program().await;
    assert_eq!(desk.call(Method::GET, "", &token, None).await.status, 200);
    let page = desk.send(Method::DELETE, &format!("/clients/{id}"), &[], None).await;
    assert_eq!(page.status, 204);
    assert_problem(&desk.call(Method::GET, "", &token, None).await, 401, "CLIENT-TOKEN");
    let page = desk.send(Method::DELETE, &format!("/clients/{id}"), &[], None).await;
    assert_problem(&page, 404, "NOT-FOUND");
    let (created, deleted) = (desk.events("client.created").await, desk.events("client.deleted").await);
    for event in [&created[0], &deleted[0]] {
        assert_eq!(event["target"]["client"], id, "{event}");
        assert!(event["actor"]["person"].is_string(), "{event}");
    }
}

#[tokio::test]
async fn a_client_may_what_its_maker_may_now() {
    let mut desk = Desk::open().await;
    let (id, token) = desk.program().await;
    assert_eq!(desk.call(Method::GET, "/workspace", &token, None).await.status, 200);
    // Nobody has to sign in afresh for a program.
    desk.office.world.clock.advance(Duration::from_mins(20));
    let body = json!({ "name": "another" });
    assert_eq!(desk.call(Method::POST, "/clients", &token, Some(&body)).await.status, 201);
    desk.gives_ada(Access::Custom([Permission::SecureClient].into())).await;
    assert_problem(&desk.call(Method::GET, "/workspace", &token, None).await, 403, "ACCESS-DENIED");
    assert_eq!(desk.call(Method::GET, "/clients", &token, None).await.status, 200);
    desk.gives_ada(Access::Full).await;
    assert_eq!(desk.call(Method::GET, "/workspace", &token, None).await.status, 200);
    let mails = desk.events("client.created").await;
    assert_eq!(mails[1]["actor"]["client"], id, "a program's doings stand under its own name");
    // Another organisation is not there, for a program neither.
    let url = desk.office.console(&format!("{ROOT}/organizations/beta/workspace"));
    let request = Request::get(&url).unwrap().header("authorization", &format!("Bearer {token}")).unwrap();
    let page = desk.office.world.browser().request(request).await.unwrap();
    assert_problem(&page, 404, "NOT-FOUND");
}

#[tokio::test]
async fn who_is_removed_leaves_no_program_behind() {
    let mut desk = Desk::open().await;
    let link = desk.office.link("acme", "bob@acme.example").await;
    let mut bob = desk.office.world.browser();
    desk.office.enrol(&mut bob, &link).await;
    let (id, secret) = desk.client().await;
    let token = desk.token(&id, &secret).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(desk.call(Method::GET, "", &token, None).await.status, 200);
    // Past every verb: nothing but the membership goes, and that alone is enough.
    desk.change(|organization| drop(organization.administrators.remove(0))).await;
    assert_problem(&desk.call(Method::GET, "", &token, None).await, 401, "CLIENT-TOKEN");
    let page = desk.token(&id, &secret).await;
    assert_error(&page, 401, "invalid_client");
}

#[tokio::test]
async fn who_is_removed_by_the_verb_loses_their_clients_for_good() {
    let mut desk = Desk::open().await;
    let link = desk.office.link("acme", "bob@acme.example").await;
    let mut bob = desk.office.world.browser();
    desk.office.enrol(&mut bob, &link).await;
    let token = desk.office.form_token(&mut bob).await;
    let headers = [("origin", desk.origin()), ("vestibule-form-token", token)];
    let body = json!({ "name": "bobs" });
    let request = super::requested(Method::POST, &desk.own("/clients"), &headers, Some(&body));
    let made = bob.request(request).await.unwrap().json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let token = desk.token(id, secret).await.json()["access_token"].as_str().unwrap().to_owned();
    let all = desk.read("/administrators").await.json();
    let bobs =
        all["items"].as_array().unwrap().iter().find(|one| one["email"] == "bob@acme.example").unwrap();
    let path = format!("/administrators/{}", bobs["id"].as_str().unwrap());
    desk.sign_in().await;
    let page = desk.send(Method::DELETE, &path, &[], None).await;
    assert_eq!(page.status, 204, "{}", page.text_body());
    assert_problem(&desk.call(Method::GET, "", &token, None).await, 401, "CLIENT-TOKEN");
    assert_eq!(desk.read("/clients").await.json()["items"], json!([]));
    let deleted = desk.events("client.deleted").await;
    assert_eq!(deleted[0]["target"]["client"], id);
}

#[tokio::test]
async fn with_the_permission_alone_one_sees_ones_own() {
    let mut desk = Desk::open().await;
    let (own, _) = desk.client().await;
    let link = desk.office.link("acme", "bob@acme.example").await;
    let mut bob = desk.office.world.browser();
    desk.office.enrol(&mut bob, &link).await;
    desk.change(|organization| {
        organization.administrators[1].access = Access::Custom([Permission::SecureClient].into());
    })
    .await;
    let headers =
        [("origin", desk.origin()), ("vestibule-form-token", desk.office.form_token(&mut bob).await)];
    let url = desk.own("/clients");
    let page = bob.request(super::requested(Method::GET, &url, &headers, None)).await.unwrap();
    assert_eq!(page.json()["items"], json!([]));
    for method in [Method::GET, Method::DELETE] {
        let request = super::requested(method, &format!("{url}/{own}"), &headers, None);
        assert_problem(&bob.request(request).await.unwrap(), 404, "NOT-FOUND");
    }
    let body = json!({ "name": "bobs" });
    let request = super::requested(Method::POST, &url, &headers, Some(&body));
    let made = bob.request(request).await.unwrap().json();
    let all = desk.read("/clients").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let bobs = made["id"].as_str().unwrap();
    assert_eq!(desk.send(Method::DELETE, &format!("/clients/{bobs}"), &[], None).await.status, 204);
}
