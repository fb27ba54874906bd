//! One step of a sign-in, and what it is given.

use std::sync::Arc;

use vestibule_certs::digest;
use vestibule_certs::encoding;
use vestibule_certs::secret::Secret;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::time::Timestamp;

use crate::directory::Due;
use crate::ports::Gate;
use crate::verified::Verified;

/// The 128 random bits of a transaction, from which everything that must be unguessable in it is derived.
///
/// They are known to the browser's sealed cookie alone, so that nothing has to be stored when a sign-in begins.
#[derive(Clone)]
pub struct Seed([u8; Self::LENGTH]);

impl Seed {
    /// Bytes of a seed.
    pub const LENGTH: usize = 16;

    /// Wraps random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed into the transaction's cookie.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// 256 bits that only this seed yields for this label.
    #[must_use]
    pub fn derive(&self, label: &str) -> [u8; 32] {
        digest::hkdf_expand(&self.0, label)
    }

    /// The same as 43 characters of base64url: the form of a nonce and of a PKCE verifier (RFC 7636 §4.1).
    #[must_use]
    pub fn derive_text(&self, label: &str) -> String {
        encoding::base64url(&self.derive(label))
    }
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// What every step of one transaction is given.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Now.
    pub now: Timestamp,
    /// The transaction's seed.
    pub seed: &'a Seed,
    /// The `state` that names the transaction outside.
    pub state: &'a str,
    /// Where the answer comes back to: a redirect URI, or the assertion consumer service.
    pub redirect_uri: &'a str,
    /// Who we are in SAML.
    pub entity_id: &'a str,
    /// When the transaction began, by the wall.
    pub started: Timestamp,
    /// Whether an older authentication will do.
    pub freshness: Freshness,
    /// Who counts attempts at passwords; without one none is tried.
    pub gate: Option<&'a dyn Gate>,
}

/// How old the person's authentication at the provider may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Whatever the provider holds for good.
    Any,
    /// After a sign-out: not older than this moment.
    Since(Timestamp),
}

/// What came back for a transaction.
#[derive(Debug)]
pub enum Answer {
    /// An authorization response (OpenID Connect Core 1.0 §3.1.2.5).
    Authorization(crate::oidc::callback::Authorization),
    /// A SAML response, decoded (saml-bindings §3.5).
    Response(crate::saml::PostedResponse),
    /// What somebody typed.
    Password {
        /// Their name, in any of the forms that the directory knows.
        name: String,
        /// Their password.
        password: Secret,
    },
    /// A password that is due, or that its owner wants changed.
    ChangePassword {
        /// Their name.
        name: String,
        /// The password of today.
        current: Secret,
        /// The one from now on.
        new: Secret,
    },
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// The browser goes to the provider.
    Redirect(url::Url),
    /// The browser posts this to the provider (saml-bindings §3.5).
    PostForm(PostForm),
    /// The person fills in a form of ours.
    Prompt(Prompt),
    /// The provider has proved who this is.
    Done(Box<Verified<Proof>>),
}

/// Which form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Name and password.
    Password,
    /// The password is right and has to be changed.
    ChangePassword(Due),
}

/// Whether somebody who is signed in still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As before.
    Stands,
    /// No longer; by this cause.
    Ended(&'static str),
    /// Nobody could say.
    Unknown,
}

/// Fields that the browser posts.
#[derive(Debug)]
pub struct PostForm {
    /// Where to.
    pub to: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

/// What a provider proved.
#[derive(Debug)]
pub struct Proof {
    /// What it said of the person.
    pub attributes: RawAttributes,
    /// The session that it holds.
    pub upstream: UpstreamSession,
    /// What shows the provider at a sign-out whose session is meant: its own `id_token` (RP-Initiated Logout 1.0 §2).
    pub hint: Option<Arc<Secret>>,
}

/// The provider's own session, by which it may be ended or looked at again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UpstreamSession {
    /// The issuer, to the letter.
    pub issuer: String,
    /// The provider's identifier of the person, byte for byte.
    pub subject: String,
    /// OpenID Connect's session id (Back-Channel Logout 1.0 §2.1) or SAML's session index, where there is one.
    pub session_id: Option<String>,
    /// SAML's name of the person, as it was received; a logout repeats it.
    #[serde(default)]
    pub name_id: Option<NameId>,
    /// When the provider's own session ends, which caps ours (saml-core §2.7.2).
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// When the person proved it; the provider's word where it gave one.
    pub authenticated_at: Timestamp,
    /// Authentication methods (RFC 8176), as the provider says.
    pub methods: Vec<String>,
    /// Authentication context, as the provider says.
    pub context: Option<String>,
    /// What a directory's account was like, for those who look at it again.
    #[serde(default)]
    pub account: Option<AccountMark>,
}

/// An account of a directory at the moment of its sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AccountMark {
    /// `pwdLastSet`, in the directory's own ticks.
    pub password_set: i64,
}

/// A SAML name identifier (saml-core §2.2.3).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NameId {
    /// At most 256 characters.
    pub value: String,
    /// A URI.
    pub format: Option<String>,
    /// Whose name space it is.
    pub name_qualifier: Option<String>,
    /// For which service provider it was made.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// Another one at every sign-in (saml-core §8.3.8).
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.format.as_deref() == Some("urn:oasis:names:tc:SAML:2.0:nameid-format:transient")
    }

    /// An address, which may be somebody else's tomorrow (saml-core §8.3.2).
    #[must_use]
    pub fn is_email_address(&self) -> bool {
        self.format.as_deref() == Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
    }
}
