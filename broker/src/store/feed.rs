//! The change feed: a row for each change that caches must know, in commit order (architecture 5).

use sqlx::{Row, SqlitePool};
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use super::roots::RootId;
use super::{StoreError, Transaction, parsed};

/// Something that caches have to let go of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The organisation's configuration is another one.
    Organization(OrganizationId),
    /// The root ended.
    RootEnded(RootId),
}

/// Appends a change in the transaction that makes it.
///
/// # Errors
/// When the store cannot be written.
pub async fn append(
    transaction: &mut Transaction,
    change: &Change,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (kind, subject) = match change {
        Change::Organization(id) => ("organization", id.to_string()),
        Change::RootEnded(id) => ("root-ended", id.to_string()),
    };
    let position: i64 = sqlx::query("UPDATE feed SET position = position + 1 RETURNING position")
        .fetch_one(&mut *transaction)
        .await?
        .get(0);
    sqlx::query("INSERT INTO changes (position, kind, subject, at_ms) VALUES ($1, $2, $3, $4)")
        .bind(position)
        .bind(kind)
        .bind(subject)
        .bind(now.millis())
        .execute(transaction)
        .await
        .map(drop)
}

/// The position of the latest change.
///
/// # Errors
/// When the store cannot be read.
pub async fn position(readers: &SqlitePool) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT position FROM feed").fetch_one(readers).await.map_err(StoreError::Read)?;
    Ok(row.get(0))
}

/// What has happened since a position.
#[derive(Debug)]
pub enum Since {
    /// Every change, and the new position.
    Changes(Vec<Change>, i64),
    /// Changes of that time are no longer kept: everything has to be read anew, as of this position.
    Everything(i64),
}

/// Every change after `position`.
///
/// # Errors
/// When the store cannot be read.
pub async fn after(readers: &SqlitePool, from: i64) -> Result<Since, StoreError> {
    let rows =
        sqlx::query("SELECT position, kind, subject FROM changes WHERE position > $1 ORDER BY position")
            .bind(from)
            .fetch_all(readers)
            .await
            .map_err(StoreError::Read)?;
    let first = match rows.first() {
        Some(row) => row.get::<i64, _>(0),
        None => position(readers).await? + 1,
    };
    let mut latest = from;
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        latest = row.get(0);
        changes.push(change(row.get(1), row.get(2))?);
    }
    let known: Option<Vec<Change>> = changes.into_iter().collect();
    // Positions have no gaps: one that is missing was purged while this server slept. What a newer version says in words that
    // this one does not know may concern anything, too.
    let Some(changes) = known.filter(|_| first <= from + 1) else {
        return Ok(Since::Everything(latest.max(first - 1)));
    };
    Ok(Since::Changes(changes, latest))
}

fn change(kind: &str, subject: &str) -> Result<Option<Change>, StoreError> {
    match kind {
        "organization" => Ok(Some(Change::Organization(parsed("changes.subject", subject.parse())?))),
        "root-ended" => Ok(Some(Change::RootEnded(parsed("changes.subject", subject.parse())?))),
        _ => Ok(None),
    }
}
