//! Live roots for people to look through.

use sqlx::SqlitePool;
use vestibule_policies::ids::OrganizationId;

use super::{COLUMNS, RootId, RootRow, StoreError, root_row};

/// Of an organisation, in the order of their ids; after `after`, at most so many.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn of_organization(
    readers: &SqlitePool,
    organization: OrganizationId,
    (after, limit): (Option<RootId>, u32),
) -> Result<Vec<RootRow>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM roots r WHERE r.organization_id = $1 AND r.ended_ms IS NULL AND r.id > $2 ORDER BY r.id LIMIT $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(organization.to_string())
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(limit)
        .fetch_all(readers)
        .await
        .map_err(StoreError::Read)?;
    rows.iter().map(root_row).collect()
}

/// Of one person in all organisations, by the hash of their principal's key, the latest first; at most a hundred.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn of_person(readers: &SqlitePool, principal: &str) -> Result<Vec<RootRow>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM roots r WHERE r.principal = $1 AND r.ended_ms IS NULL ORDER BY r.started_ms DESC, r.id LIMIT 100"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(principal)
        .fetch_all(readers)
        .await
        .map_err(StoreError::Read)?;
    rows.iter().map(root_row).collect()
}
