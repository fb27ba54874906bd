//! The directory by the eyes of a client that is not ours, over TLS, and its answers beside those of a domain.

mod bind;
mod change;
mod client;
mod groups;
mod search;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;
use client::Client;

/// A directory on a free port, whose clock a test moves.
struct Bench {
    directory: Arc<Directory>,
    clock: Arc<AtomicI64>,
    tls: DirectoryTls,
    port: u16,
    task: JoinHandle<()>,
}

impl Bench {
    async fn start() -> Self {
        Self::start_with(Door::Tls, |_| {}).await
    }

    async fn start_with(
        door: impl Fn(tokio_rustls::TlsAcceptor) -> Door,
        change: impl Fn(&mut Settings),
    ) -> Self {
        let clock = Arc::new(AtomicI64::new(1_800_000_000));
        let own = Arc::clone(&clock);
        let mut settings = Settings::new(People::standard(), Arc::new(move || own.load(Ordering::Relaxed)));
        change(&mut settings);
        let directory = Arc::new(Directory::new(settings));
        let loopback = [std::net::Ipv4Addr::LOCALHOST.into()];
        let tls = DirectoryTls::generate(&["dc1.corp.example", "localhost"], &loopback).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(Arc::clone(&directory).serve(listener, door(tls.acceptor().unwrap())));
        Self { directory, clock, tls, port, task }
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn client(&self) -> Client {
        Client::open(&format!("ldaps://localhost:{}", self.port), &self.tls.ca_pem, false).await.unwrap()
    }

    /// Signed in as the service.
    async fn service(&self) -> Client {
        let mut client = self.client().await;
        let (name, password) = self.directory.service_account();
        assert_eq!(client.bind(&name, &password).await.0, 0);
        client
    }

    fn listed(&self, name: &str) -> Listed {
        self.directory.accounts().into_iter().find(|account| account.username == name).unwrap()
    }

    fn password(&self, name: &str) -> String {
        self.listed(name).password
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const DOMAIN: &str = "DC=corp,DC=example";
const ALICE: &str = "CN=Alice Andersen,CN=Users,DC=corp,DC=example";
