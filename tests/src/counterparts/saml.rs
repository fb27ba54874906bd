//! What the SAML counterparts are told: who the one service provider is, and what the identity provider does for it.

use serde::Serialize;
use serde_json::{Value, json};
use vestibule_conformance::wire::{Browser, Page, WireError};

/// What everybody types at a SAML identity provider; another password is refused.
pub const PASSWORD: &str = "the password of everybody";

/// The service provider, as an identity provider knows it that reads no metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Its entity ID.
    pub entity_id: String,
    /// Where Responses go by POST.
    pub acs_url: String,
    /// Where a `LogoutResponse` goes by Redirect.
    pub logout_url: String,
    /// For encryption to it, and for the signatures of its requests.
    pub certificate_pem: Option<String>,
}

/// Which parts of a Response bear a signature (saml-core §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedPart {
    /// None of them; as a wish, either will do.
    Neither,
    /// The Response.
    Response,
    /// The Assertion.
    Assertion,
    /// One each.
    #[default]
    Both,
}

impl SignedPart {
    /// Every way to sign at all.
    pub const SIGNED: [Self; 3] = [Self::Response, Self::Assertion, Self::Both];

    pub(super) const fn response(self) -> bool {
        matches!(self, Self::Response | Self::Both)
    }

    pub(super) const fn assertion(self) -> bool {
        matches!(self, Self::Assertion | Self::Both)
    }
}

/// How the identity provider names people (saml-core §8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameIdMode {
    /// By email address, as `cip_email`.
    #[default]
    Email,
    /// By a name of their own for this service provider, the same each time.
    Persistent,
    /// By another name each time.
    Transient,
    /// By user principal name, of no format that it would say.
    Unspecified,
}

impl NameIdMode {
    /// The format's URI.
    #[must_use]
    pub const fn format(self) -> &'static str {
        match self {
            Self::Email => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Email | Self::Unspecified => "attribute",
            Self::Persistent => "persistent",
            Self::Transient => "transient",
        }
    }

    const fn attribute(self) -> &'static str {
        match self {
            Self::Email => "cip_email",
            Self::Unspecified => "cip_upn",
            Self::Persistent | Self::Transient => "cip_oid",
        }
    }

    fn to_json(self) -> Value {
        json!({ "kind": self.kind(), "format": self.format(), "attribute": self.attribute() })
    }
}

/// What an identity provider does; as it stands, both parts signed with RSA and SHA-256, nothing encrypted, and requests
/// need no signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// What it signs.
    pub signed: SignedPart,
    /// Whether the Assertion goes out encrypted, inside whatever is signed.
    pub encrypt: bool,
    /// RSA with SHA-1 instead of SHA-256, for the digests too.
    pub sha1: bool,
    /// Whether it refuses an `AuthnRequest` or a `LogoutRequest` without a signature of the service provider.
    pub require_signed_requests: bool,
    /// How it names people.
    pub name_id: NameIdMode,
}

impl Options {
    /// As the scripts read them, with more that only one of them reads.
    pub(super) fn settings<const N: usize>(&self, more: [(&str, Value); N]) -> Value {
        let own = [
            ("password", json!(PASSWORD)),
            ("sign_response", json!(self.signed.response())),
            ("sign_assertion", json!(self.signed.assertion())),
            ("encrypt", json!(self.encrypt)),
            ("sha1", json!(self.sha1)),
            ("require_signed_requests", json!(self.require_signed_requests)),
            ("name_id", self.name_id.to_json()),
        ];
        own.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Types a name and [`PASSWORD`] into the page of an identity provider. What comes has the form with `SAMLResponse`, which
/// the browser has yet to submit.
///
/// # Errors
/// See [`WireError`]; `Missing` when the page asks for no password.
pub async fn type_in(browser: &mut Browser, page: &Page, login: &str) -> Result<Page, WireError> {
    let form = page.form_with("password")?.with("username", login).with("password", PASSWORD);
    browser.submit(&form).await
}
