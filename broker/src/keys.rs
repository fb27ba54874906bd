//! The master key and the ring that it opens (architecture 5).
//!
//! A master key is made by itself only for an empty store; a missing or wrong one later is an error of the configuration.

use std::io::{self, Write as _};
use std::path::Path;

use vestibule_certs::key_ring::{KeyRing, KeyRingError, MasterKey};

use crate::config::MasterKeySource;
use crate::store::{Store, StoreError};

/// Why there are no keys. All but the first are faults of the configuration.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("secrets.master_key: {file} is missing, and the store is sealed with it")]
    Missing { file: String },
    #[error("secrets.master_key: {0}")]
    Unusable(String),
    #[error("secrets.master_key: {0}")]
    Ring(#[from] KeyRingError),
}

/// Opens the ring of a store, or makes it for an empty one.
///
/// # Errors
/// See [`KeysError`].
pub async fn open(store: &Store, source: &MasterKeySource) -> Result<KeyRing, KeysError> {
    let wrapped = store.wrapped_keys().await?;
    if wrapped.is_empty() {
        let master = match source {
            MasterKeySource::File(path) => read(path)?.map_or_else(|| create(path), Ok)?,
            MasterKeySource::Given(text) => parse(text.expose())?,
        };
        return Ok(store.create_key_ring(&master).await?);
    }
    let master = match source {
        MasterKeySource::File(path) => {
            read(path)?.ok_or_else(|| KeysError::Missing { file: path.display().to_string() })?
        }
        MasterKeySource::Given(text) => parse(text.expose())?,
    };
    Ok(KeyRing::open(&master, wrapped)?)
}

fn parse(text: &str) -> Result<MasterKey, KeysError> {
    MasterKey::from_text(text.trim()).map_err(|fault| KeysError::Unusable(fault.to_string()))
}

fn read(path: &Path) -> Result<Option<MasterKey>, KeysError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            warn_of_readers(path);
            parse(&text).map(Some)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeysError::Unusable(format!("{}: {error}", path.display()))),
    }
}

/// A warning and no refusal: where secrets are mounted into a container, their modes are not the operator's to choose.
fn warn_of_readers(path: &Path) {
    #[cfg(unix)]
    if let Ok(data) = std::fs::metadata(path)
        && std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o077 != 0
    {
        tracing::warn!(file = %path.display(), "other accounts of this machine can open the master key; 0600 keeps them out");
    }
}

/// Readable by its owner alone, and on disk before anything is sealed with it.
fn create(path: &Path) -> Result<MasterKey, KeysError> {
    let unusable =
        |error: &dyn std::fmt::Display| KeysError::Unusable(format!("{}: {error}", path.display()));
    let master = MasterKey::generate().map_err(|error| unusable(&error))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| unusable(&error))?;
    writeln!(file, "{}", master.to_text().expose()).map_err(|error| unusable(&error))?;
    file.sync_all().map_err(|error| unusable(&error))?;
    Ok(master)
}
