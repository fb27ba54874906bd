//! Secure clients at rest, and their access tokens: both known by hashes of what was shown once.

use sqlx::{Row, SqliteExecutor};
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::{ClientId, OrganizationId};
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// A secure client as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// For ever.
    pub id: ClientId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of its secret.
    pub secret: TokenHash,
    /// Sealed.
    pub record: Vec<u8>,
    /// When it was made, by the wall.
    pub created: Timestamp,
}

const COLUMNS: &str = "id, organization_id, secret_hash, record, created_ms";

/// Those of an organisation, oldest first.
///
/// # Errors
/// When the store cannot be read, or a row.
pub async fn of_organization(
    executor: impl SqliteExecutor<'_>,
    organization: OrganizationId,
) -> Result<Vec<ClientRow>, sqlx::Error> {
    let statement =
        format!("SELECT {COLUMNS} FROM clients WHERE organization_id = $1 ORDER BY created_ms, id");
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(organization.to_string());
    rows.fetch_all(executor).await?.iter().map(client).collect()
}

/// The client with that id.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn by_id(
    executor: impl SqliteExecutor<'_>,
    id: ClientId,
) -> Result<Option<ClientRow>, sqlx::Error> {
    let statement = format!("SELECT {COLUMNS} FROM clients WHERE id = $1");
    let row =
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id.to_string()).fetch_optional(executor).await?;
    row.as_ref().map(client).transpose()
}

/// The client of an access token that is good at `now`, which is session time.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn by_token(
    executor: impl SqliteExecutor<'_>,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<ClientRow>, sqlx::Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM clients WHERE id = (SELECT client_id FROM client_tokens WHERE token_hash = $1 AND expires_ms > $2)"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(token.to_hex()).bind(now.millis());
    row.fetch_optional(executor).await?.as_ref().map(client).transpose()
}

/// Keeps a new client, unless the organisation has `most` already: then `false`.
///
/// # Errors
/// When the store cannot be written.
pub async fn insert(transaction: &mut Transaction, row: &ClientRow, most: i64) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO clients (id, organization_id, secret_hash, record, created_ms) SELECT $1, $2, $3, $4, $5 \
         WHERE (SELECT COUNT(*) FROM clients WHERE organization_id = $2) < $6",
    )
    .bind(row.id.to_string())
    .bind(row.organization.to_string())
    .bind(row.secret.to_hex())
    .bind(&row.record)
    .bind(row.created.millis())
    .bind(most)
    .execute(transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Deletes a client with its tokens. `false` if it was gone.
///
/// # Errors
/// When the store cannot be written.
pub async fn delete(transaction: &mut Transaction, id: ClientId) -> Result<bool, sqlx::Error> {
    let deleted =
        sqlx::query("DELETE FROM clients WHERE id = $1").bind(id.to_string()).execute(transaction).await?;
    Ok(deleted.rows_affected() == 1)
}

/// Keeps a token of a client that is still there, and of its others the `most` newest. `false` if the client is gone.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    transaction: &mut Transaction,
    (id, most): (ClientId, i64),
    token: &TokenHash,
    expires: Timestamp,
) -> Result<bool, sqlx::Error> {
    let id = id.to_string();
    sqlx::query(
        "DELETE FROM client_tokens WHERE client_id = $1 AND token_hash NOT IN \
         (SELECT token_hash FROM client_tokens WHERE client_id = $1 ORDER BY expires_ms DESC LIMIT $2)",
    )
    .bind(&id)
    .bind(most)
    .execute(&mut *transaction)
    .await?;
    let issued = sqlx::query(
        "INSERT INTO client_tokens (token_hash, client_id, expires_ms) SELECT $1, id, $2 FROM clients WHERE id = $3",
    )
    .bind(token.to_hex())
    .bind(expires.millis())
    .bind(id)
    .execute(transaction)
    .await?;
    Ok(issued.rows_affected() == 1)
}

fn client(row: &sqlx::sqlite::SqliteRow) -> Result<ClientRow, sqlx::Error> {
    let unreadable = |column: &str| sqlx::Error::Decode(format!("clients.{column}").into());
    let (id, organization, secret): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    Ok(ClientRow {
        id: id.parse().map_err(|_| unreadable("id"))?,
        organization: organization.parse().map_err(|_| unreadable("organization_id"))?,
        secret: TokenHash::from_hex(&secret).ok_or_else(|| unreadable("secret_hash"))?,
        record: row.get(3),
        created: Timestamp::from_millis(row.get(4)),
    })
}
