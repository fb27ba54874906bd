//! `/core/logout/frontchannel/<connection id>`: a frame in the provider's own sign-out page (OpenID Connect Front-Channel Logout 1.0).
//!
//! The frame brings no cookie of ours, since it is on another site, and none is looked at. What counts is that the `sid` is one that
//! this provider gave a live session of this connection: it is a secret between the two of us, and nothing is told about others.

use url::Url;
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::SignInError;
use vestibule_providers::verified::Evidence;

use crate::audit;
use crate::http::failure::failure;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::store::StoreError;
use crate::store::roots::upstream::{Named, named};

use super::ending::{Ending, end};
use super::refusal::Refusal;
use super::upstream::Space;

/// What a frame's address needs no signature for; the audit says so.
const BY_ADDRESS: &str = "front-channel";

/// Answers the frame: an empty page that the issuer's origin alone may frame. It is the same for a `sid` that nobody has, so that
/// nobody learns which there are; without `iss` and `sid`, or with another issuer, it is a refusal.
pub async fn receive(visit: &Visit<'_>, connection: ConnectionId) -> Reply {
    match logout(visit, connection).await {
        Ok(ancestor) => reply::framed(&ancestor, visit.app.settings().scheme),
        Err((refusal, ancestor)) => {
            refusal.write(visit, connection).await;
            match ancestor {
                Some(ancestor) => reply::framed(&ancestor, visit.app.settings().scheme),
                None => failure(visit, refusal.error.code),
            }
        }
    }
}

/// The origin that may frame the answer; also beside a refusal that is not told.
async fn logout(visit: &Visit<'_>, id: ConnectionId) -> Result<String, (Refusal, Option<String>)> {
    let app = visit.app;
    let refuse = |organization, reason: &str| {
        let error = SignInError::new(Code::OidcLogoutSession, reason);
        Refusal { error, organization }
    };
    let deployment = app.deployment.load();
    let tenant = deployment.by_connection(id);
    let tenant = tenant.ok_or_else(|| (refuse(None, "the connection is nobody's"), None))?;
    let organization = tenant.organization.id;
    let refused = |reason: &str| (refuse(Some(organization), reason), None);
    let issuer = tenant.provider(id).and_then(|provider| provider.front_channel_issuer());
    let issuer = issuer.ok_or_else(|| refused("the connection's provider names no sessions"))?;
    // Front-Channel Logout §3: both, since a frame without them could only mean a cookie that it does not bring.
    if visit.parameter("iss").as_deref() != Some(issuer) {
        return Err(refused("iss is missing, or not the connection's issuer"));
    }
    let session = visit.parameter("sid").ok_or_else(|| refused("sid is missing"))?;
    let ancestor = Url::parse(issuer).map(|url| url.origin().ascii_serialization());
    let ancestor = ancestor.map_err(|_| refused("the issuer is no address"))?;
    let named = Named::Session(Space { keys: &app.keys, connection: id, issuer }.session(&session));
    let lost = |error: StoreError| (Refusal { error: error.into(), organization: Some(organization) }, None);
    // Anybody may ask; nothing is written for a session that is nobody's.
    if !is_known(visit, &named).await.map_err(lost)? {
        let refusal = refuse(Some(organization), "no live session of this connection has this sid");
        return Err((refusal, Some(ancestor)));
    }
    let evidence = Evidence { issuer: issuer.to_owned(), key_id: None, algorithm: BY_ADDRESS };
    let event = audit::logout_received(visit, (organization, id), &evidence);
    end(app, Ending { organization, named, once: None, event }).await.map_err(lost)?;
    Ok(ancestor)
}

async fn is_known(visit: &Visit<'_>, whose: &Named) -> Result<bool, StoreError> {
    let found = named(visit.app.store.readers(), whose).await.map_err(StoreError::Read)?;
    Ok(!found.is_empty())
}
