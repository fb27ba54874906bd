//! The time that the counterparts believe in. Time is an argument everywhere else; the machine's clock is
//! read in this file alone.

use std::sync::Arc;

/// Seconds since 1970, asked anew at each use.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate that reads the machine's clock; everybody else is handed a Clock"
)]
pub fn machine() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    })
}

/// A clock that stands still, for tests that are about time.
#[must_use]
pub fn standing_at(seconds: i64) -> Clock {
    Arc::new(move || seconds)
}
