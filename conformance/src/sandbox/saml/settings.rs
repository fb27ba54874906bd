//! What a sandbox SAML provider is told when it is made.

use std::fmt;
use std::sync::Arc;

use crate::sandbox::openid::Clock;
use crate::sandbox::people::People;
use crate::sandbox::rsa_key::RsaSigningKey;

/// Everything of a [`super::SamlProvider`].
#[derive(Clone)]
pub struct Settings {
    /// Absolute `http` or `https` URL without a trailing slash; the endpoints hang below it.
    pub origin: String,
    /// Shown on the pages, and the common name of the certificate.
    pub name: String,
    pub service: ServiceProvider,
    pub people: Arc<People>,
    pub signing_key: Arc<RsaSigningKey>,
    /// The key of a second certificate in the metadata, which has expired. Without one the metadata names a
    /// single certificate.
    pub retired_key: Option<Arc<RsaSigningKey>>,
    pub now: Clock,
}

/// The one service provider that is served.
#[derive(Clone, Debug)]
pub struct ServiceProvider {
    pub entity_ids: EntityIds,
    /// Responses go here and nowhere else, whatever a request says.
    pub acs_url: String,
    /// Where the answer to a `LogoutRequest` goes.
    pub logout_callback: Option<String>,
    /// DER; assertions are encrypted if there is one.
    pub encryption_certificate: Option<Vec<u8>>,
    /// Shown on the sign-in page.
    pub name: String,
}

/// The issuers whose requests are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityIds {
    /// Any; an unsolicited response has this audience.
    Any { unsolicited: String },
    /// One of these; the first is the audience of an unsolicited response.
    Listed(Vec<String>),
}

impl EntityIds {
    pub(super) fn take(&self, issuer: &str) -> bool {
        match self {
            Self::Any { .. } => !issuer.is_empty(),
            Self::Listed(ids) => ids.iter().any(|id| id == issuer),
        }
    }

    pub(super) fn unsolicited(&self) -> &str {
        match self {
            Self::Any { unsolicited } => unsolicited,
            Self::Listed(ids) => ids.first().map(String::as_str).unwrap_or_default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Settings");
        debug.field("origin", &self.origin).field("name", &self.name).field("service", &self.service);
        debug.finish_non_exhaustive()
    }
}
