//! One server a store: a second one on the same file is refused. Commands work beside a running server.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Held as long as a server runs; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock of the store at `path`.
    ///
    /// # Errors
    /// When another server has it, or the lock file cannot be made.
    pub fn take(path: &Path) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::AddrInUse, "another server already runs on this store"))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
