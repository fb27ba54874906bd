//! By cookie a browser sends what any page likes: an unsafe call has to come from a page of the console's own (interface 2).

use http::Method;
use serde_json::json;
use vestibule_conformance::wire::{Page, Request};

use super::{Desk, assert_problem, requested, without_cookies};

async fn made(desk: &mut Desk, headers: &[(&str, String)]) -> Page {
    let body = json!({ "name": "forged" });
    let request = requested(Method::POST, &desk.own("/clients"), headers, Some(&body));
    desk.browser.request(request).await.unwrap()
}

#[tokio::test]
async fn another_page_changes_nothing() {
    let mut desk = Desk::open().await;
    let (own, token) = (desk.origin(), desk.form_token.clone());
    let others = Desk::session_of(&desk).await;
    for (name, origin, form_token, code) in [
        ("another site", Some("https://evil.example".to_owned()), Some(token.clone()), "REQUEST-ORIGIN"),
        ("a sibling", Some(own.replace("console.", "acme.")), Some(token.clone()), "REQUEST-ORIGIN"),
        (
            "the accounts host",
            Some(own.replace("console.", "accounts.")),
            Some(token.clone()),
            "REQUEST-ORIGIN",
        ),
        ("another port", Some(format!("{own}1")), Some(token.clone()), "REQUEST-ORIGIN"),
        ("an opaque origin", Some("null".to_owned()), Some(token.clone()), "REQUEST-ORIGIN"),
        ("no origin", None, Some(token.clone()), "REQUEST-ORIGIN"),
        ("no token", Some(own.clone()), None, "REQUEST-FORM-TOKEN"),
        ("an empty token", Some(own.clone()), Some(String::new()), "REQUEST-FORM-TOKEN"),
        ("another session's token", Some(own.clone()), Some(others), "REQUEST-FORM-TOKEN"),
    ] {
        let headers = [("origin", origin), ("vestibule-form-token", form_token)];
        let headers: Vec<_> = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let page = made(&mut desk, &headers).await;
        assert_eq!(page.json()["code"], code, "{name}");
        assert_problem(&page, 403, code);
    }
    let twice = [
        ("origin", own.clone()),
        ("vestibule-form-token", token.clone()),
        ("vestibule-form-token", token.clone()),
    ];
    assert_problem(&made(&mut desk, &twice).await, 403, "REQUEST-FORM-TOKEN");
    let sibling = [
        ("origin", own.clone()),
        ("vestibule-form-token", token.clone()),
        ("sec-fetch-site", "same-site".to_owned()),
    ];
    assert_problem(&made(&mut desk, &sibling).await, 403, "REQUEST-ORIGIN");
    assert_eq!(desk.read("/clients").await.json()["items"], json!([]));
    let page = made(&mut desk, &[("origin", own), ("vestibule-form-token", token)]).await;
    assert_eq!(page.status, 201, "{}", page.text_body());
}

#[tokio::test]
async fn a_siblings_page_does_not_even_read() {
    let mut desk = Desk::open().await;
    for (site, status) in [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)] {
        let page = desk.send(Method::GET, "/connections", &[("sec-fetch-site", site)], None).await;
        assert_eq!(page.status, status, "{site}");
        assert!(page.header("access-control-allow-origin").is_none());
    }
}

#[tokio::test]
async fn a_token_alone_decides_where_there_is_one() {
    let mut desk = Desk::open().await;
    let (_, token) = desk.program().await;
    // A wrong one is not made good by a cookie.
    for wrong in ["Bearer x", "Basic YTpi", "Bearer", "", "bearer "] {
        let headers = [("authorization", wrong.to_owned())];
        let request = requested(Method::GET, &desk.own(""), &headers, None);
        let page = desk.browser.request(request).await.unwrap();
        assert_problem(&page, 401, "CLIENT-TOKEN");
        assert!(page.header("www-authenticate").unwrap().starts_with("Bearer"), "{wrong}");
    }
    let twice = [("authorization", format!("Bearer {token}")), ("authorization", format!("Bearer {token}"))];
    let page = desk.browser.request(requested(Method::GET, &desk.own(""), &twice, None)).await.unwrap();
    assert_problem(&page, 401, "CLIENT-TOKEN");
    // And a good one needs neither cookie, origin nor form token, wherever it comes from.
    let headers =
        [("authorization", format!("bearer {token}")), ("origin", "https://evil.example".to_owned())];
    let body = json!({ "name": "second" });
    let request = without_cookies(requested(Method::POST, &desk.own("/clients"), &headers, Some(&body)));
    let page = desk.browser.request(request).await.unwrap();
    assert_eq!(page.status, 201, "{}", page.text_body());
}

#[tokio::test]
async fn a_token_in_the_address_is_none() {
    let mut desk = Desk::open().await;
    let (_, token) = desk.program().await;
    let url = desk.own(&format!("?access_token={token}"));
    let page = desk.office.world.browser().request(Request::get(&url).unwrap()).await.unwrap();
    assert_problem(&page, 401, "SIGN-IN-REQUIRED");
    // Beside one that is where it belongs it is refused as well: addresses stand in logs.
    let page = desk.call(Method::GET, &format!("?access_token={token}"), &token, None).await;
    assert_problem(&page, 400, "REQUEST-MALFORMED");
    assert!(!page.text_body().contains(&token));
    assert_eq!(desk.call(Method::GET, "", &token, None).await.status, 200);
}

#[tokio::test]
async fn a_call_by_cookie_is_activity_unless_nobody_made_it() {
    let mut desk = Desk::open().await;
    let half = std::time::Duration::from_mins(40);
    desk.office.world.clock.advance(half);
    assert_eq!(desk.read("").await.status, 200);
    desk.office.world.clock.advance(half);
    assert_eq!(desk.send(Method::GET, "", &[("vestibule-background", "1")], None).await.status, 200);
    desk.office.world.clock.advance(half);
    assert_problem(&desk.read("").await, 401, "SIGN-IN-REQUIRED");
}

impl Desk {
    /// The form token of another session of the same person.
    async fn session_of(desk: &Self) -> String {
        desk.office.world.clock.advance(std::time::Duration::from_mins(1));
        let mut browser = desk.office.world.browser();
        desk.office.sign_in(&mut browser, &desk.office.console("/"), &desk.ada).await;
        desk.office.form_token(&mut browser).await
    }
}
