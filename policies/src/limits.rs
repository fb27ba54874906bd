//! Session limits: what may be configured (SES-01 to SES-08) and when a session ends (`standing`).
//!
//! The idle limit counts from the last activity, the maximum from the start; nothing moves the maximum.

mod duration;
mod standing;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use duration::{DurationFault, parse_duration, parse_idle, write_duration};
pub use standing::{Span, Standing, idle_expires_at, maximum_expires_at, standing};

const TEN_SECONDS: Duration = Duration::from_secs(10);
const TEN_MINUTES: Duration = Duration::from_mins(10);
const TWELVE_HOURS: Duration = Duration::from_hours(12);
const SEVENTY_TWO_HOURS: Duration = Duration::from_hours(72);
/// The floor that stays when an operator lifts the lower bounds.
const ONE_SECOND: Duration = Duration::from_secs(1);

/// How long a session may live. Made by [`Limits::administrator`], [`Limits::subscriber`] or an edition's preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limits {
    /// Longest time without activity; `None` is "off". Stored in milliseconds.
    #[serde(with = "crate::millis::optional")]
    pub idle: Option<Duration>,
    /// Longest time since the sign-in, whatever the activity. Stored in milliseconds.
    #[serde(with = "crate::millis")]
    pub maximum: Duration,
}

/// Whether the operator has lifted the lower bounds for a trial (`dangerous_short_sessions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortSessions {
    /// The lower bounds hold.
    Refused,
    /// Down to one second is accepted.
    Allowed,
}

/// Why limits are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitsFault {
    /// The idle limit is below the bound.
    #[error("idle is shorter than {} s", .0.as_secs())]
    IdleTooShort(Duration),
    /// The idle limit is above the bound.
    #[error("idle is longer than {} s", .0.as_secs())]
    IdleTooLong(Duration),
    /// The maximum is below the bound.
    #[error("maximum is shorter than {} s", .0.as_secs())]
    MaximumTooShort(Duration),
    /// The maximum is above the bound.
    #[error("maximum is longer than {} s", .0.as_secs())]
    MaximumTooLong(Duration),
}

impl Limits {
    /// Administrators: idle 10 minutes to 12 hours or off, maximum 10 minutes to 72 hours (SES-02, SES-03).
    ///
    /// # Errors
    /// [`LimitsFault`] names the bound that is broken.
    pub fn administrator(
        idle: Option<Duration>,
        maximum: Duration,
        short: ShortSessions,
    ) -> Result<Self, LimitsFault> {
        let least = match short {
            ShortSessions::Refused => TEN_MINUTES,
            ShortSessions::Allowed => ONE_SECOND,
        };
        if idle.is_some_and(|idle| idle > TWELVE_HOURS) {
            return Err(LimitsFault::IdleTooLong(TWELVE_HOURS));
        }
        if maximum > SEVENTY_TWO_HOURS {
            return Err(LimitsFault::MaximumTooLong(SEVENTY_TWO_HOURS));
        }
        Self::at_least(least, idle, maximum)
    }

    /// Subscribers: both from 10 seconds, idle may be off.
    ///
    /// # Errors
    /// [`LimitsFault`] names the bound that is broken.
    pub fn subscriber(idle: Option<Duration>, maximum: Duration) -> Result<Self, LimitsFault> {
        Self::at_least(TEN_SECONDS, idle, maximum)
    }

    /// The smaller of each limit; an idle limit that is off yields to one that is on.
    #[must_use]
    pub fn tightest(self, other: Self) -> Self {
        let idle = match (self.idle, other.idle) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { idle, maximum: self.maximum.min(other.maximum) }
    }

    fn at_least(least: Duration, idle: Option<Duration>, maximum: Duration) -> Result<Self, LimitsFault> {
        if idle.is_some_and(|idle| idle < least) {
            return Err(LimitsFault::IdleTooShort(least));
        }
        if maximum < least {
            return Err(LimitsFault::MaximumTooShort(least));
        }
        Ok(Self { idle, maximum })
    }
}

#[cfg(test)]
mod tests;
