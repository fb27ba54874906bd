//! How a script of `tests/counterparts` is started: with the node that the lock file pins, else with the machine's.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::CounterpartError;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");
const MODULES: [&str; 4] = ["@node-saml/node-saml", "jose", "oidc-provider", "playwright-core"];

/// Starts a script with piped standard input and output. It is killed when the handle is dropped.
///
/// # Errors
/// [`CounterpartError::NotInstalled`] without node or its modules, [`CounterpartError::Process`] if it does not start.
pub(super) fn start<K: AsRef<OsStr>, V: AsRef<OsStr>>(
    script: &'static str,
    environment: impl IntoIterator<Item = (K, V)>,
) -> Result<Child, CounterpartError> {
    let modules = Path::new(FOLDER).join("node_modules");
    if !MODULES.iter().all(|module| modules.join(module).is_dir()) {
        return Err(CounterpartError::NotInstalled("tests/counterparts/node_modules"));
    }
    let pinned = modules.join("node/bin/node");
    let node = if pinned.is_file() { pinned.as_os_str() } else { OsStr::new("node") };
    Command::new(node)
        .arg(script)
        .current_dir(FOLDER)
        .envs(environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound => CounterpartError::NotInstalled("node"),
            _ => CounterpartError::Process { program: script, source },
        })
}
