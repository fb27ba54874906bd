//! Test sign-ins: a ticket for an hour, and what came of the last one that used it.

use std::time::Duration;

use sqlx::{Row, SqlitePool};
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// How long a ticket may be used.
pub const LIFETIME: Duration = Duration::from_hours(1);

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The connection that it tries.
    pub connection: ConnectionId,
    /// By the time that sessions live by.
    pub expires: Timestamp,
    /// The sealed report, once there is one.
    pub report: Option<Vec<u8>>,
}

/// Makes a ticket.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    transaction: &mut Transaction,
    ticket: &TokenHash,
    connection: ConnectionId,
    expires: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO trials (ticket_hash, connection_id, expires_ms) VALUES ($1, $2, $3)")
        .bind(ticket.to_hex())
        .bind(connection.to_string())
        .bind(expires.millis())
        .execute(transaction)
        .await
        .map(drop)
}

/// The ticket of this hash.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn look(readers: &SqlitePool, ticket: &TokenHash) -> Result<Option<Trial>, sqlx::Error> {
    let row = sqlx::query("SELECT connection_id, expires_ms, report FROM trials WHERE ticket_hash = $1")
        .bind(ticket.to_hex())
        .fetch_optional(readers)
        .await?;
    row.map(|row| {
        let id: String = row.get(0);
        Ok(Trial {
            connection: id.parse().map_err(|_| sqlx::Error::Decode("trials.connection_id".into()))?,
            expires: Timestamp::from_millis(row.get(1)),
            report: row.get(2),
        })
    })
    .transpose()
}

/// Writes down what came of it, over what stood there.
///
/// # Errors
/// When the store cannot be written.
pub async fn report(
    transaction: &mut Transaction,
    ticket: &TokenHash,
    report: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE trials SET report = $1 WHERE ticket_hash = $2")
        .bind(report)
        .bind(ticket.to_hex())
        .execute(transaction)
        .await
        .map(drop)
}
