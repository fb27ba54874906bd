//! A SAML connection whose keys, clock and request never change, so that a message that was signed once stays good. The keys and
//! the good messages are in `saml/` and `seeds/saml_response/`; `cargo run --example saml_seeds` makes them anew.

pub mod edit;
pub mod good;

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_executor::block_on;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_conformance::saml::{AuthnRequest, Certificate, Identity, Key, Request, redirect};
use vestibule_policies::time::Timestamp;
use vestibule_providers::Provider as _;
use vestibule_providers::config::{
    Binding, ContextClass, ContextDemand, IdentityProvider, Logout, NameIdFormat, SamlConfig, SamlSource,
    SigningExpectation,
};
use vestibule_providers::saml::SamlProvider;
use vestibule_providers::saml::service_provider::{KeyPair, Rollover, ServiceProviderKeys};
use vestibule_providers::step::{Context, Freshness, Seed, Step};

/// The clock stands.
pub const NOW: i64 = 1_795_478_400;
/// The provider.
pub const ISSUER: &str = "https://idp.example/idp";
/// Where it is asked.
pub const SIGN_ON: &str = "https://idp.example/sso";
/// Us.
pub const ENTITY: &str = "https://saml.vestibule.example";
/// Our assertion consumer service.
pub const ACS: &str = "https://saml.vestibule.example/saml/acs";
/// What is asked of every sign-in, exactly.
pub const CLASS: ContextClass = ContextClass::PasswordProtectedTransport;

static SEED: LazyLock<Seed> = LazyLock::new(|| Seed::from_bytes([7; 16]));

/// The key whose signature is believed. It signs messages about [`person`] and nobody else.
pub static TRUSTED: LazyLock<Arc<Key>> =
    LazyLock::new(|| Arc::new(Key::rsa(include_bytes!("../saml/provider.key")).expect("an RSA key")));

/// Ours: it signs requests and opens what is encrypted.
pub static OURS: LazyLock<Arc<ServiceProviderKeys>> = LazyLock::new(|| {
    let pair = || {
        let key = RsaKey::from_pkcs8(include_bytes!("../saml/service.key")).expect("an RSA key");
        let certificate = key.self_signed("sp", NOW - 86_400, NOW + 86_400).expect("a certificate");
        KeyPair { key, certificate }
    };
    let rollover = || Rollover { current: pair(), next: pair() };
    Arc::new(ServiceProviderKeys { signing: rollover(), encryption: rollover() })
});

/// The id of the request that a message has to answer.
pub static REQUEST_ID: LazyLock<String> = LazyLock::new(|| {
    let provider = provider(config(described(&TRUSTED)));
    let Ok(Step::Redirect(url)) = block_on(provider.begin(&context("relay"))) else { panic!("no redirect") };
    let query = redirect::decode(url.query().unwrap_or_default()).expect("a request");
    AuthnRequest::read(&query.xml).expect("a request").id
});

/// A certificate of that key, the same each time.
#[must_use]
pub fn certificate(key: &Key) -> Vec<u8> {
    Certificate { common_name: "idp".to_owned(), not_before: NOW - 86_400, not_after: NOW + 86_400 }.of(key)
}

/// A provider of that key.
#[must_use]
pub fn described(key: &Key) -> IdentityProvider {
    IdentityProvider {
        entity_id: ISSUER.to_owned(),
        redirect: Some(SIGN_ON.to_owned()),
        post: Some(SIGN_ON.to_owned()),
        logout: None,
        certificates: vec![STANDARD.encode(certificate(key))],
        valid_until: None,
    }
}

/// A connection that asks for everything but leaves open what is signed.
#[must_use]
pub fn config(provider: IdentityProvider) -> SamlConfig {
    SamlConfig {
        source: SamlSource::Given(provider),
        binding: Binding::Redirect,
        sign_requests: true,
        signed: SigningExpectation::Either,
        context: Some(ContextDemand { class: CLASS, exact: true }),
        force_authn: true,
        idp_initiated: true,
        scoped_entity_id: false,
        logout: Logout::AsDescribed,
        name_id_format: NameIdFormat::Unspecified,
        dangerous_sha1: false,
    }
}

/// The product.
#[must_use]
pub fn provider(config: SamlConfig) -> SamlProvider {
    SamlProvider::new(config, None, Arc::clone(&OURS))
}

/// The transaction that is under way.
#[must_use]
pub fn context(state: &str) -> Context<'_> {
    Context {
        gate: None,
        now: Timestamp::from_seconds(NOW),
        seed: &SEED,
        state,
        redirect_uri: ACS,
        entity_id: ENTITY,
        started: Timestamp::from_seconds(NOW - 60),
        freshness: Freshness::Any,
    }
}

/// What a provider is asked; without an id, nothing.
#[must_use]
pub fn request(request_id: Option<String>) -> Request {
    Request {
        request_id,
        acs: ACS.to_owned(),
        audience: ENTITY.to_owned(),
        issuer: ISSUER.to_owned(),
        now: NOW,
    }
}

/// The one person whom the trusted key vouches for.
#[must_use]
pub fn person() -> Identity {
    Identity {
        sid: Some("S-1-5-21-1-2-3-1001".to_owned()),
        upn: Some("alice@corp.example".to_owned()),
        oid: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
        email: Some("alice.r@corp.example".to_owned()),
        display_name: Some("Alice".to_owned()),
        given_name: None,
        family_name: None,
        groups: vec!["staff".to_owned()],
    }
}

/// Characters that XML has, and that a simple reader gives back as they were written.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.trim() == text && !text.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}
