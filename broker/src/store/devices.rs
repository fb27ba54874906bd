//! Devices for one-time codes: one a person (TOK-03), bound to who they are in the directory and not to their name (TOK-08).

use sqlx::{Row, SqlitePool};
use vestibule_policies::claims::PrincipalKey;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp::Device;

use super::roots::principal_hash;
use super::{StoreError, Transaction, parsed};

/// A device as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// What is remembered of its codes.
    pub device: Device,
    /// When it was registered, by the wall.
    pub registered: Timestamp,
}

/// Whose device it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// In this organisation.
    pub organization: OrganizationId,
    /// The hash of the principal's key, as roots have it.
    pub principal: String,
}

impl Owner {
    /// The person of an organisation.
    #[must_use]
    pub fn of(organization: OrganizationId, principal: &PrincipalKey) -> Self {
        Self { organization, principal: principal_hash(principal) }
    }
}

/// Somebody's device, outside of a transaction: for a page, never to judge a code by.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn look(readers: &SqlitePool, owner: &Owner) -> Result<Option<DeviceRow>, StoreError> {
    let row = query(owner).fetch_optional(readers).await.map_err(StoreError::Read)?;
    row.map(|row| parsed("devices", device_row(&row))).transpose()
}

/// Somebody's device, to be changed in this transaction.
///
/// # Errors
/// When the store cannot be read, or the row.
pub async fn of(transaction: &mut Transaction, owner: &Owner) -> Result<Option<DeviceRow>, sqlx::Error> {
    let row = query(owner).fetch_optional(transaction).await?;
    row.map(|row| device_row(&row).map_err(|error| sqlx::Error::Decode(error.into()))).transpose()
}

fn query<'a>(owner: &Owner) -> sqlx::query::Query<'a, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    sqlx::query(
        "SELECT secret, device, registered_ms FROM devices WHERE organization_id = $1 AND principal = $2",
    )
    .bind(owner.organization.to_string())
    .bind(owner.principal.clone())
}

fn device_row(row: &sqlx::sqlite::SqliteRow) -> Result<DeviceRow, serde_json::Error> {
    let device = serde_json::from_str(row.get(1))?;
    Ok(DeviceRow { secret: row.get(0), device, registered: Timestamp::from_millis(row.get(2)) })
}

/// Registers the first device of a person. `false` if they have one: a second never takes its place (PWD-11).
///
/// # Errors
/// When the store cannot be written.
pub async fn register(
    transaction: &mut Transaction,
    owner: &Owner,
    row: &DeviceRow,
    name_tag: &str,
) -> Result<bool, sqlx::Error> {
    let registered = sqlx::query(
        "INSERT INTO devices (organization_id, principal, secret, device, name_tag, registered_ms) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(owner.organization.to_string())
    .bind(&owner.principal)
    .bind(&row.secret)
    .bind(serde_json::to_string(&row.device).map_err(|error| sqlx::Error::Encode(error.into()))?)
    .bind(name_tag)
    .bind(row.registered.millis())
    .execute(transaction)
    .await?;
    Ok(registered.rows_affected() == 1)
}

/// What is remembered of a device after a code, whatever the code was.
///
/// # Errors
/// When the store cannot be written.
pub async fn remember(
    transaction: &mut Transaction,
    owner: &Owner,
    device: &Device,
    name_tag: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE devices SET device = $1, name_tag = $2 WHERE organization_id = $3 AND principal = $4")
        .bind(serde_json::to_string(device).map_err(|error| sqlx::Error::Encode(error.into()))?)
        .bind(name_tag)
        .bind(owner.organization.to_string())
        .bind(&owner.principal)
        .execute(transaction)
        .await
        .map(drop)
}

/// Puts another device in the place of somebody's; `false` if they have none. Whoever asks has had the present one proved.
///
/// # Errors
/// When the store cannot be written.
pub async fn replace(
    transaction: &mut Transaction,
    owner: &Owner,
    row: &DeviceRow,
) -> Result<bool, sqlx::Error> {
    let replaced = sqlx::query(
        "UPDATE devices SET secret = $1, device = $2, registered_ms = $3 WHERE organization_id = $4 AND principal = $5",
    )
    .bind(&row.secret)
    .bind(serde_json::to_string(&row.device).map_err(|error| sqlx::Error::Encode(error.into()))?)
    .bind(row.registered.millis())
    .bind(owner.organization.to_string())
    .bind(&owner.principal)
    .execute(transaction)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// Takes somebody's device away.
///
/// # Errors
/// When the store cannot be written.
pub async fn remove(transaction: &mut Transaction, owner: &Owner) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query("DELETE FROM devices WHERE organization_id = $1 AND principal = $2")
        .bind(owner.organization.to_string())
        .bind(&owner.principal)
        .execute(transaction)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// Takes the devices away that were last used under a name, and says whose they were.
///
/// # Errors
/// When the store cannot be written.
pub async fn remove_by_name(
    transaction: &mut Transaction,
    organization: OrganizationId,
    name_tag: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let removed =
        sqlx::query("DELETE FROM devices WHERE organization_id = $1 AND name_tag = $2 RETURNING principal")
            .bind(organization.to_string())
            .bind(name_tag)
            .fetch_all(transaction)
            .await?;
    Ok(removed.into_iter().map(|row| row.get(0)).collect())
}
