//! Whether a session still lives (SES-01, SES-03, SES-07): exact to the millisecond, and never longer than granted.
//!
//! A session is held to the tighter of what it was granted and what the organisation says now. So a lowered limit acts
//! on live sessions at once, and a raised one gives nobody more than was granted at the sign-in.

use serde::{Deserialize, Serialize};

use super::Limits;
use crate::Timestamp;

/// What decides about a session's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The sign-in.
    pub started: Timestamp,
    /// The last thing the person did.
    pub last_activity: Timestamp,
    /// The limits at the sign-in.
    pub granted: Limits,
    /// The organisation's limits now.
    pub current: Limits,
}

/// The verdict on a session at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Within both limits.
    Live,
    /// Too long without activity.
    Idle,
    /// Past its maximum, whatever the activity.
    Expired,
}

/// Live while `now` is before both ends. Past both, the maximum is named: it is the end that activity cannot move.
#[must_use]
pub fn standing(now: Timestamp, span: &Span) -> Standing {
    if now >= maximum_expires_at(span) {
        return Standing::Expired;
    }
    if idle_expires_at(span).is_some_and(|end| now >= end) {
        return Standing::Idle;
    }
    Standing::Live
}

/// The end for lack of activity; `None` when neither limit has an idle part.
#[must_use]
pub fn idle_expires_at(span: &Span) -> Option<Timestamp> {
    span.granted.tightest(span.current).idle.map(|idle| span.last_activity.plus(idle))
}

/// The end that nothing moves.
#[must_use]
pub fn maximum_expires_at(span: &Span) -> Timestamp {
    span.started.plus(span.granted.tightest(span.current).maximum)
}
