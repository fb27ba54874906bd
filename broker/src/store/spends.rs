//! What was used once and must never be used again, also after a restart.

use vestibule_policies::time::Timestamp;

use super::Transaction;

/// Whether this was the first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// It was.
    First,
    /// It was used before.
    Again,
}

/// Uses `id` up. It is remembered until `expires`, after which its holder refuses it by its age.
///
/// # Errors
/// When the store cannot be written; then the caller must not go on.
pub async fn spend(
    transaction: &mut Transaction,
    id: &str,
    expires: Timestamp,
) -> Result<Spend, sqlx::Error> {
    let inserted =
        sqlx::query("INSERT INTO spends (id, expires_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(id)
            .bind(expires.millis())
            .execute(transaction)
            .await?;
    Ok(if inserted.rows_affected() == 1 { Spend::First } else { Spend::Again })
}
