//! The token endpoint (RFC 6749 section 3.2): one code, once, from the client that it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use ring::digest;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::grants::{Grant, OWN_TOKEN_SECONDS, TOKEN_SECONDS};
use super::{Provider, Shape};
use crate::sandbox::call::Call;
use crate::sandbox::parameters::{Parameters, Repeated};
use crate::sandbox::reply::{self, Reply};

/// RFC 6749 section 5.2.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenError {
    InvalidRequest(&'static str),
    InvalidClient,
    InvalidGrant(&'static str),
    UnsupportedGrantType,
    ServerError,
}

impl From<Repeated> for TokenError {
    fn from(Repeated: Repeated) -> Self {
        Self::InvalidRequest("A parameter came more than once.")
    }
}

impl Provider {
    pub(super) fn token(&self, call: &Call) -> Reply {
        match self.exchange(call) {
            Ok(tokens) => reply::json(StatusCode::OK, &tokens),
            Err(error) => error.reply(),
        }
    }

    /// The code is spent as soon as an authenticated client presents it, whatever is wrong besides.
    fn exchange(&self, call: &Call) -> Result<Value, TokenError> {
        let form = Parameters::parse(&call.body);
        let client = self.authenticate(call, &form)?;
        match form.one("grant_type")? {
            Some("authorization_code") => {}
            Some("client_credentials") if self.settings.shape == Shape::Entra => {
                return self.own_token(&form);
            }
            Some(_) => return Err(TokenError::UnsupportedGrantType),
            None => return Err(TokenError::InvalidRequest("grant_type is missing.")),
        }
        let code = form.one("code")?.ok_or(TokenError::InvalidRequest("code is missing."))?;
        let (now, mut grants) = (self.now(), self.grants());
        let gone = TokenError::InvalidGrant("The code is unknown, spent or expired.");
        let grant = grants.redeem_code(code, now).ok_or(gone)?;
        if grant.client_id != client.id {
            return Err(TokenError::InvalidGrant("The code was made for another client."));
        }
        check_binding(&grant, &form)?;
        let token = grants.issue_token(&grant, code, now).map_err(|_| TokenError::ServerError)?;
        drop(grants);
        self.answer_with(&grant, &token)
    }

    /// Entra asks for the one scope that stands for everything an administrator agreed to.
    fn own_token(&self, form: &Parameters) -> Result<Value, TokenError> {
        if !form.one("scope")?.is_some_and(|scope| scope.ends_with("/.default")) {
            return Err(TokenError::InvalidRequest("scope has to end in /.default."));
        }
        let token = self.grants().issue_own_token(self.now()).map_err(|_| TokenError::ServerError)?;
        Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": OWN_TOKEN_SECONDS }))
    }

    fn answer_with(&self, grant: &Grant, access_token: &str) -> Result<Value, TokenError> {
        let person = self.settings.people.by_username(&grant.session.username);
        let person = person.ok_or(TokenError::InvalidGrant("The person is gone."))?;
        let claims = self.id_token_claims(person, grant, access_token);
        let id_token = match self.settings.shape {
            Shape::Gateway => self.sign_with_a_new_key(&claims)?,
            Shape::Generic | Shape::Okta | Shape::Entra => {
                self.settings.signing_key.sign(&claims).map_err(|_| TokenError::ServerError)?
            }
        };
        Ok(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": grant.scopes.join(" "),
            "id_token": id_token,
        }))
    }
}

/// Where an intercepted code stops being of use.
fn check_binding(grant: &Grant, form: &Parameters) -> Result<(), TokenError> {
    // RFC 6749 section 4.1.3: the same redirect URI as in the authorization request.
    if form.one("redirect_uri")? != Some(grant.redirect_uri.as_str()) {
        return Err(TokenError::InvalidGrant("redirect_uri is another than before."));
    }
    let verifier = form.one("code_verifier")?.unwrap_or_default();
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    // RFC 7636 section 4.1 and 4.6.
    let sized = (43..=128).contains(&verifier.len());
    let matches: bool = hash.as_bytes().ct_eq(grant.challenge.as_bytes()).into();
    if sized && matches { Ok(()) } else { Err(TokenError::InvalidGrant("code_verifier does not fit.")) }
}

impl TokenError {
    fn reply(&self) -> Reply {
        let (status, error, description) = match self {
            Self::InvalidRequest(text) => (StatusCode::BAD_REQUEST, "invalid_request", *text),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client", "The client is not known."),
            Self::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", *text),
            Self::UnsupportedGrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only authorization_code is offered.")
            }
            Self::ServerError => {
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "No token could be made.")
            }
        };
        let mut reply = reply::json(status, &json!({ "error": error, "error_description": description }));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"sandbox\"");
            reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        reply
    }
}
