//! One way into an organisation each: adapters that ask a provider who somebody is and verify what it answers.
//!
//! A provider proves; the broker issues. Nothing here knows an HTTP server, a store or a session: what an adapter needs of
//! them it declares as a port (`ports`), and the broker implements it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod config;
pub mod directory;
pub mod error;
pub mod oidc;
pub mod ports;
pub mod saml;
pub mod step;
pub mod verified;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use vestibule_certs::secret::Secret;
use vestibule_certs::x509::Certificate;
use vestibule_policies::code::Code;
use vestibule_policies::security_id::DomainSid;
use vestibule_policies::time::Timestamp;

pub use crate::error::SignInError;
pub use crate::step::{Answer, Context, Step};

use crate::config::ProviderConfig;
use crate::directory::{AUTHORITY, Directory, DirectoryProvider, TOKEN_AUTHORITY};
use crate::oidc::callback::Authorization;
use crate::oidc::{LogoutToken, OpenIdProvider};
use crate::ports::{Http, Wire};
use crate::saml::examination::Examination;
use crate::saml::metadata::IdentityProvider;
use crate::saml::service_provider::ServiceProviderKeys;
use crate::saml::{PostedResponse, Received, SamlProvider, ServiceAddress};
use crate::step::{Standing, UpstreamSession};
use crate::verified::Verified;

/// A connection's provider. What a kind needs beyond a redirect and its answer (forms, unasked messages, looking a
/// person up again) joins this trait with the first kind that has it.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// Where the browser goes first.
    ///
    /// # Errors
    /// When the provider is away, or is not the one that was configured.
    async fn begin(&self, context: &Context<'_>) -> Result<Step, SignInError>;

    /// Judges a SAML response apart from its browser: whatever fails here is not kept (architecture 2, step 4).
    ///
    /// # Errors
    /// When a clause is not met, or the connection's protocol has no such answers.
    fn receive(
        &self,
        _: ServiceAddress<'_>,
        _: &PostedResponse,
        _: Timestamp,
    ) -> Result<Received, SignInError> {
        Err(SignInError::new(Code::SignInState, "a SAML response for a connection that is none of SAML's"))
    }

    /// Judges an authorization response that was posted, apart from its browser, and gives what of it is worth keeping:
    /// whatever fails here is not kept (architecture 2, step 4).
    ///
    /// # Errors
    /// When a clause is not met, or the connection's answers are not posted.
    async fn receive_authorization(
        &self,
        _: Authorization,
        _: Timestamp,
    ) -> Result<Authorization, SignInError> {
        Err(SignInError::new(Code::SignInState, "a posted answer for a connection that has none"))
    }

    /// Whether a response that nobody asked for, from this issuer, may begin a sign-in here.
    fn takes_unsolicited(&self, _: &str) -> bool {
        false
    }

    /// What the provider's answer proves. The caller has spent the transaction before.
    ///
    /// # Errors
    /// When the answer, or anything it leads to, fails one check.
    async fn advance(&self, context: &Context<'_>, answer: Answer) -> Result<Step, SignInError>;

    /// Judges a SAML response and tells how far it came; proves nothing to anybody but the one who tests.
    fn examine(&self, _: &Context<'_>, _: &PostedResponse) -> Option<Examination> {
        None
    }

    /// Where the browser goes so that the provider's session ends too, where there is such a place; with the hint of its proof,
    /// where that was kept. The browser comes back to the redirect URI of the context.
    ///
    /// # Errors
    /// When the address cannot be made.
    async fn sign_out(
        &self,
        _: &Context<'_>,
        _: &UpstreamSession,
        _: Option<&str>,
    ) -> Result<Option<url::Url>, SignInError> {
        Ok(None)
    }

    /// Believes a logout token (Back-Channel Logout 1.0 §2.6), which anybody may have sent. The caller spends its id.
    ///
    /// # Errors
    /// One code for each clause that is not met, or when the kind has no logout tokens.
    async fn logout(&self, _: &str, _: Timestamp) -> Result<Verified<LogoutToken>, SignInError> {
        Err(SignInError::new(Code::SignInState, "a logout token for a connection that has none"))
    }

    /// Whose frames may end sessions by their id (Front-Channel Logout 1.0 §3); nothing where the kind has no session ids.
    fn front_channel_issuer(&self) -> Option<&str> {
        None
    }

    /// Whether people who are signed in still stand, in their order.
    async fn recheck(&self, people: &[&UpstreamSession], _: Timestamp) -> Vec<Standing> {
        vec![Standing::Unknown; people.len()]
    }

    /// The directory that others may ask, where the kind has one.
    fn directory(&self) -> Option<&dyn Directory> {
        None
    }

    /// The certificates that this connection believes; none where keys are fetched.
    fn certificates(&self) -> Vec<Certificate> {
        Vec::new()
    }

    /// Looks at everything that can be looked at without a person: the first half of "Test and Finish" (PRV-09).
    async fn check(&self, now: Timestamp) -> Vec<Check>;
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Of which of several, as a domain.
    pub of: Option<String>,
    /// What was found, or what is wrong with it.
    pub outcome: Result<String, SignInError>,
}

impl Check {
    /// One thing, and what was found.
    #[must_use]
    pub fn new(name: &'static str, outcome: Result<String, SignInError>) -> Self {
        Self { name, of: None, outcome }
    }

    /// The same of one of several.
    #[must_use]
    pub fn of(self, which: &str) -> Self {
        Self { of: Some(which.to_owned()), ..self }
    }
}

/// What a connection brings along beside its configuration.
#[derive(Debug)]
pub struct Equipment {
    /// Our id at a provider that takes the one we make; of other kinds, empty.
    pub client_id: String,
    /// Our secret at the provider; of kinds that have none, empty.
    pub client_secret: Secret,
    /// The token of Okta's own API, where there is one.
    pub api_token: Option<Secret>,
    /// Where a provider may send browsers.
    pub browsers: BrowserEndpoints,
    /// The outbound client of this connection.
    pub http: Arc<dyn Http>,
    /// What was fetched from the address of a SAML provider's metadata.
    pub metadata: Option<IdentityProvider>,
    /// Our keys as a SAML service provider, made when the first connection of that kind is there.
    pub service_provider: Option<Arc<ServiceProviderKeys>>,
    /// What each domain of a directory needs, in their order.
    pub domains: Vec<DomainEquipment>,
}

/// Where a provider that is called over https may send the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BrowserEndpoints {
    /// To https alone.
    #[default]
    Https,
    /// To http on this machine as well: for `demo`, whose browser has no reason to trust the sandboxes' authority.
    PlainOnLoopback,
}

/// What a domain brings along beside its configuration.
#[derive(Debug)]
pub struct DomainEquipment {
    /// What makes it this domain and no other.
    pub domain_sid: DomainSid,
    /// The UPN suffixes that its directory declares, in lower case.
    pub upn_suffixes: Vec<String>,
    /// The password of its account that reads.
    pub bind_password: Secret,
    /// How its controllers are reached.
    pub wire: Arc<dyn Wire>,
}

/// Builds the adapter of a connection. Makes no network call: discovery is fetched by the first sign-in.
///
/// # Errors
/// `INTERNAL` when a SAML connection comes without the service provider's keys.
pub fn open(config: &ProviderConfig, with: Equipment) -> Result<Arc<dyn Provider>, SignInError> {
    let Equipment {
        client_id,
        client_secret,
        api_token,
        browsers,
        http,
        metadata,
        service_provider,
        domains,
    } = with;
    Ok(match config {
        ProviderConfig::Oidc(oidc) => Arc::new(OpenIdProvider::standard(oidc, client_secret, http)),
        ProviderConfig::Okta(okta) => Arc::new(OpenIdProvider::okta(okta, client_secret, api_token, http)),
        ProviderConfig::AzureAd(azure) => Arc::new(OpenIdProvider::azure_ad(azure, client_secret, http)),
        ProviderConfig::Gateway(gateway) => {
            Arc::new(OpenIdProvider::gateway(gateway, (client_id, client_secret), http, browsers))
        }
        ProviderConfig::Saml(saml) => {
            let keys = service_provider
                .ok_or_else(|| SignInError::new(Code::Internal, "the service provider has no keys"))?;
            Arc::new(SamlProvider::new(saml.as_ref().clone(), metadata.as_ref(), keys))
        }
        ProviderConfig::ActiveDirectory(directory) => {
            Arc::new(DirectoryProvider::new(directory, AUTHORITY, domains))
        }
        ProviderConfig::ActiveDirectoryToken(directory) => {
            Arc::new(DirectoryProvider::new(directory, TOKEN_AUTHORITY, domains))
        }
    })
}
