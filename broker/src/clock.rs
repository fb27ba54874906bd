//! The one place that reads the machine's clock. Everything else is given the time.
//!
//! Sessions live on a time that never goes back: a clock that is set back revives none (OPS-04).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use vestibule_policies::time::Timestamp;

/// Wall time. Tests bring their own.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A moment of the steady clock: for deadlines and for the age of what was read, never for sessions.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
#[must_use]
pub fn steady() -> Instant {
    Instant::now()
}

/// The time by which sessions live: wall time with a high-water mark.
#[derive(Debug, Clone)]
pub struct SessionClock {
    wall: Arc<dyn Clock>,
    high_water: Arc<AtomicI64>,
}

impl SessionClock {
    /// Continues from the mark that the store kept.
    #[must_use]
    pub fn new(wall: Arc<dyn Clock>, high_water: Timestamp) -> Self {
        Self { wall, high_water: Arc::new(AtomicI64::new(high_water.millis())) }
    }

    /// Now, never earlier than anything this gave before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.wall.now().millis();
        let before = self.high_water.fetch_max(now, Ordering::Relaxed);
        Timestamp::from_millis(now.max(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Set(AtomicI64);

    impl Clock for Set {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_turn_session_time_back() {
        let wall = Arc::new(Set(AtomicI64::new(5_000)));
        let clock = SessionClock::new(Arc::<Set>::clone(&wall), Timestamp::from_millis(9_000));
        assert_eq!(clock.now().millis(), 9_000, "the stored mark holds");
        wall.0.store(10_000, Ordering::Relaxed);
        assert_eq!(clock.now().millis(), 10_000);
        wall.0.store(1_000, Ordering::Relaxed);
        assert_eq!(clock.now().millis(), 10_000, "an hour back revives nothing");
    }
}
