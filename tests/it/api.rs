//! The administration API: who may call what, how programs come by a token, and what administrators change by it (API-01 to API-05).

mod bodies;
mod connections;
mod described;
mod people;
mod programs;
mod sites;
mod walk;
mod workspace;

use http::Method;
use serde_json::{Value, json};
use vestibule_broker::http::api::ROOT;
use vestibule_broker::store::organizations::{self, Changed};
use vestibule_conformance::wire::{Browser, Cookies, Page, Request};
use vestibule_policies::permission::Access;

use crate::administrators::{Enrolled, Office};

/// A console with Ada, who runs `acme`, in a browser that just signed in.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) browser: Browser,
    /// Of her session.
    form_token: String,
    ada: Enrolled,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let office = Office::start().await;
        let ada = office.ada().await;
        let mut desk = Self { browser: office.world.browser(), form_token: String::new(), ada, office };
        desk.sign_in().await;
        desk
    }

    /// Signs her in, perhaps afresh.
    pub(crate) async fn sign_in(&mut self) {
        // A code is good once.
        self.office.world.clock.advance(std::time::Duration::from_mins(1));
        self.browser = self.office.world.browser();
        let console = self.office.console("/");
        self.office.sign_in(&mut self.browser, &console, &self.ada).await;
        self.form_token = self.office.form_token(&mut self.browser).await;
    }

    /// The address of something below her organisation.
    fn own(&self, path: &str) -> String {
        self.office.console(&format!("{ROOT}/organizations/acme{path}"))
    }

    fn origin(&self) -> String {
        self.office.world.origin("console")
    }

    /// What a page of the console sends.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Page {
        let url = self.own(path);
        let mut headers = vec![("origin", self.origin())];
        headers.push(("vestibule-form-token", self.form_token.clone()));
        headers.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let request = requested(method, &url, &headers, body);
        self.browser.request(request).await.unwrap()
    }

    pub(crate) async fn read(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[], None).await
    }

    /// Replaces something that was just read.
    async fn replace(&mut self, path: &str, change: impl FnOnce(&mut Value)) -> Page {
        let page = self.read(path).await;
        assert_eq!(page.status, 200, "{}", page.text_body());
        let mut value = page.json();
        change(&mut value);
        let version = page.header("etag").unwrap().to_owned();
        self.send(Method::PUT, path, &[("if-match", &version)], Some(&value)).await
    }

    /// A secure client of hers: id and secret.
    pub(crate) async fn client(&mut self) -> (String, String) {
        let page = self.send(Method::POST, "/clients", &[], Some(&json!({ "name": "backup" }))).await;
        assert_eq!(page.status, 201, "{}", page.text_body());
        let value = page.json();
        (value["id"].as_str().unwrap().to_owned(), value["secret"].as_str().unwrap().to_owned())
    }

    /// What the token endpoint says to a client.
    pub(crate) async fn token(&self, id: &str, secret: &str) -> Page {
        let url = self.office.console(&format!("{ROOT}/token"));
        let fields = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        self.office.world.browser().request(Request::post(&url, &fields).unwrap()).await.unwrap()
    }

    /// A call with a token, without a cookie.
    pub(crate) async fn call(&self, method: Method, path: &str, token: &str, body: Option<&Value>) -> Page {
        let headers = [("authorization", format!("Bearer {token}"))];
        let request = requested(method, &self.own(path), &headers, body);
        self.office.world.browser().request(request).await.unwrap()
    }

    /// A token of a client of hers.
    pub(crate) async fn program(&mut self) -> (String, String) {
        let (id, secret) = self.client().await;
        let page = self.token(&id, &secret).await;
        (id, page.json()["access_token"].as_str().unwrap().to_owned())
    }

    /// What she may do from now on.
    async fn gives_ada(&self, access: Access) {
        self.change(move |organization| organization.administrators[0].access = access).await;
    }

    /// As an operator would: past every verb.
    async fn change(&self, change: impl FnOnce(&mut vestibule_policies::Organization) + Send + 'static) {
        let app = self.office.world.app();
        let id = app.deployment.load().by_slug(&"acme".parse_slug()).unwrap().organization.id;
        let now = app.wall.now();
        let changed = app.store.write(move |transaction| {
            Box::pin(organizations::change(transaction, id, now, |organization| {
                change(organization);
                Ok(())
            }))
        });
        assert_eq!(changed.await.unwrap(), Changed::Stands);
        self.office.world.settle().await;
    }

    /// The events of this name.
    async fn events(&self, name: &str) -> Vec<Value> {
        let events = self.office.world.audit().await.into_iter().filter(|one| one.event == name);
        events.map(|one| one.details).collect()
    }
}

trait ParseSlug {
    fn parse_slug(&self) -> vestibule_policies::Slug;
}

impl ParseSlug for str {
    fn parse_slug(&self) -> vestibule_policies::Slug {
        vestibule_policies::Slug::parse(self).unwrap()
    }
}

impl Office {
    /// What the console's page for programs says beside the session.
    async fn form_token(&self, browser: &mut Browser) -> String {
        let session = self.session(browser).await.expect("a session");
        session["form_token"].as_str().expect("a form token").to_owned()
    }
}

fn requested(method: Method, url: &str, headers: &[(&str, String)], body: Option<&Value>) -> Request {
    let mut request = Request::new(method, url).unwrap();
    for (name, value) in headers {
        request = request.header(name, value).unwrap();
    }
    match body {
        Some(body) => request.header("content-type", "application/json").unwrap().body(body.to_string()),
        None => request,
    }
}

/// Refused, as a problem with this code and status.
#[track_caller]
fn assert_problem(page: &Page, status: u16, code: &str) {
    let body = page.text_body();
    assert_eq!(page.status.as_u16(), status, "{body}");
    assert_eq!(page.header("content-type"), Some("application/problem+json"), "{body}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let value = page.json();
    assert_eq!(value["code"], code, "{body}");
    assert_eq!(value["status"], status, "{body}");
    assert_eq!(value["correlation"].as_str().map(str::len), Some(16), "{body}");
}

/// The keys of a problem's faults.
fn keys_of(page: &Page) -> Vec<String> {
    let value = page.json();
    let faults = value["faults"].as_array().cloned().unwrap_or_default();
    faults.iter().map(|fault| fault["key"].as_str().unwrap_or_default().to_owned()).collect()
}

fn without_cookies(request: Request) -> Request {
    request.cookies(Cookies::Omit)
}
