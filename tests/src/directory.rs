//! A world whose people come in through Active Directory: the broker, and whichever directories a test puts beside it.

pub mod alone;

use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vestibule_conformance::sandbox::directory::{Directory, DirectoryTls, Door, Settings};
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::wire::{Browser, Page};

use crate::counterparts::Slapd;
use crate::counterparts::samba::{Forest, SERVICE_ACCOUNT, SERVICE_PASSWORD};
use crate::world::{Manifest, Scheme, World};

/// One domain as a manifest has it.
#[derive(Debug, Clone)]
pub struct Domain {
    /// The directory's name in the organisation.
    pub directory: String,
    pub name: String,
    pub netbios: Option<String>,
    pub domain_sid: String,
    /// UPN suffixes that the organisation declares; none lets the directory bring its own.
    pub upn_suffixes: Vec<String>,
    pub servers: Vec<String>,
    pub ca_pem: String,
    pub bind_user: String,
    pub bind_password: String,
    pub enabled: bool,
    /// Further lines of `[[connections.domains]]`.
    pub lines: String,
}

impl Domain {
    /// The domain of a forest by its first controller.
    #[must_use]
    pub fn of(forest: &Forest) -> Self {
        let name = forest.realm().domain();
        Self {
            directory: name.split('.').next().unwrap_or(name).to_owned(),
            name: name.to_owned(),
            netbios: None,
            domain_sid: forest.domain_sid().to_owned(),
            upn_suffixes: Vec::new(),
            servers: vec![forest.first().url()],
            ca_pem: forest.ca_pem().to_owned(),
            bind_user: format!("{SERVICE_ACCOUNT}@{name}"),
            bind_password: SERVICE_PASSWORD.to_owned(),
            enabled: true,
            lines: String::new(),
        }
    }

    /// The same where a slapd answers, with an account of its own.
    #[must_use]
    pub fn at_slapd(self, slapd: &Slapd) -> Self {
        Self {
            servers: vec![slapd.url()],
            bind_user: Slapd::PERSON.to_owned(),
            bind_password: Slapd::PASSWORD.to_owned(),
            ..self
        }
    }

    /// `[[directories]]`.
    fn directory_table(&self) -> String {
        let suffixes: Vec<_> = self.upn_suffixes.iter().map(|one| format!("\"{one}\"")).collect();
        format!(
            "[[directories]]\nname = \"{}\"\ndomain_sid = \"{}\"\nupn_suffixes = [{}]\n",
            self.directory,
            self.domain_sid,
            suffixes.join(", ")
        )
    }

    /// `[[connections.domains]]`.
    fn table(&self, world: &World) -> String {
        let ca = format!("ca-{}.pem", self.directory);
        std::fs::write(world.directory().join(&ca), &self.ca_pem).expect("the directory's certificate");
        let servers: Vec<_> = self.servers.iter().map(|one| format!("\"{one}\"")).collect();
        let netbios = self.netbios.as_ref().map(|name| format!("netbios = \"{name}\"\n")).unwrap_or_default();
        let servers = match servers.as_slice() {
            [] => String::new(),
            some => format!("servers = [{}]\n", some.join(", ")),
        };
        format!(
            "[[connections.domains]]\ndirectory = \"{}\"\nname = \"{}\"\n{netbios}enabled = {}\n{servers}\
             ca = {{ file = \"{ca}\" }}\nbind_user = '{}'\nbind_password = \"{}\"\n{}",
            self.directory, self.name, self.enabled, self.bind_user, self.bind_password, self.lines
        )
    }
}

/// A broker with one connection `any` to directories.
pub struct DirectoryWorld {
    /// The broker and all else.
    pub world: World,
    /// `active-directory` or `active-directory-token`.
    pub kind: &'static str,
    pub domains: Vec<Domain>,
    /// Lines of the connection before its domains.
    pub lines: String,
    /// Lines of `[workspace]` besides its method.
    pub workspace: String,
}

impl DirectoryWorld {
    /// The organisation `acme` with these domains, and these lines beside them.
    pub async fn start(kind: &'static str, domains: Vec<Domain>, lines: &str) -> Self {
        Self::over(Scheme::Http, kind, domains, lines).await
    }

    /// The same as browsers reach it by this scheme.
    pub async fn over(scheme: Scheme, kind: &'static str, domains: Vec<Domain>, lines: &str) -> Self {
        Self::of(World::with(scheme, &[]).await, kind, domains, lines).await
    }

    /// The same in a world that is there.
    pub async fn of(world: World, kind: &'static str, domains: Vec<Domain>, lines: &str) -> Self {
        let world = Self { world, kind, domains, lines: lines.to_owned(), workspace: String::new() };
        world.apply().await;
        world
    }

    /// The manifest as it is now.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        self.manifest_of("acme", &self.domains)
    }

    /// The manifest of an organisation with a connection of the same kind to these domains.
    #[must_use]
    pub fn manifest_of(&self, slug: &str, domains: &[Domain]) -> Manifest {
        let tables: String = domains.iter().map(|one| one.table(&self.world)).collect();
        Manifest {
            directories: domains.iter().map(Domain::directory_table).collect(),
            workspace: format!("authentication = \"any\"\n{}", self.workspace),
            connections: format!(
                "[[connections]]\nname = \"any\"\nkind = \"{}\"\n{}{tables}",
                self.kind, self.lines
            ),
            ..Manifest::of(slug)
        }
    }

    /// Applies it, and waits until the broker has followed.
    pub async fn apply(&self) {
        self.world.change(&self.manifest()).await;
    }

    /// Opens the workspace and comes to the form for name and password.
    pub async fn form(&self, browser: &mut Browser) -> Page {
        let page = browser.open(&self.world.url("acme", "/")).await.expect("the form");
        assert_eq!(page.status, 200, "{}: {}", page.url, page.text());
        assert!(page.url.path() == "/password", "{}", page.url);
        page
    }

    /// Types name and password into the form, and gives what comes.
    pub async fn type_in(&self, browser: &mut Browser, name: &str, password: &str) -> Page {
        let page = self.form(browser).await;
        let form =
            page.form_with("password").expect("the form").with("name", name).with("password", password);
        let answer = browser.submit(&form).await.expect("an answer");
        browser.settle(answer).await.expect("the way on")
    }

    /// Signs in and ends at the application.
    pub async fn sign_in(&self, browser: &mut Browser, name: &str, password: &str) -> Page {
        let page = self.type_in(browser, name, password).await;
        assert!(page.text_body() == "the application", "{name}: {} {}", page.url, page.text());
        page
    }

    /// The session's JSON on the workspace.
    pub async fn session(&self, browser: &mut Browser) -> serde_json::Value {
        let page = browser.open(&self.world.url("acme", "/.vestibule/session")).await.expect("the session");
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()
    }
}

/// The sandbox directory on a port of its own.
pub struct SandboxDirectory {
    /// Its accounts, and what administrators do to them.
    pub directory: Arc<Directory>,
    pub tls: DirectoryTls,
    pub port: u16,
    _serving: JoinSet<()>,
}

impl SandboxDirectory {
    /// One whose clock is the world's own.
    pub async fn start(settings: impl FnOnce(Settings) -> Settings) -> Self {
        let clock = Arc::new(|| {
            let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        });
        let directory = Arc::new(Directory::new(settings(Settings::new(People::standard(), clock))));
        let tls = DirectoryTls::generate(&["dc1.corp.example", "localhost"], &[IpAddr::from([127, 0, 0, 1])]);
        let tls = tls.expect("certificates");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let mut serving = JoinSet::new();
        let door = Door::Tls(tls.acceptor().expect("an acceptor"));
        serving.spawn(Arc::clone(&directory).serve(listener, door));
        Self { directory, tls, port, _serving: serving }
    }

    /// As a manifest has it.
    #[must_use]
    pub fn domain(&self) -> Domain {
        let (bind_user, bind_password) = self.directory.service_account();
        Domain {
            directory: "corp".to_owned(),
            name: "corp.example".to_owned(),
            netbios: Some("CORP".to_owned()),
            domain_sid: self.directory.domain_sid().to_owned(),
            upn_suffixes: Vec::new(),
            servers: vec![format!("ldaps://127.0.0.1:{}", self.port)],
            ca_pem: self.tls.ca_pem.clone(),
            bind_user,
            bind_password,
            enabled: true,
            lines: String::new(),
        }
    }

    /// The password of one of its accounts.
    #[must_use]
    pub fn password(&self, username: &str) -> String {
        let accounts = self.directory.accounts();
        let found = accounts.into_iter().find(|one| one.username == username);
        found.unwrap_or_else(|| panic!("nobody is called {username}")).password
    }
}
