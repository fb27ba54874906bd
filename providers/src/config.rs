//! What an organisation says about a connection's provider: a closed enum of the kinds that are built.
//!
//! Addresses are kept to the letter, because issuers are compared to the letter (OpenID Connect Discovery 1.0 §4.3).

use std::fmt;

use serde::{Deserialize, Serialize};
use vestibule_certs::{digest, encoding};
use vestibule_policies::edition::KindName;
use vestibule_policies::{DirectoryName, ObjectId};

use crate::directory::{AUTHORITY, TOKEN_AUTHORITY};

pub use crate::saml::context_class::{ContextClass, ContextDemand};
pub use crate::saml::metadata::IdentityProvider;

/// A connection's provider, by kind. Secrets are not part of it: they travel beside it, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ProviderConfig {
    /// Any OpenID provider.
    Oidc(OidcConfig),
    /// An Okta organisation (OKT-01 to OKT-16).
    Okta(OktaConfig),
    /// An Entra tenant (AAD-01 to AAD-23).
    AzureAd(AzureAdConfig),
    /// A Citrix Gateway on the premises (GW-01 to GW-21).
    Gateway(GatewayConfig),
    /// A SAML 2.0 identity provider (SML-01 to SML-27).
    Saml(Box<SamlConfig>),
    /// Active Directory (AD-01 to AD-21).
    ActiveDirectory(DirectoryConfig),
    /// Active Directory with a token as the second step (TOK-01 to TOK-09).
    ActiveDirectoryToken(DirectoryConfig),
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
    /// How its answers come.
    #[serde(default)]
    pub response_mode: ResponseMode,
}

/// How a provider's answer reaches us (OAuth 2.0 Form Post Response Mode §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    #[default]
    Query,
    /// As a form that the browser posts there, from another site and so without our cookies. For Okta the answer is
    /// `code id_token` then (OKT-03).
    FormPost,
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
    /// How its answers come.
    #[serde(default)]
    pub response_mode: ResponseMode,
}

/// An Entra tenant, by its id: one tenant, never `common` or `organizations` (annex c.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AzureAdConfig {
    /// The tenant's id.
    pub tenant: ObjectId,
    /// The application's (client) id.
    pub client_id: String,
    /// Where people sign in, without a trailing slash: `https://login.microsoftonline.com`, or a national cloud's.
    pub authority: String,
    /// Where Microsoft Graph is, without a trailing slash: `https://graph.microsoft.com`, or a national cloud's.
    pub graph: String,
    /// How its answers come.
    #[serde(default)]
    pub response_mode: ResponseMode,
}

/// A Citrix Gateway on the premises, by its name. Its client id and secret are ours to make: they travel sealed beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayConfig {
    /// `gateway.corp.example`, with a port where it is not 443; kept to the letter (GW-07).
    pub fqdn: String,
    /// How its answers come.
    #[serde(default)]
    pub response_mode: ResponseMode,
    /// How far its clock may be from ours, in seconds (GW-12).
    pub clock_tolerance_s: u32,
}

/// A SAML 2.0 identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the manifest, read where it matters")]
pub struct SamlConfig {
    /// Where what we know of it comes from.
    pub source: SamlSource,
    /// How requests are sent (SML-06).
    pub binding: Binding,
    /// Whether requests are signed (SML-07).
    pub sign_requests: bool,
    /// What has to be signed (SML-08).
    pub signed: SigningExpectation,
    /// The authentication context that is asked for (SML-10); none: `unspecified`.
    pub context: Option<ContextDemand>,
    /// Whether every sign-in asks the person anew (SML-17).
    pub force_authn: bool,
    /// Whether a response that nobody asked for may begin a sign-in (SML-15).
    pub idp_initiated: bool,
    /// Whether the organisation has an entity id of its own.
    pub scoped_entity_id: bool,
    /// Where logout requests go (SML-11, SML-12).
    pub logout: Logout,
    /// What is asked of the name id.
    pub name_id_format: NameIdFormat,
    /// `dangerous_sha1`: whether SHA-1 is taken in signatures and digests.
    pub dangerous_sha1: bool,
}

/// Where a connection knows its provider from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SamlSource {
    /// From a file, or by hand.
    Given(IdentityProvider),
    /// From an address, which the server fetches.
    Url {
        /// The address.
        url: String,
        /// Whom to look for there; needed where several are described.
        entity_id: Option<String>,
    },
}

impl SamlSource {
    /// Whether this is the provider that is meant: what was fetched before another one was named is not.
    #[must_use]
    pub fn describes(&self, provider: &IdentityProvider) -> bool {
        match self {
            Self::Given(given) => given == provider,
            Self::Url { entity_id, .. } => entity_id.as_ref().is_none_or(|id| *id == provider.entity_id),
        }
    }
}

/// Where a sign-out leads beyond our own session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Logout {
    /// To the address in the metadata; nowhere if there is none.
    AsDescribed,
    /// To this address.
    To(String),
    /// Nowhere: some providers show an error for a request that is not signed.
    Off,
}

/// How a request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// HTTP-Redirect (saml-bindings §3.4).
    Redirect,
    /// HTTP-POST (saml-bindings §3.5).
    Post,
}

/// What of a response has to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningExpectation {
    /// The response.
    Response,
    /// The assertion.
    Assertion,
    /// Both.
    Both,
    /// At least one; only what is signed is read.
    Either,
}

/// What is asked of the name id (saml-core §8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is its format")]
pub enum NameIdFormat {
    Unspecified,
    EmailAddress,
    Persistent,
    Transient,
}

/// One or several domains of Active Directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryConfig {
    /// The directory of a name without a domain; none: such a name is refused.
    pub default_domain: Option<DirectoryName>,
    /// How often people who are signed in are looked up, in milliseconds; none: never.
    pub recheck_ms: Option<u64>,
    /// Wrong passwords of one account before the directory is no longer asked.
    pub lockout_attempts: u32,
    /// Within how long, in milliseconds.
    pub lockout_window_ms: u64,
    /// The domains, each once.
    pub domains: Vec<DomainConfig>,
}

/// One domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConfig {
    /// The organisation's directory that it is.
    pub directory: DirectoryName,
    /// Its DNS name, in lower case.
    pub name: String,
    /// Its NetBIOS name, in upper case; what the directory says where there is none.
    pub netbios: Option<String>,
    /// Whether people of it may sign in (LIB-10).
    pub enabled: bool,
    /// Its controllers, in the order in which they are asked; found by DNS where there are none.
    pub servers: Vec<ControllerAddress>,
    /// Trust this chain alone, PEM.
    pub trust: Option<String>,
    /// The account that reads.
    pub bind_user: String,
}

/// Where a controller listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ControllerAddress {
    /// How TLS begins.
    pub security: DirectorySecurity,
    /// A name or an address that its certificate bears.
    pub host: String,
    /// 636, or 389 for StartTLS.
    pub port: u16,
}

/// How TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectorySecurity {
    /// At once (`ldaps`).
    Tls,
    /// By StartTLS (`ldap`).
    StartTls,
}

impl fmt::Display for ControllerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            DirectorySecurity::Tls => "ldaps",
            DirectorySecurity::StartTls => "ldap",
        };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl DomainConfig {
    /// What a stored password is bound to: where it goes, as whom, and by whose certificate.
    #[must_use]
    pub fn password_address(&self) -> String {
        let servers: Vec<_> = self.servers.iter().map(ToString::to_string).collect();
        let trust = self.trust.as_ref().map(|pem| encoding::base64url(&digest::sha256(pem.as_bytes())));
        format!("{} {} {} {}", self.name, self.bind_user, trust.unwrap_or_default(), servers.join(" "))
    }
}

impl SamlConfig {
    /// What stands for the provider until it is known by name: its entity id, or where it is described.
    #[must_use]
    pub fn authority(&self) -> &str {
        match &self.source {
            SamlSource::Given(provider) => &provider.entity_id,
            SamlSource::Url { entity_id: Some(id), .. } => id,
            SamlSource::Url { url, entity_id: None } => url,
        }
    }
}

impl ProviderConfig {
    /// The kind's name as the manifest spells it.
    #[must_use]
    pub const fn kind(&self) -> KindName {
        match self {
            Self::Oidc(_) => KindName::Oidc,
            Self::Okta(_) => KindName::Okta,
            Self::AzureAd(_) => KindName::AzureAd,
            Self::Gateway(_) => KindName::Gateway,
            Self::Saml(_) => KindName::Saml,
            Self::ActiveDirectory(_) => KindName::ActiveDirectory,
            Self::ActiveDirectoryToken(_) => KindName::ActiveDirectoryToken,
        }
    }

    /// A directory's part, of either kind.
    #[must_use]
    pub const fn directory(&self) -> Option<&DirectoryConfig> {
        match self {
            Self::ActiveDirectory(directory) | Self::ActiveDirectoryToken(directory) => Some(directory),
            Self::Oidc(_) | Self::Okta(_) | Self::AzureAd(_) | Self::Gateway(_) | Self::Saml(_) => None,
        }
    }

    /// Whom this connection trusts, to the letter: an issuer (annex c.8 for Okta), or a SAML provider's authority.
    #[must_use]
    pub fn issuer(&self) -> String {
        match self {
            Self::Oidc(oidc) => oidc.issuer.clone(),
            Self::Okta(okta) => okta.issuer(),
            Self::AzureAd(azure) => azure.issuer(),
            Self::Gateway(gateway) => gateway.issuer(),
            Self::Saml(saml) => saml.authority().to_owned(),
            Self::ActiveDirectory(_) => AUTHORITY.to_owned(),
            Self::ActiveDirectoryToken(_) => TOKEN_AUTHORITY.to_owned(),
        }
    }
}

impl ProviderConfig {
    /// Everywhere that this connection's secrets, or what they open, is sent: the issuer, and Graph beside it.
    #[must_use]
    pub fn secrets_go_to(&self) -> String {
        match self {
            Self::AzureAd(azure) => format!("{} {}", azure.issuer(), azure.graph),
            Self::Oidc(_)
            | Self::Okta(_)
            | Self::Gateway(_)
            | Self::Saml(_)
            | Self::ActiveDirectory(_)
            | Self::ActiveDirectoryToken(_) => self.issuer(),
        }
    }
}

impl AzureAdConfig {
    /// The issuer of this one tenant (annex c.7).
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.authority, self.tenant)
    }

    /// Where a Global Administrator agrees to what the application may do (AAD-03, AAD-09).
    #[must_use]
    pub fn consent_address(&self) -> String {
        let client: String = url::form_urlencoded::byte_serialize(self.client_id.as_bytes()).collect();
        format!("{}/{}/adminconsent?client_id={client}", self.authority, self.tenant)
    }
}

impl OktaConfig {
    /// The issuer (annex c.8).
    #[must_use]
    pub fn issuer(&self) -> String {
        match &self.authorization_server {
            Some(server) => format!("{}/oauth2/{server}", self.domain),
            None => self.domain.clone(),
        }
    }
}

impl GatewayConfig {
    /// The issuer, to the letter (GW-07).
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("https://{}", self.fqdn)
    }

    /// Where the discovery document is: apart from the issuer, below the path of its OAuth identity provider.
    #[must_use]
    pub fn discovery(&self) -> String {
        format!("https://{}/oauth/idp/.well-known/openid-configuration", self.fqdn)
    }
}
