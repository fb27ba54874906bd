//! Discovery with the issuer compared to the letter (OpenID Connect Discovery 1.0 §4.3).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;
use url::{Host, Url};
use vestibule_certs::jwks::SigningAlgorithm;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::BrowserEndpoints;
use crate::config::ResponseMode;
use crate::error::SignInError;
use crate::ports::Http;

use super::json::get_json;
use super::lifetime;

/// What RFC 9207 §3 and RP-Initiated Logout 1.0 §2.1 add to the metadata.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Further {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    /// Whatever stands there: a sign-in does not fail by it.
    #[serde(default)]
    end_session_endpoint: Value,
}

impl AdditionalProviderMetadata for Further {}

type Document = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The metadata of one issuer, fetched when it is first needed and again when it has grown old.
#[derive(Debug)]
pub(super) struct Discovery {
    issuer: String,
    address: String,
    browsers: BrowserEndpoints,
    http: Arc<dyn Http>,
    kept: Mutex<Option<Kept>>,
    /// Fetches that ended.
    ended: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    outcome: Result<Arc<Metadata>, SignInError>,
    /// `None` for what did not come.
    until: Option<Timestamp>,
}

impl Discovery {
    pub(super) fn new(issuer: String, http: Arc<dyn Http>) -> Self {
        // Discovery §4.1: a terminating slash of the issuer is removed before the path is appended.
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        Self::at(address, issuer, BrowserEndpoints::Https, http)
    }

    /// Of an issuer whose document is elsewhere.
    pub(super) fn at(
        address: String,
        issuer: String,
        browsers: BrowserEndpoints,
        http: Arc<dyn Http>,
    ) -> Self {
        Self { issuer, address, browsers, http, kept: Mutex::new(None), ended: AtomicU64::new(0) }
    }

    /// The configured issuer.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where the document is.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The metadata. Many waiting sign-ins share one fetch and what came of it, so that a silent provider costs each of
    /// them one deadline and not one for everybody before it (OIDC-RP-41).
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, SignInError> {
        let before = self.ended.load(Ordering::Acquire);
        let mut kept = self.kept.lock().await;
        let shared = self.ended.load(Ordering::Acquire) != before;
        if let Some(kept) = kept.as_ref().filter(|kept| shared || kept.until.is_some_and(|until| now < until))
        {
            return kept.outcome.clone();
        }
        let (outcome, until) = match self.fetch().await {
            Ok((metadata, lifetime)) => (Ok(Arc::new(metadata)), Some(now.plus(lifetime))),
            Err(error) => (Err(error), None),
        };
        *kept = Some(Kept { outcome: outcome.clone(), until });
        self.ended.fetch_add(1, Ordering::Release);
        outcome
    }

    async fn fetch(&self) -> Result<(Metadata, std::time::Duration), SignInError> {
        let address = self.address();
        let answer = get_json(&*self.http, address, None)
            .await
            .map_err(|reason| SignInError::new(Code::OidcDiscovery, format!("{address}: {reason}")))?;
        if answer.status() != StatusCode::OK {
            let reason = format!("{address} answered {}", answer.status());
            return Err(SignInError::new(Code::OidcDiscovery, reason));
        }
        Ok((self.read(answer.body())?, lifetime::of(answer.headers())))
    }
}

impl Discovery {
    /// What a document says, if it is this issuer's.
    pub(super) fn read(&self, body: &[u8]) -> Result<Metadata, SignInError> {
        Metadata::read(body, &self.issuer, self.browsers)
    }
}

/// Checked metadata.
#[derive(Debug)]
pub(super) struct Metadata {
    document: Document,
    token_endpoint: Url,
    end_session_endpoint: Option<Url>,
}

/// How we say who we are at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    Basic,
    Post,
}

impl Metadata {
    pub(super) fn read(body: &[u8], issuer: &str, browsers: BrowserEndpoints) -> Result<Self, SignInError> {
        let discovery = |reason: String| SignInError::new(Code::OidcDiscovery, reason);
        let document: Document = serde_json::from_slice(body)
            .map_err(|error| discovery(format!("the discovery document is not usable: {error}")))?;
        // Discovery §4.3: exactly the issuer that was configured; no case, slash or port is forgiven (OIDC-RP-20).
        if document.issuer().as_str() != issuer {
            let reason =
                format!("discovery names the issuer {}, configured is {issuer}", document.issuer().as_str());
            return Err(SignInError::new(Code::OidcIssuer, reason));
        }
        let token_endpoint = document
            .token_endpoint()
            .map(|endpoint| endpoint.url().clone())
            .ok_or_else(|| discovery("the discovery document names no token endpoint".to_owned()))?;
        let end_session_endpoint = end_session_endpoint(&document, (issuer, browsers));
        let metadata = Self { document, token_endpoint, end_session_endpoint };
        metadata.check_schemes(issuer, browsers).map_err(discovery)?;
        Ok(metadata)
    }

    /// A provider reached by https cannot lead down to http.
    fn check_schemes(&self, issuer: &str, browsers: BrowserEndpoints) -> Result<(), String> {
        let plain_allowed = issuer.starts_with("http://");
        // The broker itself never calls the authorization endpoint.
        let browsers_may = browsers_may_plainly(self.authorization_endpoint(), (issuer, browsers));
        let endpoints = [
            (Some(self.authorization_endpoint()), browsers_may),
            (Some(self.token_endpoint()), plain_allowed),
            (Some(self.jwks_uri()), plain_allowed),
            (self.userinfo_endpoint(), plain_allowed),
        ];
        for (endpoint, plain_allowed) in endpoints {
            let Some(endpoint) = endpoint else { continue };
            match endpoint.scheme() {
                "https" => {}
                "http" if plain_allowed => {}
                _ => return Err(format!("the endpoint {endpoint} is not https")),
            }
        }
        Ok(())
    }

    pub(super) fn issuer(&self) -> &str {
        self.document.issuer().as_str()
    }

    pub(super) fn authorization_endpoint(&self) -> &Url {
        self.document.authorization_endpoint().url()
    }

    pub(super) fn token_endpoint(&self) -> &Url {
        &self.token_endpoint
    }

    pub(super) fn jwks_uri(&self) -> &Url {
        self.document.jwks_uri().url()
    }

    pub(super) fn userinfo_endpoint(&self) -> Option<&Url> {
        self.document.userinfo_endpoint().map(openidconnect::UserInfoUrl::url)
    }

    /// Where a browser ends the provider's session, where there is such a place.
    pub(super) fn end_session_endpoint(&self) -> Option<Url> {
        self.end_session_endpoint.clone()
    }

    pub(super) fn promises_response_issuer(&self) -> bool {
        self.document.additional_metadata().authorization_response_iss_parameter_supported
    }

    /// Discovery §3: `client_secret_basic` where nothing is said.
    pub(super) fn client_authentication(&self) -> Result<ClientAuthentication, SignInError> {
        let Some(methods) = self.document.token_endpoint_auth_methods_supported() else {
            return Ok(ClientAuthentication::Basic);
        };
        if methods.contains(&CoreClientAuthMethod::ClientSecretBasic) {
            return Ok(ClientAuthentication::Basic);
        }
        if methods.contains(&CoreClientAuthMethod::ClientSecretPost) {
            return Ok(ClientAuthentication::Post);
        }
        let reason = "the token endpoint takes neither client_secret_basic nor client_secret_post";
        Err(SignInError::new(Code::OidcDiscovery, reason))
    }

    /// Whether the provider says that it answers like this; none where it says nothing (Discovery §3).
    pub(super) fn answers_by(&self, mode: ResponseMode) -> Option<bool> {
        let wanted = match mode {
            ResponseMode::Query => CoreResponseMode::Query,
            ResponseMode::FormPost => CoreResponseMode::FormPost,
        };
        self.document.response_modes_supported().map(|modes| modes.contains(&wanted))
    }

    /// Whether the provider says that it gives `code id_token`, in either order.
    pub(super) fn gives_code_and_token(&self) -> bool {
        self.document.response_types_supported().iter().any(|types| {
            let written = serde_json::to_value(types).ok();
            let written = written.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            let mut words: Vec<&str> = written.split(' ').collect();
            words.sort_unstable();
            words == ["code", "id_token"]
        })
    }

    /// The algorithms of the connection that the provider says it uses.
    pub(super) fn algorithms(&self, ours: &[SigningAlgorithm]) -> Vec<SigningAlgorithm> {
        let theirs = self.document.id_token_signing_alg_values_supported();
        let announced: Vec<String> = theirs
            .iter()
            .filter_map(|algorithm| serde_json::to_value(algorithm).ok()?.as_str().map(str::to_owned))
            .collect();
        ours.iter()
            .copied()
            .filter(|algorithm| announced.iter().any(|name| name == algorithm.as_str()))
            .collect()
    }
}

/// Held to what holds for the authorization endpoint. One that is not usable is none: nobody has to sign out there.
fn end_session_endpoint(document: &Document, issuer: (&str, BrowserEndpoints)) -> Option<Url> {
    let url = Url::parse(document.additional_metadata().end_session_endpoint.as_str()?).ok()?;
    let usable = match url.scheme() {
        "https" => true,
        "http" => browsers_may_plainly(&url, issuer),
        _ => false,
    };
    usable.then_some(url)
}

/// Whether a browser may go there without TLS.
fn browsers_may_plainly(url: &Url, (issuer, browsers): (&str, BrowserEndpoints)) -> bool {
    issuer.starts_with("http://") || (browsers == BrowserEndpoints::PlainOnLoopback && is_loopback(url))
}

/// Whether an address leads to this machine by what it says itself (RFC 6761 §6.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
