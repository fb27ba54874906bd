//! Verified SAML responses between the address where they were posted and the browser that has to bring them: one for each
//! sign-in and assertion, for a minute (architecture 2, step 4).

use std::time::Duration;

use sqlx::Row;
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::time::Timestamp;

use super::Transaction;

/// How long a response waits for its browser.
pub const LIFETIME: Duration = Duration::from_mins(1);
/// Responses that wait, of all connections together.
const MOST: i64 = 10_000;
/// Their octets.
const LARGEST: i64 = 64 * 1024 * 1024;
/// One connection may hold a tenth of either.
const SHARE: i64 = 10;
/// How the `assertion` of a test sign-in begins whose response proved nothing.
pub const UNPROVED: &str = "unproved ";
/// Of those, one connection may hold this many: whoever has the address of a test can post what they like.
const MOST_UNPROVED: i64 = 8;

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The connection that it was verified by.
    pub connection: ConnectionId,
    /// What it belongs to: the number of a transaction, or the message itself where the provider began.
    pub sign_in: String,
    /// Provider and assertion id, hashed.
    pub assertion: String,
    /// Until when somebody could present the same assertion again, by the time that sessions live by.
    pub usable_until: Timestamp,
    /// The sealed message.
    pub message: Vec<u8>,
    /// When it is of no use any more.
    pub expires: Timestamp,
}

/// What became of a response that was to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parking {
    /// It waits; the same octets posted again find the same place.
    Waits,
    /// Another response for this sign-in, or with this assertion, waits already, or was used.
    Taken,
    /// Too many wait.
    Full,
}

/// Lets a response wait under its code.
///
/// # Errors
/// When the store cannot be written.
pub async fn park(
    transaction: &mut Transaction,
    code: &TokenHash,
    parked: &Parked,
    now: Timestamp,
) -> Result<Parking, sqlx::Error> {
    sqlx::query("DELETE FROM parked WHERE expires_ms <= $1")
        .bind(now.millis())
        .execute(&mut *transaction)
        .await?;
    let spent = sqlx::query("SELECT COUNT(*) FROM spends WHERE id = $1")
        .bind(&parked.assertion)
        .fetch_one(&mut *transaction)
        .await?;
    if spent.get::<i64, _>(0) > 0 {
        return Ok(Parking::Taken);
    }
    if is_full(transaction, parked).await? {
        return Ok(Parking::Full);
    }
    sqlx::query(
        "INSERT INTO parked (code_hash, connection_id, sign_in, assertion, usable_until_ms, size, message, expires_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(code.to_hex())
    .bind(parked.connection.to_string())
    .bind(&parked.sign_in)
    .bind(&parked.assertion)
    .bind(parked.usable_until.millis())
    .bind(size(parked))
    .bind(&parked.message)
    .bind(parked.expires.millis())
    .execute(&mut *transaction)
    .await?;
    let there = sqlx::query("SELECT COUNT(*) FROM parked WHERE code_hash = $1")
        .bind(code.to_hex())
        .fetch_one(transaction)
        .await?;
    Ok(if there.get::<i64, _>(0) == 1 { Parking::Waits } else { Parking::Taken })
}

async fn is_full(transaction: &mut Transaction, parked: &Parked) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COUNT(*), COALESCE(SUM(size), 0), COUNT(CASE WHEN connection_id = $1 THEN 1 END), \
         COALESCE(SUM(CASE WHEN connection_id = $1 THEN size END), 0), \
         COUNT(CASE WHEN connection_id = $1 AND assertion LIKE $2 THEN 1 END) FROM parked",
    )
    .bind(parked.connection.to_string())
    .bind(format!("{UNPROVED}%"))
    .fetch_one(transaction)
    .await?;
    let (count, octets, own, own_octets): (i64, i64, i64, i64) =
        (row.get(0), row.get(1), row.get(2), row.get(3));
    let unproved: i64 = row.get(4);
    if parked.assertion.starts_with(UNPROVED) && unproved >= MOST_UNPROVED {
        return Ok(true);
    }
    let more = size(parked);
    Ok(count >= MOST || octets + more > LARGEST || own >= MOST / SHARE || own_octets + more > LARGEST / SHARE)
}

fn size(parked: &Parked) -> i64 {
    i64::try_from(parked.message.len()).unwrap_or(i64::MAX)
}

/// Looks at one without taking it.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn look(readers: &sqlx::SqlitePool, code: &TokenHash) -> Result<Option<Parked>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT connection_id, sign_in, assertion, usable_until_ms, message, expires_ms FROM parked WHERE code_hash = $1",
    )
    .bind(code.to_hex())
    .fetch_optional(readers)
    .await?;
    row.map(|row| {
        let id: String = row.get(0);
        Ok(Parked {
            connection: id.parse().map_err(|_| sqlx::Error::Decode("parked.connection_id".into()))?,
            sign_in: row.get(1),
            assertion: row.get(2),
            usable_until: Timestamp::from_millis(row.get(3)),
            message: row.get(4),
            expires: Timestamp::from_millis(row.get(5)),
        })
    })
    .transpose()
}

/// Takes one away.
///
/// # Errors
/// When the store cannot be written.
pub async fn take(transaction: &mut Transaction, code: &TokenHash) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query("DELETE FROM parked WHERE code_hash = $1")
        .bind(code.to_hex())
        .execute(transaction)
        .await?;
    Ok(taken.rows_affected() == 1)
}
