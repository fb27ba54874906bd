//! What an organisation says about a connection's provider: a closed enum of the kinds that are built.
//!
//! Addresses are kept to the letter, because issuers are compared to the letter (OpenID Connect Discovery 1.0 §4.3).

use serde::{Deserialize, Serialize};
use vestibule_policies::edition::KindName;

/// A connection's provider, by kind. Secrets are not part of it: they travel beside it, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ProviderConfig {
    /// Any OpenID provider.
    Oidc(OidcConfig),
    /// An Okta organisation (OKT-01 to OKT-16).
    Okta(OktaConfig),
}

/// Any OpenID provider, by its issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcConfig {
    /// Compared to the letter with discovery and with every token.
    pub issuer: String,
    /// The client id that the provider gave us.
    pub client_id: String,
    /// Scopes to ask for; always with `openid`.
    pub scopes: Vec<String>,
}

/// An Okta organisation, by its domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OktaConfig {
    /// `https://acme.okta.com`, without a trailing slash (OKT-02).
    pub domain: String,
    /// A custom authorization server's id; the org server where there is none.
    pub authorization_server: Option<String>,
    /// The client id of the Okta application.
    pub client_id: String,
}

impl ProviderConfig {
    /// The kind's name as the manifest spells it.
    #[must_use]
    pub const fn kind(&self) -> KindName {
        match self {
            Self::Oidc(_) => KindName::Oidc,
            Self::Okta(_) => KindName::Okta,
        }
    }

    /// The issuer that this connection trusts, to the letter (annex c.8 for Okta).
    #[must_use]
    pub fn issuer(&self) -> String {
        match self {
            Self::Oidc(oidc) => oidc.issuer.clone(),
            Self::Okta(okta) => match &okta.authorization_server {
                Some(server) => format!("{}/oauth2/{server}", okta.domain),
                None => okta.domain.clone(),
            },
        }
    }

    /// Our client id at the provider.
    #[must_use]
    pub fn client_id(&self) -> &str {
        match self {
            Self::Oidc(oidc) => &oidc.client_id,
            Self::Okta(okta) => &okta.client_id,
        }
    }
}
