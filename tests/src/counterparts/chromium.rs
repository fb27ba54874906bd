//! A real browser, driven through a sign-in and back out. Only it proves `SameSite`, `form-action` and `*.localhost` as
//! people meet them; `tests/counterparts/flow.mjs` says what it reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Child;
use tokio::time::timeout;

use super::{CounterpartError, node};

const ROUND: &str = "flow.mjs";
const PASSKEY: &str = "passkey.mjs";
const BROWSER: &str = "/usr/bin/chromium";
/// The whole round takes two seconds on an idle machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// One step of the round, named in the report as here in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Opens the workspace.
    Open,
    /// Types name and password into the page that is shown, and sends them.
    SignIn,
    /// Opens the second workspace; left out where the flow names none.
    Second,
    /// Asks to sign out of the first.
    Question,
    /// Says yes.
    SignOut,
    /// Opens the first workspace once more.
    Reopen,
    /// Takes the link of the page that is shown; types again if asked.
    SignInAgain,
    /// Presses the first button of a form; no part of the round.
    Press,
    /// Types a one-time code, of the device that it registers where a page offers that; no part of the round.
    Code,
}

/// The person's colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// What the browser is to do. Without `steps` it goes the whole round.
#[derive(Debug, Clone, Serialize)]
pub struct Flow {
    /// The address of the first workspace.
    pub workspace: String,
    /// The address of another one of the same organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// What is typed as name.
    pub username: String,
    /// What is typed as password.
    pub password: String,
    /// An existing folder for a picture of each step, `<step>.png`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screenshots: Option<PathBuf>,
    /// A language tag, `en` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Light where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
    /// These steps in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
}

impl Flow {
    /// The whole round at one workspace.
    #[must_use]
    pub fn round(workspace: impl Into<String>, username: &str, password: &str) -> Self {
        Self {
            workspace: workspace.into(),
            second: None,
            username: username.to_owned(),
            password: password.to_owned(),
            screenshots: None,
            language: None,
            scheme: None,
            steps: None,
        }
    }
}

/// An administrator with a code that is good now, who adds a passkey, uses it and removes it.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyFlow {
    /// The sign-in address of one organisation at the console.
    pub console: String,
    /// The administrator's own page.
    pub profile: String,
    /// What is typed as name.
    pub username: String,
    /// What is typed as password.
    pub password: String,
    /// What is typed as code, once.
    pub code: String,
}

/// Chromium from the distribution, a fresh profile each run.
#[derive(Debug)]
pub struct Chromium;

impl Chromium {
    /// Goes through the flow and gives the report of `flow.mjs`. It judges nothing: a refusal is a page like any other.
    ///
    /// # Errors
    /// [`CounterpartError::Stuck`] if a step could not be taken, with what was shown then; see the others there.
    pub async fn run(flow: &Flow) -> Result<Value, CounterpartError> {
        Self::drive(ROUND, flow).await
    }

    /// Goes through the life of a passkey, with an authenticator that Chromium has for tests, and gives the report of `passkey.mjs`.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn passkey(flow: &PasskeyFlow) -> Result<Value, CounterpartError> {
        Self::drive(PASSKEY, flow).await
    }

    async fn drive(script: &'static str, flow: &impl Serialize) -> Result<Value, CounterpartError> {
        if !Path::new(BROWSER).is_file() {
            return Err(CounterpartError::NotInstalled("chromium"));
        }
        let nothing: [(&str, &str); 0] = [];
        let child = node::start(script, nothing)?;
        let said = timeout(PATIENCE, told(script, child, flow))
            .await
            .map_err(|_| CounterpartError::Deadline { program: script, deadline: PATIENCE })??;
        judged(script, &said)
    }
}

/// The child ends with the future: a test that gives up leaves no browser behind, whose pipe closes with the script.
async fn told(
    program: &'static str,
    mut child: Child,
    flow: &impl Serialize,
) -> Result<Vec<u8>, CounterpartError> {
    let failed = |source| CounterpartError::Process { program, source };
    let script = serde_json::to_vec(flow).map_err(|source| CounterpartError::Json { program, source })?;
    let mut input = child.stdin.take().ok_or(CounterpartError::Ended(program))?;
    input.write_all(&script).await.map_err(failed)?;
    drop(input);
    Ok(child.wait_with_output().await.map_err(failed)?.stdout)
}

fn judged(program: &'static str, said: &[u8]) -> Result<Value, CounterpartError> {
    if said.is_empty() {
        return Err(CounterpartError::Ended(program));
    }
    let report = serde_json::from_slice(said);
    let mut report: Value = report.map_err(|source| CounterpartError::Json { program, source })?;
    match report.get("error").and_then(Value::as_str).map(str::to_owned) {
        None => Ok(report),
        Some(fault) => {
            let shown = report.get_mut("stuck").map_or(Value::Null, Value::take);
            Err(CounterpartError::Stuck { fault, shown: Box::new(shown) })
        }
    }
}
