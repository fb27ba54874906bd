//! Libraries of other people that verify what the broker signs: `PyJWT`, joserfc, jwcrypto and npm jose (JWT-18).

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Child;
use tokio::time::timeout;

use super::{CounterpartError, node, python};

/// Longer than the start of an interpreter on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The libraries, as the answer of [`verify`] names them.
pub const VERIFIERS: [&str; 4] = ["pyjwt", "joserfc", "jwcrypto", "jose"];

/// Asks each library about each token. The question is `{jwks, issuer, audience, type, tokens: {name: token}}`; the answer
/// has for each library and token `{header, claims}`, or `{error}` where it is refused.
///
/// # Errors
/// When a library is not installed, or its script ends early.
pub async fn verify(question: &Value) -> Result<Map<String, Value>, CounterpartError> {
    let nothing: [(&str, &str); 0] = [];
    let mut answer = asked("verify.py", python::start("verify.py")?, question).await?;
    answer.extend(asked("verify.mjs", node::start("verify.mjs", nothing)?, question).await?);
    Ok(answer)
}

async fn asked(
    program: &'static str,
    child: Child,
    question: &Value,
) -> Result<Map<String, Value>, CounterpartError> {
    let said = timeout(PATIENCE, told(program, child, question))
        .await
        .map_err(|_| CounterpartError::Deadline { program, deadline: PATIENCE })??;
    if said.is_empty() {
        return Err(CounterpartError::Ended(program));
    }
    serde_json::from_slice(&said).map_err(|source| CounterpartError::Json { program, source })
}

async fn told(
    program: &'static str,
    mut child: Child,
    question: &Value,
) -> Result<Vec<u8>, CounterpartError> {
    let failed = |source| CounterpartError::Process { program, source };
    let mut input = child.stdin.take().ok_or(CounterpartError::Ended(program))?;
    input.write_all(question.to_string().as_bytes()).await.map_err(failed)?;
    drop(input);
    Ok(child.wait_with_output().await.map_err(failed)?.stdout)
}
