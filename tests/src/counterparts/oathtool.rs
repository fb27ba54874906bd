//! `oathtool`, which computes one-time passwords as an authenticator app does (RFC 6238) and shares no code with the product.

use std::io;
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::CounterpartError;

const PROGRAM: &str = "oathtool";

/// The six digits that belong to a secret at this second: HMAC-SHA-1 and steps of 30 seconds, as apps have them by default.
///
/// # Errors
/// When `oathtool` is missing, or refuses the secret.
pub async fn totp(secret_base32: &str, at_unix_seconds: u64) -> Result<String, CounterpartError> {
    let mut child = Command::new(PROGRAM)
        .args(["--totp", "--base32", "--now", &format!("@{at_unix_seconds}"), "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => CounterpartError::NotInstalled(PROGRAM),
            _ => failed(source),
        })?;
    // Arguments are visible to everybody on the machine, standard input is not.
    let mut input = child.stdin.take().ok_or(CounterpartError::Ended(PROGRAM))?;
    input.write_all(format!("{secret_base32}\n").as_bytes()).await.map_err(failed)?;
    drop(input);
    let output = child.wait_with_output().await.map_err(failed)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let fault = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(CounterpartError::Answer { program: PROGRAM, fault })
    }
}

fn failed(source: io::Error) -> CounterpartError {
    CounterpartError::Process { program: PROGRAM, source }
}
