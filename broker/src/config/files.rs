//! Files that a configuration names: read whole, as UTF-8, never past a limit.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileFault {
    /// It cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file, as shown to people.
        path: String,
        source: io::Error,
    },
    /// It is longer than whatever it is meant for may be.
    #[error("{path} is longer than {limit} bytes")]
    TooLong {
        /// The file, as shown to people.
        path: String,
        limit: usize,
    },
}

/// Reads a text of at most `limit` bytes.
///
/// # Errors
/// When the file cannot be read, is longer, or is not UTF-8.
pub(super) fn read_text(path: &Path, limit: usize) -> Result<String, FileFault> {
    let shown = || path.display().to_string();
    let mut text = String::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(most).read_to_string(&mut text))
        .map_err(|source| FileFault::Unreadable { path: shown(), source })?;
    if text.len() > limit { Err(FileFault::TooLong { path: shown(), limit }) } else { Ok(text) }
}
