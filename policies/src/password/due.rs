//! When a password that is in use has to be replaced, and when it may be.
//!
//! All moments are session time, which no clock that is set back repeats.

use serde::{Deserialize, Serialize};

use super::candidate::Candidate;
use super::judge::Listing;
use super::policy::{AtSignIn, Policy};
use crate::Timestamp;

/// What is known of a password in use, besides its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it was chosen.
    pub set: Timestamp,
    /// The last sign-in with it; none before the first.
    pub signed_in: Option<Timestamp>,
    /// What the last sign-in found.
    pub flaw: Option<Flaw>,
}

/// What a sign-in finds in a right password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// The policy would not let it in any more.
    Weak,
    /// It is known to others.
    Compromised,
}

/// Why another password has to be chosen before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// It is known to others (PWD-09).
    Compromised,
    /// It does not fit the policy (PWD-08).
    Weak,
    /// It is too old (PWD-06).
    Old,
    /// It was not used for too long (PWD-07).
    Unused,
}

/// It may not be changed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooYoung {
    /// The first moment at which it may, in session time.
    pub until: Timestamp,
}

impl Policy {
    /// What a sign-in with a right password finds, which is when there is a password to look at. It goes into the record
    /// before [`Policy::due`] is asked, and takes the place of what stood there: a rule that was loosened frees people.
    #[must_use]
    pub fn flaw(&self, candidate: &Candidate, listing: Listing) -> Option<Flaw> {
        let is_weak = match self.at_sign_in {
            AtSignIn::Reset => !self.composition(candidate).is_empty() || self.refuses_as_common(candidate),
            AtSignIn::Keep => false,
        };
        match listing {
            Listing::Compromised => Some(Flaw::Compromised),
            Listing::Clean | Listing::Unknown => is_weak.then_some(Flaw::Weak),
        }
    }

    /// Whether another password has to be chosen now. Asked before the sign-in that is under way is written down.
    #[must_use]
    pub fn due(&self, record: &Record, now: Timestamp) -> Option<Due> {
        let used = record.signed_in.map_or(record.set, |signed_in| signed_in.max(record.set));
        match record.flaw {
            Some(Flaw::Compromised) => Some(Due::Compromised),
            Some(Flaw::Weak) => Some(Due::Weak),
            None if self.maximum_age.is_some_and(|most| now.since(record.set) > most) => Some(Due::Old),
            None if self.idle_reset.is_some_and(|most| now.since(used) > most) => Some(Due::Unused),
            None => None,
        }
    }

    /// Whether another password may be chosen by somebody who knows this one. A reset by mail is not held to it.
    ///
    /// # Errors
    /// [`TooYoung`] while the password is younger than the minimum age and not due (PWD-04).
    pub fn may_change(&self, record: &Record, now: Timestamp) -> Result<(), TooYoung> {
        let least = self.minimum_age.unwrap_or_default();
        if now.since(record.set) >= least || self.due(record, now).is_some() {
            return Ok(());
        }
        Err(TooYoung { until: record.set.plus(least) })
    }
}
