//! Backup codes: ten, each good once (MFA-09, AMB-43). What is kept of one is a MAC.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random::{self, RandomFailed};
use vestibule_certs::secret::same;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;
use zeroize::Zeroizing;

/// How many there are.
const COUNT: usize = 10;
/// Letters of one: 50 bits.
const LENGTH: usize = 10;
/// RFC 4648 §6, in lower case. What is typed as `0`, `1` or `8` is read as the letter that looks like it.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What is kept of somebody's backup codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupCodes {
    /// One MAC each; none where the code was used.
    tags: Vec<Option<String>>,
    /// When they were made, by the wall.
    pub made: Timestamp,
}

/// What a typed code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was right, and is used now.
    Right,
    /// It is none of them, or was used.
    Wrong,
}

impl BackupCodes {
    /// A new set, and the codes themselves, which are shown once: two groups of five letters and digits.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate(
        keys: &KeyRing,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(Self, Vec<Zeroizing<String>>), RandomFailed> {
        let codes = (0..COUNT).map(|_| code()).collect::<Result<Vec<_>, _>>()?;
        let tags = codes.iter().map(|code| Some(tag(keys, person, &normal(code)))).collect();
        Ok((Self { tags, made: now }, codes))
    }

    /// Takes a code: what is returned has to be stored in the transaction that read this set.
    #[must_use = "a code that is taken and not stored is good twice"]
    pub fn take(mut self, keys: &KeyRing, person: PersonId, typed: &str) -> (Self, Taken) {
        let wanted = tag(keys, person, &normal(typed));
        let mut taken = Taken::Wrong;
        // All of them, whatever was found.
        for kept in &mut self.tags {
            if kept.as_ref().is_some_and(|kept| same(kept.as_bytes(), wanted.as_bytes())) {
                *kept = None;
                taken = Taken::Right;
            }
        }
        (self, taken)
    }

    /// How many there were, and how many were used (MFA-10).
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        (self.tags.len(), self.tags.iter().filter(|tag| tag.is_none()).count())
    }
}

fn code() -> Result<Zeroizing<String>, RandomFailed> {
    let bytes = Zeroizing::new(random::bytes::<LENGTH>()?);
    let mut text = Zeroizing::new(String::with_capacity(LENGTH + 1));
    for (place, byte) in bytes.iter().enumerate() {
        if place == LENGTH / 2 {
            text.push(' ');
        }
        text.extend(LETTERS.get(usize::from(byte & 31)).copied().map(char::from));
    }
    Ok(text)
}

/// One spelling for what people type.
fn normal(typed: &str) -> Zeroizing<String> {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(4 * LENGTH);
    let letter = |c: char| match c.to_ascii_lowercase() {
        '0' => 'o',
        '1' => 'l',
        '8' => 'b',
        c => c,
    };
    Zeroizing::new(letters.map(letter).collect())
}

fn tag(keys: &KeyRing, person: PersonId, code: &str) -> String {
    let tag = keys.mac(Purpose::Rows).tag(&[b"backup code", person.as_bytes(), code.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

#[cfg(test)]
mod tests {
    use vestibule_certs::master_key::MasterKey;

    use super::*;

    fn keys() -> KeyRing {
        KeyRing::create(&MasterKey::generate().unwrap()).unwrap().0
    }

    #[test]
    fn each_code_is_good_once_in_every_spelling() {
        let (keys, person) = (keys(), PersonId::from_bytes([1; 8]));
        let (set, codes) = BackupCodes::generate(&keys, person, Timestamp::from_seconds(1)).unwrap();
        assert_eq!((set.count(), codes.len()), ((10, 0), 10));
        let mut set = set;
        for (used, code) in codes.iter().enumerate() {
            assert_eq!(code.len(), 11);
            let spelling = code.to_uppercase().replace(' ', "-").replace('O', "0").replace('L', "1");
            let (next, taken) = set.take(&keys, person, &spelling);
            assert_eq!((taken, next.count()), (Taken::Right, (10, used + 1)), "{}", code.as_str());
            let (again, taken) = next.take(&keys, person, code);
            assert_eq!(taken, Taken::Wrong, "{} is used", code.as_str());
            set = again;
        }
    }

    #[test]
    fn what_is_no_code_takes_nothing() {
        let (keys, person) = (keys(), PersonId::from_bytes([1; 8]));
        let (set, codes) = BackupCodes::generate(&keys, person, Timestamp::from_seconds(1)).unwrap();
        let first = codes[0].to_string();
        for typed in ["", " ", "aaaaa aaaaa", &first[..9], &format!("{first}a"), &"a".repeat(10_000)] {
            let (left, taken) = set.clone().take(&keys, person, typed);
            assert_eq!((taken, left), (Taken::Wrong, set.clone()), "{typed}");
        }
        let (_, taken) = set.take(&keys, PersonId::from_bytes([2; 8]), &first);
        assert_eq!(taken, Taken::Wrong, "another person's");
    }

    #[test]
    fn what_is_stored_names_no_code() {
        let (set, codes) =
            BackupCodes::generate(&keys(), PersonId::from_bytes([1; 8]), Timestamp::from_seconds(1)).unwrap();
        let text = serde_json::to_string(&set).unwrap();
        for code in codes {
            assert!(!text.contains(&*code) && !text.contains(&code.replace(' ', "")));
        }
    }
}
