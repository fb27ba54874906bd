//! Single values of the deployment.

use sqlx::{Executor, Row, Sqlite, SqlitePool};
use vestibule_policies::time::Timestamp;

use crate::clock::ClockMark;

use super::{StoreError, Transaction};

/// The schema's version.
pub const SCHEMA: &str = "schema";
/// The latest time by which sessions lived, in milliseconds.
pub const HIGH_WATER: &str = "high_water_ms";
/// What the wall was set back by until then, in milliseconds.
pub const SET_BACK: &str = "set_back_by_ms";
/// Set in the store of a demo, which no server opens.
pub const DEMO: &str = "demo";

/// The value of that name.
///
/// # Errors
/// When the store cannot be read.
pub async fn value<'e>(
    reader: impl Executor<'e, Database = Sqlite>,
    name: &str,
) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(reader).await;
    Ok(row.map_err(StoreError::Read)?.map(|row| row.get(0)))
}

/// Sets the value of that name.
///
/// # Errors
/// When the store cannot be written.
pub async fn set(transaction: &mut Transaction, name: &str, value: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(transaction)
        .await
        .map(drop)
}

/// The mark of the session clock.
///
/// # Errors
/// When the store cannot be read.
pub async fn clock_mark(readers: &SqlitePool) -> Result<ClockMark, StoreError> {
    let number = async |name| {
        let text = value(readers, name).await?;
        Ok::<_, StoreError>(text.and_then(|text| text.parse().ok()).unwrap_or(0))
    };
    Ok(ClockMark {
        high_water: Timestamp::from_millis(number(HIGH_WATER).await?),
        set_back_by: number(SET_BACK).await?,
    })
}

/// Keeps the mark of the session clock.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep_clock_mark(transaction: &mut Transaction, mark: ClockMark) -> Result<(), sqlx::Error> {
    set(transaction, HIGH_WATER, &mark.high_water.millis().to_string()).await?;
    set(transaction, SET_BACK, &mark.set_back_by.to_string()).await
}
