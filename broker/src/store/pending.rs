//! First steps that were proved and wait for the second (architecture 2, step 7): five minutes, one attempt a ticket.

use std::time::Duration;

use sqlx::Row;
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// How long a first step waits, from its proof on.
pub const LIFETIME: Duration = Duration::from_mins(5);
/// Of all people of an organisation, and of one. Whoever knows one password fills a few rows with it.
const MOST: i64 = 2_000;
const MOST_OF_ONE: i64 = 8;

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Whose the sign-in is.
    pub organization: OrganizationId,
    /// What the transaction leaves among the spends.
    pub sign_in: String,
    /// The hash of the principal's key, as roots have it.
    pub principal: String,
    /// Sealed.
    pub step: Vec<u8>,
    /// By the time that sessions live by.
    pub expires: Timestamp,
}

/// Lets one wait, in place of an earlier one of the same sign-in. `false` if too many wait.
///
/// # Errors
/// When the store cannot be written.
pub async fn wait(
    transaction: &mut Transaction,
    ticket: &TokenHash,
    pending: &Pending,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM pending WHERE expires_ms <= $1 OR sign_in = $2")
        .bind(now.millis())
        .bind(&pending.sign_in)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "DELETE FROM pending WHERE organization_id = $1 AND principal = $2 AND ticket_hash NOT IN (SELECT ticket_hash \
         FROM pending WHERE organization_id = $1 AND principal = $2 ORDER BY expires_ms DESC LIMIT $3)",
    )
    .bind(pending.organization.to_string())
    .bind(&pending.principal)
    .bind(MOST_OF_ONE - 1)
    .execute(&mut *transaction)
    .await?;
    let inserted = sqlx::query(
        "INSERT INTO pending (ticket_hash, sign_in, principal, step, expires_ms, organization_id) \
         SELECT $1, $2, $3, $4, $5, $7 WHERE (SELECT COUNT(*) FROM pending WHERE organization_id = $7) < $6",
    )
    .bind(ticket.to_hex())
    .bind(&pending.sign_in)
    .bind(&pending.principal)
    .bind(&pending.step)
    .bind(pending.expires.millis())
    .bind(MOST)
    .bind(pending.organization.to_string())
    .execute(transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Takes one: a ticket is good for one attempt, whatever comes of it.
///
/// # Errors
/// When the store cannot be written.
pub async fn take(transaction: &mut Transaction, ticket: &TokenHash) -> Result<Option<Pending>, sqlx::Error> {
    let row = sqlx::query(
        "DELETE FROM pending WHERE ticket_hash = $1 RETURNING sign_in, principal, step, expires_ms, organization_id",
    )
    .bind(ticket.to_hex())
    .fetch_optional(transaction)
    .await?;
    let pending = |row: sqlx::sqlite::SqliteRow| {
        let organization: String = row.get(4);
        Ok(Pending {
            organization: organization
                .parse()
                .map_err(|_| sqlx::Error::Decode("pending.organization_id".into()))?,
            sign_in: row.get(0),
            principal: row.get(1),
            step: row.get(2),
            expires: Timestamp::from_millis(row.get(3)),
        })
    };
    row.map(pending).transpose()
}
