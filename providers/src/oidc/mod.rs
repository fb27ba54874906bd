//! The OpenID Connect engine: authorization code flow with PKCE, for every dialect (OpenID Connect Core 1.0 §3.1, RFC 9700).
//!
//! `begin` sends the browser out; `advance` follows one answer through `callback`, `exchange`, `verify` and `userinfo`.

mod azure_ad;
mod begin;
pub mod callback;
mod claims;
mod dialect;
mod discovery;
mod end_session;
mod exchange;
mod gateway;
mod graph;
mod json;
mod keys;
mod lifetime;
mod logout_token;
mod okta_api;
mod posted;
mod userinfo;
pub mod verify;

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;
use vestibule_certs::jwks::RemoteKeySet;
use vestibule_certs::jws::CompactJws;
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;
use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::time::Timestamp;

use crate::config::{AzureAdConfig, GatewayConfig, OidcConfig, OktaConfig, ResponseMode};
use crate::error::SignInError;
use crate::ports::Http;
use crate::step::{Answer, Context, Freshness, Proof, Step, UpstreamSession};
use crate::verified::Verified;
use crate::{BrowserEndpoints, Check, Provider};

use self::callback::{Authorization, Granted};
use self::dialect::{Dialect, Response};
use self::discovery::{Discovery, Metadata};
use self::exchange::Tokens;
use self::graph::Graph;
use self::keys::{Keys, Refetches, Whose};
use self::okta_api::OktaApi;
use self::verify::{Channel, Expectation, IdToken};

pub use self::logout_token::{LONGEST_LOGOUT_TOKEN, LogoutToken};

/// The leeway of every comparison with a provider's clock, in seconds (JWT-14).
pub const LEEWAY_SECONDS: i64 = 60;

/// A connection's OpenID provider.
#[derive(Debug)]
pub struct OpenIdProvider {
    dialect: Dialect,
    client: Client,
    http: Arc<dyn Http>,
    discovery: Discovery,
    keys: Keys,
    /// Where an Entra tenant says who its people are.
    graph: Option<Graph>,
    /// Okta's own API, where the connection has a token for it.
    okta_api: Option<OktaApi>,
}

/// Who we are at the provider, and how its answers reach us.
#[derive(Debug)]
struct Client {
    id: String,
    secret: Secret,
    response_mode: ResponseMode,
}

impl OpenIdProvider {
    /// Any provider. Makes no network call.
    #[must_use]
    pub fn standard(config: &OidcConfig, client_secret: Secret, http: Arc<dyn Http>) -> Self {
        let dialect = Dialect::Standard { scopes: config.scopes.clone() };
        let client = Client {
            id: config.client_id.clone(),
            secret: client_secret,
            response_mode: config.response_mode,
        };
        Self::new(dialect, client, config.issuer.clone(), http)
    }

    /// Okta. Makes no network call.
    #[must_use]
    pub fn okta(
        config: &OktaConfig,
        client_secret: Secret,
        api_token: Option<Secret>,
        http: Arc<dyn Http>,
    ) -> Self {
        let okta_api = api_token.map(|token| OktaApi::new(config.domain.clone(), token, Arc::clone(&http)));
        let client = Client {
            id: config.client_id.clone(),
            secret: client_secret,
            response_mode: config.response_mode,
        };
        Self { okta_api, ..Self::new(Dialect::Okta, client, config.issuer(), http) }
    }

    /// One Entra tenant. Makes no network call.
    #[must_use]
    pub fn azure_ad(config: &AzureAdConfig, client_secret: Secret, http: Arc<dyn Http>) -> Self {
        let client = Client {
            id: config.client_id.clone(),
            secret: client_secret,
            response_mode: config.response_mode,
        };
        let graph = Some(Graph::new(config, Arc::clone(&http)));
        Self { graph, ..Self::new(Dialect::AzureAd, client, config.issuer(), http) }
    }

    /// A Citrix Gateway, where we go by this id and secret of ours. Makes no network call.
    #[must_use]
    pub fn gateway(
        config: &GatewayConfig,
        (id, secret): (String, Secret),
        http: Arc<dyn Http>,
        browsers: BrowserEndpoints,
    ) -> Self {
        let dialect = Dialect::Gateway { clock_tolerance: i64::from(config.clock_tolerance_s) };
        let discovery = Discovery::at(config.discovery(), config.issuer(), browsers, Arc::clone(&http));
        Self {
            dialect,
            client: Client { id, secret, response_mode: config.response_mode },
            discovery,
            keys: Keys::new(Arc::clone(&http), Refetches::ForEachSignIn),
            http,
            graph: None,
            okta_api: None,
        }
    }

    fn new(dialect: Dialect, client: Client, issuer: String, http: Arc<dyn Http>) -> Self {
        Self {
            dialect,
            client,
            discovery: Discovery::new(issuer, Arc::clone(&http)),
            keys: Keys::new(Arc::clone(&http), Refetches::OnceAMinute),
            http,
            graph: None,
            okta_api: None,
        }
    }

    const fn response(&self) -> Response {
        self.dialect.response(self.client.response_mode)
    }

    /// RFC 9700 §4.4.2, RFC 9207 §2.4: before the code goes anywhere, the answer must come from this issuer; and what came by
    /// the browser beside it must be of this sign-in and of this code (Core §3.3.2.10).
    async fn identify(
        &self,
        context: &Context<'_>,
        answer: Authorization,
    ) -> Result<(Tokens, Verified<IdToken>), SignInError> {
        answer.check_form(self.client.response_mode)?;
        let answer = answer.only(self.response());
        let metadata = self.discovery.metadata(context.now).await?;
        answer.check_issuer(&metadata)?;
        let Granted { code, id_token } = answer.granted(&self.dialect, self.response())?;
        let beside = match &id_token {
            Some(token) => {
                let token = (token.expose(), None, Channel::Front(&code));
                Some(self.verify(context, &metadata, token).await?)
            }
            None => None,
        };
        let tokens =
            exchange::code_for_tokens(&*self.http, &self.client, &metadata, context, code.clone()).await?;
        let token = (tokens.id_token(), Some(tokens.access_token()), Channel::Back(&code));
        let token = self.verify(context, &metadata, token).await?;
        if let Some(beside) = beside {
            beside.value().check_same(token.value())?;
        }
        Ok((tokens, token))
    }

    async fn verify(
        &self,
        context: &Context<'_>,
        metadata: &Metadata,
        (token, access_token, channel): (&str, Option<&str>, Channel<'_>),
    ) -> Result<Verified<IdToken>, SignInError> {
        let nonce = begin::nonce(context.seed);
        let expectation = Expectation {
            issuer: metadata.issuer(),
            client_id: &self.client.id,
            nonce: Some(&nonce),
            algorithms: &self.dialect.algorithms(metadata),
            leeway: self.dialect.leeway(),
            access_token,
            channel,
            freshness: context.freshness,
            now: context.now,
        };
        let token = expectation.read(token)?;
        let who = (metadata, Whose::SignIns);
        self.by_its_key(who, &token, context.now, |keys| expectation.verify(&token, keys)).await
    }

    /// Judges a token by the provider's keys.
    async fn by_its_key<T: Send>(
        &self,
        (metadata, whose): (&Metadata, Whose),
        token: &CompactJws,
        now: Timestamp,
        judge: impl Fn(&RemoteKeySet) -> Result<T, SignInError> + Send + Sync,
    ) -> Result<T, SignInError> {
        let (keys, fresh) = self.keys.for_token((metadata, whose), token, now).await?;
        match judge(&keys) {
            // The provider may have changed a key without changing its name: look once more, as for an unknown one.
            Err(error) if error.code == Code::OidcSignature && !fresh => {
                let keys = self.keys.refetched((metadata, whose), now).await?.ok_or(error)?;
                judge(&keys)
            }
            outcome => outcome,
        }
    }

    /// Core §5.3: only what the token left out is asked for, and only once (OIDC-RP-01).
    async fn attributes(
        &self,
        metadata: &Metadata,
        tokens: &Tokens,
        (token, now): (&IdToken, Timestamp),
    ) -> Result<RawAttributes, SignInError> {
        if let Some(graph) = &self.graph {
            return azure_ad::attributes(graph, (&self.client, metadata), token, now).await;
        }
        if let Dialect::Gateway { .. } = self.dialect {
            // Its tokens say everything (annex c.9).
            return Ok(json::attributes(&token.claims, Source::IdToken));
        }
        let mut claims = token.claims.clone();
        if !claims.contains_key("email") {
            // It speaks of the address beside it, never of one that comes from elsewhere.
            claims.remove("email_verified");
        }
        let mut attributes = json::attributes(&claims, Source::IdToken);
        if let Some(endpoint) = metadata.userinfo_endpoint()
            && userinfo::may_add_to(&attributes)
        {
            let more = userinfo::fetch(&*self.http, endpoint, tokens.access_token(), &token.subject).await?;
            attributes.fill_from(json::attributes(&more, Source::Userinfo));
        }
        if let Some(api) = &self.okta_api {
            api.fill(&mut attributes, &token.subject, now).await?;
        }
        Ok(attributes)
    }
}

#[async_trait]
impl Provider for OpenIdProvider {
    async fn begin(&self, context: &Context<'_>) -> Result<Step, SignInError> {
        let metadata = self.discovery.metadata(context.now).await?;
        begin::authorization_url(&self.client, &self.dialect, &metadata, context).map(Step::Redirect)
    }

    async fn advance(&self, context: &Context<'_>, answer: Answer) -> Result<Step, SignInError> {
        let Answer::Authorization(answer) = answer else {
            return Err(SignInError::new(Code::Internal, "an answer of another protocol"));
        };
        let (tokens, token) = self.identify(context, answer).await?;
        let token = match self.dialect {
            Dialect::Gateway { .. } => token.map(|token| token.only(gateway::CLAIMS)),
            Dialect::Standard { .. } | Dialect::Okta | Dialect::AzureAd => token,
        };
        let metadata = self.discovery.metadata(context.now).await?;
        let attributes = self.attributes(&metadata, &tokens, (token.value(), context.now)).await?;
        let now = context.now;
        let names_sessions = self.dialect.names_sessions();
        let hint = end_session::hint(&self.dialect, tokens.id_token());
        let proof =
            |token: IdToken| Proof { attributes, upstream: token.into_upstream(now, names_sessions), hint };
        Ok(Step::Done(Box::new(token.map(proof))))
    }

    async fn receive_authorization(
        &self,
        answer: Authorization,
        now: Timestamp,
    ) -> Result<Authorization, SignInError> {
        self.receive_posted(answer, now).await
    }

    async fn sign_out(
        &self,
        context: &Context<'_>,
        _: &UpstreamSession,
        hint: Option<&str>,
    ) -> Result<Option<Url>, SignInError> {
        let metadata = self.discovery.metadata(context.now).await?;
        Ok(end_session::address(&self.client, &metadata, context, hint))
    }

    async fn logout(&self, token: &str, now: Timestamp) -> Result<Verified<LogoutToken>, SignInError> {
        self.believe_logout(token, now).await
    }

    fn front_channel_issuer(&self) -> Option<&str> {
        self.dialect.names_sessions().then(|| self.discovery.issuer())
    }

    async fn check(&self, now: Timestamp) -> Vec<Check> {
        if let Dialect::Gateway { .. } = self.dialect {
            return gateway::check(self, now).await;
        }
        let metadata = self.discovery.metadata(now).await;
        let found =
            metadata.as_ref().map(|metadata| format!("issuer {}", metadata.issuer())).map_err(Clone::clone);
        let mut checks = vec![Check::new("discovery", found)];
        if let Ok(metadata) = metadata {
            checks.push(Check::new("keys", self.keys.usable(&metadata, now).await));
            let method = metadata.client_authentication();
            let tried = if self.graph.is_some() { "" } else { "; the secret itself is not tried" };
            let method = method.map(|method| format!("{method:?}{tried}"));
            checks.push(Check::new("client authentication", method));
            checks.push(Check::new("answers", self.check_answers(&metadata)));
            if let Some(graph) = &self.graph {
                checks.extend(graph.check((&self.client, &metadata), now).await);
            }
        }
        if let Some(api) = &self.okta_api {
            let token = api.check_token(now).await;
            let reads = token.is_ok();
            checks.push(Check::new("API token", token));
            if reads {
                // A token need not read it; what matters is what a sign-in brings.
                let profile = api.check_schema(now).await;
                let profile = profile.unwrap_or_else(|error| format!("it cannot be read: {}", error.reason));
                checks.push(Check::new("user profile", Ok(profile)));
            }
        }
        checks
    }
}

/// Whether the provider has to ask the person anew.
const fn asks_anew(freshness: Freshness) -> bool {
    matches!(freshness, Freshness::Since(_))
}
