//! One identity provider and one request, as ours knows them and as the others are told.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_broker::clock::{Clock as _, SystemClock};
use vestibule_certs::rsa_key::RsaKey;
use vestibule_conformance::hostile::saml::{Case, Setting, catalogue};
use vestibule_conformance::saml::{AuthnRequest, Certificate, Identity, Key, Request, redirect};
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{
    Binding, ContextClass, ContextDemand, IdentityProvider, Logout, NameIdFormat, SamlConfig, SamlSource,
    SigningExpectation,
};
use vestibule_providers::saml::profile::LEEWAY;
use vestibule_providers::saml::service_provider::{KeyPair, Rollover, ServiceProviderKeys};
use vestibule_providers::saml::{PostedResponse, SamlProvider};
use vestibule_providers::step::{Freshness, Seed};
use vestibule_providers::{Context, Provider as _, Step};
use vestibule_tests::counterparts::Question;
use vestibule_tests::counterparts::saml::SignedPart;

use crate::saml::real::beside::pem;

const ISSUER: &str = "https://idp.example/idp";
const ENTITY: &str = "https://saml.vestibule.example";
const ACS: &str = "https://saml.vestibule.example/saml/acs";
const CONTEXT: ContextClass = ContextClass::PasswordProtectedTransport;
/// The others judge after ours by the machine's clock, and some cases are good for one second alone.
const LATER: u64 = 600;
const DAY: i64 = 86_400;

pub(super) struct Bench {
    now: Timestamp,
    seed: Seed,
    trusted: Arc<Key>,
    certificate: Vec<u8>,
    encryption: (Vec<u8>, String),
    provider: SamlProvider,
    request_id: String,
}

impl Bench {
    pub(super) async fn new() -> Self {
        let now = SystemClock.now();
        let trusted = Arc::new(Key::generate_rsa(2048).unwrap());
        let (from, until) = (now.seconds() - DAY, now.seconds() + DAY);
        let certificate =
            Certificate { common_name: "idp".to_owned(), not_before: from, not_after: until }.of(&trusted);
        let pair = || {
            let key = RsaKey::generate(2048).unwrap();
            let certificate = key.self_signed("sp", from, until).unwrap();
            KeyPair { key, certificate }
        };
        let rollover = || Rollover { current: pair(), next: pair() };
        let keys = ServiceProviderKeys { signing: rollover(), encryption: rollover() };
        let ours = &keys.encryption.current;
        let encryption = (ours.certificate.der().to_vec(), pem("PRIVATE KEY", &ours.key.to_pkcs8()));
        let provider = SamlProvider::new(config(&certificate), None, Arc::new(keys));
        let seed = Seed::from_bytes([7; 16]);
        let mut bench =
            Self { now, seed, trusted, certificate, encryption, provider, request_id: String::new() };
        bench.request_id = bench.asked().await;
        bench
    }

    /// The request that a response has to answer.
    async fn asked(&self) -> String {
        let Step::Redirect(url) = self.provider.begin(&self.context()).await.unwrap() else {
            panic!("no redirect")
        };
        AuthnRequest::read(&redirect::decode(url.query().unwrap()).unwrap().xml).unwrap().id
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            seed: &self.seed,
            state: "relay",
            redirect_uri: ACS,
            entity_id: ENTITY,
            started: self.now,
            freshness: Freshness::Any,
            gate: None,
        }
    }

    pub(super) fn catalogue(&self) -> Vec<Case> {
        catalogue(&Setting {
            request: Request {
                request_id: Some(self.request_id.clone()),
                acs: ACS.to_owned(),
                audience: ENTITY.to_owned(),
                issuer: ISSUER.to_owned(),
                now: self.now.seconds(),
            },
            identity: alice(),
            trusted: Arc::clone(&self.trusted),
            certificate: self.certificate.clone(),
            attacker: Arc::new(Key::generate_rsa(2048).unwrap()),
            encryption: Some(self.encryption.0.clone()),
            skew: i64::try_from(LEEWAY.as_secs()).unwrap(),
            context: Some(CONTEXT.uri().to_owned()),
            forced: true,
        })
    }

    /// What the others are asked. Which part is signed is left to the message, as it is to ours.
    pub(super) fn question(&self) -> Question {
        Question {
            issuer: ISSUER.to_owned(),
            certificate_pem: pem("CERTIFICATE", &self.certificate),
            acs: ACS.to_owned(),
            audience: ENTITY.to_owned(),
            request_id: self.request_id.clone(),
            signed: SignedPart::Neither,
            skew_seconds: u32::try_from(LEEWAY.as_secs() + LATER).unwrap(),
            sp_key_pem: Some(self.encryption.1.clone()),
        }
    }

    /// What ours would take over of the person; nothing where it refuses, or where a claim has not one value, which the mapping
    /// does not take (CLAIM-UPN).
    pub(super) fn judge(&self, message: &[u8]) -> Option<Read> {
        let response = PostedResponse { message: message.to_vec(), decoded: true, unsolicited: false };
        let proof = self.provider.examine(&self.context(), &response).unwrap().outcome.ok()?;
        let proof = proof.value();
        let mut claims = BTreeMap::new();
        for claim in ["cip_sid", "cip_upn", "cip_oid", "cip_email"] {
            let [value] = proof.attributes.values(claim)?.values.as_slice() else { return None };
            claims.insert(claim, value.clone());
        }
        Some(Read { name_id: proof.upstream.subject.clone(), claims })
    }
}

/// What ours reads of a person.
#[derive(Debug)]
pub(super) struct Read {
    /// Empty where there is none.
    pub(super) name_id: String,
    pub(super) claims: BTreeMap<&'static str, String>,
}

impl Read {
    pub(super) fn values(&self) -> impl Iterator<Item = &String> {
        self.claims.values().chain([&self.name_id])
    }
}

fn config(certificate: &[u8]) -> SamlConfig {
    let provider = IdentityProvider {
        entity_id: ISSUER.to_owned(),
        redirect: Some("https://idp.example/sso".to_owned()),
        post: None,
        logout: None,
        certificates: vec![STANDARD.encode(certificate)],
        valid_until: None,
    };
    SamlConfig {
        source: SamlSource::Given(provider),
        binding: Binding::Redirect,
        sign_requests: true,
        signed: SigningExpectation::Either,
        context: Some(ContextDemand { class: CONTEXT, exact: true }),
        force_authn: true,
        idp_initiated: false,
        scoped_entity_id: false,
        logout: Logout::AsDescribed,
        name_id_format: NameIdFormat::Unspecified,
        dangerous_sha1: false,
    }
}

fn alice() -> Identity {
    Identity {
        sid: Some("S-1-5-21-1-2-3-1001".to_owned()),
        upn: Some("alice@corp.example".to_owned()),
        oid: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
        email: Some("alice@corp.example".to_owned()),
        display_name: Some("Alice".to_owned()),
        given_name: None,
        family_name: None,
        groups: vec!["staff".to_owned()],
    }
}
