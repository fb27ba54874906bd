//! Links by which an organisation asks somebody to run it: listed until they are used, withdrawn, or long over (ADM-17 to ADM-20).

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::{InvitationId, OrganizationId};
use vestibule_policies::time::Timestamp;

use super::Transaction;
use super::links::Link;

/// An invitation as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Stays when it is sent again.
    pub id: InvitationId,
    /// Of the latest mail; what is sealed is bound to it.
    pub token: TokenHash,
    /// What the link leads to, and until when.
    pub link: Link,
    /// When it was first sent, by the wall.
    pub sent: Timestamp,
}

const COLUMNS: &str = "invitation_id, token_hash, contents, expires_ms, sent_ms";

/// Keeps an invitation, in place of the one that stood under the same subject.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    transaction: &mut Transaction,
    (organization, subject): (OrganizationId, &str),
    row: &InvitationRow,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM links WHERE subject = $1").bind(subject).execute(&mut *transaction).await?;
    sqlx::query(
        "INSERT INTO links (token_hash, subject, contents, expires_ms, organization_id, invitation_id, sent_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.token.to_hex())
    .bind(subject)
    .bind(&row.link.contents)
    .bind(row.link.expires.millis())
    .bind(organization.to_string())
    .bind(row.id.to_string())
    .bind(row.sent.millis())
    .execute(transaction)
    .await
    .map(drop)
}

/// Whether one stands under that subject, ended or not.
///
/// # Errors
/// When the store cannot be read.
pub async fn stands(transaction: &mut Transaction, subject: &str) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT 1 FROM links WHERE subject = $1").bind(subject);
    Ok(row.fetch_optional(transaction).await?.is_some())
}

/// Those of an organisation, the latest first.
///
/// # Errors
/// When the store cannot be read, or a row.
pub async fn of_organization(
    executor: impl SqliteExecutor<'_>,
    organization: OrganizationId,
) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM links WHERE organization_id = $1 ORDER BY sent_ms DESC, invitation_id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement));
    rows.bind(organization.to_string()).fetch_all(executor).await?.iter().map(invitation).collect()
}

/// One of an organisation's.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn by_id(
    executor: impl SqliteExecutor<'_>,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<InvitationRow>, sqlx::Error> {
    let statement = format!("SELECT {COLUMNS} FROM links WHERE organization_id = $1 AND invitation_id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement));
    let row = row.bind(organization.to_string()).bind(id.to_string()).fetch_optional(executor).await?;
    row.as_ref().map(invitation).transpose()
}

/// Puts another token, with what is sealed for it, in the place of an invitation's. `false` if it is no longer there, or no longer
/// as `row` has it: somebody came in with it, or somebody else changed it.
///
/// # Errors
/// When the store cannot be written.
pub async fn replace(
    transaction: &mut Transaction,
    organization: OrganizationId,
    row: &InvitationRow,
    (token, contents): (&TokenHash, &[u8]),
) -> Result<bool, sqlx::Error> {
    let replaced = sqlx::query(
        "UPDATE links SET token_hash = $1, contents = $2 WHERE organization_id = $3 AND invitation_id = $4 AND contents = $5",
    )
    .bind(token.to_hex())
    .bind(contents)
    .bind(organization.to_string())
    .bind(row.id.to_string())
    .bind(&row.link.contents)
    .execute(transaction)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// Takes one back. `false` if there is none.
///
/// # Errors
/// When the store cannot be written.
pub async fn withdraw(
    transaction: &mut Transaction,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM links WHERE organization_id = $1 AND invitation_id = $2")
        .bind(organization.to_string())
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(gone.rows_affected() == 1)
}

fn invitation(row: &SqliteRow) -> Result<InvitationRow, sqlx::Error> {
    let unreadable = |what: &'static str| sqlx::Error::Decode(what.into());
    Ok(InvitationRow {
        id: row.get::<String, _>(0).parse().map_err(|_| unreadable("links.invitation_id"))?,
        token: TokenHash::from_hex(row.get(1)).ok_or_else(|| unreadable("links.token_hash"))?,
        link: Link { contents: row.get(2), expires: Timestamp::from_millis(row.get(3)) },
        sent: Timestamp::from_millis(row.get::<Option<i64>, _>(4).unwrap_or_default()),
    })
}
