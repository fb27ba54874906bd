//! Schemathesis: an API against its own description, by somebody else's reading of `OpenAPI` and JSON Schema.

use tokio::io::AsyncWriteExt as _;

use super::{CounterpartError, python};

const SCRIPT: &str = "api.py";

/// What Schemathesis says of the API that is described at `url`, called with an access token for so many seconds, with this in the
/// places of its paths: whether it holds, and the report.
///
/// # Errors
/// When it is not installed, or cannot be run.
pub async fn holds_its_description(
    url: &str,
    (token, seconds): (&str, u32),
    places: &[(&str, &str)],
) -> Result<(bool, String), CounterpartError> {
    let process = |source| CounterpartError::Process { program: SCRIPT, source };
    let mut child = python::start(SCRIPT)?;
    let places: serde_json::Map<_, _> =
        places.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let asked = serde_json::json!({ "url": url, "token": token, "seconds": seconds, "places": places });
    if let Some(mut input) = child.stdin.take() {
        input.write_all(format!("{asked}\n").as_bytes()).await.map_err(process)?;
    }
    let output = child.wait_with_output().await.map_err(process)?;
    let report = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), output.status);
    Ok((output.status.success(), report))
}
