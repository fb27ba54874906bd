//! The one change that is allowed: a person's password, by the old one (MS-ADTS §3.1.1.3.1.5.2).
//!
//! The right to change a password by the old one is everybody's, so whoever has signed in may do it to anybody whose
//! password he knows. That is how somebody changes his whose own bind is refused because he has to.

use super::Directory;
use super::dn::Dn;
use super::session::{Session, insufficient, unauthenticated};
use crate::ldap::{Change, ChangeKind, Outcome};

/// The shortest password, in characters.
const SHORTEST: usize = 7;

impl Directory {
    pub(super) fn modify(&self, session: &Session, dn: Option<&Dn>, changes: &[Change]) -> Outcome {
        if session.bound.is_none() {
            return unauthenticated();
        }
        if !session.encrypted {
            return unwilling();
        }
        let now = self.now();
        let mut world = self.world();
        let found = dn.and_then(|dn| world.accounts.iter_mut().find(|account| account.dn == *dn));
        let Some(account) = found else {
            let text =
                "0000208D: NameErr: DSID-03152BB2, problem 2001 (NO_OBJECT), data 0, best match of:\n\t''\n";
            return Outcome::refused(32, text);
        };
        let Some((old, new)) = old_and_new(changes) else { return insufficient() };
        let (Some(old), Some(new)) = (unquote(old), unquote(new)) else { return unwilling() };
        if account.is_locked(&self.lockout, now) {
            return constraint("00000775");
        }
        if !account.knows(old.as_bytes(), &self.lockout, now) {
            return constraint("00000056");
        }
        if new.chars().count() < SHORTEST || new == old {
            return constraint("0000052D");
        }
        account.set_password(&new, now);
        Outcome::success()
    }
}

/// The values of exactly one deletion and one addition of the password. Another change, a reset among them, takes
/// rights that nobody here has.
fn old_and_new(changes: &[Change]) -> Option<(&[u8], &[u8])> {
    let [first, second] = changes else { return None };
    let ours = changes.iter().all(|change| change.attribute.eq_ignore_ascii_case("unicodePwd"));
    if !ours || (first.kind, second.kind) != (ChangeKind::Delete, ChangeKind::Add) {
        return None;
    }
    match (first.values.as_slice(), second.values.as_slice()) {
        ([old], [new]) => Some((old, new)),
        (_, _) => None,
    }
}

/// A password of its UTF-16LE octets in double quotes.
fn unquote(octets: &[u8]) -> Option<String> {
    let (units, []) = octets.as_chunks() else { return None };
    let units: Vec<_> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let text = String::from_utf16(&units).ok()?;
    Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn unwilling() -> Outcome {
    Outcome::refused(53, "0000001F: SvcErr: DSID-031A126C, problem 5003 (WILL_NOT_PERFORM), data 0\n")
}

/// The Win32 error stands at the beginning.
fn constraint(error: &str) -> Outcome {
    let detail = "problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)";
    Outcome::refused(
        19,
        format!("{error}: AtrErr: DSID-03190F80, #1:\n\t0: {error}: DSID-03190F80, {detail}\n"),
    )
}
