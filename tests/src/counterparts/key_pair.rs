//! A throw-away RSA key with a certificate that it signed itself, as both sides of SAML exchange them.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use super::CounterpartError;

const PROGRAM: &str = "openssl";

/// The key and its certificate, each as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// PKCS #8.
    pub key_pem: String,
    /// X.509, valid for two days.
    pub certificate_pem: String,
}

impl KeyPair {
    /// A new pair of 2048 bits; the certificate's common name is `name`.
    ///
    /// # Errors
    /// When `openssl` is missing or fails.
    pub async fn generate(name: &str) -> Result<Self, CounterpartError> {
        let folder = TempDir::new().map_err(failed)?;
        Self::generate_into(folder.path(), name).await
    }

    /// The same, and leaves `<name>.key` and `<name>.crt` in the folder.
    pub(super) async fn generate_into(folder: &Path, name: &str) -> Result<Self, CounterpartError> {
        let (key, certificate) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.crt")));
        let status = Command::new(PROGRAM)
            .args(["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj"])
            .arg(format!("/CN={name}"))
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()
            .await
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => CounterpartError::NotInstalled(PROGRAM),
                _ => failed(source),
            })?;
        if !status.success() {
            return Err(CounterpartError::Ended(PROGRAM));
        }
        let read = |path| std::fs::read_to_string(path).map_err(failed);
        Ok(Self { key_pem: read(key)?, certificate_pem: read(certificate)? })
    }
}

/// The certificate without its armour, as metadata and `KeyInfo` hold it.
pub(super) fn armourless(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn failed(source: io::Error) -> CounterpartError {
    CounterpartError::Process { program: PROGRAM, source }
}
