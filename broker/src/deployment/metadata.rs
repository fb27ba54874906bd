//! SAML providers' metadata that a manifest names by its address: fetched by the running server soon after it is applied, and
//! kept, so that a restart needs nobody (SAML-05). No message ever causes a call; only a manifest does.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::config::{IdentityProvider, ProviderConfig, SamlSource};
use vestibule_providers::ports::Http;
use vestibule_providers::saml::fault::SamlFault;

use crate::app::App;
use crate::clock::steady;
use crate::store::metadata::{self, Copy};
use crate::store::organizations::ConnectionRow;
use crate::store::{Store, StoreError};

/// Between two looks at what is missing.
const INTERVAL: Duration = Duration::from_millis(250);
/// Between two tries at one address that gave nothing.
const RETRY: Duration = Duration::from_secs(30);

/// Fetches what is missing until the server stops.
pub async fn follow(app: Arc<App>) {
    let mut tried: HashMap<(ConnectionId, String), Instant> = HashMap::new();
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let now = steady();
        tried.retain(|_, at| now.duration_since(*at) < RETRY);
        for (organization, row) in missing(&app) {
            let Some(url) = metadata::source_of(&row.document.provider) else { continue };
            if tried.insert((row.id, url.to_owned()), now).is_none() {
                let app = Arc::clone(&app);
                // Each by itself: one provider that is slow holds nobody else's up.
                tokio::spawn(async move { attempt(&app, organization, &row).await });
            }
        }
    }
}

fn missing(app: &App) -> Vec<(OrganizationId, ConnectionRow)> {
    let deployment = app.deployment.load();
    let mut missing = Vec::new();
    for (organization, row) in deployment.fetched_connections() {
        if row.metadata.is_none() {
            missing.push((organization, row.clone()));
        }
    }
    missing
}

async fn attempt(app: &App, organization: OrganizationId, row: &ConnectionRow) {
    let client = app.client(row).map_err(|reason| SamlFault::MetadataMissing.because(reason));
    let fetched = match client {
        Ok(client) => fetch(&*client, row, app.wall.now()).await,
        Err(error) => Err(error),
    };
    let kept = match fetched {
        Ok(provider) => keep(&app.store, organization, row, provider, app.wall.now())
            .await
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.reason),
    };
    match kept {
        Ok(true) => {
            tracing::info!(organization.id = %organization, connection.name = row.name.as_str(), "metadata was fetched");
        }
        Ok(false) => {}
        Err(reason) => tracing::warn!(
            organization.id = %organization,
            connection.name = row.name.as_str(),
            metadata.reason = reason,
            "metadata cannot be fetched; sign-in waits for it"
        ),
    }
}

/// Fetches the metadata of a connection that is described at an address.
///
/// # Errors
/// `SAML-METADATA` with what is wrong with it.
pub async fn fetch(
    http: &dyn Http,
    row: &ConnectionRow,
    now: Timestamp,
) -> Result<IdentityProvider, SignInError> {
    let ProviderConfig::Saml(saml) = &row.document.provider else { return Err(no_address()) };
    let SamlSource::Url { url, entity_id } = &saml.source else { return Err(no_address()) };
    let failed = |reason: String| SamlFault::MetadataMissing.because(format!("{url}: {reason}"));
    let request = http::Request::get(url.as_str())
        .header(http::header::ACCEPT, "application/samlmetadata+xml, application/xml");
    let request = request.body(Vec::new()).map_err(|error| failed(error.to_string()))?;
    let answer = http.send(request).await.map_err(|error| failed(error.to_string()))?;
    if answer.status() != http::StatusCode::OK {
        return Err(failed(format!("answered {}", answer.status())));
    }
    let body = answer.body();
    let document = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let provider =
        IdentityProvider::read(document, entity_id.as_deref()).map_err(|fault| failed(fault.to_string()))?;
    provider.check_end(now).map_err(|fault| failed(fault.to_string()))?;
    Ok(provider)
}

fn no_address() -> SignInError {
    SamlFault::MetadataMissing.because("the connection names no address")
}

/// Keeps a copy, and tells every server. Gives `false` for one that is dropped, because the connection is another one by now.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(
    store: &Store,
    organization: OrganizationId,
    row: &ConnectionRow,
    provider: IdentityProvider,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (connection, config) = (row.id, row.document.provider.clone());
    let write = store.write(move |transaction| {
        Box::pin(async move {
            let copy = Copy { organization, connection, config: &config, provider: &provider };
            metadata::keep(transaction, &copy, now).await
        })
    });
    write.await
}
