//! Nobody else signs a person out: neither a picture, nor another page's form, nor a token of another session (SESS-15).

use http::Method;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::world::World;

use super::{question, signed_in, world};

/// One attempt, with the jar of the victim's browser: the worst case, in which even `SameSite` let it through.
struct Attempt<'a> {
    row: &'a str,
    method: Method,
    origin: Option<String>,
    body: String,
    status: u16,
}

async fn send(world: &World, browser: &mut Browser, attempt: &Attempt<'_>) -> Page {
    let address = world.url("acme", "/.vestibule/sign-out");
    let mut request = Request::new(attempt.method.clone(), &address).unwrap();
    request = request.header("content-type", "application/x-www-form-urlencoded").unwrap();
    if let Some(origin) = &attempt.origin {
        request = request.header("origin", origin).unwrap();
    }
    browser.request(request.body(attempt.body.clone())).await.unwrap()
}

async fn token(world: &World, browser: &mut Browser) -> String {
    let form = question(world, browser).await.form_with("form_token").unwrap();
    form.field("form_token").unwrap().to_owned()
}

#[tokio::test]
async fn a_form_that_is_not_the_sessions_own_ends_nothing() {
    let world = world().await;
    let (mut browser, mut other) = (signed_in(&world).await, signed_in(&world).await);
    let good = format!("form_token={}", token(&world, &mut browser).await);
    let foreign = format!("form_token={}", token(&world, &mut other).await);
    let second = browser.open(&world.url("acme-second", "/.vestibule/sign-out")).await.unwrap();
    let elsewhere = second.form_with("form_token").unwrap().field("form_token").unwrap().to_owned();
    let own = world.origin("acme");
    let cut = good[..good.len() - 1].to_owned();
    let origin_rows = [
        ("SESS-15 no Origin", None),
        ("SESS-15 Origin null", Some("null".to_owned())),
        ("SESS-15 a sibling's Origin", Some(world.origin("acme-second"))),
        ("SESS-15 the accounts' Origin", Some(world.origin("accounts"))),
        ("SESS-15 another scheme", Some(own.replace("http://", "https://"))),
        ("SESS-15 another port", Some(format!("{own}1"))),
        ("SESS-15 a longer host", Some(format!("{own}.evil.example"))),
        ("SESS-15 a path behind it", Some(format!("{own}/"))),
        ("SESS-15 a stranger's Origin", Some("https://evil.example".to_owned())),
    ];
    let token_rows = [
        ("SESS-15 no token", String::new()),
        ("SESS-15 an empty token", "form_token=".to_owned()),
        ("SESS-15 another session's token", foreign),
        ("SESS-15 the same session's token of another host", format!("form_token={elsewhere}")),
        ("SESS-15 a token cut short", cut),
        ("SESS-15 a token and one more letter", format!("{good}A")),
        ("SESS-15 the token twice", format!("{good}&{good}")),
        ("SESS-15 a field of another name", good.replace("form_token", "token")),
    ];
    let attempts = origin_rows
        .into_iter()
        .map(|(row, origin)| Attempt { row, method: Method::POST, origin, body: good.clone(), status: 403 })
        .chain(token_rows.into_iter().map(|(row, body)| Attempt {
            row,
            method: Method::POST,
            origin: Some(own.clone()),
            body,
            status: 403,
        }));
    for attempt in attempts {
        let page = send(&world, &mut browser, &attempt).await;
        assert_eq!(page.status, attempt.status, "{}", attempt.row);
        assert!(!page.headers.contains_key("set-cookie"), "{}: no cookie is touched", attempt.row);
        assert!(world.has_session(&mut browser, "acme").await, "{}", attempt.row);
    }
    let row = "the paired positive";
    let attempt = Attempt { row, method: Method::POST, origin: Some(own), body: good, status: 303 };
    assert_eq!(send(&world, &mut browser, &attempt).await.status, attempt.status, "{row}");
    assert!(!world.has_session(&mut browser, "acme").await, "{row}");
    assert!(world.has_session(&mut other, "acme").await, "{row}: and nobody else");
}

#[tokio::test]
async fn a_form_of_ours_is_short() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let good = format!("form_token={}", token(&world, &mut browser).await);
    let body = format!("{good}&padding={}", "a".repeat(64 * 1024));
    let attempt = Attempt {
        row: "64 KiB",
        method: Method::POST,
        origin: Some(world.origin("acme")),
        body,
        status: 413,
    };
    assert_eq!(send(&world, &mut browser, &attempt).await.status, attempt.status, "{}", attempt.row);
    assert!(world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn no_other_method_ends_a_session() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let good = format!("form_token={}", token(&world, &mut browser).await);
    for (method, status) in [
        ("GET", 200),
        ("HEAD", 200),
        ("PUT", 405),
        ("DELETE", 405),
        ("PATCH", 405),
        ("OPTIONS", 405),
        ("post", 405),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let origin = Some(world.origin("acme"));
        let attempt = Attempt { row: "SESS-15", method: method.clone(), origin, body: good.clone(), status };
        let page = send(&world, &mut browser, &attempt).await;
        assert_eq!(page.status, attempt.status, "{} {method}", attempt.row);
        assert!(world.has_session(&mut browser, "acme").await, "{} {method}", attempt.row);
    }
}

#[tokio::test]
async fn what_another_page_makes_a_browser_do_ends_nothing() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let good = token(&world, &mut browser).await;
    let address = world.url("acme", "/.vestibule/sign-out");
    let form = format!(
        "<form method=post action=\"{address}\"><input name=form_token value=\"{good}\"><button>Win</button></form>"
    );
    for attacker in
        ["https://evil.example/".to_owned(), world.url("acme-second", "/"), world.url("accounts", "/x")]
    {
        let page = Page::imagined(&attacker, &form).unwrap();
        browser.load_image(&page, &format!("{address}?form_token={good}")).await.unwrap();
        assert!(world.has_session(&mut browser, "acme").await, "SESS-15 a picture on {attacker}");
        browser.navigate(&page, &format!("{address}?form_token={good}")).await.unwrap();
        assert!(world.has_session(&mut browser, "acme").await, "SESS-15 a link on {attacker}");
        let answer = browser.auto_submit(&page.form_with("form_token").unwrap()).await.unwrap();
        assert_eq!(answer.status, 403, "SESS-15 a form on {attacker}, even with the right token");
        assert!(world.has_session(&mut browser, "acme").await, "SESS-15 a form on {attacker}");
    }
}
