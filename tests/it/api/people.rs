//! Administrators, invitations and sessions by the API.

use http::Method;
use serde_json::json;

use super::{Desk, assert_problem, keys_of};

#[tokio::test]
async fn somebody_is_invited_once_again_and_not_at_all() {
    let mut desk = Desk::open().await;
    let invitation = json!({ "email": "bob@acme.example", "access": ["library"] });
    let page = desk.send(Method::POST, "/invitations", &[], Some(&invitation)).await;
    assert_eq!(page.status, 201, "{}", page.text_body());
    // Without mail the link is in the answer, this once.
    let (id, link) = (page.json()["id"].clone(), page.json()["link"].as_str().unwrap().to_owned());
    let page = desk.send(Method::POST, "/invitations", &[], Some(&invitation)).await;
    assert_problem(&page, 409, "ADMINISTRATOR-KNOWN");
    let all = desk.read("/invitations").await;
    let shown = &all.json()["items"][0];
    assert_eq!(
        (&shown["id"], &shown["access"], &shown["has_expired"]),
        (&id, &json!(["library"]), &json!(false))
    );
    assert!(!all.text_body().contains(link.split('=').next_back().unwrap()));
    let path = format!("/invitations/{}", id.as_str().unwrap());
    let page = desk.send(Method::POST, &format!("{path}/resend"), &[], None).await;
    assert_eq!(page.status, 200, "{}", page.text_body());
    assert_ne!(page.json()["link"], link);
    assert_eq!(desk.send(Method::DELETE, &path, &[], None).await.status, 204);
    assert_problem(&desk.send(Method::DELETE, &path, &[], None).await, 404, "NOT-FOUND");
    for (body, key) in [
        (json!({ "email": "bob", "access": "full" }), "email"),
        (json!({ "access": "full" }), "email"),
        (json!({ "email": "bob@acme.example" }), "access"),
        (json!({ "email": "bob@acme.example", "access": "everything" }), "access"),
        (json!({ "email": "bob@acme.example", "access": ["full"] }), "access"),
        (json!({ "email": "bob@acme.example", "access": "full", "admin": true }), "admin"),
    ] {
        let page = desk.send(Method::POST, "/invitations", &[], Some(&body)).await;
        assert_problem(&page, 422, "SETTINGS-INVALID");
        assert_eq!(keys_of(&page), [key]);
    }
}

#[tokio::test]
async fn the_last_one_with_full_access_stays() {
    let mut desk = Desk::open().await;
    let all = desk.read("/administrators").await.json();
    let ada = &all["items"][0];
    assert_eq!((&ada["access"], &ada["email"]), (&json!("full"), &json!("ada@acme.example")));
    let path = format!("/administrators/{}", ada["id"].as_str().unwrap());
    assert_eq!(&desk.read(&path).await.json(), ada);
    let page = desk.send(Method::PUT, &format!("{path}/access"), &[], Some(&json!({ "access": [] }))).await;
    assert_problem(&page, 409, "ADMINISTRATOR-LAST");
    assert_problem(&desk.send(Method::DELETE, &path, &[], None).await, 409, "ADMINISTRATOR-LAST");
    let same = json!({ "access": "full" });
    assert_eq!(desk.send(Method::PUT, &format!("{path}/access"), &[], Some(&same)).await.status, 204);
}

#[tokio::test]
async fn sessions_are_seen_and_ended() {
    let mut desk = Desk::open().await;
    let mut subscriber = desk.office.world.browser();
    desk.office.world.sign_in(&mut subscriber).await;
    let all = desk.read("/sessions").await.json();
    let all = all["items"].as_array().unwrap().clone();
    let theirs = all.iter().find(|one| one["audience"] == "subscriber").unwrap();
    assert_eq!(theirs["connection"], "any");
    let mut seen = Vec::new();
    let mut after = String::new();
    while seen.len() < all.len() {
        let page = desk.read(&format!("/sessions?limit=1{after}")).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().cloned());
        after = page["next"].as_str().map_or_else(String::new, |next| format!("&after={next}"));
    }
    assert_eq!(seen, all);
    let path = format!("/sessions/{}", theirs["id"].as_str().unwrap());
    assert_eq!(desk.send(Method::DELETE, &path, &[], None).await.status, 204);
    assert!(!desk.office.world.has_session(&mut subscriber, "acme").await);
    assert_problem(&desk.send(Method::DELETE, &path, &[], None).await, 404, "NOT-FOUND");
    assert_problem(&desk.read("/sessions?after=eA").await, 400, "REQUEST-MALFORMED");
}
