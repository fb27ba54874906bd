//! The sandbox provider over its own endpoints: a sign-in that goes well, and what differs from it in one thing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_SECURITY_POLICY, COOKIE, LOCATION, ORIGIN, SET_COOKIE,
};
use ring::digest;
use serde_json::Value;

use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use url::Url;

use super::*;
use crate::sandbox::people::People;
use crate::sandbox::rsa_key::tests::shared_key;
use std::sync::Arc;

mod authorization;
#[cfg(feature = "suite")]
mod browser;
mod gateway;
mod graph;
mod sign_out;
mod tokens;

const ISSUER: &str = "http://okta.sandbox.localhost:8080/oauth2/default";
const CALLBACK: &str = "http://accounts.vestibule.localhost:8080/core/login-okta";
const SIGNED_OUT: &str = "http://acme.vestibule.localhost:8080/";
const SECRET: &str = "s:%+é/";
const VERIFIER: &str = "0123456789-0123456789-0123456789-0123456789";
const NOON: i64 = 1_800_000_000;

/// A provider with a clock that stands still until it is moved.
struct World {
    provider: Provider,
    clock: Arc<AtomicI64>,
}

impl World {
    fn new(shape: Shape) -> Self {
        let clock = Arc::new(AtomicI64::new(NOON));
        let hand = Arc::clone(&clock);
        let client = |id: &str| Client {
            id: id.to_owned(),
            secret: SECRET.to_owned(),
            redirect_uris: vec![CALLBACK.to_owned()],
            sign_out_uris: vec![SIGNED_OUT.to_owned()],
            name: "Vestibule".to_owned(),
        };
        let provider = Provider::new(Settings {
            issuer: ISSUER.to_owned(),
            shape,
            clients: vec![client("broker"), client("other")],
            people: Arc::new(People::standard()),
            signing_key: shared_key(),
            second_key: None,
            browsers: None,
            now: Arc::new(move || hand.load(Ordering::SeqCst)),
        });
        Self { provider: provider.unwrap(), clock }
    }

    fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn get(&self, url: &str, headers: &[(http::HeaderName, &str)]) -> Answer {
        self.send(Method::GET, url, headers, String::new()).await
    }

    async fn post(&self, url: &str, headers: &[(http::HeaderName, &str)], fields: &Fields<'_>) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, headers, body).await
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(http::HeaderName, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let answer = self.provider.handle(request.body(Full::new(Bytes::from(body))).unwrap()).await;
        let (parts, body) = answer.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn authorize_url(&self, changed: &Fields<'_>) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()));
        let good = [
            ("client_id", "broker"),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let query = with(&good, changed);
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        format!("{}?{encoded}", self.provider.url_of(Endpoint::Authorize))
    }

    /// Types a name and the right password into the form; the answer goes to the callback.
    async fn sign_in(&self, username: &str, changed: &Fields<'_>) -> Answer {
        let page = self.get(&self.authorize_url(changed), &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let people = People::standard();
        let password = people.by_username(username).unwrap().password.clone();
        let fields = [("username", username), ("password", password.as_str())];
        self.post(&page.action(), &[(ORIGIN, "http://okta.sandbox.localhost:8080")], &fields).await
    }

    async fn code(&self, username: &str) -> String {
        let answer = self.sign_in(username, &[]).await;
        answer.query().remove("code").unwrap()
    }

    async fn redeem(&self, changed: &Fields<'_>) -> Answer {
        let good = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "broker"),
            ("client_secret", SECRET),
        ];
        self.post(&self.provider.url_of(Endpoint::Token), &[], &with(&good, changed)).await
    }
}

type Fields<'a> = [(&'a str, &'a str)];

/// `good` with some values replaced; an empty value takes the field out.
fn with<'a>(good: &Fields<'a>, changed: &Fields<'a>) -> Vec<(&'a str, &'a str)> {
    let kept = good.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    kept.chain(changed.iter().filter(|(_, value)| !value.is_empty())).copied().collect()
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    fn query(&self) -> HashMap<String, String> {
        let url = Url::parse(self.location()).unwrap();
        assert!(url.as_str().starts_with(CALLBACK), "{url}");
        url.query_pairs().into_owned().collect()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The address of the page's first form.
    fn action(&self) -> String {
        let (_, rest) = self.body.split_once("action=\"").unwrap();
        rest.split_once('"').unwrap().0.replace("&#38;", "&")
    }

    fn cookie(&self) -> String {
        let set = self.headers[SET_COOKIE].to_str().unwrap();
        set.split_once(';').unwrap().0.to_owned()
    }
}

#[test]
fn only_an_issuer_that_tokens_can_name_is_taken() {
    let rows = [
        ("with a path", ISSUER, true),
        ("at the root", "https://idp.example", true),
        ("trailing slash", "https://idp.example/", false),
        ("query", "https://idp.example?a=b", false),
        ("fragment", "https://idp.example#a", false),
        ("other scheme", "ftp://idp.example", false),
        ("no URL", "idp.example", false),
    ];
    for (name, issuer, accepted) in rows {
        let settings = Settings { issuer: issuer.to_owned(), ..World::new(Shape::Okta).provider.settings };
        assert_eq!(Provider::new(settings).is_ok(), accepted, "{name}");
    }
}

#[tokio::test]
async fn discovery_names_addresses_that_answer() {
    for shape in [Shape::Generic, Shape::Okta, Shape::Entra] {
        let world = World::new(shape);
        let document = world.get(&format!("{ISSUER}/.well-known/openid-configuration"), &[]).await.json();
        assert_eq!(document["issuer"], ISSUER);
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        let keys = world.get(document["jwks_uri"].as_str().unwrap(), &[]).await.json();
        assert_eq!(keys["keys"][0]["kid"], shared_key().id());
        assert_eq!(keys["keys"][0].get("d"), None);
        for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint"]
        {
            let answer = world.get(document[name].as_str().unwrap(), &[]).await;
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{name}");
        }
    }
}

#[tokio::test]
async fn other_addresses_methods_and_sizes_are_refused() {
    let world = World::new(Shape::Okta);
    let root = "http://okta.sandbox.localhost:8080";
    let rows = [
        ("above the issuer", format!("{root}/.well-known/openid-configuration"), StatusCode::NOT_FOUND),
        ("the other shape's", format!("{ISSUER}/token"), StatusCode::NOT_FOUND),
        ("get a token", format!("{ISSUER}/v1/token"), StatusCode::METHOD_NOT_ALLOWED),
    ];
    for (name, url, status) in rows {
        assert_eq!(world.get(&url, &[]).await.status, status, "{name}");
    }
    let long = "x".repeat(BODY_LIMIT + 1);
    let answer = world.send(Method::POST, &format!("{ISSUER}/v1/token"), &[], long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
