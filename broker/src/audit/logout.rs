//! Sign-outs that a provider sends, believed or not.

use serde_json::json;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_providers::SignInError;
use vestibule_providers::verified::Evidence;

use crate::http::visit::Visit;
use crate::store::audit::Event;

/// A provider's sign-out was believed. It names nobody: each session that ended has an event of its own.
#[must_use]
pub(crate) fn logout_received(
    visit: &Visit<'_>,
    (organization, connection): (OrganizationId, ConnectionId),
    evidence: &Evidence,
) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization: Some(organization),
        name: "logout.received",
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({
            "connection": connection.to_string(),
            "issuer": evidence.issuer,
            "key": evidence.key_id,
            "algorithm": evidence.algorithm,
            "client": visit.client().to_string(),
        }),
    }
}

/// A provider's sign-out, or what poses as one, was not believed.
#[must_use]
pub(crate) fn logout_refused(
    visit: &Visit<'_>,
    error: &SignInError,
    (organization, connection): (Option<OrganizationId>, ConnectionId),
) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization,
        name: "logout.refused",
        code: Some(error.code),
        correlation: visit.correlation().to_owned(),
        details: json!({
            "connection": connection.to_string(),
            "reason": error.reason,
            "client": visit.client().to_string(),
        }),
    }
}
