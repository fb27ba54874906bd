//! A moment, in milliseconds since the Unix epoch.
//!
//! Wall time, because sessions outlive processes; arithmetic saturates, so that an absurd limit or clock
//! can neither wrap nor panic. The clock itself is the caller's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment `seconds` seconds after the epoch; saturates at the ends of time.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds since the epoch, rounded down (also before it).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved later; saturates.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(whole_millis(span)))
    }

    /// This moment moved earlier; saturates.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(whole_millis(span)))
    }

    /// How long ago `earlier` was; zero when `earlier` is in fact later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

fn whole_millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_down_on_both_sides_of_the_epoch() {
        for (name, millis, seconds) in
            [("after", 1999, 1), ("epoch", 0, 0), ("just before", -1, -1), ("before", -1000, -1)]
        {
            assert_eq!(Timestamp::from_millis(millis).seconds(), seconds, "{name}");
        }
    }

    #[test]
    fn arithmetic_saturates() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.plus(Duration::MAX), end);
        assert_eq!(Timestamp::from_seconds(i64::MAX), end);
        let start = Timestamp::from_millis(i64::MIN);
        assert_eq!(start.minus(Duration::MAX), start);
        assert_eq!(start.since(end), Duration::ZERO);
    }

    #[test]
    fn since_is_zero_when_the_clock_stepped_back() {
        let now = Timestamp::from_seconds(100);
        assert_eq!(now.since(Timestamp::from_seconds(90)), Duration::from_secs(10));
        assert_eq!(now.since(Timestamp::from_seconds(110)), Duration::ZERO);
        assert_eq!(now.plus(Duration::from_secs(5)).minus(Duration::from_secs(5)), now);
    }

    #[test]
    fn is_stored_as_a_bare_number() {
        assert_eq!(serde_json::to_string(&Timestamp::from_millis(7)).unwrap(), "7");
    }
}
