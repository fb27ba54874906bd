//! Bodies have one meaning or none, and what is refused is told by its key.

use http::Method;
use serde_json::json;
use vestibule_conformance::wire::{Page, Request};

use super::{Desk, assert_problem, keys_of};

const JSON: Option<&str> = Some("application/json");

/// A client's body as it is, with this content type.
async fn sent(desk: &mut Desk, kind: Option<&str>, body: &[u8]) -> Page {
    let mut request = Request::new(Method::POST, &desk.own("/clients")).unwrap();
    for (name, value) in [("origin", desk.origin()), ("vestibule-form-token", desk.form_token.clone())] {
        request = request.header(name, &value).unwrap();
    }
    if let Some(kind) = kind {
        request = request.header("content-type", kind).unwrap();
    }
    desk.browser.request(request.body(body.to_vec())).await.unwrap()
}

#[tokio::test]
async fn json_is_read_strictly() {
    let mut desk = Desk::open().await;
    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(11), "]".repeat(11));
    let many = format!("{{\"name\":[{}1]}}", "1,".repeat(4100));
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(1536 * 1024));
    for (name, kind, body, status, code) in [
        ("no type", None, "{\"name\":\"x\"}", 415, "REQUEST-MEDIA-TYPE"),
        ("a form", Some("application/x-www-form-urlencoded"), "name=x", 415, "REQUEST-MEDIA-TYPE"),
        ("text", Some("text/plain"), "{\"name\":\"x\"}", 415, "REQUEST-MEDIA-TYPE"),
        ("nothing", JSON, "", 400, "REQUEST-MALFORMED"),
        ("a list", JSON, "[]", 400, "REQUEST-MALFORMED"),
        ("a member twice", JSON, "{\"name\":\"x\",\"name\":\"y\"}", 400, "REQUEST-MALFORMED"),
        ("a member twice, escaped", JSON, "{\"name\":\"x\",\"n\\u0061me\":\"y\"}", 400, "REQUEST-MALFORMED"),
        ("two values", JSON, "{\"name\":\"x\"}{}", 400, "REQUEST-MALFORMED"),
        ("a comment", JSON, "{\"name\":\"x\"}//", 400, "REQUEST-MALFORMED"),
        ("deep", JSON, &deep, 400, "REQUEST-MALFORMED"),
        ("many", JSON, &many, 400, "REQUEST-MALFORMED"),
        ("long", JSON, &long, 413, "REQUEST-TOO-LARGE"),
        ("an unknown member", JSON, "{\"name\":\"x\",\"secret\":\"y\"}", 422, "SETTINGS-INVALID"),
        ("another type", JSON, "{\"name\":7}", 422, "SETTINGS-INVALID"),
        ("no name", JSON, "{}", 422, "SETTINGS-INVALID"),
        ("an empty name", JSON, "{\"name\":\"\"}", 422, "SETTINGS-INVALID"),
        ("a control character", JSON, "{\"name\":\"a\\u0000b\"}", 422, "SETTINGS-INVALID"),
    ] {
        let page = sent(&mut desk, kind, body.as_bytes()).await;
        assert_eq!(page.json()["code"], code, "{name}: {}", page.text_body());
        assert_problem(&page, status, code);
    }
    assert_problem(&sent(&mut desk, JSON, b"{\"name\":\"\xff\"}").await, 400, "REQUEST-MALFORMED");
    assert_eq!(
        sent(&mut desk, Some("application/json; charset=utf-8"), b"{\"name\":\"x\"}").await.status,
        201
    );
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let mut desk = Desk::open().await;
    for number in 0..5 {
        let body = json!({ "name": format!("client {number}") });
        assert_eq!(desk.send(Method::POST, "/clients", &[], Some(&body)).await.status, 201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for size in [2, 2, 1] {
        let page = desk.read(&format!("/clients?limit=2{after}")).await.json();
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), size, "{page}");
        seen.extend(items.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => assert_eq!(size, 1, "{page}"),
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted() && seen.windows(2).all(|two| two[0] != two[1]));
}

#[tokio::test]
async fn the_description_names_every_address_and_every_schema_that_it_uses() {
    let desk = Desk::open().await;
    let url = desk.office.console("/api/v1/openapi.json");
    let description = desk.office.world.browser().request(Request::get(&url).unwrap()).await.unwrap().json();
    assert_eq!(description["openapi"], "3.1.0");
    for one in vestibule_broker::http::api::endpoints() {
        let path = format!("/api/v1{}", one.path);
        let operation = &description["paths"][&path][one.method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], one.id, "{path}");
    }
    let text = description.to_string();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    assert!(schemas.len() > 10, "{:?}", schemas.keys());
}

#[tokio::test]
async fn the_idle_limit_of_administrators_is_the_editions() {
    let mut desk = Desk::open().await;
    let page = desk.replace("", |value| value["sessions"]["idle"] = json!("30m")).await;
    assert_problem(&page, 422, "SETTINGS-INVALID");
    assert_eq!(keys_of(&page), ["idle"]);
    assert_eq!(desk.replace("", |_| {}).await.status, 200);
    desk.change(|organization| {
        organization.edition = vestibule_policies::Edition::Japan;
        organization.sessions.administrator = organization.edition.administrator_limits();
    })
    .await;
    for (idle, status) in
        [("10m", 200), ("12h", 200), ("off", 200), ("9m", 422), ("13h", 422), ("x", 422), ("30m", 200)]
    {
        let page = desk.replace("", |value| value["sessions"]["idle"] = json!(idle)).await;
        assert_eq!(page.status, status, "{idle} {}", page.text_body());
    }
    assert_eq!(desk.read("").await.json()["sessions"]["idle"], "30m");
    for (key, value) in [("name", json!("Evil")), ("slug", json!("beta")), ("edition", json!("global"))] {
        let page = desk.replace("", |whole| whole[key] = value).await;
        assert_problem(&page, 422, "SETTINGS-INVALID");
        assert_eq!(keys_of(&page), [key]);
    }
    let page = desk.replace("", |value| value["sessions"]["maximum"] = json!("10m")).await;
    assert_eq!((page.status.as_u16(), keys_of(&page)), (422, vec!["maximum".to_owned()]));
    let changed = desk.events("organization.sessions-changed").await;
    assert_eq!(changed.last().unwrap()["target"]["after"]["idle"], "30m");
}
