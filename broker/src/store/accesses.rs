//! Accesses at rest: a root's way into one host each, by the hash of its token.

use sqlx::{Row, SqlitePool};
use vestibule_certs::token::TokenHash;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;

use super::roots::{COLUMNS, RootId, RootRow, root_row};
use super::{StoreError, Transaction, parsed};

/// An access with its root.
#[derive(Debug, Clone)]
pub struct AccessRow {
    pub host: HostName,
    pub root: RootRow,
}

/// The access with that token, with its root, live or ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn by_token(readers: &SqlitePool, token: &TokenHash) -> Result<Option<AccessRow>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS}, a.host FROM accesses a JOIN roots r ON r.id = a.root_id WHERE a.token_hash = $1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(token.to_hex()).fetch_optional(readers).await;
    let Some(row) = row.map_err(StoreError::Read)? else { return Ok(None) };
    Ok(Some(AccessRow {
        host: parsed("accesses.host", HostName::parse(row.get(15)))?,
        root: root_row(&row)?,
    }))
}

/// Keeps a new access of a root that has not ended. Nothing is kept, and `false` answered, if it has.
///
/// # Errors
/// When the store cannot be written.
pub async fn insert(
    transaction: &mut Transaction,
    token: &TokenHash,
    root: RootId,
    host: &HostName,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO accesses (token_hash, root_id, host, started_ms) \
         SELECT $1, id, $2, $3 FROM roots WHERE id = $4 AND ended_ms IS NULL",
    )
    .bind(token.to_hex())
    .bind(host.as_str())
    .bind(now.millis())
    .bind(root.to_string())
    .execute(transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Forgets one access.
///
/// # Errors
/// When the store cannot be written.
pub async fn delete(transaction: &mut Transaction, token: &TokenHash) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM accesses WHERE token_hash = $1")
        .bind(token.to_hex())
        .execute(transaction)
        .await
        .map(drop)
}
