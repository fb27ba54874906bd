//! Organisations at rest: the configuration as a document each, secrets sealed beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{Row, SqlitePool};
use vestibule_policies::code::Code;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::limits::Limits;
use vestibule_policies::name::{ConnectionName, Slug};
use vestibule_policies::organization::Organization;
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{IdentityProvider, ProviderConfig};

use super::feed::{self, Change};
use super::{StoreError, Transaction, metadata, parsed};

/// An organisation as the store has it.
#[derive(Debug, Clone)]
pub struct OrganizationRow {
    pub organization: Organization,
    /// Raised with every change; a live session admitted under another one is asked again.
    pub epoch: i64,
    /// The sealed key that signs its assertions.
    pub signing_key: Vec<u8>,
    pub connections: Vec<ConnectionRow>,
}

/// A connection as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    pub id: ConnectionId,
    pub name: ConnectionName,
    pub document: ConnectionDocument,
    /// Sealed [`ConnectionSecrets`].
    pub secrets: Vec<u8>,
    /// What was fetched from the address of a SAML provider's metadata, once it was.
    pub metadata: Option<IdentityProvider>,
}

/// What is not secret about a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionDocument {
    pub provider: ProviderConfig,
    /// Trust this chain alone, PEM.
    pub trust: Option<String>,
}

/// What is secret about a connection. It has no `Debug` and is written sealed only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSecrets {
    /// The client id that was made for a Gateway; of other kinds empty.
    #[serde(default)]
    pub client_id: String,
    /// Empty where the kind has none.
    pub client_secret: String,
    /// Of Okta's own API.
    pub api_token: Option<String>,
    /// Of a directory's accounts that read, by what each is bound to.
    #[serde(default)]
    pub bind_passwords: BTreeMap<String, String>,
}

/// What a connection's secrets are bound to: sealed for one address, they open for no other.
#[must_use]
pub fn binding(id: ConnectionId, provider: &ProviderConfig) -> Vec<u8> {
    format!("connection {id} {}", provider.secrets_go_to()).into_bytes()
}

/// Every organisation's id and slug, by slug.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn ids(readers: &SqlitePool) -> Result<Vec<(OrganizationId, String)>, StoreError> {
    let rows = sqlx::query("SELECT id, slug FROM organizations ORDER BY slug").fetch_all(readers).await;
    rows.map_err(StoreError::Read)?
        .into_iter()
        .map(|row| Ok((parsed("organizations.id", row.get::<String, _>(0).parse())?, row.get(1))))
        .collect()
}

/// One organisation.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn by_id(readers: &SqlitePool, id: OrganizationId) -> Result<Option<OrganizationRow>, StoreError> {
    let row = sqlx::query("SELECT id, document, policy_epoch, signing_key FROM organizations WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(readers)
        .await
        .map_err(StoreError::Read)?;
    match row {
        Some(row) => with_connections(readers, &row).await.map(Some),
        None => Ok(None),
    }
}

/// The organisation with that slug.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn by_slug(readers: &SqlitePool, slug: &Slug) -> Result<Option<OrganizationRow>, StoreError> {
    let row =
        sqlx::query("SELECT id, document, policy_epoch, signing_key FROM organizations WHERE slug = $1")
            .bind(slug.as_str())
            .fetch_optional(readers)
            .await
            .map_err(StoreError::Read)?;
    match row {
        Some(row) => with_connections(readers, &row).await.map(Some),
        None => Ok(None),
    }
}

async fn with_connections(
    readers: &SqlitePool,
    row: &sqlx::sqlite::SqliteRow,
) -> Result<OrganizationRow, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, connections.document, secrets, metadata.source, metadata.document FROM connections \
         LEFT JOIN metadata ON metadata.connection_id = id WHERE organization_id = $1 ORDER BY name",
    )
    .bind(row.get::<String, _>(0))
    .fetch_all(readers)
    .await
    .map_err(StoreError::Read)?;
    let connections = rows.iter().map(connection).collect::<Result<_, _>>()?;
    Ok(OrganizationRow {
        organization: parsed("organizations.document", serde_json::from_str(row.get(1)))?,
        epoch: row.get(2),
        signing_key: row.get(3),
        connections,
    })
}

fn connection(row: &sqlx::sqlite::SqliteRow) -> Result<ConnectionRow, StoreError> {
    let document: ConnectionDocument = parsed("connections.document", serde_json::from_str(row.get(2)))?;
    // What another address gave says nothing of this one, and another provider is nobody.
    let source: Option<String> = row.get(4);
    let is_of_this_source = source.is_some() && source.as_deref() == metadata::source_of(&document.provider);
    let copy: Option<String> = row.get::<Option<String>, _>(5).filter(|_| is_of_this_source);
    let copy = copy.map(|text| parsed("metadata.document", serde_json::from_str(&text))).transpose()?;
    let copy = copy.filter(|copy| match &document.provider {
        ProviderConfig::Saml(saml) => saml.source.describes(copy),
        ProviderConfig::Oidc(_)
        | ProviderConfig::Okta(_)
        | ProviderConfig::AzureAd(_)
        | ProviderConfig::Gateway(_)
        | ProviderConfig::ActiveDirectory(_)
        | ProviderConfig::ActiveDirectoryToken(_) => false,
    });
    Ok(ConnectionRow {
        id: parsed("connections.id", row.get::<String, _>(0).parse())?,
        name: parsed("connections.name", ConnectionName::parse(row.get(1)))?,
        document,
        secrets: row.get(3),
        metadata: copy,
    })
}

/// Which organisation every host belongs to.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn hosts(readers: &SqlitePool) -> Result<Vec<(String, OrganizationId)>, StoreError> {
    let rows = sqlx::query("SELECT host, organization_id FROM hosts").fetch_all(readers).await;
    rows.map_err(StoreError::Read)?
        .into_iter()
        .map(|row| Ok((row.get(0), parsed("hosts.organization_id", row.get::<String, _>(1).parse())?)))
        .collect()
}

/// Writes an organisation whole, in place of what stood there, raises its epoch, and tells every server. `row.epoch` is the
/// epoch that it was made from, 0 for a new one: if somebody else has written since, nothing is.
///
/// # Errors
/// When the store cannot be written, somebody else has written, or one of its hosts belongs to another organisation.
pub async fn save(
    transaction: &mut Transaction,
    row: &OrganizationRow,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    match replace(transaction, row, now).await? {
        Replaced::Stands => Ok(()),
        Replaced::Outdated => {
            let slug = &row.organization.slug;
            Err(sqlx::Error::Protocol(format!("somebody else changed {slug} meanwhile; apply again")))
        }
    }
}

/// What became of a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// It stands.
    Stands,
    /// Somebody else has written since: nothing was done.
    Outdated,
}

/// The same as [`save`], for whoever wants to look again when somebody else was quicker.
///
/// # Errors
/// When the store cannot be written, or one of its hosts belongs to another organisation.
pub async fn replace(
    transaction: &mut Transaction,
    row: &OrganizationRow,
    now: Timestamp,
) -> Result<Replaced, sqlx::Error> {
    let id = row.organization.id.to_string();
    let document =
        serde_json::to_string(&row.organization).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let saved = sqlx::query(
        "INSERT INTO organizations (id, slug, document, policy_epoch, signing_key) VALUES ($1, $2, $3, 1, $4) \
         ON CONFLICT (id) DO UPDATE SET document = excluded.document, policy_epoch = policy_epoch + 1 \
         WHERE policy_epoch = $5",
    )
    .bind(&id)
    .bind(row.organization.slug.as_str())
    .bind(document)
    .bind(&row.signing_key)
    .bind(row.epoch)
    .execute(&mut *transaction)
    .await?;
    if saved.rows_affected() != 1 {
        return Ok(Replaced::Outdated);
    }
    save_hosts(transaction, row, &id).await?;
    save_connections(transaction, row, &id).await?;
    lower_limits(transaction, &id, "subscriber", row.organization.sessions.subscriber).await?;
    lower_limits(transaction, &id, "administrator", row.organization.sessions.administrator).await?;
    feed::append(transaction, &Change::Organization(row.organization.id), now).await?;
    Ok(Replaced::Stands)
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It stands.
    Stands,
    /// The change itself said no; nothing was written.
    Refused(Code),
    /// There is no such organisation.
    Gone,
}

/// What an organisation says of itself at this moment of a transaction.
///
/// # Errors
/// When the store cannot be read or understood.
pub async fn look(
    transaction: &mut Transaction,
    id: OrganizationId,
) -> Result<Option<Organization>, sqlx::Error> {
    let row = sqlx::query("SELECT document FROM organizations WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(transaction)
        .await?;
    row.map(|row| serde_json::from_str(row.get(0)).map_err(|error| sqlx::Error::Decode(error.into())))
        .transpose()
}

/// Changes what an organisation says of itself, in the transaction that reads it; hosts, connections and limits stay what they are.
/// Raises its epoch, so that live sessions are judged anew, and tells every server.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn change(
    transaction: &mut Transaction,
    id: OrganizationId,
    now: Timestamp,
    change: impl FnOnce(&mut Organization) -> Result<(), Code> + Send,
) -> Result<Changed, sqlx::Error> {
    let Some(mut organization) = look(&mut *transaction, id).await? else { return Ok(Changed::Gone) };
    if let Err(code) = change(&mut organization) {
        return Ok(Changed::Refused(code));
    }
    let document = serde_json::to_string(&organization).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query("UPDATE organizations SET document = $1, policy_epoch = policy_epoch + 1 WHERE id = $2")
        .bind(document)
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    feed::append(transaction, &Change::Organization(id), now).await?;
    Ok(Changed::Stands)
}

async fn save_hosts(
    transaction: &mut Transaction,
    row: &OrganizationRow,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM hosts WHERE organization_id = $1").bind(id).execute(&mut *transaction).await?;
    for host in &row.organization.workspaces {
        sqlx::query("INSERT INTO hosts (host, organization_id) VALUES ($1, $2)")
            .bind(host.as_str())
            .bind(id)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

async fn save_connections(
    transaction: &mut Transaction,
    row: &OrganizationRow,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM connections WHERE organization_id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    for connection in &row.connections {
        let document =
            serde_json::to_string(&connection.document).map_err(|error| sqlx::Error::Encode(error.into()))?;
        sqlx::query("INSERT INTO connections (id, organization_id, name, document, secrets) VALUES ($1, $2, $3, $4, $5)")
            .bind(connection.id.to_string())
            .bind(id)
            .bind(connection.name.as_str())
            .bind(document)
            .bind(&connection.secrets)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// A lowered limit is written into every live session, so that raising it again later revives none (SESS-11).
async fn lower_limits(
    transaction: &mut Transaction,
    id: &str,
    audience: &str,
    limits: Limits,
) -> Result<(), sqlx::Error> {
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE roots SET maximum_ms = MIN(maximum_ms, $1), \
         idle_ms = CASE WHEN $2 IS NULL THEN idle_ms WHEN idle_ms IS NULL THEN $2 ELSE MIN(idle_ms, $2) END \
         WHERE organization_id = $3 AND audience = $4 AND ended_ms IS NULL",
    )
    .bind(millis(limits.maximum))
    .bind(limits.idle.map(millis))
    .bind(id)
    .bind(audience)
    .execute(transaction)
    .await
    .map(drop)
}
