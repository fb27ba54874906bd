//! The code for tokens (OpenID Connect Core 1.0 §3.1.3; RFC 6749 §4.1.3).

use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;

use crate::error::SignInError;
use crate::ports::{Http, HttpError};
use crate::step::Context;

use super::Client;
use super::begin::pkce_verifier;
use super::discovery::{ClientAuthentication, Metadata};

#[derive(Debug, Serialize, Deserialize)]
struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

type Response = StandardTokenResponse<IdTokenField, BasicTokenType>;
type TokenClient = oauth2::Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// What the token endpoint gave. Neither is shown by `Debug`, logged or stored.
#[derive(Debug)]
pub(super) struct Tokens {
    access: Secret,
    id: Secret,
}

impl Tokens {
    pub(super) fn access_token(&self) -> &str {
        self.access.expose()
    }

    pub(super) fn id_token(&self) -> &str {
        self.id.expose()
    }
}

pub(super) async fn code_for_tokens(
    http: &dyn Http,
    client: &Client,
    metadata: &Metadata,
    context: &Context<'_>,
    code: String,
) -> Result<Tokens, SignInError> {
    let redirect = RedirectUrl::new(context.redirect_uri.to_owned())
        .map_err(|error| SignInError::new(Code::Internal, format!("redirect URI: {error}")))?;
    let response = token_client(client, metadata)?
        .set_redirect_uri(redirect)
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(pkce_verifier(context.seed))
        .request_async(&Outgoing(http))
        .await
        .map_err(refusal)?;
    check_type(&response)?;
    let id = response.extra_fields().id_token.clone();
    let id = id.ok_or_else(|| SignInError::new(Code::OidcToken, "the token endpoint gave no id_token"))?;
    Ok(Tokens { access: Secret::new(response.access_token().secret().clone()), id: Secret::new(id) })
}

/// A token of our own, which stands for no person (RFC 6749 §4.4), and how long it is good for; nothing said: not at all.
pub(super) async fn own_token(
    http: &dyn Http,
    client: &Client,
    metadata: &Metadata,
    scope: String,
) -> Result<(Secret, Duration), SignInError> {
    let response = token_client(client, metadata)?
        .exchange_client_credentials()
        .add_scope(Scope::new(scope))
        .request_async(&Outgoing(http))
        .await
        .map_err(refusal)?;
    check_type(&response)?;
    let token = Secret::new(response.access_token().secret().clone());
    Ok((token, response.expires_in().unwrap_or_default()))
}

/// The error with which the token endpoint refuses a code that nobody was given (RFC 6749 §5.2): whether it knows us.
pub(super) async fn refused_code(
    http: &dyn Http,
    client: &Client,
    metadata: &Metadata,
) -> Result<String, SignInError> {
    let answered = token_client(client, metadata)?
        .exchange_code(AuthorizationCode::new("vestibule-check".to_owned()))
        .request_async(&Outgoing(http))
        .await;
    match answered {
        Err(RequestTokenError::ServerResponse(answer)) => Ok(answer.error().as_ref().to_owned()),
        Err(error) => Err(refusal(error)),
        Ok(_) => Err(SignInError::new(Code::OidcToken, "the token endpoint gave tokens for a made-up code")),
    }
}

type Ready = oauth2::Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn token_client(client: &Client, metadata: &Metadata) -> Result<Ready, SignInError> {
    let authentication = match metadata.client_authentication()? {
        // RFC 6749 §2.3.1: id and secret are form-urlencoded before Basic (OIDC-RP-16); the library does.
        ClientAuthentication::Basic => AuthType::BasicAuth,
        ClientAuthentication::Post => AuthType::RequestBody,
    };
    Ok(TokenClient::new(ClientId::new(client.id.clone()))
        .set_client_secret(ClientSecret::new(client.secret.expose().to_owned()))
        .set_auth_type(authentication)
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint().clone())))
}

/// Core §3.1.3.3, RFC 6749 §7.1: what we do not understand is not used; case does not count (OIDC-RP-34).
fn check_type(response: &Response) -> Result<(), SignInError> {
    if *response.token_type() == BasicTokenType::Bearer {
        return Ok(());
    }
    Err(SignInError::new(Code::OidcToken, "the token endpoint's token_type is not Bearer"))
}

/// Our one client, as the library wants it.
struct Outgoing<'a>(&'a dyn Http);

impl<'c> AsyncHttpClient<'c> for Outgoing<'_> {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.send(request).await?;
            // RFC 6749 §5.2 gives refusals 400 and 401; whoever answers 5xx is away, whatever the body says.
            if answer.status().is_server_error() {
                return Err(HttpError::Broken(format!("the token endpoint answered {}", answer.status())));
            }
            Ok(answer)
        })
    }
}

fn refusal(error: RequestTokenError<HttpError, BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            SignInError::new(Code::OidcTokenRefused, format!("the token endpoint refused: {answer}"))
        }
        // JWT-12: whoever answers too much is not away, and is refused.
        RequestTokenError::Request(error @ HttpError::TooLarge(_)) => {
            SignInError::new(Code::OidcToken, error.to_string())
        }
        RequestTokenError::Request(error) => SignInError::new(Code::OidcTokenEndpoint, error.to_string()),
        // The body may hold tokens: say where parsing stopped, never what stood there.
        RequestTokenError::Parse(error, _) => SignInError::new(
            Code::OidcTokenEndpoint,
            format!("the answer is not a token response (at {})", error.path()),
        ),
        RequestTokenError::Other(error) => SignInError::new(Code::OidcTokenEndpoint, error),
    }
}
