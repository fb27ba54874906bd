//! The directory as a test holds it: started, spoiled, asked what reached it, ended by dropping it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::fault::DirectoryFault;
use super::serve::{Wire, serve};
use super::state::{Seen, State};
use crate::clock::machine;
use crate::sandbox::directory::{Directory, Settings};
use crate::sandbox::people::People;

/// A good directory behind a server that spoils one thing of it. It ends when it is dropped.
pub struct HostileDirectory {
    state: Arc<State>,
    tls: SocketAddr,
    plain: SocketAddr,
    /// Ends with it.
    _tasks: JoinSet<()>,
}

impl HostileDirectory {
    /// Starts it with the standard people and the machine's clock, on free ports of 127.0.0.1. Without a fault it is
    /// good.
    ///
    /// # Errors
    /// When no port can be bound, or no certificate made.
    pub async fn start(fault: Option<DirectoryFault>) -> std::io::Result<Self> {
        Self::start_with(Settings::new(People::standard(), machine()), fault).await
    }

    /// The same for a directory of one's own.
    ///
    /// # Errors
    /// When no port can be bound, or no certificate made.
    pub async fn start_with(settings: Settings, fault: Option<DirectoryFault>) -> std::io::Result<Self> {
        let free = (Ipv4Addr::LOCALHOST, 0);
        let (tls_listener, plain_listener) = (TcpListener::bind(free).await?, TcpListener::bind(free).await?);
        let attacker = TcpListener::bind(free).await?;
        let (tls, plain) = (tls_listener.local_addr()?, plain_listener.local_addr()?);
        let state = State::new(Directory::new(settings), attacker.local_addr()?);
        let state = Arc::new(state.map_err(std::io::Error::other)?);
        state.set(fault, 0);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(tls_listener, Arc::clone(&state), Wire::Tls));
        tasks.spawn(serve(plain_listener, Arc::clone(&state), Wire::StartTls));
        tasks.spawn(count(attacker, Arc::clone(&state)));
        Ok(Self { state, tls, plain, _tasks: tasks })
    }

    /// Where TLS is spoken from the first octet on. The certificate is for `localhost`, `dc1.corp.example` and
    /// 127.0.0.1.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.tls
    }

    /// Where TLS begins with `StartTLS`.
    #[must_use]
    pub fn start_tls_address(&self) -> SocketAddr {
        self.plain
    }

    /// The authority to trust.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.state.ca_pem
    }

    /// The good directory inside, with its accounts and what an administrator does.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.state.directory
    }

    /// From now on this is wrong, on open connections too; `None` for nothing.
    pub fn set(&self, fault: Option<DirectoryFault>) {
        self.change(fault, 0);
    }

    /// The same, but the next so many answers that it would spoil are good.
    pub fn set_after(&self, fault: DirectoryFault, good_answers: usize) {
        self.change(Some(fault), good_answers);
    }

    /// A port that was closed is open again when this returns.
    fn change(&self, fault: Option<DirectoryFault>, good_answers: usize) {
        if fault != Some(DirectoryFault::RefusesConnections) {
            // Where it is open already the address is in use.
            let reopened = [self.tls, self.plain].map(|address| std::net::TcpListener::bind(address).ok());
            self.state.reopened().extend(reopened.into_iter().flatten());
        }
        self.state.set(fault, good_answers);
    }

    #[must_use]
    pub fn seen(&self) -> Seen {
        self.state.seen().clone()
    }
}

/// Whoever comes to the attacker is counted and let go.
async fn count(attacker: TcpListener, state: Arc<State>) {
    while attacker.accept().await.is_ok() {
        state.seen().attacker_connections += 1;
    }
}
