//! `/core/logout/backchannel/<connection id>`: a provider's server posts a logout token (OpenID Connect Back-Channel Logout 1.0).
//!
//! It is blind to every cookie. Connection and organisation are those of the address, and the token has to be of that connection's
//! issuer and for its client: nobody reaches another organisation's sessions from here.

use http::StatusCode;
use hyper::body::Incoming;
use serde_json::json;
use vestibule_certs::{digest, encoding};
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::SignInError;
use vestibule_providers::oidc::{LONGEST_LOGOUT_TOKEN, LogoutToken};

use crate::app::App;
use crate::audit;
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;

use super::ending::{Ending, Once, end};
use super::refusal::Refusal;
use super::upstream::Space;

/// A form with a token, which percent signs make no longer, and whatever a provider adds.
const LARGEST_FORM: usize = LONGEST_LOGOUT_TOKEN + 4 * 1024;

/// Answers a logout token: 200, or 400 with the same words whatever is wrong (§2.8); 503 where this server cannot keep what it is
/// told, so that the provider comes again. Never to be kept by anybody, as every reply of ours.
pub async fn receive(visit: &Visit<'_>, connection: ConnectionId, body: Incoming) -> Reply {
    let scheme = visit.app.settings().scheme;
    let Err(refusal) = logout(visit, connection, body).await else {
        return reply::text(StatusCode::OK, "signed out", scheme);
    };
    refusal.write(visit, connection).await;
    let (status, error) = match refusal.error.code {
        Code::StoreBusy | Code::StoreLost => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        _ => (StatusCode::BAD_REQUEST, "invalid_request"),
    };
    reply::json(status, &json!({ "error": error }), scheme)
}

async fn logout(visit: &Visit<'_>, id: ConnectionId, body: Incoming) -> Result<(), Refusal> {
    let app = visit.app;
    let stranger = |code, reason: &str| Refusal { error: SignInError::new(code, reason), organization: None };
    let form = Form::read(visit.parts, body, LARGEST_FORM)
        .await
        .map_err(|code| stranger(code, "the posted logout cannot be read"))?;
    let text = form
        .only("logout_token")
        .map_err(|code| stranger(code, "there is no logout_token, or it stands twice"))?;
    let deployment = app.deployment.load();
    let tenant = deployment.by_connection(id);
    let tenant = tenant.ok_or_else(|| stranger(Code::AdmissionConnection, "the connection is nobody's"))?;
    let organization = tenant.organization.id;
    let refused = |error| Refusal { error, organization: Some(organization) };
    let provider = tenant
        .provider(id)
        .ok_or_else(|| refused(SignInError::new(Code::Internal, "the connection has no provider")))?;
    let believed = provider.logout(text, app.wall.now()).await.map_err(refused)?;
    let token = believed.value();
    let space = Space { keys: &app.keys, connection: id, issuer: &token.issuer };
    let named = space
        .named(token)
        .ok_or_else(|| refused(SignInError::new(Code::OidcLogoutSubject, "the logout token names nobody")))?;
    let ending = Ending {
        organization,
        named,
        once: Some(once(app, id, token)),
        event: audit::logout_received(visit, (organization, id), believed.evidence()),
    };
    match end(app, ending).await.map_err(|error| refused(error.into()))? {
        Some(_) => Ok(()),
        None => Err(refused(SignInError::new(Code::OidcLogoutReplay, "the token's jti was used before"))),
    }
}

/// §2.6 step 8: a `jti` counts once at its connection, for as long as its token could.
fn once(app: &App, connection: ConnectionId, token: &LogoutToken) -> Once {
    let mut id = connection.as_bytes().to_vec();
    id.extend_from_slice(token.id.as_bytes());
    Once {
        id: format!("logout {}", encoding::base64url(&digest::sha256(&id))),
        until: app.session_clock.now().plus(token.until.since(app.wall.now())),
    }
}
