//! Every address of the table with everybody who may call it and everybody who may not. A new address is walked without being named
//! here; one that asks for nothing fails.

use std::time::Duration;

use http::Method;
use vestibule_broker::http::api::{Endpoint, ROOT, Takes, Verb, endpoints};
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::operation::Operation;
use vestibule_policies::permission::{Access, Needs, Permission};

use super::{Desk, assert_problem, requested};

/// The addresses of administrators, each with its path in `acme`, where nothing of the name stands that it would touch.
fn walked() -> Vec<(&'static Endpoint, Operation, String)> {
    let path = |endpoint: &Endpoint| {
        let segments = endpoint.path.split('/').map(|segment| match segment {
            "{organization}" => "acme",
            "{administrator}" | "{invitation}" => "00000000000000ff",
            "{client}" => "client_00000000000000ff",
            other if other.starts_with('{') => "nobody",
            other => other,
        });
        segments.collect::<Vec<_>>().join("/")
    };
    endpoints().filter_map(|one| Some((one, one.operation?, path(one)))).collect()
}

fn method(endpoint: &Endpoint) -> Method {
    Method::from_bytes(endpoint.method.as_str().as_bytes()).unwrap()
}

/// What a page of the console of whoever this is would send, without a body.
async fn asked(desk: &Desk, browser: &mut Browser, token: &str, (endpoint, path): (&Endpoint, &str)) -> Page {
    let headers = [("origin", desk.origin()), ("vestibule-form-token", token.to_owned())];
    let url = desk.office.console(&format!("{ROOT}{path}"));
    browser.request(requested(method(endpoint), &url, &headers, None)).await.unwrap()
}

/// It went past the check, and ended for the reason that is the first after it.
#[track_caller]
fn assert_past_the_check(endpoint: &Endpoint, page: &Page) {
    let body = page.text_body();
    let expected: &[u16] = match (endpoint.changes, endpoint.takes, endpoint.method) {
        (true, ..) => &[428],
        (false, Takes::Json(_), _) => &[415],
        (false, Takes::Nothing | Takes::Form, Verb::Get) => &[200, 404],
        // It needs nothing that is there already.
        (false, ..) if endpoint.id == "makeGatewayPair" => &[201],
        (false, Takes::Nothing | Takes::Form, _) => &[404],
    };
    assert!(expected.contains(&page.status.as_u16()), "{}: {} {body}", endpoint.id, page.status);
}

#[tokio::test]
async fn only_two_addresses_are_anybodys() {
    let open: Vec<_> = endpoints().filter(|one| one.operation.is_none()).map(|one| one.path).collect();
    assert_eq!(open, ["/openapi.json", "/token"]);
    for one in endpoints().filter(|one| one.operation.is_some()) {
        assert!(one.path == "/organizations" || one.is_of_organization(), "{}", one.path);
        // What is read is asked for as little as what stands there, and what is changed as much as it is worth.
        let reads = one.operation.unwrap();
        assert!(
            one.method == Verb::Get || !matches!(reads.demands().needs, Needs::Administrator),
            "{}",
            one.id
        );
    }
}

#[tokio::test]
async fn every_address_asks_who_it_is() {
    let mut desk = Desk::open().await;
    let world = &desk.office.world;
    let mut subscriber = world.browser();
    world.sign_in(&mut subscriber).await;
    // The subscriber's cookie under the console's name, as somebody would try it.
    let cookie = subscriber.cookie("acme.vestibule.localhost", &world.cookie_name("access")).unwrap();
    let line = format!("{}={}; Path=/; HttpOnly; SameSite=Lax", world.cookie_name("admin"), cookie.value);
    subscriber.set_cookie(&desk.office.console("/"), &line).unwrap();
    let invited = desk.office.link("beta", "bob@beta.example").await;
    let mut elsewhere = desk.office.world.browser();
    desk.office.enrol(&mut elsewhere, &invited).await;
    let bobs = desk.office.form_token(&mut elsewhere).await;
    for (endpoint, _, path) in walked() {
        let at = (endpoint, path.as_str());
        let page = asked(&desk, &mut desk.office.world.browser(), "", at).await;
        assert_problem(&page, 401, "SIGN-IN-REQUIRED");
        assert!(
            page.json()["sign_in"].as_str().unwrap().contains("/.vestibule/sign-in?to="),
            "{}",
            endpoint.id
        );
        let page = asked(&desk, &mut subscriber, &bobs, at).await;
        assert_problem(&page, 401, "SIGN-IN-REQUIRED");
        if endpoint.is_of_organization() {
            let page = asked(&desk, &mut elsewhere, &bobs, at).await;
            assert_problem(&page, 404, "NOT-FOUND");
        }
        let (mut browser, token) = (desk.browser.clone(), desk.form_token.clone());
        let page = asked(&desk, &mut browser, &token, at).await;
        assert_past_the_check(endpoint, &page);
    }
    assert_eq!(desk.read("").await.json()["slug"], "acme");
}

#[tokio::test]
async fn every_address_asks_what_they_may_do() {
    let mut desk = Desk::open().await;
    let every = |one: &dyn Fn(Permission) -> bool| {
        Access::Custom(Permission::ALL.into_iter().filter(|permission| one(*permission)).collect())
    };
    for (endpoint, operation, path) in walked() {
        let at = (endpoint, path.as_str());
        let needed = |permission: Permission| match operation.demands().needs {
            Needs::Any(any) => any.contains(&permission),
            Needs::Full | Needs::Administrator => false,
        };
        // All that is not asked for opens nothing, and what is asked for is enough.
        let without = every(&|one| !needed(one));
        let with = every(&needed);
        for (access, opens) in [
            (without.clone(), operation.is_open_to(&without)),
            (with.clone(), operation.is_open_to(&with)),
            (Access::Full, true),
        ] {
            let name = format!("{} {access:?}", endpoint.id);
            desk.gives_ada(access).await;
            let (mut browser, token) = (desk.browser.clone(), desk.form_token.clone());
            let page = asked(&desk, &mut browser, &token, at).await;
            if opens {
                assert_past_the_check(endpoint, &page);
            } else {
                assert_eq!(page.json()["code"], "ACCESS-DENIED", "{name}");
                assert_problem(&page, 403, "ACCESS-DENIED");
            }
        }
        let opens_by_permission = matches!(operation.demands().needs, Needs::Any(_));
        assert_eq!(operation.is_open_to(&with), opens_by_permission || operation.is_open_to(&without));
    }
    assert_eq!(desk.read("").await.status, 200);
}

#[tokio::test]
async fn what_changes_who_gets_in_asks_for_a_recent_sign_in() {
    let desk = Desk::open().await;
    desk.office.world.clock.advance(Duration::from_mins(16));
    for (endpoint, operation, path) in walked() {
        let (mut browser, token) = (desk.browser.clone(), desk.form_token.clone());
        let page = asked(&desk, &mut browser, &token, (endpoint, &path)).await;
        if operation.demands().recent {
            assert_problem(&page, 403, "STEP-UP");
            assert!(page.json()["sign_in"].as_str().unwrap().contains("fresh=1"), "{}", endpoint.id);
        } else {
            assert_past_the_check(endpoint, &page);
        }
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_there() {
    let mut desk = Desk::open().await;
    for (method, path, status) in [
        (Method::GET, "/nothing", 404),
        (Method::GET, "/connections/a/b", 404),
        (Method::GET, "/connections/%61ny", 404),
        (Method::GET, "/connections/", 404),
        (Method::PATCH, "/workspace", 405),
        (Method::OPTIONS, "/workspace", 405),
        (Method::DELETE, "/workspace", 405),
        (Method::POST, "", 405),
    ] {
        let page = desk.send(method.clone(), path, &[], None).await;
        let code = if status == 404 { "NOT-FOUND" } else { "METHOD-NOT-ALLOWED" };
        assert_problem(&page, status, code);
        assert_eq!(page.header("allow").is_some(), status == 405, "{method} {path}");
        assert!(page.header("access-control-allow-origin").is_none());
    }
    for query in
        ["?limit=0", "?limit=101", "?limit=x", "?limit=1&limit=2", "?after=%21", "?page=2", "?access_token=x"]
    {
        assert_problem(&desk.read(&format!("/connections{query}")).await, 400, "REQUEST-MALFORMED");
    }
    assert_eq!(desk.read("/connections?limit=1").await.status, 200);
}
