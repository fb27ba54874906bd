//! One domain controller: its connections, at most sixteen, and whether it answers (architecture: a slow or lying controller harms
//! its own domain alone).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::bind::{Outcome, judge};
use super::connection::{Connection, Identity, Lost};
use super::service::Service;
use crate::config::ControllerAddress;
use crate::ports::Wire;

/// Connections to one controller.
const MOST: usize = 16;
/// A controller ends what is idle for fifteen minutes; we are earlier.
const IDLE: Duration = Duration::from_mins(5);
/// How long a sign-in waits for one of the connections.
const QUEUE: Duration = Duration::from_secs(10);
/// After its first failure a controller rests for this long, after the next for twice as long, and so on.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reading with the connection's own account.
    Reading,
    /// Trying somebody's password.
    Proving,
}

/// Why a controller gives no connection.
#[derive(Debug)]
pub(super) enum NoLease {
    /// All of its connections are in use, which says nothing about it.
    Busy,
    /// It does not answer.
    Lost(Lost),
    /// It answers, and refuses our own account.
    ServiceRefused(String),
}

/// One controller.
#[derive(Debug)]
pub(super) struct Controller {
    pub(super) address: ControllerAddress,
    slots: Arc<Semaphore>,
    /// One more for each connection.
    open: Arc<()>,
    idle: Mutex<Vec<Connection>>,
    health: Mutex<Health>,
}

#[derive(Debug, Default)]
struct Health {
    failures: u32,
    rests_until: Option<Instant>,
    is_probed: bool,
}

/// A connection in somebody's hands.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) connection: Connection,
    /// Whether it was open before; what fails on such a one says little about the controller.
    pub(super) was_open: bool,
    _slot: OwnedSemaphorePermit,
}

/// Makes the connection our own account's.
async fn bind(connection: &mut Connection, service: &Service, within: Duration) -> Result<(), NoLease> {
    if let Some(reason) = service.rests() {
        return Err(NoLease::ServiceRefused(reason));
    }
    let answer = connection.bind(&service.user, &service.password, within).await.map_err(NoLease::Lost)?;
    let reason = || format!("result {}: {}", answer.code, answer.text);
    match judge(&answer) {
        Outcome::Accepted => {
            service.accepted();
            connection.identity = Identity::Service;
            Ok(())
        }
        Outcome::AskElsewhere => Err(NoLease::Lost(Lost::Broken(reason()))),
        Outcome::Refused(_) | Outcome::ChangeDue(_) | Outcome::Barred(..) | Outcome::Strange(_) => {
            service.refused(&reason());
            Err(NoLease::ServiceRefused(reason()))
        }
    }
}

impl Controller {
    pub(super) fn new(address: ControllerAddress) -> Self {
        Self {
            address,
            slots: Arc::new(Semaphore::new(MOST)),
            open: Arc::default(),
            idle: Mutex::default(),
            health: Mutex::default(),
        }
    }

    /// A connection for that purpose, within that time for each step.
    pub(super) async fn lease(
        &self,
        (wire, service): (&dyn Wire, &Service),
        purpose: Purpose,
        within: Duration,
    ) -> Result<Lease, NoLease> {
        let lost = |error| NoLease::Lost(error);
        let slot = timeout(QUEUE, Arc::clone(&self.slots).acquire_owned()).await;
        let Ok(Ok(slot)) = slot else { return Err(NoLease::Busy) };
        let idle = self.take(purpose);
        if idle.is_none()
            && purpose == Purpose::Reading
            && let Some(reason) = service.rests()
        {
            return Err(NoLease::ServiceRefused(reason));
        }
        let was_open = idle.is_some();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            let mut fresh = Connection::open(wire, &self.address, within).await.map_err(lost)?;
            fresh.counted = Some(Arc::clone(&self.open));
            fresh
        };
        let mut lease = Lease { connection, was_open, _slot: slot };
        if purpose == Purpose::Reading && lease.connection.identity != Identity::Service {
            bind(&mut lease.connection, service, within).await?;
        }
        Ok(lease)
    }

    /// An idle connection, by preference one that need not be bound anew.
    fn take(&self, purpose: Purpose) -> Option<Connection> {
        let wanted = match purpose {
            Purpose::Reading => Identity::Service,
            Purpose::Proving => Identity::Nobody,
        };
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain_mut(|connection| !connection.is_over() && connection.idle_since.elapsed() < IDLE);
        let at = idle.iter().rposition(|connection| connection.identity == wanted);
        match at {
            Some(at) => Some(idle.swap_remove(at)),
            // While there is room, each purpose has connections of its own.
            None if self.slots.available_permits() > idle.len() => None,
            None => idle.pop(),
        }
    }

    /// The controller answered; its connection waits for the next one.
    pub(super) fn answered(&self, mut lease: Lease) {
        lease.connection.idle_since = Instant::now();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lease.connection);
        self.is_back();
    }

    /// It answers, whatever it says.
    pub(super) fn is_back(&self) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = Health::default();
    }

    /// It did not. Its other connections are of no use either.
    pub(super) fn failed(&self) {
        self.forget_idle();
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = FIRST_REST.saturating_mul(1 << health.failures.min(5)).min(LONGEST_REST);
        health.failures = health.failures.saturating_add(1);
        health.is_probed = false;
        health.rests_until = Some(Instant::now() + rest);
    }

    pub(super) fn forget_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether it may be asked. One that failed has to answer a probe first, so that nobody's sign-in finds out.
    pub(super) fn is_healthy(&self) -> bool {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).rests_until.is_none()
    }

    /// Whether its rest is over and nobody looks yet whether it answers; the caller does.
    pub(super) fn wants_probe(&self) -> bool {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let wants = !health.is_probed && health.rests_until.is_some_and(|until| until <= Instant::now());
        health.is_probed |= wants;
        wants
    }

    /// Connections that are open, for measurements.
    pub(super) fn open(&self) -> usize {
        Arc::strong_count(&self.open) - 1
    }
}
