//! The provider met by a browser that keeps the rules: cookies, `form-action`, `Origin`.

use std::convert::Infallible;

use http::header::HOST;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::*;
use crate::wire::{Browser, Form, Page};

/// The provider on its own host and, on another site, a broker that only has a callback.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let template = World::new(Shape::Okta).provider.settings;
    let callback = CALLBACK.replace("8080", &port.to_string());
    let client = Client { redirect_uris: vec![callback.clone()], ..template.clients[0].clone() };
    let issuer = ISSUER.replace("8080", &port.to_string());
    let provider = Arc::new(Provider::new(Settings { issuer, clients: vec![client], ..template }).unwrap());
    let address = World::new(Shape::Okta).authorize_url(&[("redirect_uri", &callback)]);
    let answer = move |request: Request<Incoming>| {
        let provider = Arc::clone(&provider);
        async move {
            let host = request.headers()[HOST].to_str().unwrap();
            let answer = if host.starts_with("okta.sandbox.localhost") {
                provider.handle(request).await
            } else {
                reply::text(StatusCode::OK, "callback")
            };
            Ok::<_, Infallible>(answer)
        }
    };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let serving =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer.clone()));
            tokio::spawn(serving);
        }
    });
    address.replace("8080", &port.to_string())
}

/// The last form with that name in it: the typed one stands below those of one click.
fn form_of(page: &Page, username: &str) -> Form {
    page.forms().into_iter().rfind(|form| form.field("username") == Some(username)).unwrap()
}

fn answered(page: &Page, name: &str) -> Option<String> {
    assert_eq!(page.url.path(), "/core/login-okta", "{}", page.url);
    page.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn one_click_signs_in_and_the_next_visit_needs_none() {
    let address = serve().await;
    let mut browser = Browser::new();
    let page = browser.open(&address).await.unwrap();
    let page = browser.submit(&form_of(&page, "alice")).await.unwrap();
    assert!(answered(&page, "code").is_some());
    let again = browser.open(&address).await.unwrap();
    assert!(answered(&again, "code").is_some());
    let fresh = browser.open(&format!("{address}&prompt=login")).await.unwrap();
    assert_eq!(fresh.forms().len(), People::standard().iter().count() + 2);
    let stranger = Browser::new().open(&address).await.unwrap();
    assert!(!stranger.forms().is_empty(), "another browser has no session");
}

#[tokio::test]
async fn typing_and_declining_go_through_the_page_too() {
    let address = serve().await;
    let mut browser = Browser::new();
    let page = browser.open(&address).await.unwrap();
    let typed = form_of(&page, "").with("username", "bob");
    let page = browser.submit(&typed.clone().with("password", "guess")).await.unwrap();
    assert!(page.text().contains("The name or the password is wrong."));
    let people = People::standard();
    let password = people.by_username("bob").unwrap().password.as_str();
    let again = browser.submit(&form_of(&page, "bob").with("password", password)).await.unwrap();
    assert!(answered(&again, "code").is_some());
    let deny = page.form_saying("Deny").unwrap().press("Deny").unwrap();
    let denied = browser.submit(&deny).await.unwrap();
    assert_eq!(answered(&denied, "error").as_deref(), Some("access_denied"));
}
