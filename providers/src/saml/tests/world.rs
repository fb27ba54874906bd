//! A provider and its keys, once for every test.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_conformance::saml::{
    Certificate, Encryption, Identity, Key, Message, PublicKey, Request, Signing, sign,
};
use vestibule_policies::time::Timestamp;

use crate::Provider as _;
use crate::config::{
    Binding, IdentityProvider, Logout, NameIdFormat, SamlConfig, SamlSource, SigningExpectation,
};
use crate::error::SignInError;
use crate::saml::examination::Examination;
use crate::saml::service_provider::{KeyPair, Rollover, ServiceProviderKeys};
use crate::saml::{PostedResponse, SamlProvider};
use crate::step::{Context, Freshness, Seed};

pub(super) const NOW: i64 = 1_795_478_400;
pub(super) const ISSUER: &str = "https://idp.example/idp";
pub(super) const ENTITY: &str = "https://saml.vestibule.example";
pub(super) const ACS: &str = "https://saml.vestibule.example/saml/acs";

/// RSA keys take long to make.
static KEY: LazyLock<Arc<Key>> = LazyLock::new(|| Arc::new(Key::generate_rsa(2048).unwrap()));
static OURS: LazyLock<Arc<ServiceProviderKeys>> = LazyLock::new(|| {
    let pair = || {
        let key = RsaKey::generate(2048).unwrap();
        let certificate = key.self_signed("sp", NOW - 86_400, NOW + 86_400).unwrap();
        KeyPair { key, certificate }
    };
    let rollover = || Rollover { current: pair(), next: pair() };
    Arc::new(ServiceProviderKeys { signing: rollover(), encryption: rollover() })
});

pub(super) fn ours() -> Arc<ServiceProviderKeys> {
    Arc::clone(&OURS)
}

pub(super) fn encryption_certificate() -> Vec<u8> {
    OURS.encryption.current.certificate.der().to_vec()
}

/// One connection, to be changed before it is used.
pub(super) struct World {
    pub(super) config: SamlConfig,
    pub(super) now: i64,
    pub(super) freshness: Freshness,
    seed: Seed,
}

pub(super) fn key() -> Arc<Key> {
    Arc::clone(&KEY)
}

pub(super) fn certificate(key: &Key, not_before: i64, not_after: i64) -> Vec<u8> {
    Certificate { common_name: "idp".to_owned(), not_before, not_after }.of(key)
}

/// The encryption keys of the service provider, for whoever encrypts to it.
pub(super) fn encryption_to(next: bool) -> Encryption {
    let Rollover { current, next: following } = &OURS.encryption;
    let pair = if next { following } else { current };
    Encryption::to(PublicKey::of_certificate(pair.certificate.der()).unwrap())
}

impl World {
    pub(super) fn new() -> Self {
        Self::trusting(&[certificate(&KEY, NOW - 86_400, NOW + 86_400)])
    }

    pub(super) fn trusting(certificates: &[Vec<u8>]) -> Self {
        let provider = IdentityProvider {
            entity_id: ISSUER.to_owned(),
            redirect: Some("https://idp.example/sso".to_owned()),
            post: Some("https://idp.example/sso".to_owned()),
            logout: None,
            certificates: certificates.iter().map(|der| STANDARD.encode(der)).collect(),
            valid_until: None,
        };
        let config = SamlConfig {
            source: SamlSource::Given(provider),
            binding: Binding::Redirect,
            sign_requests: true,
            signed: SigningExpectation::Either,
            context: None,
            force_authn: false,
            idp_initiated: false,
            scoped_entity_id: false,
            logout: Logout::AsDescribed,
            name_id_format: NameIdFormat::Unspecified,
            dangerous_sha1: false,
        };
        Self { config, now: NOW, freshness: Freshness::Any, seed: Seed::from_bytes([7; 16]) }
    }

    pub(super) fn request(&self) -> Request {
        Request {
            request_id: Some(crate::saml::request::id(&self.seed)),
            acs: ACS.to_owned(),
            audience: ENTITY.to_owned(),
            issuer: ISSUER.to_owned(),
            now: NOW,
        }
    }

    pub(super) fn message(&self) -> Message {
        Message::good(&self.request(), &alice())
    }

    pub(super) fn provider(&self) -> SamlProvider {
        SamlProvider::new(self.config.clone(), None, Arc::clone(&OURS))
    }

    pub(super) fn context(&self) -> Context<'_> {
        let now = Timestamp::from_seconds(self.now);
        Context {
            now,
            seed: &self.seed,
            state: "relay",
            redirect_uri: ACS,
            entity_id: ENTITY,
            started: Timestamp::from_seconds(NOW - 60),
            freshness: self.freshness,
            gate: None,
        }
    }

    pub(super) fn examine(&self, message: &[u8]) -> Examination {
        let response = PostedResponse { message: message.to_vec(), decoded: true, unsolicited: false };
        self.provider().examine(&self.context(), &response).unwrap()
    }

    /// The name id of whoever is proved.
    pub(super) fn judge(&self, message: &[u8]) -> Result<String, SignInError> {
        self.examine(message).outcome.map(|proof| proof.value().upstream.subject.clone())
    }

    /// The certificate of the key that signs our requests.
    pub(super) fn signing_certificate() -> Vec<u8> {
        OURS.signing.current.certificate.der().to_vec()
    }

    pub(super) fn set_endpoint(&mut self, endpoint: &str) {
        let SamlSource::Given(provider) = &mut self.config.source else { return };
        provider.redirect = Some(endpoint.to_owned());
    }

    /// A good message, changed, then signed as told.
    pub(super) fn sent(&self, signing: &Signing, change: impl FnOnce(&mut Message)) -> String {
        let mut message = self.message();
        change(&mut message);
        sign(&message, signing)
    }
}

pub(super) fn alice() -> Identity {
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
