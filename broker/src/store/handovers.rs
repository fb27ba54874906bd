//! Hand-over codes: how a sign-in on the accounts host reaches another host (annex c.15).

use sqlx::Row;
use vestibule_certs::token::TokenHash;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;

use super::Transaction;
use super::roots::RootId;

/// A code's meaning. The code itself is known to the browser alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The root that the host gets an access of.
    pub root: RootId,
    /// The one host that may take it.
    pub host: HostName,
    /// SHA-256 of the secret in the hand-off cookie of the browser that began there, base64url.
    pub challenge: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// Keeps a hand-over.
///
/// # Errors
/// When the store cannot be written.
pub async fn insert(
    transaction: &mut Transaction,
    code: &TokenHash,
    handover: &Handover,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO handovers (code_hash, root_id, host, challenge, expires_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(code.to_hex())
    .bind(handover.root.to_string())
    .bind(handover.host.as_str())
    .bind(&handover.challenge)
    .bind(handover.expires.millis())
    .execute(transaction)
    .await
    .map(drop)
}

/// Takes a hand-over out: whoever presents the code uses it up.
///
/// # Errors
/// When the store cannot be written, or the row cannot be read.
pub async fn take(transaction: &mut Transaction, code: &TokenHash) -> Result<Option<Handover>, sqlx::Error> {
    let row = sqlx::query(
        "DELETE FROM handovers WHERE code_hash = $1 RETURNING root_id, host, challenge, expires_ms",
    )
    .bind(code.to_hex())
    .fetch_optional(transaction)
    .await?;
    row.map(|row| {
        let decode = |error: String| sqlx::Error::Decode(error.into());
        Ok(Handover {
            root: row.get::<String, _>(0).parse().map_err(|_| decode("handovers.root_id".to_owned()))?,
            host: HostName::parse(row.get(1)).map_err(|fault| decode(format!("handovers.host: {fault}")))?,
            challenge: row.get(2),
            expires: Timestamp::from_millis(row.get(3)),
        })
    })
    .transpose()
}
