//! A real broker in process, with a provider and an application beside it, a clock that is moved by hand and a browser.
//!
//! The broker is the product's own library, started as `serve` starts it, on free loopback ports and a store of its own.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use vestibule_broker::app::{App, Running, Start};
use vestibule_broker::apply::{ApplyError, Mode, Outcome, Target, apply};
use vestibule_broker::clock::Clock;
use vestibule_broker::config::{OwnListeners, ServerConfig, parse_manifest, parse_server};
use vestibule_broker::keys;
use vestibule_broker::store::Store;
use vestibule_broker::store::lock::ServerLock;
use vestibule_conformance::hostile::{HostileProvider, Setup};
use vestibule_conformance::wire::{Browser, BrowserOptions, Page};

use crate::application::Application;
use crate::clock::ManualClock;
use crate::port;

/// The domain SID of the people of [`HostileProvider`].
pub const DOMAIN_SID: &str = "S-1-5-21-1004336348-1177238915-682003330";

/// How browsers reach the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// On loopback, as in a demo.
    Http,
    /// As in production, with TLS ended in front; cookies have their `__Host-` names.
    Https,
}

/// An organisation's manifest, with the parts that tests change.
#[derive(Debug, Clone)]
pub struct Manifest {
    pub slug: String,
    /// Labels of the workspace domain.
    pub workspaces: Vec<String>,
    /// Lines of `[sessions.subscriber]`.
    pub sessions: String,
    /// Whole tables.
    pub directories: String,
    /// Lines of `[workspace]` before its routes.
    pub workspace: String,
    /// Whole `[[workspace.routes]]` tables; `{application}` stands for the application's address.
    pub routes: String,
    /// Whole `[[connections]]` tables; `{issuer}` stands for the provider's issuer, `{origin}` for scheme, host and port.
    pub connections: String,
    /// Anything else, at the end.
    pub more: String,
}

impl Manifest {
    /// One organisation with two workspaces, whose people come in through the provider of the world.
    #[must_use]
    pub fn of(slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            workspaces: vec![slug.to_owned(), format!("{slug}-second")],
            sessions: String::new(),
            directories: format!(
                "[[directories]]\nname = \"corp\"\ndomain_sid = \"{DOMAIN_SID}\"\nupn_suffixes = [\"corp.example\"]\n"
            ),
            workspace: "authentication = \"any\"\n".to_owned(),
            routes: "[[workspace.routes]]\npath = \"/\"\nupstream = \"http://{application}\"\ntimeout = \"5s\"\n".to_owned(),
            connections: "[[connections]]\nname = \"any\"\nkind = \"oidc\"\nissuer = \"{issuer}\"\n\
                          client_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n\
                          required_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n"
                .to_owned(),
            more: String::new(),
        }
    }

    /// The manifest as a file's text.
    #[must_use]
    pub fn text(&self, world: &World) -> String {
        let hosts: Vec<String> =
            self.workspaces.iter().map(|label| format!("\"{label}.{}\"", world.domain)).collect();
        let sessions = match self.sessions.as_str() {
            "" => String::new(),
            lines => format!("[sessions.subscriber]\n{lines}\n"),
        };
        format!(
            "[organization]\nslug = \"{slug}\"\nname = \"Acme {slug}\"\nworkspaces = [{hosts}]\n{sessions}{directories}\
             [workspace]\n{workspace}{routes}{connections}{more}",
            slug = self.slug,
            hosts = hosts.join(", "),
            directories = self.directories,
            workspace = self.workspace,
            routes = self.routes,
            connections = self.connections,
            more = self.more,
        )
        .replace("{issuer}", world.provider.issuer())
        .replace("{origin}", world.provider.origin())
        .replace("{application}", &world.application.address().to_string())
    }
}

/// What the audit says of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    pub event: String,
    pub code: Option<String>,
    pub organization: Option<String>,
    pub details: Value,
}

/// Everything of one test.
pub struct World {
    pub clock: ManualClock,
    pub provider: HostileProvider,
    pub application: Application,
    pub scheme: Scheme,
    /// Further lines of `[outbound]` and tables behind it, from the next start on.
    pub outbound: String,
    domain: &'static str,
    directory: TempDir,
    running: Option<Running>,
    port: u16,
}

impl World {
    /// A broker over http with the organisation `acme`.
    pub async fn start() -> Self {
        Self::with(Scheme::Http, &[Manifest::of("acme")]).await
    }

    /// A broker with these organisations.
    pub async fn with(scheme: Scheme, manifests: &[Manifest]) -> Self {
        Self::with_provider(scheme, manifests, Setup::default()).await
    }

    /// The same before a provider of this setup, whose clock is the world's.
    pub async fn with_provider(scheme: Scheme, manifests: &[Manifest], setup: Setup) -> Self {
        let clock = ManualClock::new();
        let setup = Setup { clock: clock.seconds(), ..setup };
        let provider = HostileProvider::start_with(setup).await.expect("the provider");
        let mut world = Self {
            clock,
            provider,
            application: Application::start().await,
            scheme,
            outbound: String::new(),
            domain: "vestibule.localhost",
            directory: TempDir::new().expect("a directory"),
            running: None,
            port: port::free(),
        };
        world.boot().await;
        for manifest in manifests {
            world.apply(manifest).await.expect("the manifest");
        }
        world.settle().await;
        world
    }

    async fn boot(&mut self) {
        // Every start takes the same port: addresses stay.
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port");
        let operator = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let config = self.config();
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let lock = lock(&config.store.sqlite).await;
        let start = Start { config, listener, operator, clock, demo: None, lock };
        self.running = Some(Running::start(start).await.expect("the broker"));
    }

    fn config(&self) -> ServerConfig {
        let (scheme, port) = match self.scheme {
            Scheme::Http => ("http", self.port),
            Scheme::Https => ("https", 443),
        };
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\noperator_listen = \"127.0.0.1:9\"\npublic_scheme = \"{scheme}\"\n\
             public_port = {port}\n[passwords]\ncompromised = \"off\"\n[outbound]\nallow_private = [\"127.0.0.0/8\"]\n{}",
            self.port, self.outbound
        );
        parse_server(&text, Path::new("vestibule.toml"), self.directory.path()).expect("the configuration")
    }

    /// What every host of the broker ends in.
    #[must_use]
    pub const fn domain(&self) -> &str {
        self.domain
    }

    /// The broker itself.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.running().app
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the broker runs")
    }

    /// Where the broker listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running().address
    }

    /// Where its operator's listener is.
    #[must_use]
    pub fn operator(&self) -> SocketAddr {
        self.running().operator
    }

    /// Its data.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Stops the broker as SIGTERM does and starts it again on the same store.
    pub async fn restart(&mut self) {
        self.restart_after(Duration::ZERO).await;
    }

    /// The same, with so much time between the stop and the start.
    pub async fn restart_after(&mut self, away: Duration) {
        self.running.take().expect("the broker runs").stop().await;
        self.clock.advance(away);
        self.boot().await;
    }

    /// Ends the broker without a word, as a crash does, and starts it again on the same store.
    pub async fn crash(&mut self) {
        drop(self.running.take());
        // The port is free again once the listener's task is gone.
        while TcpListener::bind(("127.0.0.1", self.port)).await.is_err() {
            tokio::task::yield_now().await;
        }
        self.boot().await;
    }

    /// Has the running broker read its configuration anew, as SIGHUP does.
    ///
    /// # Panics
    /// If it does not take it.
    pub fn reconfigure(&self) {
        self.app().reconfigure(self.config()).expect("the configuration");
    }

    /// Applies a manifest as `vestibule apply` does, beside the running broker and through its own connection to the store.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn apply(&self, manifest: &Manifest) -> Result<Outcome, ApplyError> {
        self.apply_text(&manifest.text(self)).await
    }

    /// The same with a text.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn apply_text(&self, text: &str) -> Result<Outcome, ApplyError> {
        let config = self.config();
        let manifest =
            parse_manifest(text, Path::new("acme.toml"), self.directory(), &config, OwnListeners::Refused)?;
        let store = Store::open(&config.store.sqlite).await?;
        let ring = keys::open(&store, &config.master_key).await.expect("the keys");
        let target = Target { store: &store, keys: &ring, server: &config.server };
        apply(target, vec![manifest], self.clock.now(), Mode::Write).await
    }

    /// Waits until the running broker has followed what was applied: well within the two seconds that are promised.
    pub async fn settle(&self) {
        let store = &self.app().store;
        let position = vestibule_broker::store::feed::position(store.readers()).await.expect("the feed");
        let followed = tokio::time::timeout(Duration::from_secs(2), async {
            while self.app().freshness.position() < position {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        followed.await.expect("the broker follows the feed within two seconds");
    }

    /// Applies and waits.
    pub async fn change(&self, manifest: &Manifest) {
        self.apply(manifest).await.expect("the manifest");
        self.settle().await;
    }

    /// A fresh browser.
    #[must_use]
    pub fn browser(&self) -> Browser {
        let options = BrowserOptions {
            https: (self.scheme == Scheme::Https).then(|| self.address()),
            hosts: BTreeMap::new(),
            clock: self.clock.seconds(),
            ..BrowserOptions::default()
        };
        Browser::with_options(options)
    }

    /// An address on a host with this label.
    #[must_use]
    pub fn url(&self, label: &str, path: &str) -> String {
        format!("{}{path}", self.origin(label))
    }

    /// The origin of a host with this label.
    #[must_use]
    pub fn origin(&self, label: &str) -> String {
        match self.scheme {
            Scheme::Http => format!("http://{label}.{}:{}", self.domain, self.port),
            Scheme::Https => format!("https://{label}.{}", self.domain),
        }
    }

    /// The name of one of the broker's cookies.
    #[must_use]
    pub fn cookie_name(&self, bare: &str) -> String {
        match self.scheme {
            Scheme::Http => format!("vestibule-{bare}"),
            Scheme::Https => format!("__Host-vestibule-{bare}"),
        }
    }

    /// Signs in on `acme` and ends at the application.
    pub async fn sign_in(&self, browser: &mut Browser) -> Page {
        let page = browser.open(&self.url("acme", "/")).await.expect("the sign-in");
        assert_eq!(page.status, 200, "the sign-in ended at {} with {}", page.url, page.text());
        assert_eq!(page.text_body(), "the application", "{}", page.text());
        page
    }

    /// A tab that has been at the provider and holds its answer, which `follow` delivers.
    pub async fn until_the_answer(&self, browser: &mut Browser, label: &str, path: &str) -> Page {
        browser.stop_before(Some("/core/"));
        let page = browser.open(&self.url(label, path)).await.expect("the provider's answer");
        browser.stop_before(None);
        assert!(page.location().is_some(), "{path}: {} {}", page.status, page.text());
        page
    }

    /// Whether this browser has a live session on a workspace. Never counts as activity.
    pub async fn has_session(&self, browser: &mut Browser, label: &str) -> bool {
        let page = browser.open(&self.url(label, "/.vestibule/session")).await.expect("the session");
        match page.status.as_u16() {
            200 => true,
            401 => false,
            other => panic!("/.vestibule/session answered {other}: {}", page.text()),
        }
    }

    /// Every audit event, oldest first.
    pub async fn audit(&self) -> Vec<Audited> {
        type Row = (String, Option<String>, Option<String>, String);
        let rows: Vec<Row> =
            sqlx::query_as("SELECT event, code, organization_id, details FROM audit_events ORDER BY number")
                .fetch_all(self.app().store.readers())
                .await
                .expect("the audit");
        rows.into_iter()
            .map(|(event, code, organization, details)| Audited {
                event,
                code,
                organization,
                details: serde_json::from_str(&details).expect("details are JSON"),
            })
            .collect()
    }

    /// Expects exactly one more event since `before`, a refusal with this code.
    pub async fn assert_refused(&self, before: usize, code: &str) {
        let events = self.audit().await;
        let new = events.get(before..).unwrap_or_default();
        let codes: Vec<_> = new.iter().map(|one| (one.event.as_str(), one.code.as_deref())).collect();
        assert_eq!(codes, [("sign-in.refused", Some(code))]);
    }
}

/// The store's lock. A process that a test beside this one starts has every file of ours until it has become its own program, the lock
/// of a broker that has stopped among them: for that moment it is taken, and nobody has it.
async fn lock(store: &Path) -> ServerLock {
    let taken = async {
        loop {
            match ServerLock::take(store) {
                Err(error) if error.kind() == ErrorKind::AddrInUse => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                taken => return taken.expect("the store's lock"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(2), taken).await.expect("the store's lock: somebody has it")
}
