//! The browser against a small server that plays every host at once and tells what it was sent.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request as Message, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::*;

/// A listener whose pages are the table in [`answer`]; it lives as long as the test's runtime.
async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(move |request| async move { answer(&request, address.port()) });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

fn answer(request: &Message<Incoming>, port: u16) -> Result<Response<Full<Bytes>>, http::Error> {
    let shop = format!("http://www.shop.localhost:{port}");
    let bank = format!("http://www.bank.localhost:{port}");
    let page =
        |body: String| Response::builder().header("content-type", "text/html").body(Full::new(body.into()));
    let go = |status: u16, to: &str| {
        Response::builder().status(status).header("location", to).body(Full::default())
    };
    match request.uri().path() {
        "/set" => Response::builder()
            .header("set-cookie", "strict=1; SameSite=Strict; Path=/")
            .header("set-cookie", "lax=1; SameSite=Lax; Path=/; HttpOnly")
            .header("set-cookie", "secure=1; Secure; Path=/")
            .body(Full::default()),
        "/attack" => page(format!(
            "<a href='{bank}/echo'>bank</a><form method=post action='{bank}/echo'><input name=x value='1&amp;2'></form>"
        )),
        "/form" => Response::builder()
            .header("content-security-policy", "default-src 'none'; form-action 'self'")
            .header("referrer-policy", "same-origin")
            .body(Full::new(
                "<form method=POST action='/303-away'><button>Leave</button></form>\
                 <form method=post action=/303-home><input type=hidden name=t value=1><button name=b value=2>Stay</button></form>\
                 <form method=post action=/307-home><input type=hidden name=t7 value=7></form>"
                    .into(),
            )),
        "/303-away" => go(303, &format!("{bank}/echo")),
        "/303-home" => go(303, "/refresh"),
        "/307-home" => go(307, "/echo"),
        "/loop" => go(302, "/loop"),
        "/bounce" => go(302, &format!("{bank}/echo")),
        "/refresh" => page(format!("<meta http-equiv=refresh content='0; url={bank}/echo'><p>On &amp; on</p>")),
        "/shop" => go(303, &shop),
        _ => Response::builder().body(Full::new(echoed(request).into())),
    }
}

/// Method and the headers of interest, one a line.
fn echoed(request: &Message<Incoming>) -> String {
    let mut text = format!("method={}\nhost={:?}\n", request.method(), request.headers().get("host"));
    for name in ["cookie", "origin", "referer", "sec-fetch-site", "sec-fetch-user", "x-forwarded-proto"] {
        let value = request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
        text.extend([name, "=", value.unwrap_or("-"), "\n"]);
    }
    text
}

fn says(page: &Page, lines: &[&str]) {
    let text = page.text_body();
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "no '{line}' in {text}");
    }
}

fn hosts(address: SocketAddr) -> (String, String) {
    let port = address.port();
    (format!("http://www.shop.localhost:{port}"), format!("http://www.bank.localhost:{port}"))
}

#[tokio::test]
async fn cookies_follow_the_relation() {
    let (shop, bank) = hosts(serve().await);
    let mut browser = Browser::new();
    browser.open(&format!("{bank}/set")).await.unwrap();
    assert_eq!(browser.jar().refused().len(), 1, "Secure over http is refused");
    says(
        &browser.open(&format!("{bank}/echo")).await.unwrap(),
        &["cookie=strict=1; lax=1", "sec-fetch-site=none"],
    );
    let attack = browser.open(&format!("{shop}/attack")).await.unwrap();
    let link = attack.link("bank").unwrap();
    let clicked = browser.click(&attack, &link).await.unwrap();
    says(
        &clicked,
        &["cookie=lax=1", "sec-fetch-site=cross-site", "sec-fetch-user=?1", &format!("referer={shop}/")],
    );
    let form = attack.form_with("x").unwrap();
    assert_eq!(form.field("x"), Some("1&2"));
    let posted = browser.submit(&form).await.unwrap();
    says(&posted, &["method=POST", "cookie=-", &format!("origin={shop}"), "sec-fetch-site=cross-site"]);
    let image = browser.load_image(&attack, &format!("{bank}/echo")).await.unwrap();
    says(&image, &["cookie=-", "sec-fetch-user=-"]);
}

#[tokio::test]
async fn form_action_holds_against_redirects_and_refresh_is_the_way_out() {
    let (shop, bank) = hosts(serve().await);
    let mut browser = Browser::new();
    let page = browser.open(&format!("{shop}/form")).await.unwrap();
    let leaving = browser.submit(&page.form_saying("Leave").unwrap()).await;
    assert!(matches!(leaving, Err(WireError::FormAction { target, .. }) if target == format!("{bank}/echo")));
    let staying = page.form_with("t").unwrap().press("Stay").unwrap();
    assert_eq!(staying.field("b"), Some("2"));
    let staying = browser.submit(&staying).await.unwrap();
    assert_eq!((staying.hops.len(), staying.text().as_str()), (2, "On & on"));
    let bank_page = browser.follow_refresh(&staying).await.unwrap();
    says(&bank_page, &["sec-fetch-site=cross-site", "sec-fetch-user=-", "origin=-", "method=GET"]);
    let kept = browser.submit(&page.form_with("t7").unwrap()).await.unwrap();
    says(&kept, &["method=POST", &format!("origin={shop}"), &format!("referer={shop}/form")]);
}

#[tokio::test]
async fn redirects_can_be_stopped_before_and_end_at_twenty() {
    let (shop, bank) = hosts(serve().await);
    let mut browser = Browser::new();
    browser.stop_before(Some("/echo"));
    let stopped = browser.open(&format!("{shop}/bounce")).await.unwrap();
    assert_eq!(stopped.location().unwrap().as_str(), format!("{bank}/echo"));
    let mut victim = browser.clone();
    says(&victim.follow(&stopped).await.unwrap(), &["method=GET", "sec-fetch-site=none"]);
    let looped = browser.open(&format!("{shop}/loop")).await;
    assert!(matches!(looped, Err(WireError::TooManyRedirects(_))));
}

#[tokio::test]
async fn a_clone_keeps_a_jar_of_its_own() {
    let (_, bank) = hosts(serve().await);
    let mut victim = Browser::new();
    victim.set_cookie(&bank, "session=1; Path=/").unwrap();
    let mut thief = victim.clone();
    victim.jar().remove("www.bank.localhost", "session");
    assert!(victim.cookies("www.bank.localhost").is_empty());
    says(&thief.open(&format!("{bank}/echo")).await.unwrap(), &["cookie=session=1"]);
}

#[tokio::test]
async fn https_is_played_by_a_proxy_in_clear() {
    let address = serve().await;
    let mut browser = Browser::behind_tls(address);
    let set = browser.open("https://acme.corp.example/set").await.unwrap();
    assert_eq!(set.status, StatusCode::OK);
    assert!(browser.cookie("acme.corp.example", "secure").is_some());
    let page = browser.open("https://acme.corp.example/echo").await.unwrap();
    says(
        &page,
        &["x-forwarded-proto=https", "host=Some(\"acme.corp.example\")", "cookie=strict=1; lax=1; secure=1"],
    );
    let elsewhere = browser.open("http://acme.corp.example/").await;
    assert!(matches!(elsewhere, Err(WireError::UnknownHost(_))), "no real network is ever asked");
}

#[tokio::test]
async fn raw_requests_say_only_what_they_are_told() {
    let address = serve().await;
    let (shop, _) = hosts(address);
    let mut browser = Browser::new();
    browser.set_cookie(&shop, "a=1").unwrap();
    let request = Request::get(&format!("{shop}/bounce")).unwrap().header("host", "evil.example").unwrap();
    assert_eq!(browser.request(request).await.unwrap().status, StatusCode::FOUND);
    let omitted = Request::post(&format!("{shop}/echo"), &[("a", "b c")]).unwrap().cookies(Cookies::Omit);
    says(
        &browser.request(omitted).await.unwrap(),
        &["cookie=-", "sec-fetch-site=-", "origin=-", "method=POST"],
    );
    let octets =
        exchange(address, b"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(octets.starts_with(b"HTTP/1.1 200"));
}
