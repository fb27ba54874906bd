//! The provider's session behind a root, by MACs: whoever reads the store learns no identifier of a provider.

use sqlx::{Row, SqliteExecutor, SqlitePool};
use vestibule_policies::time::Timestamp;

use super::RootId;
use crate::store::{StoreError, Transaction};

/// What stands beside a root for its provider.
#[derive(Debug, Clone, Default)]
pub struct Upstream {
    /// By what it is found.
    pub tags: UpstreamTags,
    /// What shows the provider at a sign-out whose session is meant, sealed; see [`hint_binding`].
    pub hint: Option<Vec<u8>>,
}

/// What a root's hint is sealed for.
#[must_use]
pub fn hint_binding(root: RootId) -> Vec<u8> {
    format!("hint {root}").into_bytes()
}

/// The sealed hint of a live root.
///
/// # Errors
/// When the store cannot be read.
pub async fn hint(readers: &SqlitePool, root: RootId) -> Result<Option<Vec<u8>>, StoreError> {
    let query =
        sqlx::query("SELECT hint FROM roots WHERE id = $1 AND ended_ms IS NULL").bind(root.to_string());
    let row = query.fetch_optional(readers).await.map_err(StoreError::Read)?;
    Ok(row.and_then(|row| row.get(0)))
}

/// What a provider may name of a root; nothing of one that no provider ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpstreamTags {
    /// Of its session (`sid`), where it said one.
    pub session: Option<String>,
    /// Of the person (`sub`).
    pub subject: Option<String>,
}

/// What a provider names, by the same MACs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One session.
    Session(String),
    /// Every session of a person.
    Subject(String),
    /// One session of a person.
    SessionOf {
        /// Of the session.
        session: String,
        /// Of the person.
        subject: String,
    },
}

impl Named {
    /// What it names most exactly.
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Self::Session(tag) | Self::Subject(tag) | Self::SessionOf { session: tag, .. } => tag,
        }
    }
}

/// The live roots that a provider names. Of a person's session those count too whose session nobody knows: it may be this one.
///
/// # Errors
/// When the store cannot be read.
pub async fn named(executor: impl SqliteExecutor<'_>, named: &Named) -> Result<Vec<RootId>, sqlx::Error> {
    let rows = match named {
        Named::Session(session) => {
            sqlx::query("SELECT id FROM roots WHERE upstream_session = $1 AND ended_ms IS NULL").bind(session)
        }
        Named::Subject(subject) => {
            sqlx::query("SELECT id FROM roots WHERE upstream_subject = $1 AND ended_ms IS NULL").bind(subject)
        }
        Named::SessionOf { session, subject } => sqlx::query(
            "SELECT id FROM roots WHERE upstream_subject = $1 AND ended_ms IS NULL \
             AND (upstream_session = $2 OR upstream_session IS NULL)",
        )
        .bind(subject)
        .bind(session),
    };
    let rows = rows.fetch_all(executor).await?;
    rows.into_iter()
        .map(|row| row.get::<String, _>(0).parse().map_err(|error| sqlx::Error::Decode(Box::new(error))))
        .collect()
}

/// Remembers among the spends that a provider ended this, for as long as a sign-in that began before may still be on its way.
///
/// # Errors
/// When the store cannot be written.
pub async fn remember_end(
    transaction: &mut Transaction,
    named: &Named,
    until: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO spends (id, expires_ms) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET expires_ms = $2",
    )
    .bind(end_id(named.tag()))
    .bind(until.millis())
    .execute(transaction)
    .await
    .map(drop)
}

/// Until when the latest end of what these tags name is remembered.
///
/// # Errors
/// When the store cannot be read.
pub async fn remembered_end(
    transaction: &mut Transaction,
    tags: &UpstreamTags,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let [session, subject] = [&tags.session, &tags.subject].map(|tag| tag.as_deref().map(end_id));
    let row = sqlx::query("SELECT MAX(expires_ms) FROM spends WHERE id IN ($1, $2)")
        .bind(session)
        .bind(subject)
        .fetch_one(transaction)
        .await?;
    Ok(row.get::<Option<i64>, _>(0).map(Timestamp::from_millis))
}

fn end_id(tag: &str) -> String {
    format!("upstream {tag}")
}
