//! Trying a password, and changing one: the only places that hold one, and only while they use it.

use std::sync::Arc;

use vestibule_certs::secret::Secret;
use vestibule_certs::{encoding, random};
use vestibule_policies::code::Code;
use vestibule_policies::security_id::SecurityId;

use super::bind::{Due, Outcome, Why, judge, refusal};
use super::connection::{Answer, Identity, Lost};
use super::controller::{Lease, Purpose};
use super::domain::{Domain, Route};
use super::entry::Entry;
use super::person::{self, Found};
use crate::error::SignInError;
use crate::ports::{Attempted, Gate};

/// What a password came to.
#[derive(Debug)]
pub(super) enum Tried {
    /// It is right; this is the person's entry as they read it themselves.
    Right(Vec<Entry>),
    /// It is right, and has to be changed first.
    Due(Due),
}

/// Passwords that go to controllers: each one that leaves is counted before, also where the first controller was lost and a second
/// one is asked, since the first may have counted it against the account.
pub(super) struct Tries<'a> {
    gate: &'a dyn Gate,
    account: &'a SecurityId,
    has_left: bool,
}

impl<'a> Tries<'a> {
    /// The first one is counted already.
    pub(super) const fn new(gate: &'a dyn Gate, of: &'a Found) -> Self {
        Self { gate, account: &of.security_id, has_left: false }
    }

    async fn next(&mut self) -> Result<(), SignInError> {
        if self.has_left {
            self.gate.reserve(Attempted::Account(self.account)).await?;
        }
        self.has_left = true;
        Ok(())
    }

    /// The controller said that it looked at nothing.
    fn take_back(&mut self) {
        self.has_left = false;
    }

    /// Nobody answered; whether a password left before counts.
    fn unanswered(&self, error: SignInError) -> SignInError {
        if self.has_left { error.with_cause(UNANSWERED) } else { error }
    }
}

/// The cause of a refusal after which nobody knows whether the directory judged a password.
pub(super) const UNANSWERED: &str = "unanswered";

/// Binds as the entry that was found, and reads it as its owner: who is nobody reads nothing, so that a controller that says yes to
/// every password proves nothing.
pub(super) async fn try_password(
    found: &Found,
    password: &Secret,
    tries: &mut Tries<'_>,
) -> Result<Tried, SignInError> {
    Ok(match bound(found, password, tries).await? {
        Ok((mut route, lease, entries)) => {
            route.answered(lease);
            Tried::Right(entries)
        }
        Err(due) => Tried::Due(due),
    })
}

/// A connection that is the owner's, in the middle of its route, and what they read; or why the password has to be changed first.
type Bound = Result<(Route, Lease, Vec<Entry>), Due>;

/// Asks one controller after the other until one of them judges the password.
async fn bound(found: &Found, password: &Secret, tries: &mut Tries<'_>) -> Result<Bound, SignInError> {
    let mut route = found.domain.route().await?;
    while let Some(mut lease) = route.next(Purpose::Proving).await? {
        tries.next().await?;
        match owner(&mut lease, &route, found, password).await {
            Ok(Owner::Is(entries)) => return Ok(Ok((route, lease, entries))),
            Ok(Owner::Refused(outcome)) => {
                if let Some(due) = after(&mut route, lease, outcome)? {
                    return Ok(Err(due));
                }
                tries.take_back();
            }
            Ok(Owner::Unread(answer)) => {
                route.answered(lease);
                return Err(unread(found, &answer));
            }
            Err(lost) => route.lost(lease, &lost),
        }
    }
    Err(tries.unanswered(route.exhausted()))
}

/// Whether a connection is the owner's now.
enum Owner {
    Is(Vec<Entry>),
    Refused(Outcome),
    /// The bind succeeded, and who is bound may not read their own entry.
    Unread(Answer),
}

async fn owner(lease: &mut Lease, route: &Route, found: &Found, password: &Secret) -> Result<Owner, Lost> {
    let within = route.patience();
    let answer = lease.connection.bind(&found.dn, password, within).await?;
    let outcome = judge(&answer);
    if outcome != Outcome::Accepted {
        return Ok(Owner::Refused(outcome));
    }
    let (entries, answer) = person::read(&mut lease.connection, &found.dn, within).await?;
    lease.connection.identity = Identity::Nobody;
    if answer.is_success() { Ok(Owner::Is(entries)) } else { Ok(Owner::Unread(answer)) }
}

/// A directory that says yes to every password, or one whose people may not read themselves.
fn unread(found: &Found, answer: &Answer) -> SignInError {
    let reason = format!(
        "the password of {} was accepted, and its owner cannot read it: result {}: {}",
        found.dn, answer.code, answer.text
    );
    SignInError::new(Code::AdAnswer, reason)
}

/// What a refusal means for the way on: an error, a password to change, or the next controller.
fn after(route: &mut Route, lease: Lease, outcome: Outcome) -> Result<Option<Due>, SignInError> {
    match outcome {
        Outcome::AskElsewhere => {
            route.lost(lease, &Lost::Broken("it is busy or unavailable".to_owned()));
            return Ok(None);
        }
        Outcome::Accepted
        | Outcome::Refused(_)
        | Outcome::ChangeDue(_)
        | Outcome::Barred(..)
        | Outcome::Strange(_) => route.answered(lease),
    }
    match outcome {
        Outcome::ChangeDue(due) => Ok(Some(due)),
        Outcome::Refused(why) => Err(refusal(why.cause())),
        Outcome::Barred(code, cause) => {
            Err(SignInError::new(code, "the password is right, the account may not sign in")
                .with_cause(cause))
        }
        Outcome::Strange(code) => {
            Err(SignInError::new(Code::AdAnswer, format!("the bind ended with result {code}")))
        }
        Outcome::Accepted | Outcome::AskElsewhere => Ok(None),
    }
}

/// What a name that nobody has costs: as much as one that somebody has.
pub(super) async fn try_nobody(domain: &Arc<Domain>) -> Result<(), SignInError> {
    let naming = domain.naming().await?;
    let random = || random::bytes::<16>().map(|bytes| encoding::base64url(&bytes));
    let none = |_| SignInError::new(Code::Internal, "the system has no randomness");
    let (name, password) = (random().map_err(none)?, Secret::new(random().map_err(none)?));
    let mut route = domain.route().await?;
    while let Some(mut lease) = route.next(Purpose::Proving).await? {
        let within = route.patience();
        match lease.connection.bind(&format!("CN={name},{}", naming.base), &password, within).await {
            Ok(_) => {
                route.answered(lease);
                return Ok(());
            }
            Err(lost) => route.lost(lease, &lost),
        }
    }
    Err(route.exhausted())
}

/// Changes a password the way its owner may (annex c.6): the old one out and the new one in, in one. The directory judges both.
pub(super) async fn change(
    found: &Found,
    (current, new): (&Secret, &Secret),
    tries: &mut Tries<'_>,
) -> Result<(), SignInError> {
    match bound(found, current, tries).await? {
        Ok((mut route, mut lease, _)) => match exchange(&mut lease, &route, found, (current, new)).await {
            Ok(answer) => {
                route.answered(lease);
                changed(&answer)
            }
            Err(lost) => Err(unsure(found, &lost)),
        },
        Err(_) => change_due(found, current, new).await,
    }
}

/// Whose password is due cannot bind. The connection's own account carries both passwords to the directory, which lets everybody
/// change a password whose old one they know ("Change Password", MS-ADTS §3.1.1.3.1.5.2); it is not a reset.
async fn change_due(found: &Found, current: &Secret, new: &Secret) -> Result<(), SignInError> {
    let mut route = found.domain.route().await?;
    while let Some(mut lease) = route.next(Purpose::Reading).await? {
        match exchange(&mut lease, &route, found, (current, new)).await {
            Ok(answer) => {
                route.answered(lease);
                return changed(&answer);
            }
            // A connection that was open before may have been closed long ago.
            Err(lost) if lease.was_open => route.lost(lease, &lost),
            Err(lost) => return Err(unsure(found, &lost)),
        }
    }
    Err(route.exhausted())
}

async fn exchange(
    lease: &mut Lease,
    route: &Route,
    found: &Found,
    (current, new): (&Secret, &Secret),
) -> Result<Answer, Lost> {
    let values = (quoted(current), quoted(new));
    // A domain may take its time over a password: it is not asked twice.
    let within = route.patience().max(std::time::Duration::from_secs(5));
    lease.connection.exchange(&found.dn, "unicodePwd", (&values.0, &values.1), within).await
}

fn unsure(found: &Found, lost: &Lost) -> SignInError {
    let error = found.domain.down(&format!("nobody knows whether the password was changed: {lost}"));
    error.with_cause(UNANSWERED)
}

fn changed(answer: &Answer) -> Result<(), SignInError> {
    /// `constraintViolation`.
    const CONSTRAINT: u32 = 19;
    const INSUFFICIENT_RIGHTS: u32 = 50;
    match answer.code {
        0 => Ok(()),
        CONSTRAINT if answer.text.contains("00000056") => Err(refusal(Why::WrongPassword.cause())),
        CONSTRAINT if answer.text.contains("00000775") => Err(refusal(Why::Locked.cause())),
        CONSTRAINT => {
            Err(SignInError::new(Code::AdPasswordPolicy, format!("the domain refuses it: {}", answer.text)))
        }
        INSUFFICIENT_RIGHTS => {
            let reason = format!("the account may not change a password: {}", answer.text);
            Err(SignInError::new(Code::AdService, reason))
        }
        code => {
            let reason = format!("the change of a password ended with result {code}: {}", answer.text);
            Err(SignInError::new(Code::AdAnswer, reason))
        }
    }
}

/// In double quotes, as UTF-16, little-endian.
fn quoted(password: &Secret) -> zeroize::Zeroizing<Vec<u8>> {
    let mut bytes = Vec::with_capacity(2 * password.expose().len() + 4);
    for unit in std::iter::once(0x22).chain(password.expose().encode_utf16()).chain(std::iter::once(0x22)) {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes.into()
}

/// What is no password, before anybody is asked (RFC 4513 §5.1.2; annex c.4).
pub(super) fn is_password(password: &Secret) -> bool {
    /// In octets; Active Directory takes 256 characters.
    const LONGEST: usize = 1024;
    let text = password.expose();
    !text.trim().is_empty() && text.len() <= LONGEST && !text.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_form_of_a_password() {
        let text = "\"NewPass1!\"".bytes().flat_map(|byte| [byte, 0]);
        assert_eq!(*quoted(&Secret::new("NewPass1!".to_owned())), text.collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_password() {
        for (text, is) in [
            ("x", true),
            (" x ", true),
            ("", false),
            ("   ", false),
            ("a\0b", false),
            (&"x".repeat(1025), false),
        ] {
            assert_eq!(is_password(&Secret::new(text.to_owned())), is, "{text:?}");
        }
    }

    #[test]
    fn what_a_domain_says_to_a_new_password() {
        let code =
            |code, text: &str| changed(&Answer { code, text: text.to_owned() }).map_err(|error| error.code);
        assert_eq!(code(0, ""), Ok(()));
        assert_eq!(code(19, "00000056: setup_io"), Err(Code::AdCredentials));
        assert_eq!(code(19, "00000775: Password change not permitted"), Err(Code::AdCredentials));
        assert_eq!(code(19, "0000052D: Constraint violation"), Err(Code::AdPasswordPolicy));
        assert_eq!(code(19, ""), Err(Code::AdPasswordPolicy));
        assert_eq!(code(50, ""), Err(Code::AdService));
        assert_eq!(code(53, ""), Err(Code::AdAnswer));
        assert_eq!(code(14, ""), Err(Code::AdAnswer));
    }
}
