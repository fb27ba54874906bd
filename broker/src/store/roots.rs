//! Root sessions at rest. Tokens stand here as hashes, what names the person is sealed.

mod ended_by;
mod id;
pub mod listed;
pub mod upstream;

use sqlx::{Row, SqlitePool};
use vestibule_certs::token::TokenHash;
use vestibule_certs::{digest, encoding};
use vestibule_policies::claims::PrincipalKey;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::limits::Limits;
use vestibule_policies::time::Timestamp;

use super::feed::{self, Change};
use super::{StoreError, Transaction, parsed};

pub use self::ended_by::EndedBy;
pub use self::id::RootId;

use self::upstream::Upstream;

/// A root as the store has it.
#[derive(Debug, Clone)]
pub struct RootRow {
    pub id: RootId,
    pub token: TokenHash,
    pub organization: OrganizationId,
    pub connection: ConnectionId,
    pub audience: Audience,
    /// SHA-256 of the principal's key, hex.
    pub principal: String,
    /// Sealed; see `session::facts`.
    pub facts: Vec<u8>,
    pub started: Timestamp,
    pub last_activity: Timestamp,
    pub granted: Limits,
    pub ended: Option<(EndedBy, Timestamp)>,
    /// After a sign-out: the same browser signed in afresh.
    pub succeeded: bool,
    /// The transaction that made it, by what it left among the spends.
    pub origin: String,
}

pub(super) const COLUMNS: &str = "r.id, r.token_hash, r.organization_id, r.connection_id, r.audience, r.principal, r.facts, \
                       r.started_ms, r.last_activity_ms, r.idle_ms, r.maximum_ms, r.ended_by, r.succeeded, r.ended_ms, r.origin";

/// The root with that token, live or ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn by_token(readers: &SqlitePool, token: &TokenHash) -> Result<Option<RootRow>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM roots r WHERE r.token_hash = $1");
    fetch(readers, &statement, token.to_hex()).await
}

/// The root with that public id, live or ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn by_id(readers: &SqlitePool, id: RootId) -> Result<Option<RootRow>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM roots r WHERE r.id = $1");
    fetch(readers, &statement, id.to_string()).await
}

async fn fetch(readers: &SqlitePool, statement: &str, key: String) -> Result<Option<RootRow>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(key).fetch_optional(readers).await;
    row.map_err(StoreError::Read)?.as_ref().map(root_row).transpose()
}

pub(super) fn root_row(row: &sqlx::sqlite::SqliteRow) -> Result<RootRow, StoreError> {
    let text = |index: usize| row.get::<String, _>(index);
    let millis = |index: usize| Timestamp::from_millis(row.get(index));
    let duration = |value: i64| std::time::Duration::from_millis(u64::try_from(value).unwrap_or(0));
    let ended = match row.get::<Option<String>, _>(11) {
        None => None,
        Some(text) => Some((parsed("roots.ended_by", EndedBy::parse(&text).ok_or(text))?, millis(13))),
    };
    Ok(RootRow {
        id: parsed("roots.id", text(0).parse())?,
        token: parsed("roots.token_hash", TokenHash::from_hex(&text(1)).ok_or("not a hash"))?,
        organization: parsed("roots.organization_id", text(2).parse())?,
        connection: parsed("roots.connection_id", text(3).parse())?,
        audience: match text(4).as_str() {
            "subscriber" => Audience::Subscriber,
            "administrator" => Audience::Administrator,
            other => return Err(StoreError::Corrupt(format!("roots.audience: {other}"))),
        },
        principal: text(5),
        facts: row.get(6),
        started: millis(7),
        last_activity: millis(8),
        granted: Limits { idle: row.get::<Option<i64>, _>(9).map(duration), maximum: duration(row.get(10)) },
        ended,
        succeeded: row.get::<i64, _>(12) != 0,
        origin: text(14),
    })
}

/// Keeps a new root.
///
/// # Errors
/// When the store cannot be written.
pub async fn insert(
    transaction: &mut Transaction,
    root: &RootRow,
    upstream: &Upstream,
) -> Result<(), sqlx::Error> {
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    sqlx::query(
        "INSERT INTO roots (id, token_hash, organization_id, connection_id, audience, principal, facts, started_ms, \
         last_activity_ms, idle_ms, maximum_ms, origin, upstream_session, upstream_subject, hint) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(root.id.to_string())
    .bind(root.token.to_hex())
    .bind(root.organization.to_string())
    .bind(root.connection.to_string())
    .bind(root.audience.as_str())
    .bind(&root.principal)
    .bind(&root.facts)
    .bind(root.started.millis())
    .bind(root.last_activity.millis())
    .bind(root.granted.idle.map(millis))
    .bind(millis(root.granted.maximum))
    .bind(&root.origin)
    .bind(&upstream.tags.session)
    .bind(&upstream.tags.subject)
    .bind(&upstream.hint)
    .execute(transaction)
    .await
    .map(drop)
}

/// Ends a root, and with it every access and what its provider would be shown, and tells every cache. `false` if it had ended before.
///
/// # Errors
/// When the store cannot be written.
pub async fn end(
    transaction: &mut Transaction,
    id: RootId,
    reason: EndedBy,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE roots SET ended_ms = $1, ended_by = $2, hint = NULL WHERE id = $3 AND ended_ms IS NULL",
    )
    .bind(now.millis())
    .bind(reason.as_str())
    .bind(id.to_string())
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    if ended {
        feed::append(transaction, &Change::RootEnded(id), now).await?;
    }
    Ok(ended)
}

/// What a transaction has to know of another root of the same browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sibling {
    pub id: RootId,
    /// When its person signed out of it, unless a fresh sign-in succeeded since.
    pub signed_out: Option<Timestamp>,
}

/// Another root of this browser: by its id, or by the transaction that made it.
#[derive(Debug, Clone)]
pub enum Key {
    Id(RootId),
    Origin(String),
}

/// That root as it stands in this transaction, if it is one of this audience of the organisation.
///
/// # Errors
/// When the store cannot be read.
pub async fn sibling(
    transaction: &mut Transaction,
    (organization, audience): (OrganizationId, Audience),
    key: &Key,
) -> Result<Option<Sibling>, sqlx::Error> {
    let (statement, key) = match key {
        Key::Id(id) => (
            "SELECT id, ended_by, ended_ms, succeeded FROM roots WHERE organization_id = $1 AND audience = $2 AND id = $3",
            id.to_string(),
        ),
        Key::Origin(origin) => (
            "SELECT id, ended_by, ended_ms, succeeded FROM roots WHERE organization_id = $1 AND audience = $2 AND origin = $3",
            origin.clone(),
        ),
    };
    let query = sqlx::query(statement).bind(organization.to_string()).bind(audience.as_str()).bind(key);
    let Some(row) = query.fetch_optional(transaction).await? else { return Ok(None) };
    let id = row.get::<String, _>(0).parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let by_person =
        row.get::<Option<&str>, _>(1) == Some(EndedBy::SignOut.as_str()) && row.get::<i64, _>(3) == 0;
    let ended = row.get::<Option<i64>, _>(2).map(Timestamp::from_millis);
    Ok(Some(Sibling { id, signed_out: ended.filter(|_| by_person) }))
}

/// The person wanted to sign out of a root that had ended by itself: it counts as signed out. `false` if it does already.
///
/// # Errors
/// When the store cannot be written.
pub async fn mark_signed_out(
    transaction: &mut Transaction,
    id: RootId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query(
        "UPDATE roots SET ended_by = $1, ended_ms = $2 \
         WHERE id = $3 AND ended_ms IS NOT NULL AND ended_by <> $1 AND succeeded = 0",
    )
    .bind(EndedBy::SignOut.as_str())
    .bind(now.millis())
    .bind(id.to_string())
    .execute(transaction)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// After a sign-out: a fresh sign-in of the same browser succeeded.
///
/// # Errors
/// When the store cannot be written.
pub async fn mark_succeeded(transaction: &mut Transaction, id: RootId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE roots SET succeeded = 1 WHERE id = $1")
        .bind(id.to_string())
        .execute(transaction)
        .await
        .map(drop)
}

/// Moves the last activity on; never back.
///
/// # Errors
/// When the store cannot be written.
pub async fn touch(transaction: &mut Transaction, id: RootId, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE roots SET last_activity_ms = $1 WHERE id = $2 AND last_activity_ms < $1 AND ended_ms IS NULL",
    )
    .bind(at.millis())
    .bind(id.to_string())
    .execute(transaction)
    .await
    .map(drop)
}

/// Roots that have not ended and whose granted limits have passed: their ids and organisations, with the limit that did it.
///
/// # Errors
/// When the store cannot be read.
pub async fn overdue(
    readers: &SqlitePool,
    now: Timestamp,
) -> Result<Vec<(RootId, OrganizationId, EndedBy)>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, started_ms + maximum_ms <= $1, organization_id FROM roots WHERE ended_ms IS NULL \
         AND (started_ms + maximum_ms <= $1 OR (idle_ms IS NOT NULL AND last_activity_ms + idle_ms <= $1)) LIMIT 1000",
    )
    .bind(now.millis())
    .fetch_all(readers)
    .await
    .map_err(StoreError::Read)?;
    rows.into_iter()
        .map(|row| {
            let id = parsed("roots.id", row.get::<String, _>(0).parse())?;
            let organization = parsed("roots.organization_id", row.get::<String, _>(2).parse())?;
            Ok((id, organization, if row.get::<i64, _>(1) != 0 { EndedBy::Maximum } else { EndedBy::Idle }))
        })
        .collect()
}

/// Who somebody is, as roots have it: the hash of their principal's key.
#[must_use]
pub fn principal_hash(principal: &PrincipalKey) -> String {
    encoding::base64url(&digest::sha256(&principal.canonical_bytes()))
}

/// The live roots of a connection, with what is sealed of each, in the order of their ids; after `after`, at most five hundred.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn of_connection(
    readers: &SqlitePool,
    connection: ConnectionId,
    after: Option<RootId>,
) -> Result<Vec<RootRow>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM roots r WHERE r.connection_id = $1 AND r.ended_ms IS NULL AND r.id > $2 ORDER BY r.id LIMIT 500"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(connection.to_string())
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .fetch_all(readers)
        .await
        .map_err(StoreError::Read)?;
    rows.iter().map(root_row).collect()
}

/// The live roots of one person, by the hash of their principal's key.
///
/// # Errors
/// When the store cannot be read.
pub async fn of_principal(
    transaction: &mut Transaction,
    organization: OrganizationId,
    principal: &str,
) -> Result<Vec<RootId>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id FROM roots WHERE organization_id = $1 AND principal = $2 AND ended_ms IS NULL",
    )
    .bind(organization.to_string())
    .bind(principal)
    .fetch_all(transaction)
    .await?;
    rows.into_iter()
        .map(|row| row.get::<String, _>(0).parse().map_err(|error| sqlx::Error::Decode(Box::new(error))))
        .collect()
}

/// The live roots of one person in all organisations, by the hash of their principal's key.
///
/// # Errors
/// When the store cannot be read, or a row.
pub async fn everywhere(
    transaction: &mut Transaction,
    principal: &str,
) -> Result<Vec<(RootId, OrganizationId)>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, organization_id FROM roots WHERE principal = $1 AND ended_ms IS NULL")
        .bind(principal)
        .fetch_all(transaction)
        .await?;
    let decode = |what: &'static str| sqlx::Error::Decode(what.into());
    rows.into_iter()
        .map(|row| {
            let (id, organization): (String, String) = (row.get(0), row.get(1));
            Ok((
                id.parse().map_err(|_| decode("roots.id"))?,
                organization.parse().map_err(|_| decode("roots.organization_id"))?,
            ))
        })
        .collect()
}

/// Whether a root stands at this moment of a transaction.
///
/// # Errors
/// When the store cannot be read.
pub async fn stands(transaction: &mut Transaction, id: RootId) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT 1 FROM roots WHERE id = $1 AND ended_ms IS NULL").bind(id.to_string());
    Ok(row.fetch_optional(transaction).await?.is_some())
}

/// Writes anew what was proved.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep_facts(transaction: &mut Transaction, id: RootId, facts: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE roots SET facts = $1 WHERE id = $2 AND ended_ms IS NULL")
        .bind(facts)
        .bind(id.to_string())
        .execute(transaction)
        .await
        .map(drop)
}
