//! What time has made useless leaves the store.

use std::time::Duration;

use vestibule_policies::time::Timestamp;

use super::Transaction;

/// An ended root is kept this long, so that a browser that was signed out is still told so.
const ENDED_ROOTS: Duration = Duration::from_hours(30 * 24);
/// An invitation that nobody followed is shown as expired this long (ADM-20).
const INVITATIONS: Duration = Duration::from_hours(30 * 24);
/// Every server has read a change long before.
const CHANGES: Duration = Duration::from_hours(1);

/// Deletes what nobody can use any more. Sessions, transactions and hand-overs are dated by session time; changes by either,
/// of which the wall is never the later one.
///
/// # Errors
/// When the store cannot be written.
pub async fn purge(
    transaction: &mut Transaction,
    wall: Timestamp,
    sessions: Timestamp,
) -> Result<(), sqlx::Error> {
    let deletions = [
        ("DELETE FROM spends WHERE expires_ms <= $1", sessions),
        ("DELETE FROM handovers WHERE expires_ms <= $1", sessions),
        ("DELETE FROM parked WHERE expires_ms <= $1", sessions),
        ("DELETE FROM trials WHERE expires_ms <= $1", sessions),
        ("DELETE FROM attempts WHERE expires_ms <= $1", sessions),
        ("DELETE FROM pending WHERE expires_ms <= $1", sessions),
        ("DELETE FROM links WHERE expires_ms <= $1 AND organization_id IS NULL", sessions),
        ("DELETE FROM links WHERE expires_ms <= $1", sessions.minus(INVITATIONS)),
        ("DELETE FROM client_tokens WHERE expires_ms <= $1", sessions),
        ("DELETE FROM mail_counts WHERE expires_ms <= $1", sessions),
        (
            "DELETE FROM metadata WHERE fetched_ms <= $1 AND connection_id NOT IN (SELECT id FROM connections)",
            wall.minus(CHANGES),
        ),
        ("DELETE FROM changes WHERE at_ms <= $1", wall.minus(CHANGES)),
        ("DELETE FROM roots WHERE ended_ms IS NOT NULL AND ended_ms <= $1", sessions.minus(ENDED_ROOTS)),
    ];
    for (statement, before) in deletions {
        sqlx::query(statement).bind(before.millis()).execute(&mut *transaction).await?;
    }
    Ok(())
}
