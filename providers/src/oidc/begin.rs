//! The authentication request (OpenID Connect Core 1.0 §3.1.2.1).

use oauth2::ResponseType;
use openidconnect::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;
use vestibule_policies::code::Code;

use crate::config::ResponseMode;
use crate::error::SignInError;
use crate::step::{Context, Seed};

use super::dialect::{Dialect, Response};
use super::discovery::Metadata;
use super::{Client, asks_anew};

/// 256 bits in every request, also of the code flow (OIDC-RP-14).
pub(super) fn nonce(seed: &Seed) -> String {
    seed.derive_text("nonce")
}

/// RFC 7636 §4.1.
pub(super) fn pkce_verifier(seed: &Seed) -> PkceCodeVerifier {
    PkceCodeVerifier::new(seed.derive_text("pkce"))
}

pub(super) fn authorization_url(
    ours: &Client,
    dialect: &Dialect,
    metadata: &Metadata,
    context: &Context<'_>,
) -> Result<Url, SignInError> {
    let endpoint = AuthUrl::from_url(metadata.authorization_endpoint().clone());
    let redirect = RedirectUrl::new(context.redirect_uri.to_owned())
        .map_err(|error| SignInError::new(Code::Internal, format!("redirect URI: {error}")))?;
    let client = oauth2::basic::BasicClient::new(ClientId::new(ours.id.clone()))
        .set_auth_uri(endpoint)
        .set_redirect_uri(redirect);
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&pkce_verifier(context.seed));
    let mut request = client
        .authorize_url(|| CsrfToken::new(context.state.to_owned()))
        .add_scopes(dialect.scopes().map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("nonce", nonce(context.seed))
        .set_pkce_challenge(challenge);
    if ours.response_mode == ResponseMode::FormPost {
        request = request.add_extra_param("response_mode", "form_post");
    }
    let both = ResponseType::new("code id_token".to_owned());
    if dialect.response(ours.response_mode) == Response::CodeAndToken {
        // Core §3.3.2.1; OKT-09: no access token by the browser.
        request = request.set_response_type(&both);
    }
    if asks_anew(context.freshness) {
        // Core §3.1.2.1: max_age obliges the provider to say when the person authenticated.
        request = request.add_extra_param("prompt", "login").add_extra_param("max_age", "0");
    }
    Ok(request.url().0)
}
