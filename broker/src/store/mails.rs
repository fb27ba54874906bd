//! Mails that wait for a server to take them, and how many one address was sent. They survive a restart, or what was told to
//! a person on a page would not come.

use std::time::Duration;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// What counts towards a bound counts so long.
const WINDOW: Duration = Duration::from_hours(1);
/// Mails of one kind to one address in a window.
const MOST_TO_ONE: i64 = 10;
/// Mails that wait, of all kinds together.
const MOST: i64 = 10_000;
/// What strangers can cause fills half of it.
const MOST_ASKED: i64 = MOST / 2;

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// 32 hexadecimal digits; also the mail's own id.
    pub id: String,
    pub organization: Option<OrganizationId>,
    /// Which kind of mail; for the audit.
    pub class: String,
    /// A MAC of the address.
    pub recipient: String,
    /// Sealed.
    pub letter: Vec<u8>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written, by the wall.
    pub created: Timestamp,
    /// When it is of no use any more.
    pub expires: Timestamp,
}

/// What one mail counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Its name in the rows.
    pub budget: &'static str,
    /// Whether strangers can cause it.
    pub by_strangers: bool,
}

/// What became of a mail that was to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queuing {
    Waits,
    /// Its address got too many within the hour.
    Capped,
    /// Too many wait.
    Full,
}

/// How it stands with those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: u64,
    /// When the next one is to be tried; past, if one is.
    pub next: Option<Timestamp>,
}

/// Lets one wait, and counts it.
///
/// # Errors
/// When the store cannot be written.
pub async fn wait(
    transaction: &mut Transaction,
    row: &MailRow,
    count: Count,
    now: Timestamp,
) -> Result<Queuing, sqlx::Error> {
    let known = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM mail_counts WHERE recipient = $1 AND budget = $2 AND expires_ms > $3), \
         (SELECT COUNT(*) FROM mails)",
    )
    .bind(&row.recipient)
    .bind(count.budget)
    .bind(now.millis())
    .fetch_one(&mut *transaction)
    .await?;
    if known.get::<i64, _>(0) >= MOST_TO_ONE {
        return Ok(Queuing::Capped);
    }
    if known.get::<i64, _>(1) >= if count.by_strangers { MOST_ASKED } else { MOST } {
        return Ok(Queuing::Full);
    }
    sqlx::query("INSERT INTO mail_counts (recipient, budget, expires_ms) VALUES ($1, $2, $3)")
        .bind(&row.recipient)
        .bind(count.budget)
        .bind(now.plus(WINDOW).millis())
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO mails (id, organization_id, class, recipient, letter, attempts, next_ms, expires_ms, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&row.id)
    .bind(row.organization.map(|id| id.to_string()))
    .bind(&row.class)
    .bind(&row.recipient)
    .bind(&row.letter)
    .bind(i64::from(row.attempts))
    .bind(now.millis())
    .bind(row.expires.millis())
    .bind(row.created.millis())
    .execute(transaction)
    .await?;
    Ok(Queuing::Waits)
}

const COLUMNS: &str = "id, organization_id, class, recipient, letter, attempts, created_ms, expires_ms";

/// Takes away some that have expired.
///
/// # Errors
/// When the store cannot be written.
pub async fn take_expired(
    transaction: &mut Transaction,
    now: Timestamp,
    most: u32,
) -> Result<Vec<MailRow>, sqlx::Error> {
    let statement = format!(
        "DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE expires_ms <= $1 LIMIT $2) RETURNING {COLUMNS}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(now.millis())
        .bind(i64::from(most))
        .fetch_all(transaction)
        .await?;
    Ok(rows.iter().map(row).collect())
}

/// How many wait, and how long the next one does.
///
/// # Errors
/// When the store cannot be read.
pub async fn backlog(transaction: &mut Transaction) -> Result<Backlog, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*), MIN(next_ms) FROM mails").fetch_one(transaction).await?;
    let waiting: i64 = row.get(0);
    Ok(Backlog {
        waiting: u64::try_from(waiting).unwrap_or(0),
        next: row.get::<Option<i64>, _>(1).map(Timestamp::from_millis),
    })
}

/// The one to try now, counted as tried and due again at what `again` says of its attempts. What expires first goes first: a
/// code before news.
///
/// # Errors
/// When the store cannot be written.
pub async fn begin_attempt(
    transaction: &mut Transaction,
    now: Timestamp,
    again: impl FnOnce(u32) -> Duration,
) -> Result<Option<MailRow>, sqlx::Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM mails WHERE next_ms <= $1 AND expires_ms > $1 ORDER BY expires_ms, created_ms LIMIT 1"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(now.millis())
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let mut mail = row(&found);
    mail.attempts = mail.attempts.saturating_add(1);
    sqlx::query("UPDATE mails SET attempts = $1, next_ms = $2 WHERE id = $3")
        .bind(i64::from(mail.attempts))
        .bind(now.plus(again(mail.attempts)).millis())
        .bind(&mail.id)
        .execute(transaction)
        .await?;
    Ok(Some(mail))
}

/// Takes one away: it was accepted, or never will be.
///
/// # Errors
/// When the store cannot be written.
pub async fn remove(transaction: &mut Transaction, id: &str) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query("DELETE FROM mails WHERE id = $1").bind(id).execute(transaction).await?;
    Ok(removed.rows_affected() == 1)
}

/// A row that nobody can read any more would hold up all others: what it is worth is seen when its letter is opened.
fn row(row: &SqliteRow) -> MailRow {
    let organization: Option<String> = row.get(1);
    MailRow {
        id: row.get(0),
        organization: organization.and_then(|id| id.parse().ok()),
        class: row.get(2),
        recipient: row.get(3),
        letter: row.get(4),
        attempts: u32::try_from(row.get::<i64, _>(5)).unwrap_or(u32::MAX),
        created: Timestamp::from_millis(row.get(6)),
        expires: Timestamp::from_millis(row.get(7)),
    }
}
