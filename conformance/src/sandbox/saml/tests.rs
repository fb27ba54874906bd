//! The provider met as a broker and a browser meet it.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE,
};

use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;

use super::*;
use crate::saml::redirect::{self, Parameter};
use crate::saml::{Issuer, LogoutRequest, LogoutResponse, elements, names};
use crate::sandbox::people::People;
use crate::sandbox::rsa_key::tests::shared_key;

mod faults;
mod sign_in;
mod sign_out;

const ORIGIN_URL: &str = "http://saml.sandbox.localhost:8080";
const ACS: &str = "http://accounts.vestibule.localhost:8080/saml/acs";
const OUT: &str = "http://accounts.vestibule.localhost:8080/saml/slo?a=b";
const ENTITY: &str = "http://accounts.vestibule.localhost:8080/saml/metadata";
const NOON: i64 = 1_800_000_000;

/// A provider with a clock that stands still until it is moved.
struct World {
    provider: SamlProvider,
    clock: Arc<AtomicI64>,
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(NOON));
        let hand = Arc::clone(&clock);
        let service = ServiceProvider {
            entity_ids: EntityIds::Listed(vec![ENTITY.to_owned()]),
            acs_url: ACS.to_owned(),
            logout_callback: Some(OUT.to_owned()),
            encryption_certificate: None,
            name: "Vestibule".to_owned(),
        };
        let provider = SamlProvider::new(Settings {
            origin: ORIGIN_URL.to_owned(),
            name: "SAML sandbox".to_owned(),
            service,
            people: Arc::new(People::standard()),
            signing_key: shared_key(),
            retired_key: None,
            now: Arc::new(move || hand.load(Ordering::SeqCst)),
        });
        Self { provider: provider.unwrap(), clock }
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

    async fn get(&self, url: &str, headers: &[(http::HeaderName, &str)]) -> Answer {
        self.send(Method::GET, url, headers, String::new()).await
    }

    async fn post(&self, url: &str, headers: &[(http::HeaderName, &str)], fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, headers, body).await
    }

    /// Types a name and the right password into the form.
    async fn sign_in(&self, username: &str, fault: &str) -> Answer {
        self.sign_in_from(&request_url(""), username, fault).await
    }

    async fn sign_in_from(&self, url: &str, username: &str, fault: &str) -> Answer {
        let page = self.get(url, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let people = People::standard();
        let password = people.by_username(username).unwrap().password.clone();
        let fields = [("username", username), ("password", password.as_str()), ("fault", fault)];
        self.post(&page.action(), &[(ORIGIN, ORIGIN_URL)], &fields).await
    }
}

/// `attributes` go into the request's start tag.
fn request_xml(attributes: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"{}\" ID=\"_request\" Version=\"2.0\" {attributes}>\
         <saml:Issuer xmlns:saml=\"{}\">{ENTITY}</saml:Issuer></samlp:AuthnRequest>",
        names::PROTOCOL,
        names::ASSERTION
    )
}

fn request_url(attributes: &str) -> String {
    let query = redirect::encode(Parameter::Request, &request_xml(attributes), Some("state&<1>"));
    format!("{ORIGIN_URL}/saml/sso?{query}")
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// The address of the page's first form.
    fn action(&self) -> String {
        let (_, rest) = self.body.split_once("action=\"").unwrap();
        rest.split_once('"').unwrap().0.replace("&#38;", "&")
    }

    fn field(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split_once('"')?.0.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&"))
    }

    /// The response that the page posts.
    fn xml(&self) -> String {
        assert_eq!(self.action(), ACS, "{}", self.body);
        String::from_utf8(STANDARD.decode(self.field("SAMLResponse").unwrap()).unwrap()).unwrap()
    }

    fn cookie(&self) -> String {
        let set = self.headers[SET_COOKIE].to_str().unwrap();
        set.split_once(';').unwrap().0.to_owned()
    }

    fn asks(&self) -> bool {
        self.body.contains("name=\"password\"")
    }
}

#[test]
fn only_addresses_that_can_be_named_are_taken() {
    let rows = [
        (ORIGIN_URL, ACS, true),
        ("https://idp.example/below", ACS, true),
        ("https://idp.example/", ACS, false),
        ("ftp://idp.example", ACS, false),
        ("idp.example", ACS, false),
        (ORIGIN_URL, "/acs", false),
    ];
    for (origin, acs, accepted) in rows {
        let mut settings = World::new().provider.settings;
        settings.origin = origin.to_owned();
        settings.service.acs_url = acs.to_owned();
        assert_eq!(SamlProvider::new(settings).is_ok(), accepted, "{origin} {acs}");
    }
}

#[tokio::test]
async fn metadata_names_addresses_that_answer_and_the_key() {
    let mut world = World::new();
    let answer = world.get(&format!("{ORIGIN_URL}/saml/metadata"), &[]).await;
    assert_eq!(answer.headers[CONTENT_TYPE], "application/samlmetadata+xml");
    let all = elements(&answer.body).unwrap();
    assert_eq!(all[0].attribute("entityID"), Some(world.provider.entity_id().as_str()));
    for endpoint in all.iter().filter_map(|element| element.attribute("Location")) {
        assert_ne!(world.get(endpoint, &[]).await.status, StatusCode::NOT_FOUND, "{endpoint}");
    }
    assert!(answer.body.contains(&STANDARD.encode(world.provider.certificate())));
    assert_eq!(answer.body.matches("KeyDescriptor ").count(), 1);
    world.provider.settings.retired_key = Some(shared_key());
    assert_eq!(world.provider.metadata().keys.len(), 2, "the second has expired");
}

#[tokio::test]
async fn other_addresses_methods_and_sizes_are_refused() {
    let world = World::new();
    let missing = world.get(&format!("{ORIGIN_URL}/saml"), &[]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let wrong = world.get(&format!("{ORIGIN_URL}/saml/sign-in"), &[]).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    let long = "x".repeat(BODY_LIMIT + 1);
    let answer = world.send(Method::POST, &format!("{ORIGIN_URL}/saml/sso"), &[], long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
