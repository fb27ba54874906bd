//! Signing in (RFC 4511 §4.2), with the codes of a domain in the text of a refusal.

use ring::hmac;

use super::account::{Account, AccountState, Wrong};
use super::session::Session;
use super::{Directory, Lockout};
use crate::ldap::Outcome;

/// Wrong password, and unknown name as well: nobody learns which names exist.
const WRONG: &str = "52e";
const LOCKED: &str = "775";

impl Directory {
    pub(super) fn bind(&self, session: &mut Session, name: &str, password: Option<&[u8]>) -> Outcome {
        // A bind ends the one before it, whatever comes of it (RFC 4511 §4.2.1).
        session.bound = None;
        let Some(password) = password else {
            return Outcome::refused(7, "00002027: LdapErr: DSID-0C090568, comment: no such method, data 0");
        };
        // Without a password nobody is signed in, and that succeeds (RFC 4513 §5.1.2).
        if password.is_empty() {
            return Outcome::success();
        }
        if !session.encrypted {
            let comment = "The server requires binds to turn on integrity checking if SSL\\TLS are not \
                           already active on the connection, data 0, v1db1";
            return Outcome::refused(8, format!("00002028: LdapErr: DSID-0C090256, comment: {comment}"));
        }
        let now = self.now();
        let mut world = self.world();
        let found = world.meant(name).and_then(|place| world.accounts.get_mut(place));
        let Some(account) = found else { return refused(WRONG) };
        match account.judge(password, &self.lockout, now) {
            Ok(()) => {
                account.binds.0 += 1;
                session.bound = Some(account.name.clone());
                Outcome::success()
            }
            Err(data) => {
                account.binds.1 += 1;
                refused(data)
            }
        }
    }
}

impl Account {
    /// Whether the account opens by this password now, or the code that says why not. A lock comes first, and only
    /// who has the password learns of anything else.
    fn judge(&mut self, password: &[u8], lockout: &Lockout, now: i64) -> Result<(), &'static str> {
        if self.is_locked(lockout, now) {
            return Err(LOCKED);
        }
        if !self.knows(password, lockout, now) {
            return Err(WRONG);
        }
        self.state.data().map_or(Ok(()), Err)
    }

    /// Whether wrong passwords or an administrator keep it shut; a lock whose time is over is taken away.
    pub(super) fn is_locked(&mut self, lockout: &Lockout, now: i64) -> bool {
        if self.wrong.locked.is_some_and(|since| now - since >= lockout.duration) {
            self.wrong = Wrong::default();
        }
        self.state == AccountState::Locked || self.wrong.locked.is_some()
    }

    /// Whether that is the password; counts those that are not.
    pub(super) fn knows(&mut self, password: &[u8], lockout: &Lockout, now: i64) -> bool {
        if same(self.password.as_bytes(), password) {
            self.wrong = Wrong::default();
            return true;
        }
        if now - self.wrong.last >= lockout.window {
            self.wrong.count = 0;
        }
        self.wrong.count += 1;
        self.wrong.last = now;
        if lockout.threshold > 0 && self.wrong.count >= lockout.threshold {
            self.wrong.locked = Some(now);
        }
        false
    }
}

/// In a time that does not tell where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, one);
    hmac::verify(&key, b"", hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, other), b"").as_ref()).is_ok()
}

fn refused(data: &str) -> Outcome {
    let comment = format!("comment: AcceptSecurityContext error, data {data}, v1db1");
    Outcome::refused(49, format!("80090308: LdapErr: DSID-0C0903A9, {comment}"))
}
