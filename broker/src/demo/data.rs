//! A demo's data directory: marked as such, with passwords and keys that were made for it alone.

use std::fs;
use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use vestibule_certs::encoding::base64url;
use vestibule_certs::{digest, random};
use vestibule_conformance::sandbox::directory::DirectoryTls;
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::sandbox::rsa_key::RsaSigningKey;

use crate::app::DEMO_MARK;
use crate::config::TlsFiles;

const SECRETS: &str = "demo-secrets.json";
/// Certificate and key of the sandbox directory, and the certificate that the broker trusts for it.
const DIRECTORY: &str = "demo-directory.json";
const DIRECTORY_AUTHORITY: &str = "demo-directory-ca.pem";
/// The same of the sandbox Gateway; its certificate and key are read by the listener.
const GATEWAY: &str = "demo-gateway.json";
const GATEWAY_FILES: [&str; 3] = ["demo-gateway.pem", "demo-gateway.key", "demo-gateway-ca.pem"];

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{0} holds something that is no demo's; name another directory with --data")]
    NotOurs(PathBuf),
    #[error("{path}: {error}")]
    Io { path: PathBuf, error: io::Error },
    #[error("{0}: {1}; delete the directory to begin anew")]
    Damaged(PathBuf, String),
    #[error("the system has no randomness")]
    Random,
}

/// What a demo made for itself.
#[derive(Debug)]
pub struct Data {
    secrets: Secrets,
    directory: PathBuf,
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Secrets {
    seed: String,
    client_secret: String,
    signing_key: String,
    /// Of a certificate that has ended; a directory of an earlier version has none.
    #[serde(default)]
    retired_key: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Data {
    /// Opens a demo's directory, or makes one.
    ///
    /// # Errors
    /// When the directory is somebody else's, or cannot be used.
    pub fn open(directory: &Path) -> Result<Self, DataError> {
        let io = |error| DataError::Io { path: directory.to_owned(), error };
        fs::create_dir_all(directory).map_err(io)?;
        let file = directory.join(SECRETS);
        if !directory.join(DEMO_MARK).exists() {
            if fs::read_dir(directory).map_err(io)?.next().is_some() {
                return Err(DataError::NotOurs(directory.to_owned()));
            }
            write_private(&directory.join(DEMO_MARK), b"The data of `vestibule demo`. It may be deleted.\n")?;
        }
        let secrets = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| DataError::Damaged(file.clone(), error.to_string()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secrets = Secrets::generate()?;
                let text = serde_json::to_vec(&secrets)
                    .map_err(|error| DataError::Damaged(file.clone(), error.to_string()))?;
                write_private(&file, &text)?;
                secrets
            }
            Err(error) => return Err(DataError::Io { path: file, error }),
        };
        Ok(Self { secrets, directory: directory.to_owned(), file })
    }

    /// The people of every sandbox.
    ///
    /// # Errors
    /// When the file was changed by hand.
    pub fn people(&self) -> Result<People, DataError> {
        let seed =
            STANDARD.decode(&self.secrets.seed).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let seed = seed.ok_or_else(|| DataError::Damaged(self.file.clone(), "the seed".to_owned()))?;
        Ok(People::generate(&seed))
    }

    /// Bytes that are this directory's alone, for one thing.
    #[must_use]
    pub fn derived(&self, label: &str) -> [u8; 32] {
        let seed = STANDARD.decode(&self.secrets.seed).unwrap_or_default();
        digest::hkdf_expand(&digest::sha256(&seed), label)
    }

    /// The broker's secret at the sandbox providers.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.secrets.client_secret
    }

    /// The key that the sandbox providers sign with.
    ///
    /// # Errors
    /// When the file was changed by hand.
    pub fn signing_key(&self) -> Result<Arc<RsaSigningKey>, DataError> {
        self.key(&self.secrets.signing_key)
    }

    /// The key of a certificate that has ended, which the SAML sandbox signs with when it is told to.
    ///
    /// # Errors
    /// When the file was changed by hand.
    pub fn retired_key(&self) -> Result<Option<Arc<RsaSigningKey>>, DataError> {
        self.secrets.retired_key.as_deref().map(|text| self.key(text)).transpose()
    }

    /// The sandbox directory's certificate, which is made once, and the file that its `ca` names.
    ///
    /// # Errors
    /// When the files cannot be made, or were changed by hand.
    pub fn directory_tls(&self) -> Result<(DirectoryTls, PathBuf), DataError> {
        let tls = self.tls(DIRECTORY, "localhost")?;
        let authority = self.file(DIRECTORY_AUTHORITY, &tls.ca_pem)?;
        Ok((tls, authority))
    }

    /// The sandbox Gateway's certificate and key, made once for this name, and the file that its `ca` names.
    ///
    /// # Errors
    /// When the files cannot be made, or were changed by hand.
    pub fn gateway_tls(&self, name: &str) -> Result<(TlsFiles, PathBuf), DataError> {
        let tls = self.tls(GATEWAY, name)?;
        let [certificate, key, authority] = GATEWAY_FILES;
        let files = TlsFiles {
            certificate: self.file(certificate, &tls.certificate_pem)?,
            key: self.file(key, &tls.key_pem)?,
        };
        Ok((files, self.file(authority, &tls.ca_pem)?))
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf, DataError> {
        let path = self.directory.join(name);
        if !path.exists() {
            write_private(&path, text.as_bytes())?;
        }
        Ok(path)
    }

    fn tls(&self, file: &str, name: &str) -> Result<DirectoryTls, DataError> {
        let file = self.directory.join(file);
        let damaged = |reason: String| DataError::Damaged(file.clone(), reason);
        match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let tls = DirectoryTls::generate(&[name], &[Ipv4Addr::LOCALHOST.into()])
                    .map_err(|error| damaged(error.to_string()))?;
                let text = serde_json::to_vec(&tls).map_err(|error| damaged(error.to_string()))?;
                write_private(&file, &text)?;
                Ok(tls)
            }
            Err(error) => Err(DataError::Io { path: file, error }),
        }
    }

    fn key(&self, text: &str) -> Result<Arc<RsaSigningKey>, DataError> {
        let damaged = |reason: String| DataError::Damaged(self.file.clone(), reason);
        let bytes = STANDARD.decode(text).map_err(|error| damaged(error.to_string()))?;
        RsaSigningKey::from_pkcs8(&bytes).map(Arc::new).map_err(|error| damaged(error.to_string()))
    }
}

impl Secrets {
    fn generate() -> Result<Self, DataError> {
        let seed: [u8; 32] = random::bytes().map_err(|_| DataError::Random)?;
        let secret: [u8; 24] = random::bytes().map_err(|_| DataError::Random)?;
        let key = RsaSigningKey::generate().map_err(|_| DataError::Random)?;
        let retired = RsaSigningKey::generate().map_err(|_| DataError::Random)?;
        Ok(Self {
            seed: STANDARD.encode(seed),
            client_secret: base64url(&secret),
            signing_key: STANDARD.encode(key.pkcs8()),
            retired_key: Some(STANDARD.encode(retired.pkcs8())),
        })
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    let io = |error| DataError::Io { path: path.to_owned(), error };
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())).map_err(io)
}
