//! The way out over an OpenID provider (OpenID Connect RP-Initiated Logout 1.0): our session has ended already; the browser is sent to
//! the provider's `end_session_endpoint`, and comes back to the workspace that it left.
//!
//! Nothing depends on its coming back. It comes to the workspace's own address (OKT-04), with a `state` that only the sign-out of this
//! browser has; with another one, or none, it is a visitor like any other, and the marker shows the page after a sign-out.

use std::time::Duration;

use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_certs::{encoding, random};
use vestibule_policies::name::HostName;
use vestibule_providers::step::{Context, Freshness, Seed};

use crate::app::App;
use crate::config::Server;
use crate::deployment::Tenant;
use crate::http::cookie::CookieName;
use crate::http::visit::Visit;
use crate::session::{Root, sign_out};
use crate::signin::saml::logout;
use crate::store::roots::{RootId, upstream};

/// Who has signed out does not wait longer for a provider whose configuration has to be read anew.
const PATIENCE: Duration = Duration::from_secs(3);

/// What has to be read of a session before it ends: with its end it goes.
pub struct Hint(Option<Vec<u8>>);

/// Reads it. A store that cannot be read keeps nobody signed in: the way out then is without it.
pub async fn hint(app: &App, root: &Root) -> Hint {
    match upstream::hint(app.store.readers(), root.id).await {
        Ok(hint) => Hint(hint),
        Err(error) => {
            tracing::warn!(store.error = %error, "what a provider is shown at the sign-out cannot be read");
            Hint(None)
        }
    }
}

/// Where the browser goes so that the provider's session ends too; nothing where there is no such place.
pub async fn address(
    app: &App,
    tenant: &Tenant,
    host: &HostName,
    (root, Hint(hint)): (&Root, Hint),
) -> Option<String> {
    let connection = tenant.organization.connection(root.connection)?;
    if !connection.kind.is_openid() {
        return logout::address(app, tenant, host, root).await;
    }
    let hint = hint.and_then(|sealed| {
        app.keys.sealer(Purpose::Rows).open(&sealed, &upstream::hint_binding(root.id)).ok()
    });
    let hint = hint.as_ref().and_then(|plain| std::str::from_utf8(plain).ok());
    let (settings, now) = (app.settings(), app.wall.now());
    let context = Context {
        now,
        seed: &Seed::from_bytes(random::bytes().ok()?),
        state: &state(app, root.id),
        redirect_uri: &back(&settings, host),
        entity_id: "",
        started: now,
        freshness: Freshness::Any,
        gate: None,
    };
    let provider = tenant.provider(root.connection)?;
    let asked = tokio::time::timeout(PATIENCE, provider.sign_out(&context, &root.facts.upstream, hint)).await;
    let reason = match asked {
        Ok(Ok(address)) => return address.map(String::from),
        Ok(Err(error)) => error.reason,
        Err(_) => "the provider's configuration did not come in time".to_owned(),
    };
    // Our own session is over; the provider's is all that stays.
    tracing::warn!(signout.reason = reason, "the way out over the provider is not known");
    None
}

/// Where a provider may send browsers after a sign-out from this workspace.
#[must_use]
pub fn back(server: &Server, host: &HostName) -> String {
    format!("{}/", server.origin(host))
}

/// Whether this is the browser that signed out of a session here, on its way back from the provider.
#[must_use]
pub fn has_returned(visit: &Visit<'_>, host: &HostName) -> bool {
    let Some(theirs) = visit.parameter("state") else { return false };
    let cookies = visit.cookies();
    let marked = cookies.value(&CookieName::SignedOut);
    let root = marked.and_then(|marker| sign_out::marked_root(visit.app, host, marker));
    root.is_some_and(|root| same(theirs.as_bytes(), state(visit.app, root).as_bytes()))
}

fn state(app: &App, root: RootId) -> String {
    encoding::base64url(&app.keys.mac(Purpose::State).tag(&[b"signed out", &root.to_bytes()]))
}
