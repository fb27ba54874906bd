//! A root and its accesses in memory.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;
use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::{ConnectionId, OrganizationId, PersonId};
use vestibule_policies::limits::{Limits, Span};
use vestibule_policies::name::HostName;
use vestibule_policies::organization::Organization;
use vestibule_policies::time::Timestamp;

use crate::store::roots::{RootId, RootRow};

use super::assertion::Prepared;
use super::facts::{Facts, FactsError};

/// One sign-in of one person in one browser. There is one of these for a root in a server, whoever holds it.
#[derive(Debug)]
pub struct Root {
    /// The public id.
    pub id: RootId,
    /// The one organisation in which it means anything.
    pub organization: OrganizationId,
    /// The connection that proved it.
    pub connection: ConnectionId,
    /// Subscriber or administrator.
    pub audience: Audience,
    /// What was proved.
    pub facts: Facts,
    started: Timestamp,
    granted: RwLock<Limits>,
    last_activity: AtomicI64,
    pub(super) written_activity: AtomicI64,
    pub(super) activity_waits: AtomicBool,
    admitted_epoch: AtomicI64,
    ended: AtomicBool,
    /// Tells requests that are under way.
    end: CancellationToken,
    /// The host of every request that is under way.
    leases: Mutex<Vec<HostName>>,
}

/// No epoch of an organisation: whoever was read from the store is asked again first.
const NEVER_ADMITTED: i64 = -1;

impl Root {
    pub(super) fn open(row: &RootRow, keys: &KeyRing) -> Result<Self, FactsError> {
        Ok(Self::new(row, Facts::open(&row.facts, row.id, keys)?))
    }

    pub(super) fn new(row: &RootRow, facts: Facts) -> Self {
        Self {
            facts,
            id: row.id,
            organization: row.organization,
            connection: row.connection,
            audience: row.audience,
            started: row.started,
            granted: RwLock::new(row.granted),
            last_activity: AtomicI64::new(row.last_activity.millis()),
            written_activity: AtomicI64::new(row.last_activity.millis()),
            activity_waits: AtomicBool::new(false),
            admitted_epoch: AtomicI64::new(NEVER_ADMITTED),
            ended: AtomicBool::new(false),
            end: CancellationToken::new(),
            leases: Mutex::default(),
        }
    }

    /// Who it is at the built-in identity.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        let subject = &self.facts.upstream.subject;
        if self.connection == ConnectionId::BUILT_IN { subject.parse().ok() } else { None }
    }

    /// When its person proved who they are, in session time.
    #[must_use]
    pub const fn started(&self) -> Timestamp {
        self.started
    }

    /// What its limits are judged by: those it was granted and those that the organisation has now.
    #[must_use]
    pub fn span(&self, organization: &Organization) -> Span {
        let current = organization.sessions.of(self.audience);
        let granted = *self.granted.read().unwrap_or_else(PoisonError::into_inner);
        Span { started: self.started, last_activity: self.last_activity(), granted, current }
    }

    /// The store knows the lowest limits that were in force since; raising them again gives nothing back (SESS-11).
    pub(super) fn lower(&self, limits: Limits) {
        let mut granted = self.granted.write().unwrap_or_else(PoisonError::into_inner);
        *granted = granted.tightest(limits);
    }

    /// When something was last done.
    #[must_use]
    pub fn last_activity(&self) -> Timestamp {
        Timestamp::from_millis(self.last_activity.load(Ordering::Relaxed))
    }

    /// Something was done at that time; activity never moves back.
    pub(super) fn active_at(&self, at: Timestamp) {
        self.last_activity.fetch_max(at.millis(), Ordering::Relaxed);
    }

    /// Whether it was admitted under this state of the organisation's rules.
    pub(super) fn is_admitted_under(&self, epoch: i64) -> bool {
        self.admitted_epoch.load(Ordering::Relaxed) == epoch
    }

    pub(super) fn admit_under(&self, epoch: i64) {
        self.admitted_epoch.store(epoch, Ordering::Relaxed);
    }

    /// Whether it ended while it was in memory.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.end.cancel();
    }

    /// Ends what is under way.
    pub(super) fn cut(&self) {
        self.end.cancel();
    }

    /// Resolves when it ends.
    pub(super) fn ending(&self) -> &CancellationToken {
        &self.end
    }

    pub(super) fn lease(&self, host: &HostName) {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner).push(host.clone());
    }

    pub(super) fn release(&self, host: &HostName) {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = leases.iter().position(|leased| leased == host) {
            leases.swap_remove(index);
        }
    }

    /// Hosts with requests under way, each once.
    pub(super) fn leased_hosts(&self) -> Vec<HostName> {
        let mut hosts = self.leases.lock().unwrap_or_else(PoisonError::into_inner).clone();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    pub(super) fn is_leased(&self) -> bool {
        !self.leases.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// A root's way into one host.
#[derive(Debug)]
pub struct Access {
    /// The one host where its token means anything.
    pub host: HostName,
    /// Its root.
    pub root: std::sync::Arc<Root>,
    pub(super) prepared: std::sync::Mutex<Vec<Prepared>>,
}

impl Access {
    pub(crate) fn new(host: HostName, root: std::sync::Arc<Root>) -> Self {
        Self { host, root, prepared: std::sync::Mutex::default() }
    }
}
