//! A wire that a test holds: it passes TLS on to a real controller as it is, counts what goes through, and can be cut or held.
//!
//! It is known to the broker by the controller's own name, which a name server of the test gives the address of the relay.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use vestibule_tests::counterparts::samba::{Controller, LDAPS};
use vestibule_tests::counterparts::{Dns, Record};

/// What becomes of octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    Open,
    /// What is open breaks off, and what is new does at once.
    Cut,
    /// Everything is taken and nothing goes on.
    Held,
}

/// What went through.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Connections since the start.
    pub(super) connections: AtomicUsize,
    pub(super) open: AtomicUsize,
    /// How many were open at once.
    pub(super) most: AtomicUsize,
    /// How often the client spoke after the controller did: round trips.
    pub(super) turns: AtomicUsize,
    /// After so many, what the client says goes no further.
    last_turn: AtomicUsize,
}

pub(super) struct Relay {
    port: u16,
    passage: watch::Sender<Passage>,
    pub(super) counts: Arc<Counts>,
    dns: Dns,
    host: String,
    _serving: JoinSet<()>,
}

impl Relay {
    pub(super) async fn before(controller: &Controller) -> Self {
        let host = controller.host().to_owned();
        let here = Record::A { name: host.clone(), address: "127.0.0.1".to_owned() };
        let dns = Dns::start(&[here]).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::new(Counts { last_turn: usize::MAX.into(), ..Counts::default() });
        let (passage, watched) = watch::channel(Passage::Open);
        let to = (controller.address().to_owned(), LDAPS);
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, to, watched, Arc::clone(&counts)));
        Self { port, passage, counts, dns, host, _serving: serving }
    }

    /// The controller behind it, as a manifest has it.
    pub(super) fn url(&self) -> String {
        format!("ldaps://{}:{}", self.host, self.port)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Who knows where it is.
    pub(super) fn dns(&self) -> std::net::SocketAddr {
        self.dns.address()
    }

    /// The same as a line of `[outbound]`.
    pub(super) fn outbound(&self) -> String {
        format!("dns = [\"{}\"]\n", self.dns())
    }

    pub(super) fn set(&self, passage: Passage) {
        self.passage.send_replace(passage);
    }

    /// Lets the client speak so many more times, and holds what it says then.
    pub(super) fn hold_after(&self, turns: usize) {
        self.counts.last_turn.store(self.turns() + turns, SeqCst);
    }

    /// Waits until the client has spoken so often.
    pub(super) async fn spoken(&self, turns: usize) {
        while self.turns() < turns {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    pub(super) fn turns(&self) -> usize {
        self.counts.turns.load(SeqCst)
    }

    pub(super) fn connections(&self) -> usize {
        self.counts.connections.load(SeqCst)
    }
}

async fn serve(
    listener: TcpListener,
    to: (String, u16),
    passage: watch::Receiver<Passage>,
    counts: Arc<Counts>,
) {
    let mut serving = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (mut passage, counts, to) = (passage.clone(), Arc::clone(&counts), to.clone());
        serving.spawn(async move {
            counts.connections.fetch_add(1, SeqCst);
            let open = counts.open.fetch_add(1, SeqCst) + 1;
            counts.most.fetch_max(open, SeqCst);
            let mut cut = passage.clone();
            tokio::select! {
                () = pass(client, to, &mut passage, &counts) => {}
                _ = cut.wait_for(|now| *now == Passage::Cut) => {}
            }
            counts.open.fetch_sub(1, SeqCst);
        });
    }
}

async fn pass(
    mut client: TcpStream,
    to: (String, u16),
    passage: &mut watch::Receiver<Passage>,
    counts: &Counts,
) {
    let Ok(mut controller) = TcpStream::connect(to).await else { return };
    let (mut up, mut down) = (vec![0; 1 << 14], vec![0; 1 << 14]);
    let mut controller_spoke = true;
    loop {
        let (from_client, count) = tokio::select! {
            read = client.read(&mut up) => (true, read),
            read = controller.read(&mut down) => (false, read),
        };
        let Ok(count) = count else { return };
        if count == 0 || passage.wait_for(|now| *now != Passage::Held).await.is_err() {
            return;
        }
        if from_client {
            let turn = counts.turns.fetch_add(usize::from(controller_spoke), SeqCst) + 1;
            if turn > counts.last_turn.load(SeqCst) {
                return std::future::pending().await;
            }
        }
        controller_spoke = !from_client;
        let written = if from_client {
            controller.write_all(&up[..count]).await
        } else {
            client.write_all(&down[..count]).await
        };
        if written.is_err() {
            return;
        }
    }
}
