//! The policies that a deployment chooses from (PWD-01 to PWD-07, AMB-01, AMB-02).
//!
//! Every preset refuses common and compromised passwords and those made of the person's own names, also where its source
//! only asks for a reset at the next sign-in: a password that will be refused tomorrow is not accepted today (ASVS 6.2.4,
//! 6.2.11, 6.2.12). What is common to all is written once, in [`BASE`].

use std::time::Duration;

use super::policy::{AtSignIn, Class, Compromised, Length, Policy, Weak};

/// A policy by its name in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// The guide's rules for administrators of the edition `global`: the strictest about composition and age.
    Global,
    /// The rules of that edition's sign-up page: shorter, and due after six months without a sign-in.
    GlobalSignup,
    /// The rules of the edition `japan`.
    Japan,
    /// NIST SP 800-63B-4: long, and neither composition nor expiry.
    Nist,
}

/// Days that stand for six months: never fewer than six months have, but for two days from March to August.
const SIX_MONTHS: Duration = days(183);
/// The eleven of PWD-16.
const SPECIALS: &str = "!@#$%^*?+=-";

const BASE: Policy = Policy {
    length: Length::new(12, 256),
    classes: &[Class::Upper, Class::Lower, Class::Digit, Class::Special],
    specials: SPECIALS,
    common: Weak::Refused,
    similar: Weak::Refused,
    history: 24,
    minimum_age: None,
    maximum_age: None,
    idle_reset: None,
    compromised: Compromised::RefusedAndReset,
    at_sign_in: AtSignIn::Keep,
};

/// PWD-01, PWD-04, PWD-06 to PWD-08.
const GLOBAL: Policy = Policy {
    minimum_age: Some(days(1)),
    maximum_age: Some(days(60)),
    idle_reset: Some(SIX_MONTHS),
    at_sign_in: AtSignIn::Reset,
    ..BASE
};

/// PWD-02, PWD-07, PWD-08; the change rules are the edition's (PWD-04).
const GLOBAL_SIGNUP: Policy = Policy {
    length: Length::new(8, 256),
    classes: &[Class::Upper, Class::Digit, Class::Special],
    minimum_age: Some(days(1)),
    idle_reset: Some(SIX_MONTHS),
    at_sign_in: AtSignIn::Reset,
    ..BASE
};

/// PWD-03, PWD-05 and the japan column of PWD-04 and PWD-06.
const JAPAN: Policy = Policy { length: Length::new(8, 128), history: 5, idle_reset: Some(days(60)), ..BASE };

/// NIST SP 800-63B-4 §3.1.1.2: 15 characters, which is the minimum for a password that stands alone; 8 would do beside a
/// second factor, and the stricter reading needs no knowledge of one.
const NIST: Policy = Policy { length: Length::new(15, 256), classes: &[], history: 0, ..BASE };

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 4] = [Self::Global, Self::GlobalSignup, Self::Japan, Self::Nist];

    /// The name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::GlobalSignup => "global-signup",
            Self::Japan => "japan",
            Self::Nist => "nist",
        }
    }

    /// Reads the name in the configuration.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text)
    }

    /// What it says.
    #[must_use]
    pub const fn policy(self) -> Policy {
        match self {
            Self::Global => GLOBAL,
            Self::GlobalSignup => GLOBAL_SIGNUP,
            Self::Japan => JAPAN,
            Self::Nist => NIST,
        }
    }
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}
