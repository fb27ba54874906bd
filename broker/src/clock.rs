//! The one place that reads the machine's clock. Everything else is given the time.
//!
//! Sessions live on a time that never goes back: a clock that is set back revives none (OPS-04).

use std::fmt;
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

/// The time by which sessions live: wall time, and beside it whatever the wall was ever set back by. It goes on when the
/// wall goes back, so that a step revives no session and extends none.
#[derive(Debug, Clone)]
pub struct SessionClock {
    wall: Arc<dyn Clock>,
    state: Arc<Mutex<ClockState>>,
}

#[derive(Debug)]
struct ClockState {
    latest_wall: i64,
    set_back_by: i64,
}

/// What has to be kept so that a restart changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockMark {
    /// The latest session time.
    pub high_water: Timestamp,
    /// What the wall was set back by until then, in milliseconds.
    pub set_back_by: i64,
}

impl SessionClock {
    /// Continues from the mark that the store kept.
    #[must_use]
    pub fn new(wall: Arc<dyn Clock>, mark: ClockMark) -> Self {
        let now = wall.now().millis();
        let behind = mark.high_water.millis().saturating_sub(now);
        let state = ClockState { latest_wall: now, set_back_by: behind.max(mark.set_back_by).max(0) };
        Self { wall, state: Arc::new(Mutex::new(state)) }
    }

    /// Now, never earlier than anything this gave before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.mark().high_water
    }

    /// Now, and what a restart has to know.
    #[must_use]
    pub fn mark(&self) -> ClockMark {
        // The wall is read under the lock: readings of two threads never cross, so every step back is a step.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let wall = self.wall.now().millis();
        if wall < state.latest_wall {
            state.set_back_by = state.set_back_by.saturating_add(state.latest_wall - wall);
        }
        state.latest_wall = wall;
        ClockMark {
            high_water: Timestamp::from_millis(wall.saturating_add(state.set_back_by)),
            set_back_by: state.set_back_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

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
        let kept = ClockMark { high_water: Timestamp::from_millis(9_000), set_back_by: 0 };
        let clock = SessionClock::new(Arc::<Set>::clone(&wall), kept);
        let at = |millis: i64| {
            wall.0.store(millis, Ordering::Relaxed);
            clock.now().millis()
        };
        assert_eq!(at(5_000), 9_000, "the stored mark holds");
        assert_eq!(at(6_000), 10_000, "and goes on");
        assert_eq!(at(1_000), 10_000, "set back by five seconds: nothing is revived");
        assert_eq!(at(2_000), 11_000, "and a second later it is a second later: nothing is extended");
        assert_eq!(at(7_000), 16_000, "set right again: sessions are older, never younger");
        let restarted = SessionClock::new(Arc::<Set>::clone(&wall), clock.mark());
        wall.0.store(8_000, Ordering::Relaxed);
        assert_eq!(
            restarted.now().millis(),
            17_000,
            "a restart changes nothing, and time passes while nothing runs"
        );
    }
}
