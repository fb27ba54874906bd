//! What the authenticator says (Web Authentication Level 3 §6.1): for whom, who was there, how often it signed, and a credential that it made.

use super::{Fault, LONGEST_ID, cbor};
use crate::digest::sha256;
use crate::secret::same;

/// The second byte after the hash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flags(u8);

impl Flags {
    const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    const fn is_present(self) -> bool {
        self.has(0)
    }

    const fn is_verified(self) -> bool {
        self.has(2)
    }

    pub(super) const fn is_backup_eligible(self) -> bool {
        self.has(3)
    }

    const fn is_backed_up(self) -> bool {
        self.has(4)
    }

    const fn has_credential(self) -> bool {
        self.has(6)
    }

    const fn has_extensions(self) -> bool {
        self.has(7)
    }
}

/// Authenticator data, taken apart to its last byte.
#[derive(Debug)]
pub(super) struct Said<'a> {
    party: &'a [u8; 32],
    pub(super) flags: Flags,
    pub(super) counter: u32,
    /// Id and COSE key of a credential that was made.
    pub(super) made: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Said<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (party, rest) = bytes.split_first_chunk::<32>()?;
        let (&[flags], rest) = rest.split_first_chunk::<1>()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        let flags = Flags(flags);
        let (made, rest) = if flags.has_credential() {
            // §6.5.1: AAGUID, the length of the id, the id, the key.
            let (_, rest) = rest.split_first_chunk::<16>()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let (id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
            let (_, after) = cbor::read(rest)?;
            let key = rest.get(..rest.len() - after.len())?;
            let fits = (1..=LONGEST_ID).contains(&id.len());
            (Some((id, key)).filter(|_| fits).map(Some)?, after)
        } else {
            (None, rest)
        };
        let rest = if flags.has_extensions() {
            let (extensions, rest) = cbor::read(rest)?;
            matches!(extensions, cbor::Value::Map(_)).then_some(rest)?
        } else {
            rest
        };
        let counter = u32::from_be_bytes(*counter);
        rest.is_empty().then_some(Self { party, flags, counter, made })
    }

    /// Whether it is for this party, and somebody was there whom the authenticator verified.
    pub(super) fn check(&self, party: &str) -> Result<(), Fault> {
        if !same(self.party, &sha256(party.as_bytes())) {
            return Err(Fault::RelyingParty);
        }
        if !self.flags.is_present() {
            return Err(Fault::Presence);
        }
        if !self.flags.is_verified() {
            return Err(Fault::Verification);
        }
        if self.flags.is_backed_up() && !self.flags.is_backup_eligible() {
            return Err(Fault::Backup);
        }
        Ok(())
    }
}
