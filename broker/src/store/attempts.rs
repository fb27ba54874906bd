//! Attempts at passwords in front of a directory. They survive a restart, or a restart would give everybody new ones.

use sqlx::{Row, SqliteExecutor};
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::lockout::Tally;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// What was counted under a key; nothing yet, if nothing stands there.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn tally(
    executor: impl SqliteExecutor<'_>,
    connection: ConnectionId,
    key: &str,
) -> Result<Option<Tally>, sqlx::Error> {
    let row = sqlx::query("SELECT tally FROM attempts WHERE connection_id = $1 AND key = $2")
        .bind(connection.to_string())
        .bind(key)
        .fetch_optional(executor)
        .await?;
    row.map(|row| serde_json::from_str(row.get(0)).map_err(|error| sqlx::Error::Decode(error.into())))
        .transpose()
}

/// Writes it down, until it says nothing any more.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(
    transaction: &mut Transaction,
    connection: ConnectionId,
    (key, tally): (&str, Tally),
    expires: Timestamp,
) -> Result<(), sqlx::Error> {
    let tally = serde_json::to_string(&tally).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO attempts (connection_id, key, tally, expires_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (connection_id, key) DO UPDATE SET tally = excluded.tally, expires_ms = excluded.expires_ms",
    )
    .bind(connection.to_string())
    .bind(key)
    .bind(tally)
    .bind(expires.millis())
    .execute(transaction)
    .await
    .map(drop)
}

/// Forgets what was counted of one account at a connection, from whatever device.
///
/// # Errors
/// When the store cannot be written.
pub async fn forget(
    transaction: &mut Transaction,
    connection: ConnectionId,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM attempts WHERE connection_id = $1 AND (key = 'account:' || $2 \
         OR (key LIKE 'device:%' AND substr(key, -length($2) - 1) = ':' || $2))",
    )
    .bind(connection.to_string())
    .bind(account)
    .execute(transaction)
    .await
    .map(drop)
}
