//! Passkeys: a second factor as good as the device for codes, of which somebody may have several.

use serde::{Deserialize, Serialize};
use vestibule_certs::encoding;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::webauthn::Credential;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;

/// Of one person.
pub const MOST_PASSKEYS: usize = 5;
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// One of somebody's passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passkey {
    /// What its owner calls it.
    pub name: String,
    /// By which it is verified.
    pub credential: Credential,
    /// When it was made, by the wall.
    pub made: Timestamp,
    /// When it was last used, by the wall.
    pub used: Option<Timestamp>,
}

impl Passkey {
    /// A name: 1 to 64 characters, none of them a control character, without spaces around them.
    #[must_use]
    pub fn name(text: &str) -> Option<String> {
        let text = text.trim();
        let fits = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.contains(char::is_control);
        fits.then(|| text.to_owned())
    }
}

/// How authenticators know somebody: nothing that names them (Web Authentication Level 3 §14.6.1).
#[must_use]
pub fn user_handle(keys: &KeyRing, person: PersonId) -> String {
    encoding::base64url(&keys.mac(Purpose::Pseudonym).tag(&[b"passkey user", person.as_bytes()]))
}
