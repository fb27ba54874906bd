//! Links that were given to somebody: known by the hash of their token, spent by the POST that ends what they began.

use sqlx::{Row, SqliteExecutor};
use vestibule_certs::token::TokenHash;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Sealed.
    pub contents: Vec<u8>,
    /// By the time that sessions live by.
    pub expires: Timestamp,
}

/// Makes a link in place of an earlier one of the same subject.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    transaction: &mut Transaction,
    (token, subject): (&TokenHash, &str),
    link: &Link,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM links WHERE subject = $1").bind(subject).execute(&mut *transaction).await?;
    sqlx::query("INSERT INTO links (token_hash, subject, contents, expires_ms) VALUES ($1, $2, $3, $4)")
        .bind(token.to_hex())
        .bind(subject)
        .bind(&link.contents)
        .bind(link.expires.millis())
        .execute(transaction)
        .await
        .map(drop)
}

/// The link with that token, which stays what it is: mail scanners follow every link (PWD-15).
///
/// # Errors
/// When the store cannot be read.
pub async fn look(executor: impl SqliteExecutor<'_>, token: &TokenHash) -> Result<Option<Link>, sqlx::Error> {
    let row = sqlx::query("SELECT contents, expires_ms FROM links WHERE token_hash = $1")
        .bind(token.to_hex())
        .fetch_optional(executor)
        .await?;
    Ok(row.map(|row| Link { contents: row.get(0), expires: Timestamp::from_millis(row.get(1)) }))
}

/// Spends a link. `false` if it was spent before, or a later one took its place.
///
/// # Errors
/// When the store cannot be written.
pub async fn spend(transaction: &mut Transaction, token: &TokenHash) -> Result<bool, sqlx::Error> {
    let spent = sqlx::query("DELETE FROM links WHERE token_hash = $1")
        .bind(token.to_hex())
        .execute(transaction)
        .await?;
    Ok(spent.rows_affected() == 1)
}
