//! The sandbox directory of the kinds that ask for a password themselves: Active Directory over TLS, on a loopback port of its own
//! that only the broker calls. It is in memory: a start gives everybody the password of the data directory again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::task::JoinHandle;
use vestibule_conformance::sandbox::directory::{Directory, Door, Listed, Settings};

use crate::clock::{Clock as _, SystemClock};

use super::{Data, DemoError};

/// The directory while it is served.
pub(super) struct SandboxDirectory {
    directory: Arc<Directory>,
    authority: PathBuf,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl SandboxDirectory {
    /// Serves on a port that is free, with the certificate of the data directory.
    pub(super) async fn serve(data: &Data) -> Result<Self, DemoError> {
        let (tls, authority) = data.directory_tls()?;
        let door = Door::Tls(tls.acceptor()?);
        let settings = Settings::new(data.people()?, Arc::new(|| SystemClock.now().seconds()));
        let directory = Arc::new(Directory::new(settings));
        let listener = super::bind(0).await?;
        let address = listener.local_addr().map_err(|error| DemoError::Listen { port: 0, error })?;
        let serving = tokio::spawn(Arc::clone(&directory).serve(listener, door));
        Ok(Self { directory, authority, address, serving })
    }

    /// What a connection of these kinds has; the directory itself locks an account after ten wrong passwords. The password of the service's account is bound to the address, which is another one at each
    /// start: so it is given anew.
    pub(super) fn connection(&self) -> String {
        let (user, password) = self.directory.service_account();
        let authority = toml::Value::from(self.authority.display().to_string());
        format!(
            "default_domain = \"corp\"\nlockout_attempts = 4\nlockout_window = \"30m\"\n\
             [[connections.domains]]\ndirectory = \"corp\"\nname = \"corp.example\"\nnetbios = \"CORP\"\n\
             servers = [\"ldaps://{address}\"]\nca = {{ file = {authority} }}\n\
             bind_user = \"{user}\"\nbind_password = \"{password}\"\n",
            address = self.address,
        )
    }

    /// Everybody in it, as they are now: whoever changed their password is listed with the new one.
    pub(super) fn accounts(&self) -> Vec<Listed> {
        self.directory.accounts()
    }
}

impl Drop for SandboxDirectory {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
