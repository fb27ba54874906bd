//! The one place that reads the machine's clock. Everything else is given the time.
//!
//! Sessions live on a time that never goes back: a clock that is set back revives none (OPS-04).

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Wall readings of two threads may cross by this much without any step of the clock.
const CROSSING: i64 = 1_000;

/// The time by which sessions live: wall time, and beside it whatever the wall was ever set back by. It goes on when the
/// wall goes back, so that a step revives no session and extends none.
#[derive(Debug, Clone)]
pub struct SessionClock {
    wall: Arc<dyn Clock>,
    state: Arc<ClockState>,
}

#[derive(Debug)]
struct ClockState {
    latest_wall: AtomicI64,
    set_back_by: AtomicI64,
    step: Mutex<()>,
}

impl SessionClock {
    /// Continues from the mark that the store kept.
    #[must_use]
    pub fn new(wall: Arc<dyn Clock>, high_water: Timestamp) -> Self {
        let now = wall.now().millis();
        let state = ClockState {
            latest_wall: AtomicI64::new(now),
            set_back_by: AtomicI64::new((high_water.millis() - now).max(0)),
            step: Mutex::new(()),
        };
        Self { wall, state: Arc::new(state) }
    }

    /// Now, never earlier than anything this gave before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let wall = self.wall.now().millis();
        let latest = self.state.latest_wall.fetch_max(wall, Ordering::AcqRel).max(wall);
        if latest - wall > CROSSING {
            return self.after_a_step();
        }
        Timestamp::from_millis(latest.saturating_add(self.state.set_back_by.load(Ordering::Acquire)))
    }

    /// The wall was set back: what it lost is added from now on. One thread counts it; the others see that it did.
    fn after_a_step(&self) -> Timestamp {
        let ClockState { latest_wall, set_back_by, step } = &*self.state;
        let _one_at_a_time = step.lock().unwrap_or_else(PoisonError::into_inner);
        let wall = self.wall.now().millis();
        let latest = latest_wall.load(Ordering::Acquire);
        if latest - wall > CROSSING {
            set_back_by.fetch_add(latest - wall, Ordering::AcqRel);
            latest_wall.store(wall, Ordering::Release);
        }
        Timestamp::from_millis(
            latest_wall.load(Ordering::Acquire).saturating_add(set_back_by.load(Ordering::Acquire)),
        )
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
    fn a_wall_that_is_set_back_neither_turns_session_time_back_nor_stops_it() {
        let wall = Arc::new(Set(AtomicI64::new(5_000)));
        let clock = SessionClock::new(Arc::<Set>::clone(&wall), Timestamp::from_millis(9_000));
        let at = |millis: i64| {
            wall.0.store(millis, Ordering::Relaxed);
            clock.now().millis()
        };
        assert_eq!(at(5_000), 9_000, "the stored mark holds");
        assert_eq!(at(6_000), 10_000, "and goes on");
        assert_eq!(at(5_999), 10_000, "readings may cross");
        assert_eq!(at(1_000), 10_000, "set back by five seconds: nothing is revived");
        assert_eq!(at(2_000), 11_000, "and a second later it is a second later: nothing is extended");
        assert_eq!(at(7_000), 16_000, "set right again: sessions are older, never younger");
    }
}
