//! A mail server, by aiosmtpd, which answers as it is told and writes down what it takes: `tests/counterparts/smtp.py`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;

use super::served::{Place, Ready, Served};
use super::{CounterpartError, python};

const SCRIPT: &str = "smtp.py";
/// A busy machine, a restarted broker, and a look every ten seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// How it is talked to.
#[derive(Debug, Clone, Default)]
pub enum Encryption {
    /// Not encrypted.
    #[default]
    None,
    /// It offers STARTTLS and takes nothing before.
    StartTls(Identity),
    /// TLS from the first octet.
    Tls(Identity),
}

/// A certificate with its key, as PEM.
#[derive(Debug, Clone)]
pub struct Identity {
    pub certificate_pem: String,
    pub key_pem: String,
}

/// How one is started.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub encryption: Encryption,
    /// Name and password without which it takes nothing.
    pub account: Option<(&'static str, &'static str)>,
    /// Where it listens; a port of its own where there is none.
    pub port: Option<u16>,
}

/// A mail as Python's email package reads it.
#[derive(Debug, Clone, Deserialize)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub hello: String,
    pub tls: bool,
    pub username: Option<String>,
    /// Decoded, in their order.
    pub headers: Vec<(String, String)>,
    /// Of the whole and of its parts.
    pub types: Vec<String>,
    pub text: String,
    pub html: String,
    pub defects: Vec<String>,
    pub ascii: bool,
}

impl Received {
    /// The value of a header that stands once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        values.next().filter(|_| values.next().is_none()).map(|(_, value)| value.as_str())
    }
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct SmtpServer {
    served: Served,
}

impl SmtpServer {
    /// Starts one and waits until it takes connections.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(setup: &Setup) -> Result<Self, CounterpartError> {
        let python = python::interpreter()?;
        let place = setup.port.map_or_else(|| Place::new(SCRIPT), |port| Place::at(SCRIPT, port))?;
        let folder = place.folder();
        let (mode, identity) = match &setup.encryption {
            Encryption::None => ("plain", None),
            Encryption::StartTls(identity) => ("starttls", Some(identity)),
            Encryption::Tls(identity) => ("tls", Some(identity)),
        };
        let file = |name, text: fn(&Identity) -> &str| {
            identity.map(|identity| write(folder, name, text(identity))).transpose()
        };
        let settings = json!({
            "port": place.port(),
            "folder": folder,
            "mode": mode,
            "certificate": file("cert.pem", |identity| &identity.certificate_pem)?,
            "key": file("key.pem", |identity| &identity.key_pem)?,
            "username": setup.account.map(|(username, _)| username),
            "password": setup.account.map(|(_, password)| password),
        });
        let file = write(folder, "settings.json", &settings.to_string())?;
        let mut command = Command::new("./beside.sh");
        command.arg(python).arg(SCRIPT).arg(file);
        Ok(Self { served: Served::start(SCRIPT, place, command, Ready::Connections).await? })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.served.place().port()
    }

    /// From now on these steps answer so; every other one answers well.
    ///
    /// # Errors
    /// When its folder cannot be written.
    pub fn tell(&self, answers: &Value) -> Result<(), CounterpartError> {
        let folder = self.served.place().folder();
        let fresh = write(folder, "fresh.json", &answers.to_string())?;
        std::fs::rename(fresh, folder.join("told.json")).map_err(failed)
    }

    /// Everything that it took so far.
    ///
    /// # Errors
    /// When its notes cannot be read.
    pub fn received(&self) -> Result<Vec<Received>, CounterpartError> {
        let notes = std::fs::read_to_string(self.served.place().folder().join("received.jsonl"));
        let notes = notes.unwrap_or_default();
        // A line that is still being written has no end yet.
        let whole = notes.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .map_err(|source| CounterpartError::Json { program: SCRIPT, source })
    }

    /// Waits until it has taken so many, and gives all.
    ///
    /// # Errors
    /// [`CounterpartError::Deadline`] if they do not come.
    pub async fn takes(&self, count: usize) -> Result<Vec<Received>, CounterpartError> {
        self.until(|| Ok(self.received()?.len() >= count)).await?;
        self.received()
    }

    /// Waits until a step that was told to hang does.
    ///
    /// # Errors
    /// [`CounterpartError::Deadline`] if none comes so far.
    pub async fn hangs(&self) -> Result<(), CounterpartError> {
        let mark = self.served.place().folder().join("hangs");
        self.until(|| Ok(mark.exists())).await?;
        std::fs::remove_file(mark).map_err(failed)
    }

    async fn until(
        &self,
        holds: impl Fn() -> Result<bool, CounterpartError>,
    ) -> Result<(), CounterpartError> {
        let held = async {
            while !holds()? {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(())
        };
        let late = |_| Err(CounterpartError::Deadline { program: SCRIPT, deadline: PATIENCE });
        tokio::time::timeout(PATIENCE, held).await.unwrap_or_else(late)
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, CounterpartError> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(failed)?;
    Ok(path)
}

fn failed(source: std::io::Error) -> CounterpartError {
    CounterpartError::Process { program: SCRIPT, source }
}
