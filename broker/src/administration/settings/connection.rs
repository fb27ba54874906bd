//! A connection, by kind.

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::{ClaimName, ClaimNames};
use vestibule_providers::config::{
    AzureAdConfig, GatewayConfig, OidcConfig, OktaConfig, ProviderConfig, ResponseMode,
};

use crate::config::is_of_okta;
use crate::store::organizations::{ConnectionRow, ConnectionSecrets};

use super::directory::DirectorySettings;
use super::saml::SamlSettings;
use super::{Pem, SecretShown};

/// A connection with the keys of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Connection settings")]
pub struct ConnectionSettings {
    /// Its name within the organisation.
    pub name: String,
    /// Whether it lets anybody in; on where it is left out.
    #[schemars(default = "on")]
    pub enabled: bool,
    /// What only its kind has.
    #[serde(flatten)]
    pub kind: Kind,
    /// The claims without which it lets nobody in, of `sid`, `upn`, `oid` and `email`.
    pub required_claims: Vec<String>,
}

/// What a kind of connection has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Any OpenID provider.
    Oidc(OidcSettings),
    /// An Okta organisation.
    Okta(OktaSettings),
    /// An Entra tenant.
    AzureAd(AzureAdSettings),
    /// A Citrix Gateway on the premises.
    Gateway(GatewaySettings),
    /// A SAML 2.0 identity provider.
    Saml(Box<SamlSettings>),
    /// Active Directory.
    ActiveDirectory(DirectorySettings),
    /// Active Directory with a one-time code.
    ActiveDirectoryToken(DirectorySettings),
}

/// What connections to a provider elsewhere have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Elsewhere {
    /// The directories that it speaks for.
    pub directories: Vec<String>,
    /// Whether it may speak for all: the operator's alone.
    #[serde(skip_serializing_if = "is_off")]
    #[schemars(default)]
    pub dangerous_any_directory: bool,
    /// Trust these certificates alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<Pem>,
    /// The connection to a directory that fills in what the provider does not bring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolve_from_ad: Option<String>,
}

/// Any OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OidcSettings {
    /// Compared to the letter.
    pub issuer: String,
    /// The client id that the provider gave us.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretShown,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// How its answers come: `query` or `form_post`.
    pub response_mode: String,
    /// What the provider calls the claims.
    pub claims: Names,
    /// What is common.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
}

/// An Okta organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OktaSettings {
    /// `https://acme.okta.com`.
    pub domain: String,
    /// Whether the domain is the organisation's own.
    #[serde(skip_serializing_if = "is_off")]
    #[schemars(default)]
    pub custom_domain: bool,
    /// A custom authorization server; the org server where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_server: Option<String>,
    /// The client id of the Okta application.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretShown,
    /// How its answers come: `query` or `form_post`.
    pub response_mode: String,
    /// The token of Okta's own API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_token: Option<SecretShown>,
    /// What Okta calls the claims.
    pub claims: Names,
    /// What is common.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
}

/// An Entra tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AzureAdSettings {
    /// The tenant's id.
    pub tenant: String,
    /// The application's (client) id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretShown,
    /// Where people sign in.
    pub authority: String,
    /// Where Microsoft Graph is.
    pub graph: String,
    /// How its answers come: `query` or `form_post`.
    pub response_mode: String,
    /// What is common.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
}

/// A Citrix Gateway on the premises. Its client id and secret are ours, made once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GatewaySettings {
    /// Its name, with a port where it is not 443.
    pub fqdn: String,
    /// What `makeGatewayPair` gave: needed with a new `fqdn`, and never read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub pair: Option<String>,
    /// How far its clock may be from ours.
    pub clock_tolerance: String,
    /// How its answers come: `query` or `form_post`.
    pub response_mode: String,
    /// What is common.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
}

/// What a provider calls the claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Names {
    /// The Windows SID.
    pub sid: String,
    /// The user principal name.
    pub upn: String,
    /// The object id.
    pub oid: String,
    /// The address.
    pub email: String,
    /// The groups.
    pub groups: String,
}

impl ConnectionSettings {
    /// What stands. Without `secrets`, which do not open under another address, there are none to be kept.
    #[must_use]
    pub fn of(policy: &ConnectionPolicy, row: &ConnectionRow, secrets: Option<&ConnectionSecrets>) -> Self {
        let elsewhere = Elsewhere {
            directories: policy.directories.iter().map(ToString::to_string).collect(),
            dangerous_any_directory: policy.any_directory,
            ca: row.document.trust.clone().map(|pem| Pem { pem }),
            resolve_from_ad: policy.resolve_from.as_ref().map(ToString::to_string),
        };
        let kind = match &row.document.provider {
            ProviderConfig::Oidc(oidc) => Kind::Oidc(self::oidc(oidc, &policy.names, elsewhere)),
            ProviderConfig::Okta(okta) => {
                let api_token = secrets.and_then(|secrets| secrets.api_token.as_ref());
                let api_token = api_token.map(|_| SecretShown::stored());
                Kind::Okta(OktaSettings { api_token, ..self::okta(okta, &policy.names, elsewhere) })
            }
            ProviderConfig::AzureAd(azure) => Kind::AzureAd(azure_ad(azure, elsewhere)),
            ProviderConfig::Gateway(gateway) => Kind::Gateway(self::gateway(gateway, elsewhere)),
            ProviderConfig::Saml(saml) => {
                Kind::Saml(Box::new(SamlSettings::of(saml, &policy.names, elsewhere)))
            }
            ProviderConfig::ActiveDirectory(directory) => {
                Kind::ActiveDirectory(DirectorySettings::of(directory))
            }
            ProviderConfig::ActiveDirectoryToken(directory) => {
                Kind::ActiveDirectoryToken(DirectorySettings::of(directory))
            }
        };
        let required_claims = policy.required.iter().map(|claim: &ClaimName| claim.config().to_owned());
        Self {
            name: policy.name.to_string(),
            enabled: policy.enabled,
            kind,
            required_claims: required_claims.collect(),
        }
    }
}

fn oidc(oidc: &OidcConfig, names: &ClaimNames, elsewhere: Elsewhere) -> OidcSettings {
    OidcSettings {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: SecretShown::stored(),
        scopes: oidc.scopes.clone(),
        response_mode: mode(oidc.response_mode),
        claims: names.into(),
        elsewhere,
    }
}

fn okta(okta: &OktaConfig, names: &ClaimNames, elsewhere: Elsewhere) -> OktaSettings {
    OktaSettings {
        domain: okta.domain.clone(),
        custom_domain: !is_of_okta(&okta.domain),
        authorization_server: okta.authorization_server.clone(),
        client_id: okta.client_id.clone(),
        client_secret: SecretShown::stored(),
        response_mode: mode(okta.response_mode),
        api_token: None,
        claims: names.into(),
        elsewhere,
    }
}

fn azure_ad(azure: &AzureAdConfig, elsewhere: Elsewhere) -> AzureAdSettings {
    AzureAdSettings {
        tenant: azure.tenant.to_string(),
        client_id: azure.client_id.clone(),
        client_secret: SecretShown::stored(),
        authority: azure.authority.clone(),
        graph: azure.graph.clone(),
        response_mode: mode(azure.response_mode),
        elsewhere,
    }
}

fn gateway(gateway: &GatewayConfig, elsewhere: Elsewhere) -> GatewaySettings {
    GatewaySettings {
        fqdn: gateway.fqdn.clone(),
        pair: None,
        clock_tolerance: format!("{}s", gateway.clock_tolerance_s),
        response_mode: mode(gateway.response_mode),
        elsewhere,
    }
}

fn mode(mode: ResponseMode) -> String {
    match mode {
        ResponseMode::Query => "query",
        ResponseMode::FormPost => "form_post",
    }
    .to_owned()
}

impl From<&ClaimNames> for Names {
    fn from(names: &ClaimNames) -> Self {
        let ClaimNames { sid, upn, oid, email, groups, .. } = names.clone();
        Self { sid, upn, oid, email, groups }
    }
}

/// What a manifest means by leaving the switch out.
const fn on() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn is_off(flag: &bool) -> bool {
    !*flag
}
