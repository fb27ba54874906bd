//! A connection to a SAML provider.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::ClaimNames;
use vestibule_providers::config::{
    Binding, IdentityProvider, Logout, NameIdFormat, SamlConfig, SamlSource, SigningExpectation,
};

use super::connection::{Elsewhere, is_off};

/// A SAML 2.0 identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the manifest")]
pub struct SamlSettings {
    /// The metadata, itself or its address; or the next three by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataSettings>,
    /// The provider's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// Where requests go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sso_url: Option<String>,
    /// Its certificates, PEM each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Vec<String>>,
    /// `redirect` or `post`.
    pub binding: &'static str,
    /// Whether requests are signed.
    pub sign_requests: bool,
    /// What has to be signed.
    pub signed: &'static str,
    /// The authentication context that is asked for.
    pub authentication_context: &'static str,
    /// `minimum` or `exact`.
    pub comparison: &'static str,
    /// Whether every sign-in asks the person anew.
    pub force_authn: bool,
    /// Whether the provider may begin a sign-in.
    pub idp_initiated: bool,
    /// Whether the organisation has an entity id of its own.
    pub scoped_entity_id: bool,
    /// Where logout requests go, or `off`; as the metadata says where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logout_url: Option<String>,
    /// What is asked of the name id.
    pub name_id_format: &'static str,
    /// Whether SHA-1 is taken: the operator's alone.
    #[serde(skip_serializing_if = "is_off")]
    #[schemars(default)]
    pub dangerous_sha1: bool,
    /// What the provider calls the claims.
    pub attributes: AttributeNames,
    /// What is common.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
}

/// Where a provider is described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MetadataSettings {
    /// Here.
    Xml(String),
    /// At an address, which the server fetches.
    Url(String),
}

/// What a SAML provider calls the claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttributeNames {
    pub sid: String,
    pub upn: String,
    pub oid: String,
    pub email: String,
    pub groups: String,
    pub display_name: String,
    pub given_name: String,
    pub family_name: String,
}

impl SamlSettings {
    pub(super) fn of(saml: &SamlConfig, names: &ClaimNames, elsewhere: Elsewhere) -> Self {
        let (mut metadata, mut entity_id, mut sso_url, mut certificates) = (None, None, None, None);
        match &saml.source {
            SamlSource::Url { url, entity_id: wanted } => {
                metadata = Some(MetadataSettings::Url(url.clone()));
                entity_id.clone_from(wanted);
            }
            SamlSource::Given(given) => match by_hand(given, saml.binding) {
                Some(address) => {
                    entity_id = Some(given.entity_id.clone());
                    sso_url = Some(address.clone());
                    certificates = Some(given.certificates.iter().map(|one| pem(one)).collect());
                }
                None => metadata = Some(MetadataSettings::Xml(given.describe())),
            },
        }
        let ClaimNames { sid, upn, oid, email, groups, display_name, given_name, family_name } =
            names.clone();
        Self {
            metadata,
            entity_id,
            sso_url,
            certificates,
            binding: binding(saml.binding),
            sign_requests: saml.sign_requests,
            signed: signed(saml.signed),
            authentication_context: saml.context.map_or("unspecified", |context| context.class.word()),
            comparison: if saml.context.is_some_and(|context| context.exact) { "exact" } else { "minimum" },
            force_authn: saml.force_authn,
            idp_initiated: saml.idp_initiated,
            scoped_entity_id: saml.scoped_entity_id,
            logout_url: match &saml.logout {
                Logout::AsDescribed => None,
                Logout::Off => Some("off".to_owned()),
                Logout::To(address) => Some(address.clone()),
            },
            name_id_format: name_id_format(saml.name_id_format),
            dangerous_sha1: saml.dangerous_sha1,
            attributes: AttributeNames {
                sid,
                upn,
                oid,
                email,
                groups,
                display_name,
                given_name,
                family_name,
            },
            elsewhere,
        }
    }
}

/// The one address of a provider of which nothing else is known: what fields by hand can say.
fn by_hand(given: &IdentityProvider, binding: Binding) -> Option<&String> {
    let (this, other) = match binding {
        Binding::Redirect => (&given.redirect, &given.post),
        Binding::Post => (&given.post, &given.redirect),
    };
    let nothing_else = other.is_none() && given.logout.is_none() && given.valid_until.is_none();
    this.as_ref().filter(|_| nothing_else)
}

/// RFC 7468 §2.
fn pem(base64: &str) -> String {
    let der = STANDARD.decode(base64).unwrap_or_default();
    let body = STANDARD.encode(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (index, letter) in body.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

const fn binding(binding: Binding) -> &'static str {
    match binding {
        Binding::Redirect => "redirect",
        Binding::Post => "post",
    }
}

const fn signed(expectation: SigningExpectation) -> &'static str {
    match expectation {
        SigningExpectation::Response => "response",
        SigningExpectation::Assertion => "assertion",
        SigningExpectation::Both => "both",
        SigningExpectation::Either => "either",
    }
}

const fn name_id_format(format: NameIdFormat) -> &'static str {
    match format {
        NameIdFormat::Unspecified => "unspecified",
        NameIdFormat::EmailAddress => "email",
        NameIdFormat::Persistent => "persistent",
        NameIdFormat::Transient => "transient",
    }
}
