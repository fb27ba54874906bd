//! The key ring: the data keys of every purpose, unwrapped by the master key when the process starts.
//! Sealing and authentication never share key bytes: both are derived from the data key under labels of their own.

use thiserror::Error;

use crate::digest::{MacKey, hkdf_expand};
use crate::random::{self, RandomFailed};
use crate::seal::{SealError, SealingKey};
use crate::secret::SecretBytes;

pub use crate::master_key::{MasterKey, MasterKeyFault, UnwrapError};
pub use crate::purpose::Purpose;
pub use crate::seal::{KeyId, Sealer};

/// Whether a data key still seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It seals and opens; one a purpose.
    Current,
    /// It only opens what it sealed before.
    Retired,
}

impl KeyState {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }

    /// Reads an exact name; everything else is `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Current, Self::Retired].into_iter().find(|state| state.as_str() == name)
    }
}

/// A data key as the store keeps it; worth nothing without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// The name that sealed values carry.
    pub id: KeyId,
    /// The one purpose it serves.
    pub purpose: Purpose,
    /// Whether it still seals.
    pub state: KeyState,
    /// What [`MasterKey::wrap`] made.
    pub wrapped: Vec<u8>,
}

/// Why a key ring could not be opened or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyRingError {
    /// No row was wrapped by this master key.
    #[error(
        "this key ({0}) is not the one that the store is sealed with; restore the one that was made with it"
    )]
    WrongMasterKey(KeyId),
    /// A row does not hold although others do.
    #[error("the wrapped key {0} is damaged")]
    Damaged(KeyId),
    /// A purpose has no current key.
    #[error("the key ring has no current key for {0}")]
    Missing(Purpose),
    /// A purpose has more than one current key.
    #[error("the key ring has two current keys for {0}")]
    TwoCurrent(Purpose),
    /// One purpose has two keys of one name.
    #[error("the key ring has two keys named {0}")]
    TwoAlike(KeyId),
    /// A new key could not be wrapped.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// No random bytes for a new key.
    #[error(transparent)]
    Random(#[from] RandomFailed),
}

/// All data keys, ready for use.
#[derive(Debug)]
pub struct KeyRing {
    rows: PurposeKeys,
    cookies: PurposeKeys,
    handover: PurposeKeys,
    pseudonym: PurposeKeys,
    audit: PurposeKeys,
    state: PurposeKeys,
}

impl KeyRing {
    /// Makes one current key a purpose; the caller stores the wrapped keys before it uses the ring.
    ///
    /// # Errors
    /// [`KeyRingError::Random`] and [`KeyRingError::Seal`] without random bytes.
    pub fn create(master: &MasterKey) -> Result<(Self, Vec<WrappedKey>), KeyRingError> {
        let wrapped = Purpose::ALL
            .into_iter()
            .map(|purpose| WrappedKey::create(master, purpose))
            .collect::<Result<Vec<_>, _>>()?;
        Ok((Self::open(master, wrapped.clone())?, wrapped))
    }

    /// Opens the stored keys, in any order.
    ///
    /// # Errors
    /// [`KeyRingError`]; a wrong master key is told from damaged rows. An empty store is `Missing`.
    pub fn open(master: &MasterKey, wrapped: Vec<WrappedKey>) -> Result<Self, KeyRingError> {
        let mut keys = unwrap_all(master, wrapped)?;
        Ok(Self {
            rows: PurposeKeys::take(&mut keys, Purpose::Rows)?,
            cookies: PurposeKeys::take(&mut keys, Purpose::Cookies)?,
            handover: PurposeKeys::take(&mut keys, Purpose::Handover)?,
            pseudonym: PurposeKeys::take(&mut keys, Purpose::Pseudonym)?,
            audit: PurposeKeys::take(&mut keys, Purpose::Audit)?,
            state: PurposeKeys::take(&mut keys, Purpose::State)?,
        })
    }

    /// What seals and opens values of one purpose.
    #[must_use]
    pub const fn sealer(&self, purpose: Purpose) -> &Sealer {
        &self.keys(purpose).sealer
    }

    /// What authenticates values of one purpose, under its current key only: a tag does not outlive a rotation.
    #[must_use]
    pub const fn mac(&self, purpose: Purpose) -> &MacKey {
        &self.keys(purpose).mac
    }

    const fn keys(&self, purpose: Purpose) -> &PurposeKeys {
        match purpose {
            Purpose::Rows => &self.rows,
            Purpose::Cookies => &self.cookies,
            Purpose::Handover => &self.handover,
            Purpose::Pseudonym => &self.pseudonym,
            Purpose::Audit => &self.audit,
            Purpose::State => &self.state,
        }
    }
}

impl WrappedKey {
    /// A new current key, for a new ring or a rotation.
    ///
    /// # Errors
    /// [`KeyRingError::Random`] and [`KeyRingError::Seal`] without random bytes.
    pub fn create(master: &MasterKey, purpose: Purpose) -> Result<Self, KeyRingError> {
        let id = KeyId(random::bytes()?);
        let key = SecretBytes::new(random::bytes()?);
        Ok(Self { id, purpose, state: KeyState::Current, wrapped: master.wrap(purpose, id, &key)? })
    }
}

/// An unwrapped row on its way into [`PurposeKeys`].
struct DataKey {
    id: KeyId,
    purpose: Purpose,
    state: KeyState,
    bytes: SecretBytes<32>,
}

/// Unwraps every row. If no row names this master key it is the wrong one; if only some do not, those are damaged.
fn unwrap_all(master: &MasterKey, wrapped: Vec<WrappedKey>) -> Result<Vec<DataKey>, KeyRingError> {
    let total = wrapped.len();
    let (mut keys, mut foreign, mut damaged) = (Vec::with_capacity(total), 0, None);
    for row in wrapped {
        match master.unwrap(row.purpose, row.id, &row.wrapped) {
            Ok(bytes) => keys.push(DataKey { id: row.id, purpose: row.purpose, state: row.state, bytes }),
            Err(UnwrapError::Damaged) => damaged = damaged.or(Some(row.id)),
            Err(UnwrapError::WrongMasterKey) => {
                foreign += 1;
                damaged = damaged.or(Some(row.id));
            }
        }
    }
    match damaged {
        Some(_) if foreign == total => Err(KeyRingError::WrongMasterKey(master.id())),
        Some(id) => Err(KeyRingError::Damaged(id)),
        None => Ok(keys),
    }
}

#[derive(Debug)]
struct PurposeKeys {
    sealer: Sealer,
    mac: MacKey,
}

impl PurposeKeys {
    fn take(keys: &mut Vec<DataKey>, purpose: Purpose) -> Result<Self, KeyRingError> {
        let mut current = None;
        let mut retired: Vec<DataKey> = Vec::new();
        for key in keys.extract_if(.., |key| key.purpose == purpose) {
            if retired.iter().chain(&current).any(|other| other.id == key.id) {
                return Err(KeyRingError::TwoAlike(key.id));
            }
            match key.state {
                KeyState::Retired => retired.push(key),
                KeyState::Current if current.is_none() => current = Some(key),
                KeyState::Current => return Err(KeyRingError::TwoCurrent(purpose)),
            }
        }
        let current = current.ok_or(KeyRingError::Missing(purpose))?;
        let retired = retired.iter().map(sealing_key).collect::<Result<_, _>>()?;
        let mac = MacKey::new(derived(&current, "mac").expose());
        Ok(Self { sealer: Sealer::new(purpose, sealing_key(&current)?, retired), mac })
    }
}

fn sealing_key(key: &DataKey) -> Result<SealingKey, SealError> {
    SealingKey::new(key.id, derived(key, "seal").expose())
}

/// RFC 5869 §3.2: the label names the use, so that keys of different uses are unrelated.
fn derived(key: &DataKey, usage: &str) -> SecretBytes<32> {
    SecretBytes::new(hkdf_expand(key.bytes.expose(), &format!("vestibule {usage} 1 {}", key.purpose)))
}

#[cfg(test)]
mod tests;
