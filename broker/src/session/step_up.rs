//! Step-up: what changes who gets in is asked of somebody who proved themselves a moment ago, not of whoever found a browser open.
//!
//! Proving oneself again is a sign-in like any other: the provider, or both factors of the built-in identity, and a new root in
//! place of the old one (PWD-19). Nothing is half signed in, and there is no second way to a session.

use std::time::Duration;

use vestibule_policies::time::Timestamp;

use super::Root;

/// How long a sign-in counts as recent.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// What is added for a form that was opened in time: whoever fills it in is not sent away with what they typed.
pub const GRACE: Duration = Duration::from_mins(5);

/// Whether the person of this root proved themselves recently enough for a page with such a change.
#[must_use]
pub fn is_recent(root: &Root, now: Timestamp) -> bool {
    now < root.started().plus(LIFETIME)
}

/// The same for the form of that page, when it comes back.
#[must_use]
pub fn is_in_grace(root: &Root, now: Timestamp) -> bool {
    now < root.started().plus(LIFETIME + GRACE)
}
