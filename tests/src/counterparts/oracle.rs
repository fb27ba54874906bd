//! The program of `tests/oracle`: samael, which links libxml2 and xmlsec1 and so lives in a workspace of its own.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::{Child, Command};
use tokio::sync::OnceCell;

use super::CounterpartError;

const PROGRAM: &str = "oracle";
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle/Cargo.toml");

/// Builds the program where it is not built yet, and starts it. It is killed when the handle is dropped.
pub(super) async fn start() -> Result<Child, CounterpartError> {
    static BUILT: OnceCell<PathBuf> = OnceCell::const_new();
    let program = BUILT.get_or_try_init(build).await?;
    Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // xmlsec1 writes lines there about every signature that does not verify.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)
}

/// A minute from nothing, a moment after that; cargo's own lock keeps two of them apart.
async fn build() -> Result<PathBuf, CounterpartError> {
    let target = target_folder()?;
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--locked", "--manifest-path", MANIFEST, "--target-dir"])
        .arg(&target)
        .stdin(Stdio::null())
        .status()
        .await
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound => CounterpartError::NotInstalled("cargo"),
            _ => failed(source),
        })?;
    if status.success() {
        Ok(target.join("debug/vestibule-oracle"))
    } else {
        Err(CounterpartError::NotInstalled("what tests/oracle is built with"))
    }
}

/// `oracle` in the target folder of the test that runs, which lies in `<target>/<profile>/deps`.
fn target_folder() -> Result<PathBuf, CounterpartError> {
    let test = std::env::current_exe().map_err(failed)?;
    let target = test.ancestors().nth(3).ok_or(CounterpartError::NotInstalled("a target folder"))?;
    Ok(target.join("oracle"))
}

fn failed(source: std::io::Error) -> CounterpartError {
    CounterpartError::Process { program: PROGRAM, source }
}
