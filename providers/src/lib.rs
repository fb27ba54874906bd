//! One way into an organisation each: adapters that ask a provider who somebody is and verify what it answers.
//!
//! A provider proves; the broker issues. Nothing here knows an HTTP server, a store or a session: what an adapter needs of
//! them it declares as a port (`ports`), and the broker implements it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod config;
pub mod error;
pub mod oidc;
pub mod ports;
pub mod step;
pub mod verified;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use vestibule_certs::secret::Secret;
use vestibule_policies::time::Timestamp;

pub use crate::error::SignInError;
pub use crate::step::{Answer, Context, Step};

use crate::config::ProviderConfig;
use crate::oidc::OpenIdProvider;
use crate::ports::Http;

/// A connection's provider. What a kind needs beyond a redirect and its answer (forms, unasked messages, looking a
/// person up again) joins this trait with the first kind that has it.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// Where the browser goes first.
    ///
    /// # Errors
    /// When the provider is away, or is not the one that was configured.
    async fn begin(&self, context: &Context<'_>) -> Result<Step, SignInError>;

    /// What the provider's answer proves. The caller has spent the transaction before.
    ///
    /// # Errors
    /// When the answer, or anything it leads to, fails one check.
    async fn advance(&self, context: &Context<'_>, answer: Answer) -> Result<Step, SignInError>;

    /// Looks at everything that can be looked at without a person: the first half of "Test and Finish" (PRV-09).
    async fn check(&self, now: Timestamp) -> Vec<Check>;
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// What was found, or what is wrong with it.
    pub outcome: Result<String, SignInError>,
}

/// Builds the adapter of a connection. Makes no network call: metadata is fetched by the first sign-in.
#[must_use]
pub fn open(config: &ProviderConfig, client_secret: Secret, http: Arc<dyn Http>) -> Arc<dyn Provider> {
    Arc::new(OpenIdProvider::new(config, client_secret, http))
}
