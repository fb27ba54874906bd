//! One registered device: what has to be remembered of it from one code to the next.

use serde::{Deserialize, Serialize};

use super::{Code, Refusal, Secret, Step, Throttle, verify};
use crate::Timestamp;

/// When a code arrived, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Wall time: devices make their codes by it.
    pub wall: Timestamp,
    /// Session time: rests end by it.
    pub session: Timestamp,
}

/// What the store keeps of a device beside its sealed secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The latest step whose code was used.
    last_step: Step,
    throttle: Throttle,
}

impl Device {
    /// A device whose first code was right; that code is used by it.
    #[must_use]
    pub fn registered(first: Step) -> Self {
        Self { last_step: first, throttle: Throttle::default() }
    }

    /// Looks at a code unless the second step rests, and says what the device is from now on.
    ///
    /// The new device has to be stored whatever the answer, in the transaction that read this one, and before anybody is
    /// answered: of a hundred codes at once five are looked at then, and none twice.
    #[must_use = "the new device has to be stored, or codes are guessed without end"]
    pub fn present(self, secret: &Secret, code: &Code, at: Moment) -> (Self, Result<Step, Refusal>) {
        if let Err(refusal) = self.throttle.admits(at.session) {
            return (self, Err(refusal));
        }
        let Self { last_step, throttle } = self;
        match verify(secret, code, at.wall, Some(last_step)) {
            Ok(step) => (Self { last_step: step, throttle: throttle.after_right(at.session) }, Ok(step)),
            Err(refusal) => (Self { last_step, throttle: throttle.after_wrong(at.session) }, Err(refusal)),
        }
    }

    /// After something else was presented in the place of a code, such as a backup code: a guess counts, whichever door it is at.
    #[must_use = "the new device has to be stored, or guesses are made without end"]
    pub fn beside(self, is_right: bool, session: Timestamp) -> Self {
        let Self { last_step, throttle } = self;
        let throttle = if is_right { throttle.after_right(session) } else { throttle.after_wrong(session) };
        Self { last_step, throttle }
    }

    /// Whether a code would be looked at now: a page that asks for one says at once that none is taken.
    ///
    /// # Errors
    ///
    /// [`Refusal::Locked`] or [`Refusal::Resting`].
    pub fn admits(&self, session: Timestamp) -> Result<(), Refusal> {
        self.throttle.admits(session)
    }
}
