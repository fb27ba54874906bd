//! What a server is started from, and how it is put together.

use std::io;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::net::TcpListener;
use vestibule_certs::trust::Trust;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::BrowserEndpoints;
use vestibule_providers::config::ProviderConfig;

use crate::administration::connections::Diagnoses;
use crate::audit::Audit;
use crate::clock::{Clock, SessionClock};
use crate::config::ServerConfig;
use crate::demo::Demo;
use crate::deployment::{Deployment, Freshness, LoadError, Loader, Tenant};
use crate::keys::{self, KeysError};
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::passwords::Passwords;
use crate::proxy::{PoolLimits, UpstreamPool};
use crate::service_provider;
use crate::session::Sessions;
use crate::session::activity::{Activity, ActivityWriter};
use crate::signin::built_in::Asked;
use crate::store::lock::ServerLock;
use crate::store::{Store, StoreError, feed, meta};

use super::{App, Bound, reach, report, shadowed};

/// The file that marks the data directory of a demo.
pub(crate) const DEMO_MARK: &str = "vestibule-demo";

/// What a start is given beside its configuration.
#[derive(Debug)]
pub struct Start {
    /// The configuration.
    pub config: ServerConfig,
    /// The front door, already bound.
    pub listener: TcpListener,
    /// The operator's.
    pub operator: TcpListener,
    /// Wall time.
    pub clock: Arc<dyn Clock>,
    /// Sandboxes, in a demo.
    pub demo: Option<Demo>,
    /// Proof that no other server runs on the store.
    pub lock: ServerLock,
}

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{what}: {error}")]
    Io { what: String, error: io::Error },
    #[error(transparent)]
    Tls(#[from] vestibule_certs::tls::TlsError),
    #[error("this store belongs to a demo: serve, apply and check do not touch it")]
    IsDemo,
    #[error("this store does not belong to a demo")]
    IsNoDemo,
}

/// A demo's store and a deployment's never meet: neither by what stands in the store nor by where it lies.
pub(crate) async fn check_owner(store: &Store, demo: bool) -> Result<(), StartError> {
    let marked = meta::value(store.readers(), meta::DEMO).await?.is_some();
    let beside = store.path().with_file_name(DEMO_MARK).exists();
    match (marked || beside, demo) {
        (true, false) => Err(StartError::IsDemo),
        (false, true) => Err(StartError::IsNoDemo),
        (true, true) | (false, false) => Ok(()),
    }
}

pub(super) async fn assemble(
    config: ServerConfig,
    store: Store,
    clock: Arc<dyn Clock>,
    demo: Option<Demo>,
    bound: Bound,
) -> Result<(Arc<App>, ActivityWriter, i64), StartError> {
    let keys = Arc::new(keys::open(&store, &config.master_key).await?);
    let outbound = Outbound::new(reach(bound, config.outbound, demo.is_some()));
    let browsers = if demo.is_some() { BrowserEndpoints::PlainOnLoopback } else { BrowserEndpoints::Https };
    let service_provider = service_provider::Keys::default();
    let loader = Loader {
        store: store.clone(),
        keys: Arc::clone(&keys),
        outbound: outbound.clone(),
        service_provider: service_provider.clone(),
        clock: Arc::clone(&clock),
        browsers,
    };
    // First the position, then the state: what changes in between is read twice, never missed.
    let position = feed::position(store.readers()).await?;
    let (deployment, broken) = loader.all().await?;
    report(&broken);
    if deployment.tenants().next().is_none() && broken.is_empty() {
        tracing::warn!("the store holds no organisation yet; `vestibule apply` makes one");
    }
    warn_of_dangers(&deployment);
    if let Some(host) = shadowed(&config.server, &deployment) {
        tracing::error!(
            host = host.as_str(),
            "a workspace has the name of one of our own hosts, and is not served there"
        );
    }
    let session_clock = SessionClock::new(Arc::clone(&clock), meta::clock_mark(store.readers()).await?);
    let mail = Mail::new(Arc::clone(&keys), (Arc::clone(&clock), session_clock.clone()), config.mail);
    let (activity, writer) = Activity::new(store.clone(), session_clock.clone());
    let app = App {
        settings: ArcSwap::from_pointee(config.server),
        store,
        keys,
        deployment: ArcSwap::from_pointee(deployment),
        freshness: Freshness::new(),
        sessions: Sessions::default(),
        activity,
        wall: clock,
        session_clock,
        passwords: Passwords::new(&config.passwords, &outbound)?,
        upstreams: UpstreamPool::new(outbound.dial(), &Trust::Public, PoolLimits::default())?,
        audit: Audit::default(),
        diagnoses: Diagnoses::default(),
        metrics: Metrics::default(),
        mail,
        asked: Asked::default(),
        demo,
        outbound,
        loader,
        service_provider,
        bound,
        store_path: config.store.sqlite,
    };
    Ok((Arc::new(app), writer, position))
}

/// Dangerous settings are told at every start.
fn warn_of_dangers(deployment: &Deployment) {
    for tenant in deployment.tenants() {
        for connection in tenant.organization.connections.iter().filter(|one| one.any_directory) {
            tracing::warn!(
                organization.slug = tenant.organization.slug.as_str(),
                connection.name = connection.name.as_str(),
                "dangerous_any_directory is on: this connection may speak for every directory"
            );
        }
        for connection in tenant.organization.connections.iter().filter(|one| takes_sha1(tenant, one.id)) {
            tracing::warn!(
                organization.slug = tenant.organization.slug.as_str(),
                connection.name = connection.name.as_str(),
                "dangerous_sha1 is on: this connection believes signatures that can be forged"
            );
        }
    }
}

fn takes_sha1(tenant: &Tenant, id: ConnectionId) -> bool {
    let provider = tenant.connection_row(id).map(|row| &row.document.provider);
    matches!(provider, Some(ProviderConfig::Saml(saml)) if saml.dangerous_sha1)
}
