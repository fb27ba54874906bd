//! Editions: the two presets of policy that an organisation starts from (PRV-01, SES-08, AMB-38).
//!
//! Everything an edition decides is data here and in the matrix below, so that a third one is a new column and nothing else.

mod matrix;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ClaimName, Limits};

pub use matrix::{MATRIX, Maturity, Served, maturity, serves};

/// The preset of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// `global`.
    Global,
    /// `japan`.
    Japan,
}

/// Who signs in: the one who uses the applications, or the one who runs the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Opens applications behind the workspace.
    Subscriber,
    /// Opens the console.
    Administrator,
}

/// The closed list of ways into an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// Okta over OIDC.
    Okta,
    /// Entra ID over OIDC.
    AzureAd,
    /// A gateway on the premises, as OIDC provider.
    Gateway,
    /// SAML 2.0.
    Saml,
    /// Active Directory over LDAP.
    ActiveDirectory,
    /// Active Directory and a one-time code.
    ActiveDirectoryToken,
    /// Any other OIDC provider.
    Oidc,
    /// The built-in identity.
    Local,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

impl Edition {
    /// Both presets.
    pub const ALL: [Self; 2] = [Self::Global, Self::Japan];

    /// The name in a manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Japan => "japan",
        }
    }

    /// Reads the name in a manifest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.as_str() == text)
    }

    /// What administrators' sessions are held to until the organisation says otherwise (SES-01 to SES-03).
    #[must_use]
    pub const fn administrator_limits(self) -> Limits {
        match self {
            Self::Global => limits(Some(60 * MINUTE), 24 * HOUR),
            Self::Japan => limits(None, 72 * HOUR),
        }
    }

    /// Whether an organisation may set the idle limit of its administrators itself (SES-02, SES-08).
    #[must_use]
    pub const fn lets_administrators_idle_be_set(self) -> bool {
        match self {
            Self::Global => false,
            Self::Japan => true,
        }
    }

    /// What subscribers' sessions are held to until the organisation says otherwise.
    #[must_use]
    pub const fn subscriber_limits(self) -> Limits {
        match self {
            Self::Global | Self::Japan => limits(Some(20 * MINUTE), 24 * HOUR),
        }
    }

    /// Whether a connection of kind `okta` must bring an e-mail address (AMB-38).
    #[must_use]
    pub const fn okta_requires_email(self) -> bool {
        match self {
            Self::Global => false,
            Self::Japan => true,
        }
    }
}

impl Audience {
    /// Both audiences.
    pub const ALL: [Self; 2] = [Self::Subscriber, Self::Administrator];

    /// The word in tokens, logs and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscriber => "subscriber",
            Self::Administrator => "administrator",
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == text)
    }
}

impl KindName {
    /// Whether people's passwords are typed at the broker, which asks their directory.
    #[must_use]
    pub const fn is_directory(self) -> bool {
        matches!(self, Self::ActiveDirectory | Self::ActiveDirectoryToken)
    }

    /// Whether its provider speaks OpenID Connect.
    #[must_use]
    pub const fn is_openid(self) -> bool {
        match self {
            Self::Okta | Self::Oidc | Self::AzureAd | Self::Gateway => true,
            Self::Saml | Self::ActiveDirectory | Self::ActiveDirectoryToken | Self::Local => false,
        }
    }

    /// Every kind there is, built or not.
    pub const ALL: [Self; 8] = [
        Self::Okta,
        Self::AzureAd,
        Self::Gateway,
        Self::Saml,
        Self::ActiveDirectory,
        Self::ActiveDirectoryToken,
        Self::Oidc,
        Self::Local,
    ];

    /// The word in a manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::AzureAd => "azure-ad",
            Self::Gateway => "gateway",
            Self::Saml => "saml",
            Self::ActiveDirectory => "active-directory",
            Self::ActiveDirectoryToken => "active-directory-token",
            Self::Oidc => "oidc",
            Self::Local => "local",
        }
    }

    /// Reads the word in a manifest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The claims without which a connection of this kind lets nobody in, unless its manifest says otherwise (CLM-06, CLM-07).
/// A connection may ask for more; only `oidc` and `azure-ad` may ask for less.
#[must_use]
pub const fn required_claims(edition: Edition, kind: KindName) -> &'static [ClaimName] {
    const EVERY: &[ClaimName] = &ClaimName::ALL;
    match kind {
        KindName::Oidc | KindName::AzureAd => &[ClaimName::Upn],
        KindName::Okta if edition.okta_requires_email() => EVERY,
        KindName::Okta => &[ClaimName::SecurityId, ClaimName::Upn, ClaimName::ObjectId],
        KindName::Gateway | KindName::Saml | KindName::ActiveDirectory | KindName::ActiveDirectoryToken => {
            EVERY
        }
        KindName::Local => &[],
    }
}

const fn limits(idle_seconds: Option<u64>, maximum_seconds: u64) -> Limits {
    let idle = match idle_seconds {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => None,
    };
    Limits { idle, maximum: Duration::from_secs(maximum_seconds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_others_are_not() {
        for kind in KindName::ALL {
            assert_eq!(KindName::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
        }
        for text in ["Okta", "entra", "azuread", "", "oidc "] {
            assert_eq!(KindName::parse(text), None, "{text:?}");
        }
        assert_eq!(Edition::parse("japan"), Some(Edition::Japan));
        assert_eq!(Edition::parse("japan-60min-24h"), None);
        assert_eq!(Audience::parse("administrator"), Some(Audience::Administrator));
        assert_eq!(Audience::parse("user"), None);
    }

    #[test]
    fn presets() {
        let hours = |n: u64| Duration::from_secs(n * 3600);
        let global = Edition::Global.administrator_limits();
        assert_eq!((global.idle, global.maximum), (Some(hours(1)), hours(24)));
        let japan = Edition::Japan.administrator_limits();
        assert_eq!((japan.idle, japan.maximum), (None, hours(72)));
        assert!(required_claims(Edition::Japan, KindName::Okta).contains(&ClaimName::Email));
        assert!(!required_claims(Edition::Global, KindName::Okta).contains(&ClaimName::Email));
        assert_eq!(required_claims(Edition::Japan, KindName::Oidc), [ClaimName::Upn]);
    }
}
