//! Links that were given to somebody: known by the hash of their token, what they lead to sealed (ADM-18, PWD-15, PWD-17).

use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::Email;
use vestibule_policies::ids::{OrganizationId, PersonId};
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::store::links::{self, Link};
use crate::store::{Store, StoreError};

/// What a link is for. One for something else is at no place of more use than one that nobody made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// Makes somebody an administrator.
    Invitation(Invitation),
    /// Another password for somebody who forgot theirs (SGN-06).
    Reset(Reset),
    /// Another password, device and set of backup codes for somebody who lost everything (SGN-16). It outlives a change of the
    /// password: who reads the person's mail must not be able to void it.
    Recovery(PersonId),
}

/// Whom a link makes an administrator of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// The organisation.
    pub organization: OrganizationId,
    /// Whose it is: nobody else's use of the link counts (PWD-17).
    pub email: Email,
    /// What they may do there.
    pub access: Access,
    /// Who asked them, if it was not the operator: with their access ends what they gave on and nobody has taken yet.
    #[serde(default)]
    pub inviter: Option<PersonId>,
}

/// Whose password a link lets be replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// Theirs.
    pub person: PersonId,
    /// By what they prove who they are when it is made (`Record::fingerprint`): once any of it is another, the link says nothing.
    pub proved: String,
}

/// What a link is for, with the token that opened it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// By which it is spent.
    pub token: TokenHash,
    /// What it is for.
    pub errand: Errand,
}

impl Errand {
    /// For the store.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn to_link(
        &self,
        keys: &KeyRing,
        token: &TokenHash,
        expires: Timestamp,
    ) -> Result<Link, sqlx::Error> {
        let plain = serde_json::to_vec(self).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let sealed = keys.sealer(Purpose::Rows).seal(&plain, &binding(token));
        Ok(Link { contents: sealed.map_err(|error| sqlx::Error::Encode(error.into()))?, expires })
    }

    fn of_link(keys: &KeyRing, token: &TokenHash, contents: &[u8]) -> Result<Self, StoreError> {
        let corrupt = |error: String| StoreError::Corrupt(format!("links.contents: {error}"));
        let plain = keys.sealer(Purpose::Rows).open(contents, &binding(token));
        let plain = plain.map_err(|error| corrupt(error.to_string()))?;
        serde_json::from_slice(&plain).map_err(|error| corrupt(error.to_string()))
    }
}

impl Invitation {
    /// For the store.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn to_link(
        &self,
        keys: &KeyRing,
        token: &TokenHash,
        expires: Timestamp,
    ) -> Result<Link, sqlx::Error> {
        Errand::Invitation(self.clone()).to_link(keys, token, expires)
    }

    /// From the store: what was sealed for that token.
    ///
    /// # Errors
    /// When it does not open, or is for something else.
    pub fn of_link(keys: &KeyRing, token: &TokenHash, contents: &[u8]) -> Result<Self, StoreError> {
        match Errand::of_link(keys, token, contents)? {
            Errand::Invitation(invitation) => Ok(invitation),
            Errand::Reset(_) | Errand::Recovery(_) => {
                Err(StoreError::Corrupt("links.contents: the link of an invitation is none".to_owned()))
            }
        }
    }
}

/// What a link is for, unless it is unknown, spent, or too old at `now`, which is session time.
///
/// # Errors
/// When the store cannot be read.
pub async fn open(
    store: &Store,
    keys: &KeyRing,
    link: &str,
    now: Timestamp,
) -> Result<Option<Opened>, StoreError> {
    let Some(token) = Token::hash_of(link) else { return Ok(None) };
    let found = links::look(store.readers(), &token).await.map_err(StoreError::Read)?;
    let Some(link) = found.filter(|link| now < link.expires) else { return Ok(None) };
    let errand = Errand::of_link(keys, &token, &link.contents)?;
    Ok(Some(Opened { token, errand }))
}

fn binding(token: &TokenHash) -> Vec<u8> {
    format!("link {}", token.to_hex()).into_bytes()
}
