//! Copies of SAML providers' metadata that were fetched from an address: the last one that passed, for each connection.

use serde_json::json;
use sqlx::Row;
use vestibule_certs::x509::Certificate;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{IdentityProvider, ProviderConfig, SamlSource};

use super::Transaction;
use super::audit::{self, Event};
use super::feed::{self, Change};
use super::organizations::ConnectionDocument;

/// The address whose metadata a connection needs, with the provider that it looks for there.
#[must_use]
pub fn source_of(provider: &ProviderConfig) -> Option<&str> {
    match provider {
        ProviderConfig::Saml(saml) => match &saml.source {
            SamlSource::Url { url, .. } => Some(url),
            SamlSource::Given(_) => None,
        },
        ProviderConfig::Oidc(_)
        | ProviderConfig::Okta(_)
        | ProviderConfig::AzureAd(_)
        | ProviderConfig::Gateway(_)
        | ProviderConfig::ActiveDirectory(_)
        | ProviderConfig::ActiveDirectoryToken(_) => None,
    }
}

/// A copy that was fetched for a connection.
#[derive(Debug)]
pub struct Copy<'a> {
    /// Whose the connection is.
    pub organization: OrganizationId,
    /// The connection.
    pub connection: ConnectionId,
    /// What it was configured with when the copy was asked for.
    pub config: &'a ProviderConfig,
    /// What came.
    pub provider: &'a IdentityProvider,
}

/// Keeps a copy with the event that says whose keys are trusted from now on, and tells every server. A copy for a connection that
/// has been configured anew meanwhile is dropped, and gives `false`.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn keep(
    transaction: &mut Transaction,
    copy: &Copy<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Some(source) = source_of(copy.config) else { return Ok(false) };
    let row = sqlx::query(
        "SELECT connections.document, metadata.document FROM connections \
         LEFT JOIN metadata ON metadata.connection_id = id AND metadata.source = $2 WHERE id = $1",
    )
    .bind(copy.connection.to_string())
    .bind(source)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let damaged = |error: serde_json::Error| sqlx::Error::Decode(error.into());
    let standing: ConnectionDocument = serde_json::from_str(row.get(0)).map_err(damaged)?;
    if standing.provider != *copy.config {
        return Ok(false);
    }
    let before: Option<IdentityProvider> =
        row.get::<Option<&str>, _>(1).map(serde_json::from_str).transpose().map_err(damaged)?;
    if before.as_ref() != Some(copy.provider) {
        audit::append(transaction, &changed(copy, source, before.as_ref(), now)).await?;
    }
    let document = serde_json::to_string(copy.provider).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO metadata (connection_id, source, document, fetched_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (connection_id) DO UPDATE SET source = excluded.source, document = excluded.document, \
         fetched_ms = excluded.fetched_ms",
    )
    .bind(copy.connection.to_string())
    .bind(source)
    .bind(document)
    .bind(now.millis())
    .execute(&mut *transaction)
    .await?;
    feed::append(transaction, &Change::Organization(copy.organization), now).await?;
    Ok(true)
}

fn changed(copy: &Copy<'_>, source: &str, before: Option<&IdentityProvider>, now: Timestamp) -> Event {
    let anchor = |provider: &IdentityProvider| {
        let certificates = provider.certificates().unwrap_or_default();
        let certificates: Vec<_> = certificates.iter().map(Certificate::fingerprint).collect();
        json!({ "entity_id": provider.entity_id, "certificates": certificates })
    };
    Event {
        at: now,
        organization: Some(copy.organization),
        name: "connection.metadata-changed",
        code: None,
        correlation: String::new(),
        details: json!({
            "connection": copy.connection.to_string(),
            "source": source,
            "before": before.map(anchor),
            "after": anchor(copy.provider),
        }),
    }
}
