//! A well-behaved OIDC provider as a library: authorization code flow with PKCE, nothing older.
//!
//! OIDC Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0, RFC 6749, 7636, 9207. It has its own
//! sign-in page and its own single sign-on session. Whoever calls [`Provider::handle`] owns the listener.

mod authorize;
mod claims;
mod client_authentication;
mod discovery;
mod end_session;
mod endpoint;
mod gateway;
mod grants;
mod graph;
mod page;
mod request;
mod settings;
mod sign_in;
mod token;
mod userinfo;

use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Body;

use self::endpoint::Endpoint;
use self::gateway::Rotation;
use self::grants::Grants;
use crate::sandbox::call::{Call, Place};
use crate::sandbox::{message, reply};

pub use self::graph::object_id;
pub use self::settings::{Client, Clock, Settings, Shape};

/// A request body that is longer is answered 413.
const BODY_LIMIT: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the issuer {0:?} is not an http or https URL without trailing slash, query and fragment")]
    Issuer(String),
}

/// One provider under one issuer. Its codes, tokens and sessions live in bounded memory.
#[derive(Debug)]
pub struct Provider {
    settings: Settings,
    place: Place,
    grants: Mutex<Grants>,
    rotation: Rotation,
}

impl Provider {
    /// # Errors
    /// If the issuer is not a URL that tokens can name.
    pub fn new(settings: Settings) -> Result<Self, ProviderError> {
        let place =
            |address: &String| Place::of(address).ok_or_else(|| ProviderError::Issuer(address.clone()));
        let own = place(&settings.issuer)?;
        let place = settings.browsers.as_ref().map_or(Ok(own), place)?;
        Ok(Self { settings, place, grants: Mutex::default(), rotation: Rotation::default() })
    }

    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
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
        if let (Shape::Entra, Some(path)) = (self.settings.shape, call.uri.path().strip_prefix("/v1.0/")) {
            return self.graph(call, path);
        }
        let below = call.uri.path().strip_prefix(self.place.base.as_str());
        let Some(endpoint) = below.and_then(|path| Endpoint::at(path, self.settings.shape)) else {
            return message::not_found(call.language());
        };
        if !endpoint.takes(&call.method) {
            return reply::method_not_allowed(endpoint.methods());
        }
        match endpoint {
            Endpoint::Discovery => self.discovery(),
            Endpoint::Keys => self.keys(),
            Endpoint::Authorize => self.authorize(call),
            Endpoint::SignIn => self.sign_in(call),
            Endpoint::Token => self.token(call),
            Endpoint::UserInfo => self.userinfo(call),
            Endpoint::EndSession => self.end_session(call),
        }
    }

    fn now(&self) -> i64 {
        (self.settings.now)()
    }

    /// A panic elsewhere leaves the maps whole, so a poisoned lock is taken as it is.
    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client(&self, id: &str) -> Option<&Client> {
        self.settings.clients.iter().find(|client| client.id == id)
    }

    fn url_of(&self, endpoint: Endpoint) -> String {
        let own = &self.settings.issuer;
        let browsers = self.settings.browsers.as_ref().filter(|_| endpoint.is_for_browsers());
        format!("{}{}", browsers.unwrap_or(own), endpoint.path(self.settings.shape))
    }
}

#[cfg(test)]
mod tests;
