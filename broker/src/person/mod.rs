//! People of the built-in identity (SGN-01): one person for the whole deployment, whatever organisations they run.
//!
//! A person is a sealed record: what they are called, their password, their backup codes. The device for one-time codes lies with
//! the others in `store/devices.rs`, and what somebody may do in an organisation stands in that organisation.

mod backup;
pub mod link;
mod passkey;
mod password;
mod profile;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random::{self, RandomFailed};
use vestibule_certs::secret::same;
use vestibule_certs::{digest, encoding};
use vestibule_policies::claims::PrincipalKey;
use vestibule_policies::ids::{ConnectionId, OrganizationId, PersonId};

use crate::store::devices::Owner;
use crate::store::persons::{self, PersonRow};
use crate::store::{Store, StoreError, Transaction};

pub use self::backup::{BackupCodes, Taken};
pub use self::passkey::{MOST_PASSKEYS, Passkey, user_handle};
pub use self::password::PasswordRecord;
pub use self::profile::{Phone, Profile, UserName};

/// Stands where an organisation is named for what belongs to the deployment.
pub const DEPLOYMENT: OrganizationId = OrganizationId::from_bytes([0; 8]);

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// For ever.
    pub id: PersonId,
    /// What is remembered of them.
    pub record: Record,
}

/// What is sealed of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What they are called, and how they are reached.
    pub profile: Profile,
    /// Their password, as a hash.
    pub password: PasswordRecord,
    /// What helps when the device is lost (MFA-09).
    pub backup: BackupCodes,
    /// Other second factors, each as good as the device.
    #[serde(default)]
    pub passkeys: Vec<Passkey>,
    /// How often anything was changed by which they prove who they are: see [`Record::fingerprint`].
    #[serde(default)]
    pub changes: u64,
    /// The organisation that they enrolled for: the recovery phone is changed there (MFA-18).
    #[serde(default)]
    pub enrolled: Option<OrganizationId>,
}

impl Record {
    /// Tells that by which somebody proves who they are from what it was before and will be after. What was proved by one is
    /// nothing by the next: neither a changed password nor a device that was given away finishes a sign-in that it began.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        encoding::base64url(&digest::sha256(format!("{} {}", self.changes, self.password.hash).as_bytes()))
    }

    /// Whether that has stayed what it was when this fingerprint was taken.
    #[must_use]
    pub fn is_proved_by(&self, fingerprint: &str) -> bool {
        same(fingerprint.as_bytes(), self.fingerprint().as_bytes())
    }
}

impl Person {
    /// The id of somebody new.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn new_id() -> Result<PersonId, RandomFailed> {
        random::bytes().map(PersonId::from_bytes)
    }

    /// For the store.
    ///
    /// # Errors
    /// When the record cannot be sealed.
    pub fn to_row(&self, keys: &KeyRing) -> Result<PersonRow, sqlx::Error> {
        let plain = serde_json::to_vec(&self.record).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let sealed = keys.sealer(Purpose::Rows).seal(&plain, &binding(self.id));
        Ok(PersonRow {
            id: self.id,
            user_name_tag: user_name_tag(keys, self.record.profile.user_name.as_str()),
            email_tag: email_tag(keys, self.record.profile.email.as_str()),
            record: sealed.map_err(|error| sqlx::Error::Encode(error.into()))?,
        })
    }

    /// From the store.
    ///
    /// # Errors
    /// When the record does not open.
    pub fn of_row(row: &PersonRow, keys: &KeyRing) -> Result<Self, sqlx::Error> {
        let unreadable = || sqlx::Error::Decode("persons.record".into());
        let plain =
            keys.sealer(Purpose::Rows).open(&row.record, &binding(row.id)).map_err(|_| unreadable())?;
        let record = serde_json::from_slice(&plain).map_err(|_| unreadable())?;
        Ok(Self { id: row.id, record })
    }

    /// How roots and devices know them.
    #[must_use]
    pub fn owner(&self) -> Owner {
        owner(self.id)
    }
}

/// The one whom a typed name means: a user name, else an address that is one person's alone.
///
/// # Errors
/// When the store cannot be read.
pub async fn named(store: &Store, keys: &Arc<KeyRing>, name: &str) -> Result<Option<Person>, StoreError> {
    let tags = (user_name_tag(keys, name), email_tag(keys, name));
    let rows = persons::by_name(store.readers(), (&tags.0, &tags.1)).await.map_err(StoreError::Read)?;
    match rows.as_slice() {
        [one] => Person::of_row(one, keys).map(Some).map_err(StoreError::Read),
        _ => Ok(None),
    }
}

/// Everybody whom a typed name can mean, at most `most`: who bears it as a user name, and whoever has it as an address.
///
/// # Errors
/// When the store cannot be read.
pub async fn bearing(
    executor: impl sqlx::SqliteExecutor<'_>,
    keys: &KeyRing,
    (name, most): (&str, u32),
) -> Result<Vec<Person>, sqlx::Error> {
    let tags = (user_name_tag(keys, name), email_tag(keys, name));
    let rows = persons::bearing(executor, (&tags.0, &tags.1), most).await?;
    rows.iter().map(|row| Person::of_row(row, keys)).collect()
}

/// Somebody, outside of a transaction.
///
/// # Errors
/// When the store cannot be read.
pub async fn look(store: &Store, keys: &KeyRing, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row = persons::by_id(store.readers(), id).await.map_err(StoreError::Read)?;
    row.map(|row| Person::of_row(&row, keys).map_err(StoreError::Read)).transpose()
}

/// Somebody, to be changed in this transaction.
///
/// # Errors
/// When the store cannot be read.
pub async fn of(
    transaction: &mut Transaction,
    keys: &KeyRing,
    id: PersonId,
) -> Result<Option<Person>, sqlx::Error> {
    let row = persons::by_id(transaction, id).await?;
    row.map(|row| Person::of_row(&row, keys)).transpose()
}

/// How roots and devices know the person of that id.
#[must_use]
pub fn owner(id: PersonId) -> Owner {
    Owner::of(DEPLOYMENT, &principal(id))
}

/// Who it is across sign-ins.
#[must_use]
pub fn principal(id: PersonId) -> PrincipalKey {
    PrincipalKey::Subject {
        connection: ConnectionId::BUILT_IN,
        issuer: "built-in".to_owned(),
        subject: id.to_string(),
    }
}

fn user_name_tag(keys: &KeyRing, name: &str) -> String {
    tag(keys, b"person user name", name)
}

/// By what an address is found without standing anywhere in clear.
#[must_use]
pub fn email_tag(keys: &KeyRing, email: &str) -> String {
    tag(keys, b"person email", email)
}

fn tag(keys: &KeyRing, what: &[u8], value: &str) -> String {
    let folded = value.trim().to_lowercase();
    URL_SAFE_NO_PAD.encode(keys.mac(Purpose::Pseudonym).tag(&[what, folded.as_bytes()]))
}

fn binding(id: PersonId) -> Vec<u8> {
    format!("person {id}").into_bytes()
}
