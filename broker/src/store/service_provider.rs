//! The rows of our keys as a SAML service provider.

use sqlx::{Row, SqlitePool};

use super::Transaction;

/// One key, as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// `signing` or `encryption`.
    pub purpose: &'static str,
    /// `current` or `next`.
    pub place: &'static str,
    /// DER.
    pub certificate: Vec<u8>,
    /// The sealed key, PKCS#8.
    pub key: Vec<u8>,
}

/// The key of a purpose and a place: certificate and sealed key.
///
/// # Errors
/// When the store cannot be read.
pub async fn key(
    readers: &SqlitePool,
    purpose: &str,
    place: &str,
) -> Result<Option<(Vec<u8>, Vec<u8>)>, sqlx::Error> {
    let row =
        sqlx::query("SELECT certificate, key FROM service_provider_keys WHERE purpose = $1 AND place = $2")
            .bind(purpose)
            .bind(place)
            .fetch_optional(readers)
            .await?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

/// Keeps keys where there are none; whoever came first stays.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(transaction: &mut Transaction, rows: &[KeyRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        sqlx::query(
            "INSERT INTO service_provider_keys (purpose, place, certificate, key) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        )
        .bind(row.purpose)
        .bind(row.place)
        .bind(&row.certificate)
        .bind(&row.key)
        .execute(&mut *transaction)
        .await?;
    }
    Ok(())
}
