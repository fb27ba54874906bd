//! The store of one deployment, on SQLite: WAL, one writer, every commit on disk before it is answered (architecture 5).
//!
//! The rows have a file each; their functions take the connection of a transaction, so that a caller can do several things
//! in one: an audit event stands in the transaction that it describes.

pub mod accesses;
pub mod attempts;
pub mod audit;
pub mod clients;
pub mod devices;
pub mod feed;
pub mod handovers;
pub mod invitations;
pub mod keys;
pub mod links;
pub mod lock;
pub mod mails;
pub mod meta;
pub mod metadata;
pub mod organizations;
pub mod parked;
pub mod pending;
pub mod persons;
pub mod purge;
pub mod roots;
pub mod service_provider;
pub mod spends;
pub mod trials;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Row};
use vestibule_policies::code::Code;
use vestibule_providers::SignInError;

use self::writer::{Extent, Writer};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It could not be opened.
    #[error("the store {path} cannot be opened: {source}")]
    Open { path: String, source: sqlx::Error },
    /// It could not be read.
    #[error("the store cannot be read: {0}")]
    Read(#[source] sqlx::Error),
    /// It could not be written; nothing of it stands.
    #[error("the store cannot be written: {0}")]
    Write(String),
    /// Something that stands in it cannot be understood.
    #[error("the store holds something that this version cannot read: {0}")]
    Corrupt(String),
    /// It was made by another version.
    #[error("the store has schema {found}, this version needs {needed}")]
    Schema { found: String, needed: usize },
}

impl StoreError {
    /// What a visitor is told.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Open { .. } | Self::Read(_) => Code::StoreLost,
            Self::Write(_) => Code::StoreBusy,
            Self::Corrupt(_) | Self::Schema { .. } => Code::Internal,
        }
    }
}

/// What a sign-in stops with when the store fails it.
impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

/// What each version adds; a store is brought up to date when it is opened, and none is taken back.
const SCHEMA: [&str; 8] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
];
/// A command beside a running server waits this long for the other's transaction.
const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

/// An open store. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: Writer,
    path: PathBuf,
}

/// The connection of a write transaction.
pub type Transaction = SqliteConnection;

impl Store {
    /// Opens the store, and makes it where there is none.
    ///
    /// # Errors
    /// When the file cannot be opened or is of another schema.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options)
            .await
            .map_err(|source| StoreError::Open { path: path.display().to_string(), source })?;
        restrict(path)?;
        create_schema(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(1)
            .acquire_timeout(BUSY)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().read_only(true));
        Ok(Self { readers, writer: Writer::start(connection, options), path: path.to_owned() })
    }

    /// For reading outside a transaction.
    #[must_use]
    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Closes every connection of every clone. The last one to close a store, in whatever process, brings its file up to date
    /// and takes `-wal` away; who only ends leaves the newest commits in there.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does `work` in one transaction and answers when it is on disk. Work that waits together shares a commit.
    ///
    /// # Errors
    /// `Write`, and then nothing of `work` stands.
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        self.writer.write(Extent::Several, work).await
    }

    /// The same for `work` that is a single statement and so needs no bracket.
    ///
    /// # Errors
    /// `Write`, and then it does not stand.
    pub async fn write_one<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        self.writer.write(Extent::Statement, work).await
    }
}

/// The file holds sealed personal data: no other account of the machine has to read it.
#[cfg(unix)]
fn restrict(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| StoreError::Write(format!("{}: {error}", path.display())))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Makes the tables that are missing, in one transaction.
async fn create_schema(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let write = |error: sqlx::Error| StoreError::Write(error.to_string());
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.map_err(write)?;
    let known = sqlx::query("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'")
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::Read)?;
    let version = match known.get::<i64, _>(0) {
        0 => 0,
        _ => schema_version(meta::value(&mut *connection, meta::SCHEMA).await?)?,
    };
    for statements in SCHEMA.iter().skip(version) {
        sqlx::raw_sql(*statements).execute(&mut *connection).await.map_err(write)?;
    }
    if version < SCHEMA.len() {
        meta::set(connection, meta::SCHEMA, &SCHEMA.len().to_string()).await.map_err(write)?;
    }
    sqlx::query("COMMIT").execute(&mut *connection).await.map_err(write).map(drop)
}

/// A store of a newer version is not ours to touch.
fn schema_version(found: Option<String>) -> Result<usize, StoreError> {
    let version = found.as_deref().and_then(|text| text.parse().ok());
    version
        .filter(|version| (1..=SCHEMA.len()).contains(version))
        .ok_or_else(|| StoreError::Schema { found: found.unwrap_or_default(), needed: SCHEMA.len() })
}

/// A value of a row that must parse, or the row is not ours.
pub(crate) fn parsed<T, E: std::fmt::Display>(what: &str, value: Result<T, E>) -> Result<T, StoreError> {
    value.map_err(|error| StoreError::Corrupt(format!("{what}: {error}")))
}
