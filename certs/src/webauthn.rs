//! Passkeys: what an authenticator says when it makes one, and when it proves that it has one (Web Authentication Level 3 §7.1, §7.2).
//!
//! Attestation is not asked for and not believed, a person has to be verified by the authenticator each time, and whatever is not
//! exactly what was asked for is refused.

mod authenticator;
mod cbor;
mod client;
mod key;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::encoding::{base64url, from_base64url};
use crate::random::{self, RandomFailed};

use authenticator::Said;
use cbor::Value;
use client::Ceremony;
use key::PublicKey;

/// The longest id of a credential (§6.5.1), in bytes.
pub const LONGEST_ID: usize = 1023;
/// The longest of everything else that a browser brings, in bytes.
const LONGEST: usize = 8 * 1024;

/// Who asks: the relying party, and the one origin where its pages are.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// The host that credentials are made for.
    pub id: &'a str,
    /// Scheme, host and port.
    pub origin: &'a str,
}

/// What has to come back: 256 random bits, for one answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge(String);

impl Challenge {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, RandomFailed> {
        random::bytes::<32>().map(|bytes| Self(base64url(&bytes)))
    }

    /// Base64url, as it goes to the browser.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenge(..)")
    }
}

/// What is kept of a credential: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Base64url.
    id: String,
    /// A COSE key (RFC 9052 §7); base64url.
    key: String,
    /// How often it signed, where the authenticator counts.
    counter: u32,
    /// Whether it may be on several devices.
    backup_eligible: bool,
}

impl Credential {
    /// Its id, in base64url.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// What a browser brings of a new credential.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// `clientDataJSON`; base64url, like everything here.
    pub client_data: &'a str,
    /// `attestationObject`.
    pub attestation: &'a str,
}

/// What a browser brings as proof of one.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// `rawId`; base64url, like everything here.
    pub credential: &'a str,
    /// `clientDataJSON`.
    pub client_data: &'a str,
    /// `authenticatorData`.
    pub authenticator_data: &'a str,
    /// `signature`.
    pub signature: &'a str,
}

/// Why something is not believed: for log and audit, never for whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no such message, or longer than one.
    #[error("malformed")]
    Malformed,
    /// It answers another kind of question (§7.2 step 10).
    #[error("type")]
    Type,
    /// It answers another question (§7.2 step 11).
    #[error("challenge")]
    Challenge,
    /// The page was another origin's (§7.2 step 12).
    #[error("origin")]
    Origin,
    /// The page stood in another one (§7.2 steps 13, 14).
    #[error("cross-origin")]
    CrossOrigin,
    /// The credential is for another party (§7.2 step 15).
    #[error("relying-party")]
    RelyingParty,
    /// Nobody was there (§7.2 step 16).
    #[error("presence")]
    Presence,
    /// The authenticator did not verify who was there (§7.2 step 17).
    #[error("verification")]
    Verification,
    /// Its flags of backup contradict themselves or what it said at first (§7.2 steps 18, 19).
    #[error("backup")]
    Backup,
    /// Its key is of no kind that was asked for (§7.1 step 20), or weak.
    #[error("key")]
    Key,
    /// An attestation came along, which was not asked for.
    #[error("attestation")]
    Attestation,
    /// It is another credential than the one that it is held against (§7.2 step 6).
    #[error("credential")]
    Credential,
    /// The signature does not hold (§7.2 step 21).
    #[error("signature")]
    Signature,
    /// The counter did not go on: there are two of this authenticator (§7.2 step 22).
    #[error("counter")]
    Counter,
}

impl Fault {
    /// In the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "passkey-malformed",
            Self::Type => "passkey-type",
            Self::Challenge => "passkey-challenge",
            Self::Origin => "passkey-origin",
            Self::CrossOrigin => "passkey-cross-origin",
            Self::RelyingParty => "passkey-relying-party",
            Self::Presence => "passkey-presence",
            Self::Verification => "passkey-verification",
            Self::Backup => "passkey-backup",
            Self::Key => "passkey-key",
            Self::Attestation => "passkey-attestation",
            Self::Credential => "passkey-credential",
            Self::Signature => "passkey-signature",
            Self::Counter => "passkey-counter",
        }
    }
}

/// A new credential, if it is the answer to this challenge (§7.1).
///
/// # Errors
/// [`Fault`].
pub fn register(
    party: Party<'_>,
    challenge: &Challenge,
    registration: Registration<'_>,
) -> Result<Credential, Fault> {
    client::check(&bytes(registration.client_data)?, Ceremony::Create, party.origin, challenge)?;
    let attestation = bytes(registration.attestation)?;
    let (object, rest) = cbor::read(&attestation).ok_or(Fault::Malformed)?;
    let data = match (&object, rest) {
        (Value::Map(members), []) if members.len() == 3 => {
            let (format, statement) = (object.text("fmt"), object.named("attStmt"));
            // §8.7: the format of none has an empty statement.
            if format != Some("none") || !matches!(statement, Some(Value::Map(none)) if none.is_empty()) {
                return Err(Fault::Attestation);
            }
            object.named("authData").and_then(Value::bytes).ok_or(Fault::Malformed)?
        }
        _ => return Err(Fault::Malformed),
    };
    let said = Said::read(data).ok_or(Fault::Malformed)?;
    said.check(party.id)?;
    let (id, key) = said.made.ok_or(Fault::Malformed)?;
    PublicKey::read(key).ok_or(Fault::Key)?;
    Ok(Credential {
        id: base64url(id),
        key: base64url(key),
        counter: said.counter,
        backup_eligible: said.flags.is_backup_eligible(),
    })
}

/// The credential as it is to be kept from now on, if this proves that somebody has it (§7.2).
///
/// # Errors
/// [`Fault`].
#[must_use = "a counter that is not kept does not count"]
pub fn verify(
    party: Party<'_>,
    challenge: &Challenge,
    credential: &Credential,
    assertion: Assertion<'_>,
) -> Result<Credential, Fault> {
    if assertion.credential != credential.id {
        return Err(Fault::Credential);
    }
    let client_data = bytes(assertion.client_data)?;
    client::check(&client_data, Ceremony::Get, party.origin, challenge)?;
    let data = bytes(assertion.authenticator_data)?;
    let said = Said::read(&data).filter(|said| said.made.is_none()).ok_or(Fault::Malformed)?;
    said.check(party.id)?;
    if said.flags.is_backup_eligible() != credential.backup_eligible {
        return Err(Fault::Backup);
    }
    let key = from_base64url(&credential.key).ok_or(Fault::Key)?;
    let key = PublicKey::read(&key).ok_or(Fault::Key)?;
    let signed = [data.as_slice(), &sha256(&client_data)].concat();
    if !key.verifies(&signed, &bytes(assertion.signature)?) {
        return Err(Fault::Signature);
    }
    let counts = said.counter != 0 || credential.counter != 0;
    if counts && said.counter <= credential.counter {
        return Err(Fault::Counter);
    }
    Ok(Credential { counter: said.counter, ..credential.clone() })
}

fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::Malformed);
    }
    from_base64url(text).ok_or(Fault::Malformed)
}
