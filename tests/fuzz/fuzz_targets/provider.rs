//! Everything that a provider answers with: discovery document, key set, token response and userinfo. Whoever cannot sign with
//! the provider's key proves nobody and ends nobody's session, and another issuer's metadata is never taken.
#![no_main]

use std::sync::Arc;

use async_trait::async_trait;
use futures_executor::block_on;
use http::{Request, Response};
use libfuzzer_sys::fuzz_target;
use vestibule_certs::secret::Secret;
use vestibule_fuzz::SIGNER;
use vestibule_policies::time::Timestamp;
use vestibule_providers::{BrowserEndpoints, Equipment};
use vestibule_providers::config::{OidcConfig, ProviderConfig, ResponseMode};
use vestibule_providers::oidc::callback::Authorization;
use vestibule_providers::ports::{Http, HttpError};
use vestibule_providers::step::{Answer, Context, Freshness, Seed, Step};

const ISSUER: &str = "https://id.example";
const GOOD: &str = r#"{"issuer":"https://id.example","authorization_endpoint":"https://id.example/authorize",
"token_endpoint":"https://id.example/token","userinfo_endpoint":"https://id.example/userinfo",
"jwks_uri":"https://id.example/keys","response_types_supported":["code"],"subject_types_supported":["public"],
"id_token_signing_alg_values_supported":["RS256","ES256"]}"#;

/// Answers by path: one answer is the fuzzer's, the others are good.
#[derive(Debug)]
struct Answers {
    place: u8,
    status: u16,
    body: Vec<u8>,
}

#[async_trait]
impl Http for Answers {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let (place, good) = match request.uri().path() {
            "/.well-known/openid-configuration" => (0, GOOD.as_bytes().to_vec()),
            "/keys" => (1, SIGNER.key_set_json.clone().into_bytes()),
            "/token" => (2, Vec::new()),
            _ => (3, Vec::new()),
        };
        let ours = place == self.place % 4;
        let answer = Response::builder()
            .status(if ours { self.status } else { 200 })
            .header("content-type", "application/json; charset=utf-8")
            .body(if ours { self.body.clone() } else { good });
        answer.map_err(|error| HttpError::Broken(error.to_string()))
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&[place, status], body)) = data.split_first_chunk::<2>() else { return };
    let status = match status {
        0..=199 => 200,
        other => u16::from(other) * 2,
    };
    let http = Arc::new(Answers { place, status, body: body.to_vec() });
    let config = ProviderConfig::Oidc(OidcConfig {
        issuer: ISSUER.to_owned(),
        client_id: "client".to_owned(),
        scopes: vec!["openid".to_owned()],
        response_mode: ResponseMode::Query,
    });
    let client_secret = Secret::new("secret".to_owned());
    let (client_id, browsers) = (String::new(), BrowserEndpoints::Https);
    let equipment = Equipment { client_id, client_secret, api_token: None, browsers, http, metadata: None, service_provider: None, domains: Vec::new() };
    let provider = vestibule_providers::open(&config, equipment).expect("an OpenID provider needs no more");
    let now = Timestamp::from_seconds(1_700_000_000);
    let context = Context {
        now,
        seed: &Seed::from_bytes([7; 16]),
        state: "state",
        redirect_uri: "https://accounts.example/core/login-oidc/0000000000000000",
        entity_id: "https://saml.example",
        started: now,
        freshness: Freshness::Any,
        gate: None,
    };
    if let Ok(Step::Redirect(url)) = block_on(provider.begin(&context)) {
        assert!(url.scheme() == "https", "a provider of https leads to {url}");
        assert!(url.query_pairs().any(|(name, value)| name == "state" && value == "state"));
        if place % 4 == 0 {
            let document: serde_json::Value = serde_json::from_slice(body).expect("it was read");
            assert_eq!(document["issuer"], ISSUER, "the metadata of another issuer");
        }
    }
    let (_, answer) = Authorization::parse("code=c&iss=https%3A%2F%2Fid.example").expect("a good answer");
    let step = block_on(provider.advance(&context, Answer::Authorization(answer)));
    assert!(step.is_err(), "somebody was proved without a signature: {step:?}");
    if let Some(text) = vestibule_fuzz::text(body) {
        let logout = block_on(provider.logout(text, now));
        assert!(logout.is_err(), "a session ends without a signature: {logout:?}");
    }
    for check in block_on(provider.check(now)) {
        assert!(check.outcome.is_err() || !check.name.is_empty());
    }
});
