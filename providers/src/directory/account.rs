//! The state of an account (annex c.4), as its entry tells it. The directory decides at a bind; this decides where there is none: at
//! the look at live sessions, and when another provider proved the person (LDAP-16).

use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use super::entry::Entry;
use crate::error::SignInError;

/// `ACCOUNTDISABLE` (MS-ADTS §2.2.16).
const DISABLED: i64 = 0x2;
/// 100-nanosecond ticks from 1601 to 1970.
const EPOCH: i64 = 116_444_736_000_000_000;
const TICKS_A_SECOND: i64 = 10_000_000;
/// `accountExpires` of an account that never does: this, or 0.
const NEVER: i64 = i64::MAX;

/// The parts of an entry that say whether its owner may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    control: i64,
    expires: i64,
    /// `pwdLastSet` in ticks, where it may be read; 0: the password has to be changed.
    pub(super) password_set: Option<i64>,
}

/// Why an account may not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    Disabled,
    Expired,
}

impl Bar {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Expired => "account-expired",
        }
    }

    pub(super) fn refusal(self) -> SignInError {
        let code = match self {
            Self::Disabled => Code::AdDisabled,
            Self::Expired => Code::AdAccountExpired,
        };
        SignInError::new(code, "the account may not sign in").with_cause(self.name())
    }
}

impl Account {
    /// Reads it. Without `userAccountControl` nobody knows whether it is disabled: that is a fault.
    pub(super) fn of(entry: &Entry) -> Result<Self, SignInError> {
        let missing = || SignInError::new(Code::AdAnswer, "userAccountControl is missing");
        Ok(Self {
            control: entry.number("userAccountControl")?.ok_or_else(missing)?,
            expires: entry.number("accountExpires")?.unwrap_or(0),
            password_set: entry.number("pwdLastSet")?,
        })
    }

    /// One that never expires.
    #[cfg(test)]
    pub(super) fn sample(control: i64, password_set: i64) -> Self {
        Self { control, expires: NEVER, password_set: Some(password_set) }
    }

    pub(super) fn check(self, now: Timestamp) -> Result<(), Bar> {
        if self.control & DISABLED != 0 {
            return Err(Bar::Disabled);
        }
        let ends = self.expires != 0 && self.expires != NEVER;
        if ends && self.expires <= ticks(now) { Err(Bar::Expired) } else { Ok(()) }
    }
}

fn ticks(now: Timestamp) -> i64 {
    now.seconds().saturating_mul(TICKS_A_SECOND).saturating_add(EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_by_its_bits_and_times() {
        let now = Timestamp::from_seconds(1_700_000_000);
        let at = ticks(now);
        for (name, control, expires, expected) in [
            ("ordinary", 512, NEVER, Ok(())),
            ("never, the other way", 512, 0, Ok(())),
            ("in a while", 512, at + TICKS_A_SECOND, Ok(())),
            ("this moment", 512, at, Err(Bar::Expired)),
            ("long ago", 512, 132_000_000_000_000_000, Err(Bar::Expired)),
            ("disabled", 514, NEVER, Err(Bar::Disabled)),
            ("disabled, password never expires", 66_050, NEVER, Err(Bar::Disabled)),
            ("password never expires", 66_048, NEVER, Ok(())),
        ] {
            let account = Account { control, expires, password_set: Some(at) };
            assert_eq!(account.check(now), expected, "{name}");
        }
    }
}
