//! What a password has to be like and how long it stands: one value (PWD-11).

use std::time::Duration;

/// No policy lets a shorter password in, in characters (AMB-01).
pub const SHORTEST: usize = 8;

/// A password policy. Where its passwords are looked up is the server's configuration, not the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long, in characters after NFC.
    pub length: Length,
    /// Classes of which at least one character has to be there.
    pub classes: &'static [Class],
    /// The characters of [`Class::Special`]; others may be typed and do not count (PWD-16).
    pub specials: &'static str,
    /// Common passwords and words of a dictionary.
    pub common: Weak,
    /// What is made of the person's own names or address, or of the organisation's or the product's name.
    pub similar: Weak,
    /// How many former passwords may not come back; the current one never may (PWD-04).
    pub history: usize,
    /// Before this, nobody may choose another one, unless it is due.
    pub minimum_age: Option<Duration>,
    /// After this a password is due, however often it was used (PWD-06).
    pub maximum_age: Option<Duration>,
    /// After so long without a sign-in it is due (PWD-07).
    pub idle_reset: Option<Duration>,
    /// What comes of a password that is known to others.
    pub compromised: Compromised,
    /// What comes of a password that was set under other rules.
    pub at_sign_in: AtSignIn,
}

/// From how many to how many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    least: usize,
    most: usize,
}

impl Length {
    /// A minimum below [`SHORTEST`] becomes that.
    #[must_use]
    pub const fn new(least: usize, most: usize) -> Self {
        Self { least: if least < SHORTEST { SHORTEST } else { least }, most }
    }

    /// The minimum, in characters.
    #[must_use]
    pub const fn least(self) -> usize {
        self.least
    }

    /// The maximum, in characters.
    #[must_use]
    pub const fn most(self) -> usize {
        self.most
    }
}

/// A class of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Letters in upper case, of any script.
    Upper,
    /// Letters in lower case, of any script.
    Lower,
    /// 0 to 9.
    Digit,
    /// [`Policy::specials`].
    Special,
}

/// What comes of a weak password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// It cannot be chosen.
    Refused,
    /// Nobody looks.
    Allowed,
}

/// What comes of a compromised password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compromised {
    /// It cannot be chosen, and one that becomes known later is due at the next sign-in.
    RefusedAndReset,
    /// It can be chosen, and is due at the next sign-in (PWD-10).
    Reset,
}

/// What a sign-in does with a password that the policy would not let in any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtSignIn {
    /// It is due (PWD-08).
    Reset,
    /// It stays until it is changed.
    Keep,
}
