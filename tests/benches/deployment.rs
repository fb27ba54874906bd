//! A deployment of the release binary as an operator would make it: a configuration, a manifest, `apply`, `serve`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;
use vestibule_tests::port;

use crate::Outcome;
use crate::figure::note;
use crate::process::Child;

/// The workspace that everybody signs in to.
pub(crate) const WORKSPACE: &str = "acme.vestibule.localhost";

/// A store with one organisation whose people come in through an Okta organisation.
pub(crate) struct Deployment {
    binary: PathBuf,
    directory: TempDir,
    /// Where the front door will be.
    pub(crate) address: SocketAddr,
}

/// Builds `vestibule` as it is shipped, next to this program.
pub(crate) async fn build_binary() -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(3).ok_or("this program is in no target directory")?;
    note("building the release binary");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "vestibule-broker",
            "--bin",
            "vestibule",
            "--target-dir",
        ])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .await?;
    if built.success() {
        Ok(target.join("release/vestibule"))
    } else {
        Err("the release binary does not build".into())
    }
}

impl Deployment {
    /// Makes one; `provider` and `application` are `host:port`.
    pub(crate) async fn of(binary: &Path, provider: &str, application: &str) -> Outcome<Self> {
        // On a disk, where commits cost what they cost; the system's temporary directory may be memory.
        let directory = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let (address, operator) = (free(), free());
        let server = format!(
            "[server]\nlisten = \"{address}\"\noperator_listen = \"{operator}\"\npublic_port = {}\n[outbound]\n\
             allow_private = [\"127.0.0.0/8\"]\n",
            address.port()
        );
        std::fs::write(directory.path().join("vestibule.toml"), server)?;
        std::fs::write(directory.path().join("acme.toml"), manifest(provider, application))?;
        let deployment = Self { binary: binary.to_owned(), directory, address };
        let applied = Command::new(binary)
            .args(["apply", "--config", "vestibule.toml", "--file", "acme.toml"])
            .current_dir(deployment.directory.path())
            .output()
            .await?;
        if applied.status.success() {
            Ok(deployment)
        } else {
            Err(String::from_utf8_lossy(&applied.stderr).into_owned().into())
        }
    }

    /// Starts the broker and waits until it is ready.
    pub(crate) async fn serve(&self, core: Option<usize>) -> Outcome<Child> {
        let config = self.directory.path().join("vestibule.toml");
        let mut broker = Child::start(&self.binary, &["serve", "--config", &config.to_string_lossy()], core)?;
        broker.hear("ready").await?;
        Ok(broker)
    }
}

fn free() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port::free()).into()
}

fn manifest(provider: &str, application: &str) -> String {
    format!(
        r#"
[organization]
slug = "acme"
name = "Acme"
workspaces = ["{WORKSPACE}"]
[[directories]]
name = "corp"
domain_sid = "S-1-5-21-1004336348-1177238915-682003330"
upn_suffixes = ["corp.example"]
[workspace]
authentication = "okta"
[[workspace.routes]]
path = "/"
upstream = "http://{application}"
[[connections]]
name = "okta"
kind = "okta"
domain = "http://{provider}"
custom_domain = true
authorization_server = "default"
client_id = "vestibule+hostile"
client_secret = "s:%+é/"
directories = ["corp"]
"#
    )
}
