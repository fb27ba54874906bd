//! A well-behaved SAML identity provider as a library, with a switch for each way to behave badly.
//!
//! Web browser SSO over Redirect and POST (saml-profiles section 4.1), single logout over Redirect (4.4). It
//! has its own sign-in page and its own session, verifies no signature and remembers browsers only. The page
//! offers every [`Fault`]. Whoever calls [`SamlProvider::handle`] owns the listener.

mod answer;
mod endpoint;
mod fault;
mod incoming;
mod keys;
mod logout;
mod page;
mod sessions;
mod settings;
mod sign_in;
mod sign_on;

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Body;
use url::Url;

use self::endpoint::Endpoint;
use self::sessions::Sessions;
use crate::saml::{Key, KeyDescriptor, KeyError, Metadata};
use crate::sandbox::call::{Call, Place};
use crate::sandbox::{message, reply};

pub use self::fault::Fault;
pub use self::settings::{EntityIds, ServiceProvider, Settings};

/// A request body that is longer is answered 413.
const BODY_LIMIT: usize = 256 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum SamlProviderError {
    #[error("{0:?} is not an http or https origin with or without a path, without trailing slash")]
    Origin(String),
    #[error("{0:?} is not an absolute URL")]
    Address(String),
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// One provider for one service provider. Its sessions live in bounded memory.
#[derive(Debug)]
pub struct SamlProvider {
    settings: Settings,
    place: Place,
    key: Arc<Key>,
    certificate: Vec<u8>,
    encryption_certificate: Mutex<Option<Vec<u8>>>,
    unsolicited_audience: Mutex<Option<String>>,
    sessions: Mutex<Sessions>,
}

impl SamlProvider {
    /// # Errors
    /// If an address of the settings is none.
    pub fn new(settings: Settings) -> Result<Self, SamlProviderError> {
        let place = Place::of(&settings.origin);
        let place = place.ok_or_else(|| SamlProviderError::Origin(settings.origin.clone()))?;
        let service = &settings.service;
        for address in [Some(&service.acs_url), service.logout_callback.as_ref()].into_iter().flatten() {
            Url::parse(address).map_err(|_| SamlProviderError::Address(address.clone()))?;
        }
        let key = Arc::new(Key::rsa(settings.signing_key.pkcs8())?);
        Ok(Self {
            place,
            certificate: keys::certificate(&settings.name).of(&key),
            key,
            unsolicited_audience: Mutex::default(),
            encryption_certificate: Mutex::new(service.encryption_certificate.clone()),
            sessions: Mutex::default(),
            settings,
        })
    }

    /// The address of the metadata is the provider's name.
    #[must_use]
    pub fn entity_id(&self) -> String {
        self.url_of(Endpoint::Metadata)
    }

    /// In DER; the same for a key at every start.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The document at `/saml/metadata`.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        let [entity_id, sign_on, logout] =
            [Endpoint::Metadata, Endpoint::SignOn, Endpoint::Logout].map(|endpoint| self.url_of(endpoint));
        let mut metadata = Metadata::good(&entity_id, &sign_on, &logout, self.certificate.clone());
        if let Some(retired) = &self.settings.retired_key
            && let Ok(key) = Key::rsa(retired.pkcs8())
        {
            metadata.keys.push(KeyDescriptor::signing(keys::expired(&self.settings.name).of(&key)));
        }
        metadata
    }

    /// From now on assertions are encrypted to the key of this certificate (DER), or no longer.
    pub fn set_encryption_certificate(&self, certificate: Option<Vec<u8>>) {
        let mut held = self.encryption_certificate.lock().unwrap_or_else(PoisonError::into_inner);
        *held = certificate;
    }

    /// From now on an unsolicited response has this audience.
    pub fn set_unsolicited_audience(&self, entity_id: &str) {
        let mut held = self.unsolicited_audience.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(entity_id.to_owned());
    }

    fn unsolicited_audience(&self) -> String {
        let held = self.unsolicited_audience.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone().unwrap_or_else(|| self.settings.service.entity_ids.unsolicited().to_owned())
    }

    fn encryption_certificate(&self) -> Option<Vec<u8>> {
        self.encryption_certificate.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers one request; the body may be hyper's `Incoming` or a `Full` of a test.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        match Call::read(request, BODY_LIMIT).await {
            Ok(call) => self.answer(&call),
            Err(reply) => reply,
        }
    }

    fn answer(&self, call: &Call) -> Response<Full<Bytes>> {
        let below = call.uri.path().strip_prefix(self.place.base.as_str());
        let Some(endpoint) = below.and_then(Endpoint::at) else {
            return message::not_found(call.language());
        };
        if !endpoint.takes(&call.method) {
            return reply::method_not_allowed(endpoint.methods());
        }
        match endpoint {
            Endpoint::Metadata => reply::document("application/samlmetadata+xml", self.metadata().write()),
            Endpoint::SignOn => self.sign_on(call),
            Endpoint::Unsolicited => self.unsolicited(call),
            Endpoint::SignIn => self.sign_in(call),
            Endpoint::Logout => self.logout(call),
        }
    }

    fn now(&self) -> i64 {
        (self.settings.now)()
    }

    /// A panic elsewhere leaves the maps whole, so a poisoned lock is taken as it is.
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn url_of(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.settings.origin, endpoint.path())
    }
}

#[cfg(test)]
mod tests;
