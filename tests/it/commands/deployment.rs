//! A deployment on disk: the server's file, a manifest, and a provider and an application to go with them.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vestibule_conformance::hostile::{HostileProvider, Setup};
use vestibule_conformance::wire::Browser;
use vestibule_tests::application::Application;
use vestibule_tests::port;
use vestibule_tests::world::DOMAIN_SID;

use super::program::{Ended, Program, run};

/// Stands wherever the client's secret stands, and must stand nowhere else.
pub(super) const CLIENT_SECRET: &str = "canary-client-secret-5f2c";

/// Everything that a test of the program needs.
pub(super) struct Deployment {
    folder: TempDir,
    pub(super) port: u16,
    pub(super) operator: u16,
    pub(super) provider: HostileProvider,
    pub(super) application: Application,
}

impl Deployment {
    /// Files for a server and for the organisation `acme`, of which nothing runs and nothing is applied.
    pub(super) async fn new() -> Self {
        let setup = Setup { client_secret: CLIENT_SECRET.to_owned(), ..Setup::default() };
        let deployment = Self {
            folder: TempDir::new().unwrap(),
            port: port::free(),
            operator: port::free(),
            provider: HostileProvider::start_with(setup).await.unwrap(),
            application: Application::start().await,
        };
        deployment.write("vestibule.toml", &deployment.server(""));
        deployment.write("acme.toml", &deployment.manifest());
        deployment
    }

    /// The server's file, with further lines of `[server]`.
    pub(super) fn server(&self, more: &str) -> String {
        format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\noperator_listen = \"127.0.0.1:{}\"\n{more}\n[outbound]\n\
             allow_private = [\"127.0.0.0/8\"]\n",
            self.port, self.operator
        )
    }

    /// The manifest of `acme`.
    pub(super) fn manifest(&self) -> String {
        format!(
            "[organization]\nslug = \"acme\"\nname = \"Acme Worldwide\"\nworkspaces = [\"acme.vestibule.localhost\"]\n\
             [[directories]]\nname = \"corp\"\ndomain_sid = \"{DOMAIN_SID}\"\nupn_suffixes = [\"corp.example\"]\n\
             [workspace]\nauthentication = \"any\"\n[[workspace.routes]]\npath = \"/\"\nupstream = \"http://{}\"\n\
             [[connections]]\nname = \"any\"\nkind = \"oidc\"\nissuer = \"{}\"\nclient_id = \"vestibule+hostile\"\n\
             client_secret = \"{CLIENT_SECRET}\"\ndirectories = [\"corp\"]\n",
            self.application.address(),
            self.provider.issuer(),
        )
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// An address of the workspace.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://acme.vestibule.localhost:{}{path}", self.port)
    }

    /// Runs a call to its end.
    pub(super) async fn run(&self, arguments: &[&str]) -> Ended {
        run(self.folder(), arguments).await
    }

    /// `apply` of the manifest, with further arguments.
    pub(super) async fn apply(&self, more: &[&str]) -> Ended {
        self.run(&[&["apply", "--config", "vestibule.toml", "-f", "acme.toml"], more].concat()).await
    }

    /// The server, once it is ready.
    pub(super) async fn serve(&self, log: Option<&str>) -> Program {
        let mut server = Program::start(self.folder(), &["serve", "--config", "vestibule.toml"], log);
        server.ready().await;
        server
    }

    /// Signs somebody in who then reaches the application.
    pub(super) async fn sign_in(&self) -> Browser {
        let mut browser = Browser::new();
        let page = browser.open(&self.url("/")).await.unwrap();
        assert_eq!(
            (page.status.as_u16(), page.text_body().as_str()),
            (200, "the application"),
            "{}",
            page.text()
        );
        browser
    }
}
