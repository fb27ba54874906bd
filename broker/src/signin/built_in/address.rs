//! The proof that an address is its owner's: a code goes there, and comes back with the password (MFA-04).
//!
//! A code is good for a quarter of an hour and for five tries; then another one has to be sent, of which one address gets few.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;
use vestibule_certs::secret::same;
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp;
use vestibule_providers::SignInError;

use crate::http::visit::Visit;
use crate::mail::{Enqueued, Letter, Message, OneTimeCode};

const MINUTES: u16 = 15;
/// The same, for what waits for it.
pub(super) const LIFETIME: Duration = Duration::from_mins(MINUTES as u64);
/// Tries at one code: five of a million.
const TRIES: u8 = 5;

/// A code on its way, of which a MAC is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sent {
    tag: String,
    until: Timestamp,
    tries: u8,
}

/// What a typed code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    Right,
    Wrong,
    /// It is too late for this one, or there were too many tries.
    Over,
}

/// Sends a code to an address, in place of one that went there before; none where there is no mail, or none that could be addressed:
/// then the link stands for it.
pub(super) async fn send(
    visit: &Visit<'_>,
    (person, email): (PersonId, &Email),
    before: Option<Sent>,
) -> Result<Option<Sent>, SignInError> {
    let app = visit.app;
    if !app.mail.is_configured() {
        return Ok(before);
    }
    let internal = |reason: &str| SignInError::new(Code::Internal, reason);
    let drawn = random::bytes::<8>().map_err(|_| internal("the system has no randomness"))?;
    let digits = format!("{:06}", u64::from_be_bytes(drawn) % 1_000_000);
    let code = OneTimeCode::new(&digits).map_err(|error| internal(&error.to_string()))?;
    let message = Message::VerificationCode { code, minutes: MINUTES };
    let Some(letter) = Letter::addressed(email, visit.language(), message) else { return Ok(before) };
    let mail = app.mail.clone();
    let write =
        app.store.write(move |transaction| Box::pin(async move { mail.enqueue(transaction, &letter).await }));
    // Who asked for too many reads the same page. The code before stays good then, and where there is none, one is waited for that
    // nobody has: never none.
    let queued = write.await?;
    if queued != Enqueued::Queued && before.is_some() {
        return Ok(before);
    }
    let until = app.session_clock.now().plus(LIFETIME);
    // What no mail told is no code: there is nothing to be guessed.
    let tag = if queued == Enqueued::Queued { tag(&app.keys, person, &digits) } else { String::new() };
    Ok(Some(Sent { tag, until, tries: 0 }))
}

impl Sent {
    /// Holds a typed code against it, and says what is to be remembered of it.
    pub(super) fn present(
        mut self,
        keys: &KeyRing,
        (person, typed): (PersonId, &str),
        now: Timestamp,
    ) -> (Self, Judged) {
        if now >= self.until || self.tries >= TRIES {
            return (self, Judged::Over);
        }
        self.tries += 1;
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).take(16).collect();
        let is_right = totp::Code::parse(&digits).is_some()
            && same(tag(keys, person, &digits).as_bytes(), self.tag.as_bytes());
        (self, if is_right { Judged::Right } else { Judged::Wrong })
    }
}

fn tag(keys: &KeyRing, person: PersonId, digits: &str) -> String {
    let tag = keys.mac(Purpose::Rows).tag(&[b"address code", person.as_bytes(), digits.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

#[cfg(test)]
mod tests {
    use vestibule_certs::master_key::MasterKey;

    use super::*;

    #[test]
    fn a_code_is_good_for_five_tries_in_its_time() {
        let keys = KeyRing::create(&MasterKey::generate().unwrap()).unwrap().0;
        let person = PersonId::from_bytes([1; 8]);
        let sent = Sent { tag: tag(&keys, person, "012345"), until: Timestamp::from_seconds(100), tries: 0 };
        let judge = |sent: &Sent, typed: &str, at| {
            sent.clone().present(&keys, (person, typed), Timestamp::from_seconds(at))
        };
        for (typed, at, judged) in [
            ("012345", 99, Judged::Right),
            (" 012 345 ", 99, Judged::Right),
            ("012345", 100, Judged::Over),
            ("12345", 99, Judged::Wrong),
            ("012346", 99, Judged::Wrong),
            ("", 99, Judged::Wrong),
        ] {
            assert_eq!(judge(&sent, typed, at).1, judged, "{typed} at {at}");
        }
        let other = PersonId::from_bytes([2; 8]);
        assert_eq!(
            sent.clone().present(&keys, (other, "012345"), Timestamp::from_seconds(1)).1,
            Judged::Wrong
        );
        let mut left = sent;
        for _ in 0..TRIES {
            let (next, judged) = judge(&left, "999999", 1);
            assert_eq!(judged, Judged::Wrong);
            left = next;
        }
        assert_eq!(judge(&left, "012345", 1).1, Judged::Over, "the right one comes too late");
    }
}
