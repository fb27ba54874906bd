//! A running broker: everything a request needs, made once, and the tasks beside the requests.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::trust::Trust;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::{HostName, Slug};
use vestibule_policies::time::Timestamp;

use crate::audit::Audit;
use crate::clock::{Clock, SessionClock};
use crate::config::{Server, ServerConfig};
use crate::demo::Demo;
use crate::deployment::{self, Deployment, Freshness, LoadError, Loader};
use crate::http::listener::{self, Tls};
use crate::http::{operator, serve};
use crate::keys::{self, KeysError};
use crate::metrics::Metrics;
use crate::outbound::{Outbound, Reach};
use crate::proxy::{PoolLimits, UpstreamPool};
use crate::session::activity::{Activity, ActivityWriter};
use crate::session::{self, Sessions};
use crate::store::lock::ServerLock;
use crate::store::{Store, StoreError, feed, meta};

/// The file that marks the data directory of a demo.
pub(crate) const DEMO_MARK: &str = "vestibule-demo";

/// Everything a request needs.
#[derive(Debug)]
pub struct App {
    settings: ArcSwap<Server>,
    /// The store.
    pub store: Store,
    /// Data keys.
    pub keys: Arc<KeyRing>,
    /// Every organisation, as of the latest change.
    pub deployment: ArcSwap<Deployment>,
    /// How old that is.
    pub freshness: Freshness,
    /// Sessions in memory.
    pub sessions: Sessions,
    /// Where activity is written down.
    pub activity: Activity,
    /// Wall time, for what others date.
    pub wall: Arc<dyn Clock>,
    /// The time that sessions live by.
    pub session_clock: SessionClock,
    /// Connections to applications.
    pub upstreams: UpstreamPool,
    /// Refusals.
    pub audit: Audit,
    /// Counters.
    pub metrics: Metrics,
    /// The demo's sandboxes and start page.
    pub demo: Option<Demo>,
    outbound: Outbound,
    loader: Loader,
    bound: Bound,
    store_path: PathBuf,
}

/// Where the server really listens.
#[derive(Debug, Clone, Copy)]
struct Bound {
    front: SocketAddr,
    operator: SocketAddr,
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
    #[error("this store belongs to a demo: serve and apply do not touch it")]
    IsDemo,
    #[error("this store does not belong to a demo")]
    IsNoDemo,
}

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

/// A broker that serves.
#[derive(Debug)]
pub struct Running {
    /// What it serves with.
    pub app: Arc<App>,
    /// Where its front door is.
    pub address: SocketAddr,
    /// Where the operator's is.
    pub operator: SocketAddr,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
    tasks: JoinSet<()>,
    /// A set, so that it ends with a broker that is dropped: only a stop writes what waits.
    writer: JoinSet<()>,
    _lock: ServerLock,
}

impl App {
    /// The server's configuration as it is now.
    #[must_use]
    pub fn settings(&self) -> Guard<Arc<Server>> {
        self.settings.load()
    }

    /// `scheme://host[:port]` of the accounts host.
    #[must_use]
    pub fn accounts_origin(&self) -> String {
        let settings = self.settings();
        settings.origin(settings.accounts())
    }

    /// The issuer of an organisation's assertions.
    #[must_use]
    pub fn issuer(&self, slug: &Slug) -> String {
        format!("{}/o/{slug}", self.accounts_origin())
    }

    /// Whether our own front door is on that port.
    #[must_use]
    pub const fn is_listening_on(&self, port: u16) -> bool {
        self.bound.front.port() == port
    }

    /// Takes a newly read configuration, whole or not at all.
    ///
    /// # Errors
    /// What speaks against it: a change that needs a restart, or a host of ours that is a workspace.
    pub fn reconfigure(&self, config: ServerConfig) -> Result<(), String> {
        let before = self.settings.load_full();
        let server = config.server;
        let fixed =
            |server: &Server| (server.listen, server.operator_listen, server.tls.clone(), server.scheme);
        if fixed(&server) != fixed(&before) || config.store.sqlite != self.store_path {
            return Err(
                "listen, operator_listen, public_scheme, tls and store change with a restart only".to_owned()
            );
        }
        let deployment = self.deployment.load();
        if let Some(host) = shadowed(&server, &deployment) {
            return Err(format!("{host} is a workspace of an organisation"));
        }
        self.outbound.reach(reach(self.bound, config.outbound.allow_private, self.demo.is_some()));
        self.settings.store(Arc::new(server));
        tracing::info!("the server's configuration was read anew");
        Ok(())
    }

    /// Reads every organisation anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn renew_everything(&self) -> Result<(), LoadError> {
        let (deployment, broken) = self.loader.all().await?;
        report(&broken);
        self.deployment.store(Arc::new(deployment));
        Ok(())
    }

    /// Reads these organisations anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn renew(&self, changed: &[OrganizationId]) -> Result<(), LoadError> {
        let (renewed, broken) = self.loader.renewed(&self.deployment.load_full(), changed).await?;
        report(&broken);
        self.deployment.store(Arc::new(renewed));
        Ok(())
    }
}

/// Where organisations' addresses may lead: never to our own doors, except in a demo, which serves its sandboxes itself.
fn reach(bound: Bound, allow_private: Vec<ipnet::IpNet>, demo: bool) -> Reach {
    let forbidden = if demo { Vec::new() } else { vec![bound.front, bound.operator] };
    Reach { allow_private, forbidden }
}

/// One of our own hosts that is somebody's workspace.
fn shadowed<'a>(server: &'a Server, deployment: &Deployment) -> Option<&'a HostName> {
    let own = server.hosts.all().chain([&server.base_domain]);
    own.into_iter().find(|host| deployment.by_host(host).is_some())
}

impl Running {
    /// Starts serving.
    ///
    /// # Errors
    /// When the store, its keys, an organisation, or a certificate cannot be used.
    pub async fn start(start: Start) -> Result<Self, StartError> {
        let Start { config, listener, operator, clock, demo, lock } = start;
        let io = |what: &str| {
            let what = what.to_owned();
            move |error| StartError::Io { what, error }
        };
        let address = listener.local_addr().map_err(io("listen"))?;
        let operator_address = operator.local_addr().map_err(io("operator_listen"))?;
        let store = Store::open(&config.store.sqlite).await?;
        check_owner(&store, demo.is_some()).await?;
        let tls = config.server.tls.as_ref().map(Tls::load).transpose().map_err(io("server.tls"))?;
        let bound = Bound { front: address, operator: operator_address };
        let (app, writer, position) = assemble(config, store, clock, demo, bound).await?;
        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        let front = Arc::clone(&app);
        servers.spawn(listener::serve(listener, tls.clone(), stopped.clone(), move |request, peer| {
            let front = Arc::clone(&front);
            async move { Ok(serve::answer(front, request, peer).await) }
        }));
        let health = Arc::clone(&app);
        servers.spawn(listener::serve(operator, None, stopped, move |request, _| {
            std::future::ready(Ok(operator::answer(&health, &request)))
        }));
        let mut tasks = JoinSet::new();
        tasks.spawn(deployment::follow(Arc::clone(&app), position));
        tasks.spawn(session::sweep(Arc::clone(&app)));
        if let Some(tls) = tls {
            tasks.spawn(tls.reload());
        }
        let mut writing = JoinSet::new();
        writing.spawn(writer.run());
        Ok(Self {
            app,
            address,
            operator: operator_address,
            stop,
            servers,
            tasks,
            writer: writing,
            _lock: lock,
        })
    }

    /// Stops: no new connections, requests under way end, activity is written.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.servers.join_next().await.is_some() {}
        self.tasks.shutdown().await;
        self.app.activity.close();
        if tokio::time::timeout(std::time::Duration::from_secs(5), self.writer.join_next()).await.is_err() {
            tracing::warn!("activity was not written in time; sessions may end earlier");
        }
    }
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

fn report(broken: &[LoadError]) {
    for error in broken {
        tracing::error!(organization.error = %error, "an organisation is not served");
    }
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
    }
}

async fn assemble(
    config: ServerConfig,
    store: Store,
    clock: Arc<dyn Clock>,
    demo: Option<Demo>,
    bound: Bound,
) -> Result<(Arc<App>, ActivityWriter, i64), StartError> {
    let keys = Arc::new(keys::open(&store, &config.master_key).await?);
    let outbound = Outbound::new(reach(bound, config.outbound.allow_private, demo.is_some()));
    let loader = Loader { store: store.clone(), keys: Arc::clone(&keys), outbound: outbound.clone() };
    // First the position, then the state: what changes in between is read twice, never missed.
    let position = feed::position(store.readers()).await?;
    let (deployment, broken) = loader.all().await?;
    report(&broken);
    warn_of_dangers(&deployment);
    if let Some(host) = shadowed(&config.server, &deployment) {
        tracing::error!(
            host = host.as_str(),
            "a workspace has the name of one of our own hosts, and is not served there"
        );
    }
    let mark = meta::value(store.readers(), meta::HIGH_WATER).await?.and_then(|text| text.parse().ok());
    let session_clock = SessionClock::new(Arc::clone(&clock), Timestamp::from_millis(mark.unwrap_or(0)));
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
        upstreams: UpstreamPool::new(outbound.dial(), &Trust::Public, PoolLimits::default())?,
        audit: Audit::default(),
        metrics: Metrics::default(),
        demo,
        outbound,
        loader,
        bound,
        store_path: config.store.sqlite,
    };
    Ok((Arc::new(app), writer, position))
}
