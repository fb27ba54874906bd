//! How a Python script of `tests/counterparts` is started: in the environment that `requirements.txt` pins.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::CounterpartError;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");

/// Starts a script with piped standard input and output. It is killed when the handle is dropped.
///
/// # Errors
/// [`CounterpartError::NotInstalled`] without the environment, [`CounterpartError::Process`] if it does not start.
pub(super) fn start(script: &'static str) -> Result<Child, CounterpartError> {
    let python = Path::new(FOLDER).join(".venv/bin/python3");
    Command::new(python)
        .arg(script)
        .current_dir(FOLDER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound => CounterpartError::NotInstalled("tests/counterparts/.venv"),
            _ => CounterpartError::Process { program: script, source },
        })
}
