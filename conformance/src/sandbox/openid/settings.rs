//! What a sandbox OIDC provider is told when it is made.

use std::fmt;
use std::sync::Arc;

use crate::sandbox::people::People;
use crate::sandbox::rsa_key::RsaSigningKey;

/// The machine's or a test's clock: seconds since 1970 in UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything of a [`super::Provider`].
#[derive(Clone)]
pub struct Settings {
    /// Absolute `http` or `https` URL without a trailing slash, query or fragment; it may have a path, and
    /// every endpoint hangs below it.
    pub issuer: String,
    pub shape: Shape,
    pub clients: Vec<Client>,
    pub people: Arc<People>,
    pub signing_key: Arc<RsaSigningKey>,
    /// Signs every other token where keys change with each.
    pub second_key: Option<Arc<RsaSigningKey>>,
    /// Where browsers find it, if that is another origin than the issuer's. Like the issuer, and with the same path.
    pub browsers: Option<String>,
    pub now: Clock,
}

/// Which product's habits the provider has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `/authorize`, `/token`, …; the id token says little and the rest stands at userinfo.
    Generic,
    /// `/v1/authorize`, `/v1/token`, `/v1/keys`, …; the id token says everything.
    Okta,
    /// An issuer that ends in `/<tenant>/v2.0`; the id token says who it is and Graph, below `/v1.0` of the same
    /// host, everything else.
    Entra,
    /// `/oauth/idp/…`, the document too; the id token says everything in a spelling of its own, and each has another key.
    Gateway,
}

/// A relying party: here, one connection of the broker.
#[derive(Clone)]
pub struct Client {
    pub id: String,
    pub secret: String,
    /// Compared as strings (RFC 9700 section 2.1).
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after a sign-out (RP-Initiated Logout 1.0 section 3), compared as strings too.
    pub sign_out_uris: Vec<String>,
    /// Shown on the sign-in page.
    pub name: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, secret: _, redirect_uris, sign_out_uris, name } = self;
        let mut debug = f.debug_struct("Client");
        debug.field("id", id).field("redirect_uris", redirect_uris).field("sign_out_uris", sign_out_uris);
        debug.field("name", name);
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Settings");
        debug.field("issuer", &self.issuer).field("shape", &self.shape).field("clients", &self.clients);
        debug.finish_non_exhaustive()
    }
}
