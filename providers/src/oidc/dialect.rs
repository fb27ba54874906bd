//! What sets one vendor's OpenID Connect apart from the standard.

use vestibule_certs::jwks::SigningAlgorithm;
use vestibule_policies::code::Code;

use crate::config::ResponseMode;
use crate::error::SignInError;

use super::LEEWAY_SECONDS;
use super::discovery::Metadata;

/// A vendor's habits, over the one engine.
#[derive(Debug)]
pub(super) enum Dialect {
    /// The standard as it stands.
    Standard {
        /// What is asked for.
        scopes: Vec<String>,
    },
    /// Okta (annex c.8).
    Okta,
    /// One Entra tenant (annex c.7).
    AzureAd,
    /// A Citrix Gateway (annex c.9).
    Gateway {
        /// How far its clock may be from ours, in seconds (GW-12).
        clock_tolerance: i64,
    },
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Response {
    /// A code (Core §3.1).
    Code,
    /// A code and an `id_token` (Core §3.3).
    CodeAndToken,
}

/// Fixed before any token is seen; a token never chooses (RFC 8725 §3.1). Symmetric algorithms and `none` have no name here.
const STANDARD_ALGORITHMS: &[SigningAlgorithm] = &[
    SigningAlgorithm::RS256,
    SigningAlgorithm::RS384,
    SigningAlgorithm::RS512,
    SigningAlgorithm::PS256,
    SigningAlgorithm::PS384,
    SigningAlgorithm::PS512,
    SigningAlgorithm::ES256,
    SigningAlgorithm::ES384,
    SigningAlgorithm::EdDSA,
];

impl Dialect {
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        const OKTA_SCOPES: &[&str] = &["openid", "profile", "email"];
        // What people are called and which groups they have comes from Graph, by our own token.
        const ENTRA_SCOPES: &[&str] = &["openid", "profile"];
        let (own, fixed): (&[String], &[&str]) = match self {
            Self::Standard { scopes } => (scopes, &[]),
            Self::Okta => (&[], OKTA_SCOPES),
            Self::AzureAd => (&[], ENTRA_SCOPES),
            // What people are has one scope of its own, which the Gateway's discovery names.
            Self::Gateway { .. } => (&[], &["openid", "ctxs_cc"]),
        };
        own.iter().map(String::as_str).chain(fixed.iter().copied())
    }

    /// What this connection accepts, as far as the provider's metadata does not narrow it.
    pub(super) fn algorithms(&self, metadata: &Metadata) -> Vec<SigningAlgorithm> {
        match self {
            Self::Standard { .. } => metadata.algorithms(STANDARD_ALGORITHMS),
            Self::Okta | Self::AzureAd => metadata.algorithms(&[SigningAlgorithm::RS256]),
            // `signatureAlg` of its profile is one of these; its discovery is a template that always says RS256.
            Self::Gateway { .. } => vec![SigningAlgorithm::RS256, SigningAlgorithm::RS512],
        }
    }

    /// How far the provider's clock may be from ours, in seconds.
    pub(super) const fn leeway(&self) -> i64 {
        match self {
            Self::Standard { .. } | Self::Okta | Self::AzureAd => LEEWAY_SECONDS,
            Self::Gateway { clock_tolerance } => *clock_tolerance,
        }
    }

    /// What a `sid` names. A Gateway's is the person's Windows SID, which is no session of anybody (GW-17).
    pub(super) const fn names_sessions(&self) -> bool {
        match self {
            Self::Standard { .. } | Self::Okta | Self::AzureAd => true,
            Self::Gateway { .. } => false,
        }
    }

    /// What is asked for. Okta's documents ask for the hybrid flow (OKT-03, AMB-44); others get the code flow either way.
    pub(super) const fn response(&self, mode: ResponseMode) -> Response {
        match (self, mode) {
            (Self::Okta, ResponseMode::FormPost) => Response::CodeAndToken,
            (Self::Okta, ResponseMode::Query)
            | (Self::Standard { .. } | Self::AzureAd | Self::Gateway { .. }, _) => Response::Code,
        }
    }

    /// The provider's own refusal (RFC 6749 §4.1.2.1).
    pub(super) fn refusal(&self, error: &str, description: Option<&str>) -> SignInError {
        let reason = format!("the provider answered {error}: {}", description.unwrap_or("no description"));
        match (self, error) {
            // OKT-16: whoever is not assigned to the application comes back with this.
            (Self::Standard { .. } | Self::Okta | Self::AzureAd | Self::Gateway { .. }, "access_denied") => {
                SignInError::new(Code::OidcDenied, reason)
            }
            (Self::Standard { .. } | Self::Okta | Self::AzureAd | Self::Gateway { .. }, _) => {
                SignInError::new(Code::OidcError, reason)
            }
        }
    }
}
