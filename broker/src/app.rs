//! Everything a request needs, made once when the server starts.

mod running;
mod start;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::{HostName, Slug};
use vestibule_providers::ports::Http;
use vestibule_providers::saml::service_provider::ServiceProviderKeys;

use crate::administration::connections::Diagnoses;
use crate::audit::Audit;
use crate::clock::{Clock, SessionClock};
use crate::config::{self, Server, ServerConfig};
use crate::demo::Demo;
use crate::deployment::{Deployment, Freshness, LoadError, Loader};
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::outbound::{Outbound, Reach};
use crate::passwords::Passwords;
use crate::proxy::UpstreamPool;
use crate::service_provider;
use crate::session::Sessions;
use crate::session::activity::Activity;
use crate::signin::built_in::Asked;
use crate::store::organizations::ConnectionRow;
use crate::store::{Store, StoreError, organizations};

pub use self::running::Running;
#[cfg(feature = "demo")]
pub(crate) use self::start::DEMO_MARK;
pub(crate) use self::start::check_owner;
pub use self::start::{Start, StartError};

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
    /// Passwords of the built-in identity.
    pub passwords: Passwords,
    /// Connections to applications.
    pub upstreams: UpstreamPool,
    /// Refusals.
    pub audit: Audit,
    /// Looks at connections that are under way.
    pub diagnoses: Diagnoses,
    /// Counters.
    pub metrics: Metrics,
    /// What is told to people by mail.
    pub mail: Mail,
    /// Wishes for links to new passwords.
    pub asked: Asked,
    /// The demo's sandboxes and start page.
    pub demo: Option<Demo>,
    outbound: Outbound,
    loader: Loader,
    service_provider: service_provider::Keys,
    bound: Bound,
    store_path: PathBuf,
}

/// Where the server really listens.
#[derive(Debug, Clone, Copy)]
struct Bound {
    front: SocketAddr,
    operator: SocketAddr,
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
        self.passwords.reconfigure(&config.passwords).map_err(|error| error.to_string())?;
        self.outbound.reach(reach(self.bound, config.outbound, self.demo.is_some()));
        self.mail.configure(config.mail);
        self.settings.store(Arc::new(server));
        tracing::info!("the server's configuration was read anew");
        Ok(())
    }

    /// Every organisation that stands or that this server still knows.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn every_organization(&self) -> Result<Vec<OrganizationId>, StoreError> {
        let standing = organizations::ids(self.store.readers()).await?.into_iter().map(|(id, _)| id);
        let known = self.deployment.load();
        let known = known.tenants().map(|tenant| tenant.organization.id);
        let mut all: Vec<_> = standing.chain(known).collect();
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// Our keys as a SAML service provider.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn service_provider(&self) -> Result<Arc<ServiceProviderKeys>, StoreError> {
        self.service_provider.get(&self.store, &self.keys, self.wall.now()).await
    }

    /// Which addresses organisations may name.
    #[must_use]
    pub fn site(&self) -> config::Site {
        config::Site {
            allow_private: self.outbound.open_networks(),
            listeners: [self.bound.front, self.bound.operator],
            own_listeners: match self.demo {
                Some(_) => config::OwnListeners::Allowed,
                None => config::OwnListeners::Refused,
            },
        }
    }

    /// What reads organisations and opens their connections.
    #[must_use]
    pub(crate) fn loader(&self) -> &Loader {
        &self.loader
    }

    /// The outbound client of a connection.
    ///
    /// # Errors
    /// When its certificates cannot be used.
    pub fn client(&self, row: &ConnectionRow) -> Result<Arc<dyn Http>, String> {
        self.loader.client(row)
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

fn report(broken: &[LoadError]) {
    for error in broken {
        tracing::error!(organization.error = %error, "an organisation is not served");
    }
}

/// Where organisations' addresses may lead: never to our own doors, except in a demo, which serves its sandboxes itself.
fn reach(bound: Bound, outbound: config::Outbound, demo: bool) -> Reach {
    let forbidden = if demo { Vec::new() } else { vec![bound.front, bound.operator] };
    Reach { allow_private: outbound.allow_private, forbidden, dns: outbound.dns }
}

/// One of our own hosts that is somebody's workspace.
fn shadowed<'a>(server: &'a Server, deployment: &Deployment) -> Option<&'a HostName> {
    let own = server.hosts.all().chain([&server.base_domain]);
    own.into_iter().find(|host| deployment.by_host(host).is_some())
}
