//! A sign-out of a provider that is not believed: once to the log, once to the audit, and nothing of it to whoever sent it.

use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_providers::SignInError;

use crate::audit::{self, Evidence};
use crate::http::visit::Visit;

/// A sign-out that went no further.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) error: SignInError,
    /// Where the connection of the address is somebody's.
    pub(super) organization: Option<OrganizationId>,
}

impl Refusal {
    /// Writes it down. Whoever has the address can cause this, so that it has the budget of strangers.
    pub(super) async fn write(&self, visit: &Visit<'_>, connection: ConnectionId) {
        let Self { error, organization } = self;
        tracing::warn!(
            signout.code = error.code.as_str(),
            signout.reason = error.reason,
            connection.id = %connection,
            client.address = %visit.client(),
            correlation = visit.correlation(),
            "a provider's sign-out was refused"
        );
        let event = audit::logout_refused(visit, error, (*organization, connection));
        if let Err(failed) = visit.app.audit.write(&visit.app.store, event, Evidence::Stranger).await {
            tracing::error!(audit.error = %failed, "a refusal could not be written to the audit");
        }
    }
}
