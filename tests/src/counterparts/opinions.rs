//! What libraries of other people make of the same Responses, so that the product is not the only one who judges them.
//!
//! They differ in what they look at. `xmlsec` verifies signatures and knows nothing of SAML; `python3-saml`, `node-saml` and
//! `samael` read a Response as a service provider does, each with gaps of its own.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Child;
use tokio::time::timeout;

use super::saml::SignedPart;
use super::{CounterpartError, node, oracle, python};

/// The back ends, in the order in which [`opinions`] gives what they say.
pub const BACK_ENDS: [&str; 4] = ["xmlsec", "python3-saml", "node-saml", "samael"];
/// A thousand messages take a tenth of it on an idle machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// What a Response has to be the answer to. Times in it are judged by the machine's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The identity provider's entity ID.
    pub issuer: String,
    /// The one certificate whose key may have signed.
    pub certificate_pem: String,
    /// Where the Response arrived.
    pub acs: String,
    /// The service provider's entity ID.
    pub audience: String,
    /// The `AuthnRequest` that it answers.
    pub request_id: String,
    /// Whose signature is insisted on; with [`SignedPart::Neither`] one of either is enough.
    pub signed: SignedPart,
    /// How far clocks may differ. samael and node-saml take it for every time; python3-saml for those of `Conditions`.
    pub skew_seconds: u32,
    /// Opens what is encrypted.
    pub sp_key_pem: Option<String>,
}

/// What one back end makes of one message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// Whether it takes the message.
    pub accepted: bool,
    /// Whom it would sign in; `xmlsec` never says.
    pub name_id: Option<String>,
    /// What it read about them, by name; `xmlsec` reads nothing.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Why it refuses the message.
    pub reason: String,
}

/// Asks each back end about each message, which is the XML of a Response. A batch is one process for each language.
///
/// # Errors
/// When a back end is not installed, or ends before it has judged every message.
pub async fn opinions(
    question: &Question,
    messages: &[Vec<u8>],
) -> Result<Vec<[Opinion; BACK_ENDS.len()]>, CounterpartError> {
    let lines = lines(question, messages)?;
    let task = (lines.as_slice(), messages.len());
    let nothing: [(&str, &str); 0] = [];
    let (python, node, oracle) = tokio::try_join!(
        asked("opinions.py", python::start("opinions.py")?, task),
        asked("opinions.mjs", node::start("opinions.mjs", nothing)?, task),
        async { asked("oracle", oracle::start().await?, task).await },
    )?;
    let mut judged = Vec::with_capacity(messages.len());
    for ((mut said, node), oracle) in python.into_iter().zip(node).zip(oracle) {
        said.extend(node);
        said.extend(oracle);
        let [a, b, c, d] = BACK_ENDS.map(|name| said.remove(name));
        let all = a.zip(b).zip(c.zip(d)).ok_or(CounterpartError::Ended("opinions"))?;
        let ((a, b), (c, d)) = all;
        judged.push([a, b, c, d]);
    }
    Ok(judged)
}

/// The question, and one line for each message: the protocol of all three programs.
fn lines(question: &Question, messages: &[Vec<u8>]) -> Result<Vec<u8>, CounterpartError> {
    let mut lines = serde_json::to_vec(question)
        .map_err(|source| CounterpartError::Json { program: "opinions", source })?;
    for message in messages {
        lines.push(b'\n');
        lines.extend_from_slice(STANDARD.encode(message).as_bytes());
    }
    lines.push(b'\n');
    Ok(lines)
}

/// A program's answers, one line for each message: who says what.
async fn asked(
    program: &'static str,
    mut child: Child,
    (lines, number): (&[u8], usize),
) -> Result<Vec<HashMap<String, Opinion>>, CounterpartError> {
    let failed = |source| CounterpartError::Process { program, source };
    let mut input = child.stdin.take().ok_or(CounterpartError::Ended(program))?;
    // It answers while it is still being asked, so both ends of it are served at once.
    let asking = async move {
        // A program that ended early closed its pipe; the number of its answers tells.
        let _gone = input.write_all(lines).await;
    };
    let (output, ()) = timeout(PATIENCE, async { tokio::join!(child.wait_with_output(), asking) })
        .await
        .map_err(|_| CounterpartError::Deadline { program, deadline: PATIENCE })?;
    let said = output.map_err(failed)?.stdout;
    let answers: Vec<_> = said
        .split(|octet| *octet == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).map_err(|source| CounterpartError::Json { program, source }))
        .collect::<Result<_, _>>()?;
    if answers.len() == number { Ok(answers) } else { Err(CounterpartError::Ended(program)) }
}
