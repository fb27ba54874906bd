//! pysaml2 as a service provider: it shows that an identity provider stands before the product has to.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::saml::{ServiceProvider, SignedPart};
use super::{CounterpartError, KeyPair, Opinion, python};

const SCRIPT: &str = "pysaml_sp.py";
/// For one answer, the first of which waits for the interpreter.
const PATIENCE: Duration = Duration::from_mins(1);

/// A service provider with a key of its own. It keeps no request: who asks remembers what was asked.
#[derive(Debug)]
pub struct PySamlSp {
    provider: ServiceProvider,
    key: KeyPair,
    talk: Mutex<Talk>,
}

/// A message on its way through the browser.
#[derive(Debug, Deserialize)]
pub struct Sent {
    /// Its ID.
    pub id: String,
    /// Where the browser takes it.
    pub url: String,
}

#[derive(Deserialize)]
struct Metadata {
    metadata: String,
}

impl PySamlSp {
    /// A service provider at these addresses, with a new key.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn new(entity_id: &str, acs_url: &str, logout_url: &str) -> Result<Self, CounterpartError> {
        let key = KeyPair::generate("sp").await?;
        let provider = ServiceProvider {
            entity_id: entity_id.to_owned(),
            acs_url: acs_url.to_owned(),
            logout_url: logout_url.to_owned(),
            certificate_pem: Some(key.certificate_pem.clone()),
        };
        let mut talk = Talk::start()?;
        let line = json!({
            "entity_id": provider.entity_id,
            "acs_url": provider.acs_url,
            "logout_url": provider.logout_url,
            "key_pem": key.key_pem,
            "certificate_pem": key.certificate_pem,
        });
        talk.say(&line).await?;
        Ok(Self { provider, key, talk: Mutex::new(talk) })
    }

    /// As an identity provider knows it.
    #[must_use]
    pub const fn provider(&self) -> &ServiceProvider {
        &self.provider
    }

    /// Its key, which opens what is encrypted to it.
    #[must_use]
    pub const fn key(&self) -> &KeyPair {
        &self.key
    }

    /// Its metadata.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn metadata(&self) -> Result<String, CounterpartError> {
        let answer: Metadata = self.asked(json!({ "act": "metadata" })).await?;
        Ok(answer.metadata)
    }

    /// An `AuthnRequest` by Redirect.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn request(&self, idp_metadata: &str, signed: bool) -> Result<Sent, CounterpartError> {
        self.asked(json!({ "act": "request", "idp_metadata": idp_metadata, "signed": signed })).await
    }

    /// A signed `LogoutRequest` by Redirect.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn sign_out(
        &self,
        idp_metadata: &str,
        name_id: &str,
        format: &str,
    ) -> Result<Sent, CounterpartError> {
        let question = json!({ "act": "sign_out", "idp_metadata": idp_metadata, "name_id": name_id, "name_id_format": format });
        self.asked(question).await
    }

    /// What it makes of a Response to that request, whose XML this is.
    ///
    /// # Errors
    /// See [`CounterpartError`]; a refusal is an opinion.
    pub async fn read(
        &self,
        idp_metadata: &str,
        request_id: &str,
        response: &[u8],
        signed: SignedPart,
    ) -> Result<Opinion, CounterpartError> {
        let question = json!({
            "act": "read",
            "idp_metadata": idp_metadata,
            "request_id": request_id,
            "response": STANDARD.encode(response),
            "want_response_signed": signed.response(),
            "want_assertion_signed": signed.assertion(),
        });
        self.asked(question).await
    }

    async fn asked<T: DeserializeOwned>(&self, question: Value) -> Result<T, CounterpartError> {
        let mut talk = self.talk.lock().await;
        timeout(PATIENCE, talk.asked(&question))
            .await
            .map_err(|_| CounterpartError::Deadline { program: SCRIPT, deadline: PATIENCE })?
    }
}

/// The pipes of the script, which answers a line with a line.
#[derive(Debug)]
struct Talk {
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Kept, so that the script ends with the talk.
    _child: Child,
}

impl Talk {
    fn start() -> Result<Self, CounterpartError> {
        let mut child = python::start(SCRIPT)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (questions, answers) = pipes.ok_or(CounterpartError::Ended(SCRIPT))?;
        Ok(Self { questions, answers: BufReader::new(answers).lines(), _child: child })
    }

    async fn say(&mut self, line: &Value) -> Result<(), CounterpartError> {
        self.questions.write_all(format!("{line}\n").as_bytes()).await.map_err(failed)
    }

    async fn asked<T: DeserializeOwned>(&mut self, question: &Value) -> Result<T, CounterpartError> {
        self.say(question).await?;
        let answer =
            self.answers.next_line().await.map_err(failed)?.ok_or(CounterpartError::Ended(SCRIPT))?;
        serde_json::from_str(&answer).map_err(|source| CounterpartError::Json { program: SCRIPT, source })
    }
}

fn failed(source: std::io::Error) -> CounterpartError {
    CounterpartError::Process { program: SCRIPT, source }
}
