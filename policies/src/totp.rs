//! One-time codes of a device: RFC 6238 with HMAC-SHA-1, six digits and steps of 30 s, which every authenticator app has.
//!
//! A code is taken one step early or late, and each once (RFC 6238 §5.2). Three codes are right at any time, so that one
//! guess in 333,333 is: [`throttle`] keeps the guesses few (NIST SP 800-63B-4 §3.2.2).

mod device;
mod secret;
mod throttle;

#[cfg(test)]
mod tests;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::Timestamp;

pub use device::{Device, Moment};
pub use secret::{SECRET_LENGTH, Secret};
pub use throttle::{Resting, Throttle};

/// Seconds that a code is shown for (X of RFC 6238 §4.1; T0 is the epoch).
const PERIOD: i64 = 30;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Steps either way in which a code is taken: clocks differ, and people type slowly (RFC 6238 §5.2, §6).
const DRIFT: u64 = 1;

/// The number of a step of 30 s, counted from the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Step(u64);

impl Step {
    /// The step that lasts at this moment of wall time; before the epoch it is the first.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(u64::try_from(now.seconds().div_euclid(PERIOD)).unwrap_or(0))
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// A code as somebody typed it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(u32);

impl Code {
    /// Six ASCII digits, with white space anywhere, since apps show them in two groups.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut value = 0_u32;
        let mut digits = 0;
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            // Long before this overflows, there are too many digits.
            digits += 1;
            if digits > DIGITS {
                return None;
            }
            value = value * 10 + c.to_digit(10)?;
        }
        (digits == DIGITS).then_some(Self(value))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// Why a code is not taken. Whoever typed it is told the first two as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is the code of no step in the window.
    Wrong,
    /// It is the code of a step in the window, and that step or a later one was used.
    Used,
    /// The code was not looked at: the second step rests.
    Resting(Resting),
    /// The code was not looked at: the device is locked until a reset.
    Locked,
}

/// The step whose code this is, if it lasts at `now`, is the one before or the one after, and is later than the last that
/// was used.
///
/// `now` is wall time, since the device counts by it. What is returned has to be stored as the new `last_step` in the
/// transaction that read the old one, or two browsers use one code.
///
/// # Errors
///
/// [`Refusal::Wrong`] or [`Refusal::Used`]; both are wrong codes and count as such.
pub fn verify(
    secret: &Secret,
    code: &Code,
    now: Timestamp,
    last_step: Option<Step>,
) -> Result<Step, Refusal> {
    let Step(here) = Step::at(now);
    let mut found = Choice::from(0);
    let mut step = 0_u64;
    // All of the window, whatever was found: time tells nobody which step a code belongs to. Where two steps have the same
    // code, the later one counts, so that the code is not good for a second time.
    for candidate in here.saturating_sub(DRIFT)..=here.saturating_add(DRIFT) {
        let same = hotp(secret.bytes(), candidate, DIGITS).ct_eq(&code.0);
        step = u64::conditional_select(&step, &candidate, same);
        found |= same;
    }
    if !bool::from(found) {
        return Err(Refusal::Wrong);
    }
    // RFC 6238 §5.2: the verifier must not accept the second attempt of a code that was used.
    if last_step.is_some_and(|last| Step(step) <= last) {
        return Err(Refusal::Used);
    }
    Ok(Step(step))
}

/// RFC 4226 §5.3: the HMAC-SHA-1 of the counter, truncated to so many decimal digits (at most 9).
fn hotp(key: &[u8; SECRET_LENGTH], counter: u64, digits: u32) -> u32 {
    // RFC 2104 §2: a key shorter than the block is filled up with zeros.
    let mut block = Zeroizing::new([0_u8; 64]);
    block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    let mac = Hmac::<Sha1>::new((&*block).into()).chain_update(counter.to_be_bytes()).finalize().into_bytes();
    let offset = usize::from(mac.last().copied().unwrap_or(0) & 0xf);
    let word = mac.iter().skip(offset).take(4).fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    (word & 0x7fff_ffff) % 10_u32.pow(digits)
}
