//! How a Python script of `tests/counterparts` is started: in the environment that `requirements.txt` pins.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::CounterpartError;

/// Where the scripts are.
pub(super) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");

/// Starts a script with piped standard input and output. It is killed when the handle is dropped.
///
/// # Errors
/// [`CounterpartError::NotInstalled`] without the environment, [`CounterpartError::Process`] if it does not start.
pub(super) fn start(script: &'static str) -> Result<Child, CounterpartError> {
    Command::new(interpreter()?)
        .arg(script)
        .current_dir(FOLDER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| CounterpartError::Process { program: script, source })
}

/// The interpreter of the environment.
///
/// # Errors
/// [`CounterpartError::NotInstalled`] where there is none.
pub(super) fn interpreter() -> Result<PathBuf, CounterpartError> {
    let python = Path::new(FOLDER).join(".venv/bin/python3");
    if python.is_file() {
        Ok(python)
    } else {
        Err(CounterpartError::NotInstalled("tests/counterparts/.venv"))
    }
}
