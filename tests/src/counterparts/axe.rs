//! axe-core in a real browser: what it says of pages, as people see them; `tests/counterparts/axe.mjs` says what it reports.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::{CounterpartError, node};

const SCRIPT: &str = "axe.mjs";
const PATIENCE: Duration = Duration::from_mins(6);

/// What is looked at, and as whom.
#[derive(Debug, Clone, Serialize)]
pub struct Look {
    /// Cookies that the browser has.
    pub cookies: Vec<OwnCookie>,
    /// How people look.
    pub variants: Vec<Variant>,
    /// At what.
    pub pages: Vec<Shown>,
    /// An existing folder for a picture of each page in each variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screenshots: Option<PathBuf>,
}

/// A cookie of one host.
#[derive(Debug, Clone, Serialize)]
pub struct OwnCookie {
    pub name: String,
    pub value: String,
    /// Any address of its host.
    pub url: String,
}

/// One way to look.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Variant {
    pub language: &'static str,
    pub scheme: &'static str,
    pub width: u32,
}

impl Variant {
    /// Both languages, both themes and both widths, each with each of another kind.
    pub const ALL: [Self; 4] = [
        Self { language: "en", scheme: "light", width: 1280 },
        Self { language: "ja", scheme: "dark", width: 1280 },
        Self { language: "en", scheme: "dark", width: 390 },
        Self { language: "ja", scheme: "light", width: 390 },
    ];
}

/// A page, or what comes after its form was sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    pub url: String,
    /// What is typed, by selector.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fill: BTreeMap<String, String>,
    /// What is pressed then, by selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub press: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    pub seen: Vec<Seen>,
    /// Script errors, and refusals by a policy.
    pub faults: Vec<String>,
    #[serde(default)]
    pub error: Option<String>,
}

/// One page in one variant.
#[derive(Debug, Clone, Deserialize)]
pub struct Seen {
    pub url: String,
    pub variant: String,
    pub status: u16,
    pub title: String,
    /// Wider than its window.
    pub wider: bool,
    pub violations: Vec<Violation>,
}

/// A rule that a page breaks, and where.
#[derive(Debug, Clone, Deserialize)]
pub struct Violation {
    pub id: String,
    pub help: String,
    pub nodes: Vec<String>,
}

/// Looks. It judges nothing.
///
/// # Errors
/// When the browser cannot be driven; see [`CounterpartError`].
pub async fn look(look: &Look) -> Result<Report, CounterpartError> {
    let nothing: [(&str, &str); 0] = [];
    let mut child = node::start(SCRIPT, nothing)?;
    let told = async {
        let mut input = child.stdin.take().ok_or(CounterpartError::Ended(SCRIPT))?;
        let script = serde_json::to_vec(look).map_err(malformed)?;
        input.write_all(&script).await.map_err(failed)?;
        drop(input);
        Ok::<_, CounterpartError>(child.wait_with_output().await.map_err(failed)?.stdout)
    };
    let deadline = || CounterpartError::Deadline { program: SCRIPT, deadline: PATIENCE };
    let said = timeout(PATIENCE, told).await.map_err(|_| deadline())??;
    if said.is_empty() {
        return Err(CounterpartError::Ended(SCRIPT));
    }
    let report: Report = serde_json::from_slice(&said).map_err(malformed)?;
    match report.error {
        Some(fault) => Err(CounterpartError::Stuck { fault, shown: Box::default() }),
        None => Ok(report),
    }
}

fn malformed(source: serde_json::Error) -> CounterpartError {
    CounterpartError::Json { program: SCRIPT, source }
}

fn failed(source: std::io::Error) -> CounterpartError {
    CounterpartError::Process { program: SCRIPT, source }
}
