//! Links that make somebody an administrator: known by the hash of their token, what they lead to sealed (ADM-18, PWD-17).

use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::Email;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::store::links::{self, Link};
use crate::store::{Store, StoreError};

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
}

/// An invitation with the token that opened it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// By which it is spent.
    pub token: TokenHash,
    /// What it says.
    pub invitation: Invitation,
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
        let plain = serde_json::to_vec(self).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let sealed = keys.sealer(Purpose::Rows).seal(&plain, &binding(token));
        Ok(Link { contents: sealed.map_err(|error| sqlx::Error::Encode(error.into()))?, expires })
    }

    /// From the store: what was sealed for that token.
    ///
    /// # Errors
    /// When it does not open.
    pub fn of_link(keys: &KeyRing, token: &TokenHash, contents: &[u8]) -> Result<Self, StoreError> {
        let corrupt = |error: String| StoreError::Corrupt(format!("links.contents: {error}"));
        let plain = keys.sealer(Purpose::Rows).open(contents, &binding(token));
        let plain = plain.map_err(|error| corrupt(error.to_string()))?;
        serde_json::from_slice(&plain).map_err(|error| corrupt(error.to_string()))
    }
}

/// The invitation of a link, unless it is unknown, spent, or too old at `now`, which is session time.
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
    let invitation = Invitation::of_link(keys, &token, &link.contents)?;
    Ok(Some(Opened { token, invitation }))
}

fn binding(token: &TokenHash) -> Vec<u8> {
    format!("link {}", token.to_hex()).into_bytes()
}
