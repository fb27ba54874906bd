//! What a provider may name of a root: its own session and its own identifier of the person, at one connection and one issuer.
//! Nothing of it reaches another connection's people, whatever a provider writes.

use vestibule_certs::encoding;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::oidc::LogoutToken;
use vestibule_providers::step::UpstreamSession;

use crate::store::roots::upstream::{Named, UpstreamTags};

/// Where names of sessions and people mean something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Space<'a> {
    pub(super) keys: &'a KeyRing,
    pub(super) connection: ConnectionId,
    pub(super) issuer: &'a str,
}

impl Space<'_> {
    pub(super) fn session(&self, id: &str) -> String {
        self.tag(b"upstream session", id)
    }

    fn subject(&self, subject: &str) -> String {
        self.tag(b"upstream subject", subject)
    }

    /// What a believed token names.
    pub(super) fn named(&self, token: &LogoutToken) -> Option<Named> {
        let session = token.session_id.as_deref().map(|id| self.session(id));
        let subject = token.subject.as_deref().map(|subject| self.subject(subject));
        match (session, subject) {
            (Some(session), Some(subject)) => Some(Named::SessionOf { session, subject }),
            (Some(session), None) => Some(Named::Session(session)),
            (None, Some(subject)) => Some(Named::Subject(subject)),
            (None, None) => None,
        }
    }

    fn tag(&self, what: &[u8], name: &str) -> String {
        let parts = [what, self.connection.as_bytes(), self.issuer.as_bytes(), name.as_bytes()];
        encoding::base64url(&self.keys.mac(Purpose::Pseudonym).tag(&parts))
    }
}

/// What a new root of this connection is found by. Other kinds than OpenID Connect's end nobody's session from afar.
#[must_use]
pub fn tags(keys: &KeyRing, connection: &ConnectionPolicy, upstream: &UpstreamSession) -> UpstreamTags {
    if !connection.kind.is_openid() {
        return UpstreamTags::default();
    }
    let space = Space { keys, connection: connection.id, issuer: &upstream.issuer };
    UpstreamTags {
        session: upstream.session_id.as_deref().map(|id| space.session(id)),
        subject: Some(space.subject(&upstream.subject)),
    }
}
