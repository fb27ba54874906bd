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
        // One lock for one file, by whatever links it is reached.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut name = path.into_os_string();
        name.push(".lock");
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        // Whoever can open the file can hold its lock.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::AddrInUse, "another server already runs on this store"))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
