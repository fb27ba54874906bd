//! `vestibule demo`: a complete broker on one machine, with a sandbox provider for every kind that is built.
//!
//! Its data directory is marked, and its passwords and keys are its own: nothing of it is of use anywhere else.

mod accounts;
mod administrator;
mod data;
mod directory;
mod gateway;
mod manifest;
mod sandboxes;
mod start_page;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use vestibule_conformance::sandbox::application::{self, Application};
use vestibule_conformance::sandbox::directory::TlsError;
use vestibule_conformance::sandbox::openid::ProviderError;
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::sandbox::saml::SamlProviderError;
use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::name::HostName;

use crate::app::{Running, Start, StartError};
use crate::apply::{ApplyError, Mode, Outcome, Target, apply};
use crate::clock::{Clock, SystemClock};
use crate::config::{Faults, Manifest, ServerConfig};
use crate::http::failure::failure;
use crate::http::listener;
use crate::http::origin::check_destination;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::keys;
use crate::signin::trial;
use crate::store::lock::ServerLock;
use crate::store::{Store, meta};

use self::administrator::Administrator;
pub use self::data::{Data, DataError};
use self::directory::SandboxDirectory;
use self::gateway::{Pair, SandboxGateway};
use self::sandboxes::Sandboxes;

/// The kinds that a newcomer can click through.
const KINDS: [KindName; 7] = [
    KindName::Oidc,
    KindName::Okta,
    KindName::AzureAd,
    KindName::Gateway,
    KindName::Saml,
    KindName::ActiveDirectory,
    KindName::ActiveDirectoryToken,
];

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Configuration(#[from] Faults),
    #[error(transparent)]
    Apply(#[from] ApplyError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the sandbox provider: {0}")]
    Sandbox(#[from] ProviderError),
    #[error("the SAML sandbox: {0}")]
    SamlSandbox(#[from] SamlProviderError),
    #[error("the sandbox directory: {0}")]
    DirectorySandbox(#[from] TlsError),
    #[error("127.0.0.1:{port}: {error}; choose another port with --port")]
    Listen { port: u16, error: io::Error },
    #[error("{directory}: {error}; a second demo needs another directory, --data")]
    Taken { directory: String, error: io::Error },
}

/// The sandboxes and the start page.
pub struct Demo {
    base: HostName,
    port: u16,
    people: Arc<People>,
    sandboxes: Sandboxes,
    directory: SandboxDirectory,
    administrator: Administrator,
}

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demo").field("port", &self.port).finish_non_exhaustive()
    }
}

/// Starts everything on a loopback port.
///
/// # Errors
/// See [`DemoError`].
pub async fn start(port: u16, directory: &Path) -> Result<Running, DemoError> {
    let data = Data::open(directory)?;
    let listener = bind(port).await?;
    let operator = bind(0).await?;
    let port = listener.local_addr().map_err(|error| DemoError::Listen { port, error })?.port();
    let config = manifest::server(directory, port)?;
    // Before anything is written: a second demo must not change the first one's organisations under it.
    let lock = ServerLock::take(&config.store.sqlite)
        .map_err(|error| DemoError::Taken { directory: directory.display().to_string(), error })?;
    let application = serve_application(port).await?;
    let directory = SandboxDirectory::serve(&data).await?;
    let gateway = SandboxGateway::bind(&data).await?;
    let manifests = manifest::organizations(&config, &data, (port, application), (&directory, &gateway))?;
    let (outcome, pair) = prepare(&config, manifests).await?;
    let people = Arc::new(data.people()?);
    let sandboxes = Sandboxes::new(&data, &people, (port, &outcome), (gateway, pair))?;
    let administrator = Administrator::of(&data);
    let base = config.server.base_domain.clone();
    let demo = Demo { base, port, people, sandboxes, directory, administrator };
    let clock = Arc::new(SystemClock);
    let running = Running::start(Start { config, listener, operator, clock, demo: Some(demo), lock }).await?;
    if let Some(demo) = &running.app.demo {
        demo.administrator.enrol(&running.app).await.map_err(StartError::from)?;
    }
    let keys = running.app.service_provider().await.map_err(StartError::from)?;
    if let Some(demo) = &running.app.demo {
        demo.sandboxes.encrypt_to(keys.encryption.current.certificate.der());
    }
    Ok(running)
}

async fn bind(port: u16) -> Result<TcpListener, DemoError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| DemoError::Listen { port, error })
}

/// The sample application, on a loopback port of its own.
async fn serve_application(port: u16) -> Result<SocketAddr, DemoError> {
    let listener = bind(0).await?;
    let address = listener.local_addr().map_err(|error| DemoError::Listen { port: 0, error })?;
    let application = Arc::new(Application::new(application::Settings {
        issuer_prefix: format!("http://accounts.vestibule.localhost:{port}/o/"),
        jwks_address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        now: Arc::new(|| SystemClock.now().seconds()),
    }));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        listener::serve(listener, None, stopped, move |request: Request<Incoming>, _| {
            let application = Arc::clone(&application);
            async move { Ok(application.handle(request).await.map(|body| body.map_err(|never| match never {}))) }
        })
        .await;
        drop(stop);
    });
    Ok(address)
}

/// Makes the store a demo's, and its organisations as the demo's manifests say.
async fn prepare(config: &ServerConfig, manifests: Vec<Manifest>) -> Result<(Outcome, Pair), DemoError> {
    let store = Store::open(&config.store.sqlite).await.map_err(StartError::from)?;
    let mark =
        store.write(|transaction| Box::pin(async move { meta::set(transaction, meta::DEMO, "1").await }));
    mark.await.map_err(StartError::from)?;
    let ring = keys::open(&store, &config.master_key).await.map_err(StartError::from)?;
    let target = Target { store: &store, keys: &ring, server: &config.server };
    let outcome = apply(target, manifests, SystemClock.now(), Mode::Write).await?;
    let pair = gateway::pair(&store, &ring, &outcome).await?;
    store.close().await;
    Ok((outcome, pair))
}

/// Where the start page begins a test sign-in.
fn test_path(kind: KindName) -> String {
    format!("/test/{}", kind.as_str())
}

impl Demo {
    /// Whether this host is one of the sandboxes.
    #[must_use]
    pub fn serves(&self, host: &HostName) -> bool {
        self.sandboxes.serve(host)
    }

    /// A sandbox provider's answer.
    pub async fn sandbox(&self, host: &HostName, request: Request<Incoming>) -> Reply {
        match self.sandboxes.handle(host, request).await {
            Some(answer) => answer.map(|body| body.map_err(|never| match never {}).boxed_unsync()),
            None => reply::text(StatusCode::NOT_FOUND, "NOT-FOUND", crate::config::PublicScheme::Http),
        }
    }

    /// The page that explains and links everything, and the same for scripts.
    pub async fn start_page(&self, visit: &Visit<'_>) -> Reply {
        let scheme = visit.app.settings().scheme;
        let path = visit.parts.uri.path();
        match path {
            "/" => reply::page(StatusCode::OK, self.page(visit), scheme),
            "/demo.json" => reply::json(StatusCode::OK, &self.list(), scheme),
            _ => match KINDS.into_iter().find(|kind| path == test_path(*kind)) {
                Some(kind) => self.test(visit, kind).await.unwrap_or_else(|code| failure(visit, code)),
                None => failure(visit, Code::NotFound),
            },
        }
    }

    /// Begins a test sign-in, for which `vestibule check` gives the ticket elsewhere.
    async fn test(&self, visit: &Visit<'_>, kind: KindName) -> Result<Reply, Code> {
        check_destination(&visit.parts.headers)?;
        let app = visit.app;
        let deployment = app.deployment.load();
        let (organization, connection) = deployment
            .tenants()
            .flat_map(|tenant| {
                tenant.organization.connections.iter().map(|one| (tenant.organization.id, one))
            })
            .find(|(_, connection)| connection.kind == kind)
            .ok_or(Code::NotFound)?;
        let ticket = trial::issue(&app.store, (organization, connection.id), app.session_clock.now()).await;
        let ticket = ticket.map_err(|error| error.code())?;
        let location = trial::address(&app.accounts_origin(), ticket.as_str());
        Ok(reply::see_other(&location, &[], app.settings().scheme))
    }
}
