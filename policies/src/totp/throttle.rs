//! How many wrong one-time codes of one person are looked at, over all browsers and sign-ins (interface 6; ASVS 6.6.3).
//!
//! Whoever gets this far knows the password. So a right code does not simply clear what stands against the person: it may
//! be the owner's, and a stranger who guesses between the owner's sign-ins would begin anew after each.
//!
//! * Five wrong codes in five minutes make the second step rest, whatever right ones come between them: five minutes, and
//!   twice as long each time, up to a day. Only a day without a rest makes the next one short again.
//! * Wrong codes add up, and a hundred lock the device until a reset. A right code forgives five of them, once a day:
//!   more than mistyping costs, and so little that a stranger gets a hundred guesses and five a day, at 3 in a million
//!   each.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::Timestamp;

/// Wrong codes within [`WINDOW`] that make the second step rest.
const PATIENCE: usize = 5;
const WINDOW: Duration = Duration::from_mins(5);
/// The first rest; each further one is twice as long as the one before.
const FIRST_REST: Duration = Duration::from_mins(5);
const LONGEST_REST: Duration = DAY;
/// Wrong codes beyond the forgiven ones that lock the device.
const ENDURANCE: u32 = 100;
/// What a right code forgives, once in a [`DAY`].
const FORGIVEN: u32 = 5;
const DAY: Duration = Duration::from_hours(24);

/// Until when the second step rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting {
    /// In session time.
    pub until: Timestamp,
}

/// What stands against one person's codes. All moments are session time, which no clock that is set back repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// The wrong codes of the last five minutes, at most [`PATIENCE`] of them.
    recent: Vec<Timestamp>,
    /// Wrong codes, less the forgiven ones.
    wrong: u32,
    /// When a right code last forgave some.
    forgave: Option<Timestamp>,
    /// Rests so far without a day between the end of one and the next.
    rests: u32,
    /// The end of the last rest.
    until: Option<Timestamp>,
}

impl Throttle {
    /// Whether a code may be looked at.
    ///
    /// # Errors
    ///
    /// [`Refusal::Locked`] or [`Refusal::Resting`]. A code that comes then counts for nothing, and moves no end.
    pub fn admits(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.wrong >= ENDURANCE {
            return Err(Refusal::Locked);
        }
        match self.until {
            Some(until) if now < until => Err(Refusal::Resting(Resting { until })),
            Some(_) | None => Ok(()),
        }
    }

    /// After a wrong code that was looked at.
    #[must_use]
    pub fn after_wrong(mut self, now: Timestamp) -> Self {
        self.wrong = self.wrong.saturating_add(1);
        self.recent.retain(|moment| now.since(*moment) < WINDOW);
        self.recent.push(now);
        if self.recent.len() >= PATIENCE {
            self.recent.clear();
            self.rest(now);
        }
        self
    }

    /// After a right code.
    #[must_use]
    pub fn after_right(mut self, now: Timestamp) -> Self {
        let may_forgive = self.forgave.is_none_or(|last| now.since(last) >= DAY);
        if self.wrong > 0 && may_forgive {
            self.wrong = self.wrong.saturating_sub(FORGIVEN);
            self.forgave = Some(now);
        }
        self
    }

    fn rest(&mut self, now: Timestamp) {
        if self.until.is_some_and(|last| now.since(last) >= DAY) {
            self.rests = 0;
        }
        let length = FIRST_REST.saturating_mul(2_u32.saturating_pow(self.rests)).min(LONGEST_REST);
        self.rests = self.rests.saturating_add(1);
        self.until = Some(now.plus(length));
    }
}
