//! Copies of SAML providers' metadata that were fetched from an address: the last one that passed, for each connection.

use sqlx::SqliteConnection;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{IdentityProvider, ProviderConfig, SamlSource};

use super::feed::{self, Change};

/// The address whose metadata a connection needs, with the provider that it looks for there.
#[must_use]
pub fn source_of(provider: &ProviderConfig) -> Option<&str> {
    match provider {
        ProviderConfig::Saml(saml) => match &saml.source {
            SamlSource::Url { url, .. } => Some(url),
            SamlSource::Given(_) => None,
        },
        ProviderConfig::Oidc(_) | ProviderConfig::Okta(_) => None,
    }
}

/// Keeps a copy, and tells every server.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(
    transaction: &mut SqliteConnection,
    (organization, connection): (OrganizationId, ConnectionId),
    (source, provider): (&str, &IdentityProvider),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let document = serde_json::to_string(provider).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO metadata (connection_id, source, document, fetched_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (connection_id) DO UPDATE SET source = excluded.source, document = excluded.document, \
         fetched_ms = excluded.fetched_ms",
    )
    .bind(connection.to_string())
    .bind(source)
    .bind(document)
    .bind(now.millis())
    .execute(&mut *transaction)
    .await?;
    feed::append(transaction, &Change::Organization(organization), now).await
}
