//! Hashes of passwords: argon2id with 19 MiB, two passes and one lane, as PHC strings with 16 random bytes of salt each (RFC
//! 9106; NIST SP 800-63B-4 §3.1.1.2; OWASP's minimum).

use std::fmt;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use vestibule_certs::random::{self, RandomFailed};
use vestibule_policies::code::Code;
use vestibule_policies::password::{Candidate, Reuse};
use zeroize::Zeroizing;

use super::pool::{Pool, Undone};

/// In KiB.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// In bytes.
const OUTPUT: usize = 32;
const SALT: usize = 16;
/// What a password is compared with that is nobody's: a hash like any other, of the word `nobody`.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGhlIHNhbHQgb2Ygbm9uZQ$4urhhnXHAF6Ee0rRJXdvG5dJknQRvG487r9WeMELlRM";

/// A hash, as the store keeps it. It does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(phc::PasswordHash);

/// A text that is no hash of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no hash of a password by argon2id")]
pub struct NoHash;

/// Whether a password is somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is. Where the hash [is of former times](PasswordHash::needs_rehash), this is when a new one can be made.
    Right,
    /// It is not, or there is nobody whose it could be.
    Wrong,
}

/// Why a password was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords wait to be looked at")]
    Busy,
    /// There is no salt.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// The work broke off.
    #[error("a password could not be looked at")]
    Failed,
}

impl HashError {
    /// What the person sees.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Busy => Code::PasswordBusy,
            Self::Random(_) | Self::Failed => Code::Internal,
        }
    }
}

impl From<Undone> for HashError {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Full => Self::Busy,
            Undone::BrokenOff => Self::Failed,
        }
    }
}

impl PasswordHash {
    /// Reads a PHC string: argon2id, version 19, with salt and output.
    ///
    /// # Errors
    /// [`NoHash`].
    pub fn parse(text: &str) -> Result<Self, NoHash> {
        let hash = phc::PasswordHash::new(text).map_err(|_| NoHash)?;
        let is_ours = hash.algorithm == Algorithm::Argon2id.ident()
            && hash.version == Some(Version::V0x13.into())
            && hash.salt.is_some()
            && hash.hash.is_some()
            && Params::try_from(&hash).is_ok();
        if is_ours { Ok(Self(hash)) } else { Err(NoHash) }
    }

    /// Whether it was made with other parameters than those of today.
    #[must_use]
    pub fn needs_rehash(&self) -> bool {
        let today = |params: &Params| {
            (params.m_cost(), params.t_cost(), params.p_cost(), params.output_len())
                == (MEMORY, PASSES, LANES, Some(OUTPUT))
        };
        !Params::try_from(&self.0).is_ok_and(|params| today(&params))
            || self.0.salt.is_none_or(|salt| salt.len() < SALT)
    }

    fn is_of(&self, password: &[u8]) -> bool {
        // The outputs are compared in constant time.
        Argon2::default().verify_password(password, &self.0).is_ok()
    }
}

impl fmt::Display for PasswordHash {
    /// The PHC string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Hashes and compares, half of the cores at most, with at most 64 that wait. Each call waits for its turn and costs some
/// 20 ms of a core; beyond the queue it is [`HashError::Busy`] at once.
#[derive(Debug)]
pub struct Hasher {
    pool: Pool,
}

impl Default for Hasher {
    /// For this machine.
    fn default() -> Self {
        Self { pool: Pool::of_this_machine() }
    }
}

impl Hasher {
    /// Hashes a password that somebody chose.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, candidate: &Candidate) -> Result<PasswordHash, HashError> {
        let salt = random::bytes::<SALT>()?;
        let password = copy(candidate);
        self.pool.run(move || hashed(&password, &salt)).await?
    }

    /// Compares a password with somebody's. Nobody's (`None`) costs as much, so that time does not tell who exists.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn verify(
        &self,
        candidate: &Candidate,
        known: Option<&PasswordHash>,
    ) -> Result<Verdict, HashError> {
        let password = copy(candidate);
        let (known, is_somebody) = match known {
            Some(known) => (known.clone(), true),
            None => (PasswordHash::parse(NOBODY).map_err(|NoHash| HashError::Failed)?, false),
        };
        let is_right = self.pool.run(move || known.is_of(&password)).await?;
        Ok(if is_right && is_somebody { Verdict::Right } else { Verdict::Wrong })
    }

    /// Compares a password with the person's former ones, all in one turn: as many times 20 ms, so at most as many as the
    /// policy's history and never before the policy judged the password.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn reuse(&self, candidate: &Candidate, earlier: &[PasswordHash]) -> Result<Reuse, HashError> {
        if earlier.is_empty() {
            return Ok(Reuse::New);
        }
        let (password, earlier) = (copy(candidate), earlier.to_vec());
        let is_earlier = self.pool.run(move || earlier.iter().any(|hash| hash.is_of(&password))).await?;
        Ok(if is_earlier { Reuse::Earlier } else { Reuse::New })
    }
}

/// The work needs bytes of its own, which are wiped after it.
fn copy(candidate: &Candidate) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(candidate.as_bytes().to_vec())
}

fn hashed(password: &[u8], salt: &[u8; SALT]) -> Result<PasswordHash, HashError> {
    let params = Params::new(MEMORY, PASSES, LANES, Some(OUTPUT)).map_err(|_| HashError::Failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(password, salt).map_err(|_| HashError::Failed)?;
    Ok(PasswordHash(hash))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::future::FutureExt as _;

    use super::*;

    fn candidate(text: &str) -> Candidate {
        Candidate::read(text).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_its_own_and_no_other() {
        let hasher = Hasher::default();
        let hash = hasher.hash(&candidate("zK4#qW9@ \u{e9}")).await.unwrap();
        for (text, verdict) in [
            ("zK4#qW9@ \u{e9}", Verdict::Right),
            ("zK4#qW9@ e\u{301}", Verdict::Right),
            ("zK4#qW9@ e", Verdict::Wrong),
            ("zK4#qW9@", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            assert_eq!(hasher.verify(&candidate(text), Some(&hash)).await, Ok(verdict), "{text}");
        }
        let long = "zK4#qW9@vH2!".repeat(80);
        let hash = hasher.hash(&candidate(&long)).await.unwrap();
        let longer = candidate(&format!("{long}x"));
        assert_eq!(hasher.verify(&longer, Some(&hash)).await, Ok(Verdict::Wrong), "nothing is cut");
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let hasher = Hasher::default();
        let (one, two) =
            (hasher.hash(&candidate("a")).await.unwrap(), hasher.hash(&candidate("a")).await.unwrap());
        assert_ne!(one, two);
        for hash in [one, two] {
            let text = hash.to_string();
            assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
            assert_eq!(text.len(), NOBODY.len(), "16 bytes of salt and 32 of output");
            assert_eq!(PasswordHash::parse(&text), Ok(hash.clone()));
            assert!(!hash.needs_rehash());
            assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
        }
    }

    #[test]
    fn a_hash_of_other_parameters_is_made_anew() {
        let (salt, output) = ("AAAAAAAAAAAAAAAAAAAAAA", "A".repeat(43));
        for (name, text, needs) in [
            ("today's", format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}"), false),
            ("less memory", format!("$argon2id$v=19$m=4096,t=2,p=1${salt}${output}"), true),
            ("more memory", format!("$argon2id$v=19$m=65536,t=2,p=1${salt}${output}"), true),
            ("more passes", format!("$argon2id$v=19$m=19456,t=3,p=1${salt}${output}"), true),
            ("more lanes", format!("$argon2id$v=19$m=19456,t=2,p=4${salt}${output}"), true),
            ("shorter output", format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${}", "A".repeat(22)), true),
            ("shorter salt", format!("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA${output}"), true),
        ] {
            assert_eq!(PasswordHash::parse(&text).unwrap().needs_rehash(), needs, "{name}");
        }
    }

    #[test]
    fn what_is_no_hash_of_ours_is_refused() {
        let (salt, output) = ("AAAAAAAAAAAAAAAAAAAAAA", "A".repeat(43));
        for (name, text) in [
            ("nothing", String::new()),
            ("a password", "zK4#qW9@vH2!".to_owned()),
            ("argon2i", format!("$argon2i$v=19$m=19456,t=2,p=1${salt}${output}")),
            ("bcrypt", format!("$2b$12${salt}{output}")),
            ("a former version", format!("$argon2id$v=16$m=19456,t=2,p=1${salt}${output}")),
            ("no version", format!("$argon2id$m=19456,t=2,p=1${salt}${output}")),
            ("no output", format!("$argon2id$v=19$m=19456,t=2,p=1${salt}")),
            ("no salt", "$argon2id$v=19$m=19456,t=2,p=1".to_owned()),
            ("no passes", format!("$argon2id$v=19$m=19456,t=0,p=1${salt}${output}")),
            ("more behind", format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}$x")),
        ] {
            assert_eq!(PasswordHash::parse(&text), Err(NoHash), "{name}");
        }
    }

    #[tokio::test]
    async fn nobody_has_no_password_and_costs_as_much() {
        let hasher = Hasher { pool: Pool::new(1, 0) };
        let nobody = PasswordHash::parse(NOBODY).unwrap();
        assert!(!nobody.needs_rehash(), "the same parameters, or the time would tell");
        for password in ["zK4#qW9@vH2!", ""] {
            assert_eq!(hasher.verify(&candidate(password), None).await, Ok(Verdict::Wrong));
        }
        assert_eq!(hasher.verify(&candidate("zK4#qW9@vH2!"), Some(&nobody)).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn former_passwords_are_found_wherever_they_stand() {
        let hasher = Hasher::default();
        let mut earlier = Vec::new();
        for text in ["first", "second", "third"] {
            earlier.push(hasher.hash(&candidate(text)).await.unwrap());
        }
        for (text, reuse) in [
            ("first", Reuse::Earlier),
            ("third", Reuse::Earlier),
            ("fourth", Reuse::New),
            ("First", Reuse::New),
        ] {
            assert_eq!(hasher.reuse(&candidate(text), &earlier).await, Ok(reuse), "{text}");
        }
        assert_eq!(hasher.reuse(&candidate("first"), &[]).await, Ok(Reuse::New));
    }

    #[tokio::test]
    async fn a_flood_is_refused_and_what_waits_is_answered() {
        let hasher = Hasher { pool: Pool::new(1, 3) };
        let password = candidate("zK4#qW9@vH2!");
        let (gate, opened) = mpsc::channel::<()>();
        let mut busy = Box::pin(hasher.pool.run(move || opened.recv().ok()));
        assert!(busy.as_mut().now_or_never().is_none());
        let mut waiting = Vec::new();
        let mut refused = Vec::new();
        for _ in 0..16 {
            let mut sign_in = Box::pin(hasher.verify(&password, None));
            match sign_in.as_mut().now_or_never() {
                Some(answer) => refused.push(answer),
                None => waiting.push(sign_in),
            }
        }
        assert_eq!(refused, vec![Err(HashError::Busy); 13]);
        assert_eq!(hasher.reuse(&password, &[]).await, Ok(Reuse::New), "no work, no turn");
        drop(gate);
        busy.await.unwrap();
        for sign_in in waiting {
            assert_eq!(sign_in.await, Ok(Verdict::Wrong));
        }
    }

    #[test]
    fn a_person_is_told_that_it_is_busy() {
        assert_eq!(HashError::from(Undone::Full).code(), Code::PasswordBusy);
        assert_eq!(HashError::from(Undone::BrokenOff).code(), Code::Internal);
        assert_eq!(HashError::from(RandomFailed).code(), Code::Internal);
        assert_eq!(Code::PasswordBusy.status(), 503);
    }
}
