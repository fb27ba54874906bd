//! The connection's own account in a domain: it reads, and never writes.
//!
//! A domain that refuses it is not asked again at once: each wrong password counts, and an account that people's sign-ins have locked
//! stays locked when its password is right again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use vestibule_certs::secret::Secret;

/// After its first refusal it rests for this long, after the next for twice as long, and so on.
const FIRST_REST: Duration = Duration::from_mins(1);
const LONGEST_REST: Duration = Duration::from_mins(16);

/// Name and password.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) user: String,
    pub(super) password: Secret,
    refused: Mutex<Option<Refused>>,
}

#[derive(Debug)]
struct Refused {
    reason: String,
    times: u32,
    until: Instant,
}

impl Service {
    pub(super) fn new(user: String, password: Secret) -> Self {
        Self { user, password, refused: Mutex::default() }
    }

    /// Why it is not tried now.
    pub(super) fn rests(&self) -> Option<String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().filter(|one| one.until > Instant::now()).map(|one| one.reason.clone())
    }

    pub(super) fn accepted(&self) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn refused(&self, reason: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let times = refused.as_ref().map_or(0, |one| one.times);
        let rest = FIRST_REST.saturating_mul(1 << times.min(4)).min(LONGEST_REST);
        let until = Instant::now() + rest;
        *refused = Some(Refused { reason: reason.to_owned(), times: times.saturating_add(1), until });
    }
}
