//! What the hostile directory is told to do, and what it has seen.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::fault::{DirectoryFault, Stage};
use crate::ldap::{Operation, Request};
use crate::sandbox::directory::{Authority, Directory, DirectoryTls, TlsError, VALID, Years};

/// What reached the directory since its start, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Connections, on both ports.
    pub connections: usize,
    /// Connections at the address that referrals name.
    pub attacker_connections: usize,
    pub binds: Vec<SeenBind>,
    pub searches: Vec<SeenSearch>,
    /// DNs of which a change was asked.
    pub changes: Vec<String>,
    /// Messages that were no request, a TLS handshake in the clear among them.
    pub broken: usize,
}

/// One bind request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenBind {
    pub name: String,
    /// Octets of the password; 0 for none.
    pub password_length: usize,
    /// Whether TLS lay around it.
    pub encrypted: bool,
}

/// One search request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSearch {
    pub base: String,
    /// Attribute and value of each equality in the filter, as octets say it.
    pub equalities: Vec<(String, Vec<u8>)>,
    pub encrypted: bool,
}

impl Seen {
    /// Whether a password crossed the wire without TLS.
    #[must_use]
    pub fn password_in_the_clear(&self) -> bool {
        self.binds.iter().any(|bind| !bind.encrypted && bind.password_length > 0)
    }
}

pub(super) struct State {
    pub(super) directory: Arc<Directory>,
    pub(super) attacker: SocketAddr,
    pub(super) ca_pem: String,
    certificates: Certificates,
    script: watch::Sender<Script>,
    seen: Mutex<Seen>,
    /// Ports that were closed and wait for their task.
    reopened: Mutex<Vec<TcpListener>>,
}

/// The fault, and how many answers are good before it.
#[derive(Clone, Copy, Default)]
struct Script {
    fault: Option<DirectoryFault>,
    good_answers: usize,
}

struct Certificates {
    good: TlsAcceptor,
    another_host: TlsAcceptor,
    expired: TlsAcceptor,
    unknown_authority: TlsAcceptor,
    self_signed: TlsAcceptor,
    address_only: TlsAcceptor,
}

impl State {
    pub(super) fn new(directory: Directory, attacker: SocketAddr) -> Result<Self, TlsError> {
        let (authority, other) = (Authority::new()?, Authority::new()?);
        let (names, loopback) = (["localhost", "dc1.corp.example"], [SocketAddr::ip(&attacker)]);
        let good = authority.issue(&names, &loopback, VALID)?;
        let certificates = Certificates {
            good: good.acceptor()?,
            another_host: authority.issue(&["elsewhere.example"], &[], VALID)?.acceptor()?,
            expired: authority.issue(&names, &loopback, Years(2020, 2022))?.acceptor()?,
            unknown_authority: other.issue(&names, &loopback, VALID)?.acceptor()?,
            self_signed: DirectoryTls::self_signed(&names, &loopback)?.acceptor()?,
            address_only: authority.issue(&[], &loopback, VALID)?.acceptor()?,
        };
        Ok(Self {
            directory: Arc::new(directory),
            attacker,
            ca_pem: good.ca_pem,
            certificates,
            script: watch::Sender::default(),
            seen: Mutex::default(),
            reopened: Mutex::default(),
        })
    }

    pub(super) fn set(&self, fault: Option<DirectoryFault>, good_answers: usize) {
        self.script.send_replace(Script { fault, good_answers });
    }

    pub(super) fn fault(&self) -> Option<DirectoryFault> {
        self.script.borrow().fault
    }

    /// Comes back once the directory is to be reached, or not to be.
    pub(super) async fn until_reachable(&self, reachable: bool) {
        let refuses = |script: &Script| script.fault == Some(DirectoryFault::RefusesConnections);
        let mut script = self.script.subscribe();
        // The sender is ours: it cannot be gone.
        let _ = script.wait_for(|script| refuses(script) != reachable).await;
    }

    /// The fault of an answer at this stage, unless it is one of the good ones before it.
    pub(super) fn spoils(&self, stages: &[Stage]) -> Option<DirectoryFault> {
        let fault = self.fault().filter(|fault| stages.contains(&fault.stage()))?;
        let mut spoils = false;
        self.script.send_if_modified(|script| {
            spoils = script.good_answers == 0;
            script.good_answers = script.good_answers.saturating_sub(1);
            false
        });
        spoils.then_some(fault)
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        let certificates = &self.certificates;
        match self.fault() {
            Some(DirectoryFault::CertificateForAnotherHost) => &certificates.another_host,
            Some(DirectoryFault::CertificateExpired) => &certificates.expired,
            Some(DirectoryFault::CertificateOfUnknownAuthority) => &certificates.unknown_authority,
            Some(DirectoryFault::CertificateSelfSigned) => &certificates.self_signed,
            Some(DirectoryFault::CertificateForAddressOnly) => &certificates.address_only,
            _ => &certificates.good,
        }
    }

    /// Where referrals send whoever follows them.
    pub(super) fn attacker_url(&self) -> String {
        format!("ldap://{}/DC=corp,DC=example", self.attacker)
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reopened(&self) -> MutexGuard<'_, Vec<TcpListener>> {
        self.reopened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The port that was opened again at this address.
    pub(super) fn take_reopened(&self, address: SocketAddr) -> Option<TcpListener> {
        let mut reopened = self.reopened();
        let place = reopened.iter().position(|open| open.local_addr().ok() == Some(address))?;
        Some(reopened.swap_remove(place))
    }

    pub(super) fn record(&self, request: &Request, encrypted: bool) {
        let mut seen = self.seen();
        match &request.operation {
            Operation::Bind { name, password } => seen.binds.push(SeenBind {
                name: name.clone(),
                password_length: password.as_ref().map_or(0, Vec::len),
                encrypted,
            }),
            Operation::Search(search) => seen.searches.push(SeenSearch {
                base: search.base.clone(),
                equalities: search.filter.equalities(),
                encrypted,
            }),
            Operation::Modify { dn, .. } => seen.changes.push(dn.clone()),
            Operation::Unbind | Operation::Abandon | Operation::Extended(_) | Operation::Other(_) => {}
        }
    }
}
