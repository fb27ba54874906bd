//! Audit events at rest. An event is appended in the transaction that it describes.

use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// One thing that happened, for whoever has to prove who came in, how and why.
#[derive(Debug, Clone)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Whose it is; none where no organisation was recognised.
    pub organization: Option<OrganizationId>,
    /// What: `sign-in.succeeded`, `sign-in.refused` and so on.
    pub name: &'static str,
    /// The code of a refusal.
    pub code: Option<Code>,
    /// What the page and the log line show too.
    pub correlation: String,
    /// The particulars. Never a password, code, token or cookie.
    pub details: serde_json::Value,
}

/// Appends an event.
///
/// # Errors
/// When the store cannot be written; then what the event describes must not happen.
pub async fn append(transaction: &mut Transaction, event: &Event) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit_events (at_ms, organization_id, event, code, correlation, details) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(event.at.millis())
    .bind(event.organization.map(|id| id.to_string()))
    .bind(event.name)
    .bind(event.code.map(Code::as_str))
    .bind(&event.correlation)
    .bind(event.details.to_string())
    .execute(transaction)
    .await
    .map(drop)
}
