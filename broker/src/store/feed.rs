//! The change feed: a row for each change that caches must know, in commit order (architecture 5).

use sqlx::{Row, SqlitePool};
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use super::roots::RootId;
use super::{StoreError, Transaction};

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

/// Every change after `from`.
///
/// # Errors
/// When the store cannot be read.
pub async fn after(readers: &SqlitePool, from: i64) -> Result<Since, StoreError> {
    // One statement, one state of the store: a change between two would look like one that is missing.
    let rows = sqlx::query(
        "SELECT f.position, c.position, c.kind, c.subject FROM feed f LEFT JOIN changes c ON c.position > $1 \
         ORDER BY c.position",
    )
    .bind(from)
    .fetch_all(readers)
    .await
    .map_err(StoreError::Read)?;
    let latest = rows.first().map_or(from, |row| row.get(0));
    let mut changes = Vec::new();
    for (row, expected) in rows.iter().zip(from + 1..=latest) {
        // Positions have no gaps: one that is missing was purged while this server slept. What a newer version says in words
        // that this one does not know may concern anything, too.
        match (row.get::<Option<i64>, _>(1), change(row.get(2), row.get(3))) {
            (Some(position), Some(change)) if position == expected => changes.push(change),
            _ => return Ok(Since::Everything(latest)),
        }
    }
    Ok(Since::Changes(changes, latest))
}

fn change(kind: Option<&str>, subject: Option<&str>) -> Option<Change> {
    match kind? {
        "organization" => Some(Change::Organization(subject?.parse().ok()?)),
        "root-ended" => Some(Change::RootEnded(subject?.parse().ok()?)),
        _ => None,
    }
}
