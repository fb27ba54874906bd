//! How many passwords reach a directory before it is no longer asked: the broker's own lockout, in front of the domain's.
//!
//! Whoever can reach the sign-in page must not be able to guess passwords at length, nor to lock people out of their
//! domain. An attempt is counted before the directory is asked ([`reserve`]), so that of a hundred at once no more get
//! through than one after the other; what turns out not to have been a wrong password is given back.
//!
//! Nobody has more than `attempts` of one account in any `window`. Accounts are counted as the domain itself counts
//! (`badPwdCount`): the count goes on until a right password or until nothing came for a whole window. With a window that
//! merely slides, somebody who tries once in ten minutes would be let through for ever, and the domain would lock the
//! account.

mod key;

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

pub use key::{Key, Network};

/// How many attempts are let through in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// At most so many.
    pub attempts: u32,
    /// Stored in milliseconds.
    #[serde(with = "crate::millis")]
    pub window: Duration,
}

impl Default for Rule {
    /// For one account: five wrong passwords in a quarter of an hour.
    fn default() -> Self {
        Self { attempts: 5, window: Duration::from_mins(15) }
    }
}

/// What was counted under one key; [`Key::tally`] makes the first one. All moments are session time, which never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "counting", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Tally {
    /// Since the last right password, or since the last pause of a whole window.
    InARow {
        /// Attempts.
        count: u32,
        /// The latest attempt; none before the first.
        last: Option<Timestamp>,
    },
    /// In two windows next to each other, which cover every stretch as long as one.
    Rolling {
        /// The begin of the current window.
        begin: Option<Timestamp>,
        /// Attempts in the window before.
        before: u32,
        /// Attempts in the current window.
        count: u32,
    },
}

/// The directory is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The earliest moment at which it may be, in session time, if nothing else comes between.
    pub until: Timestamp,
}

/// Counts an attempt that is about to be made.
///
/// The new tally has to be stored before the directory is asked, in the transaction that read the old one. Of several
/// keys all have to be reserved or none.
///
/// # Errors
///
/// [`Held`] when there were enough; an attempt that is held is not counted and moves no end.
pub fn reserve(tally: Tally, rule: Rule, now: Timestamp) -> Result<Tally, Held> {
    match current(tally, rule, now) {
        Tally::InARow { count, last } if count >= rule.attempts => {
            Err(Held { until: last.unwrap_or(now).plus(rule.window) })
        }
        Tally::InARow { count, .. } => Ok(Tally::InARow { count: count + 1, last: Some(now) }),
        Tally::Rolling { begin, before, count } if count.saturating_add(before) >= rule.attempts => {
            // Full by itself, the current window has to become the one before and pass as that, too.
            let windows = if count >= rule.attempts { 2 } else { 1 };
            Err(Held { until: begin.unwrap_or(now).plus(rule.window.saturating_mul(windows)) })
        }
        Tally::Rolling { begin, before, count } => {
            Ok(Tally::Rolling { begin: Some(begin.unwrap_or(now)), before, count: count + 1 })
        }
    }
}

/// After a right password: a row of wrong ones ends, as in the domain. Where many people are counted together, only the
/// attempt itself is given back, so that nobody clears the tally by an account of their own.
///
/// `reserved` is the moment of the reservation. A password is right, too, where the directory says so and refuses the
/// account for something else, such as its hours.
#[must_use]
pub fn release(tally: Tally, rule: Rule, reserved: Timestamp) -> Tally {
    match tally {
        Tally::InARow { .. } => Tally::InARow { count: 0, last: None },
        Tally::Rolling { .. } => give_back(tally, rule, reserved),
    }
}

/// After an attempt that tried no password, since no controller answered. An unknown name is no such attempt: it counts
/// like a wrong password, or the lockout would tell which names exist.
#[must_use]
pub fn give_back(tally: Tally, rule: Rule, reserved: Timestamp) -> Tally {
    match tally {
        Tally::InARow { count, last } => Tally::InARow { count: count.saturating_sub(1), last },
        Tally::Rolling { begin, before, count } => match begin {
            Some(begin) if reserved >= begin => {
                Tally::Rolling { begin: Some(begin), before, count: count.saturating_sub(1) }
            }
            Some(begin) if reserved >= begin.minus(rule.window) => {
                Tally::Rolling { begin: Some(begin), before: before.saturating_sub(1), count }
            }
            // It has passed already.
            Some(_) | None => tally,
        },
    }
}

/// Whether the tally says nothing any more, so that its row may be deleted.
#[must_use]
pub fn is_over(tally: Tally, rule: Rule, now: Timestamp) -> bool {
    match current(tally, rule, now) {
        Tally::InARow { count, .. } => count == 0,
        Tally::Rolling { before, count, .. } => count.saturating_add(before) == 0,
    }
}

/// The tally without what has passed.
fn current(tally: Tally, rule: Rule, now: Timestamp) -> Tally {
    match tally {
        Tally::InARow { last: Some(last), .. } if now.since(last) >= rule.window => {
            Tally::InARow { count: 0, last: None }
        }
        Tally::Rolling { begin: Some(begin), .. } if now.since(begin) >= rule.window.saturating_mul(2) => {
            Tally::Rolling { begin: None, before: 0, count: 0 }
        }
        Tally::Rolling { begin: Some(begin), count, .. } if now.since(begin) >= rule.window => {
            Tally::Rolling { begin: Some(begin.plus(rule.window)), before: count, count: 0 }
        }
        Tally::InARow { .. } | Tally::Rolling { .. } => tally,
    }
}
