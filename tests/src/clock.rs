//! A clock that tests move by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use vestibule_broker::clock::{Clock, SystemClock};
use vestibule_policies::time::Timestamp;

/// Stands still until it is moved.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Begins at the machine's time, on a whole second.
    #[must_use]
    pub fn new() -> Self {
        let now = SystemClock.now().seconds() * 1000;
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }

    /// Sets it by the machine's, where somebody beside the world goes by that.
    pub fn catch_up(&self) {
        self.0.store(SystemClock.now().seconds() * 1000, Ordering::SeqCst);
    }

    /// Sets it back, as an operator's mistake would.
    pub fn set_back(&self, by: Duration) {
        self.0.fetch_sub(millis(by), Ordering::SeqCst);
    }

    /// The same clock for the other side of the wire.
    #[must_use]
    pub fn seconds(&self) -> vestibule_conformance::clock::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now().seconds())
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
