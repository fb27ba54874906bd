//! What the start page shows, and the same for scripts: every sign-in with its sandbox accounts (interface 1).

use serde_json::{Value, json};
use vestibule_conformance::sandbox::people::Person;
use vestibule_policies::edition::{Audience, Edition, KindName, MATRIX};

use crate::app::App;
use crate::http::visit::Visit;
use crate::pages::{self, StartAdministrator, StartDirectory, StartMatrixRow, StartPage, StartSignIn};

use super::accounts::Account;
use super::administrator::Administrator;
use super::{Demo, KINDS, manifest, test_path};

impl Demo {
    pub(super) fn page(&self, visit: &Visit<'_>) -> pages::Html {
        let base = format!("http://{}:{}/", self.base, self.port);
        let sign_ins = KINDS.map(|kind| (kind, self.workspace(kind), self.accounts(kind)));
        let hosts = self.hosts(visit.app);
        let begun = format!("{}/saml/unsolicited", manifest::saml_origin(self.port));
        let accounts_origin = visit.app.accounts_origin();
        let own = KINDS.map(|kind| format!("{accounts_origin}/account/acme-{}", kind.as_str()));
        let console_by_provider = self.console_by_provider();
        let sign_ins = sign_ins.iter().zip(&own).map(|((kind, url, accounts), own)| {
            // The people of every sandbox first; the rest is there to be looked at.
            let (everywhere, more): (Vec<_>, Vec<_>) =
                accounts.iter().partition(|one| self.people.by_username(&one.username).is_some());
            StartSignIn {
                kind: kind.as_str(),
                title: manifest::title(*kind),
                url,
                test: test_path(*kind),
                begun_by_provider: (*kind == KindName::Saml).then_some(&*begun),
                directory: kind.is_directory().then_some(StartDirectory {
                    account: own,
                    registers_device: *kind == KindName::ActiveDirectoryToken,
                }),
                console: (*kind == manifest::BY_PROVIDER).then_some(&*console_by_provider),
                accounts: everywhere.into_iter().map(Account::shown).collect(),
                more: more.into_iter().map(Account::shown).collect(),
            }
        });
        let (console, secret) = (self.console(), self.administrator.secret());
        let uri = self.administrator.uri(visit.app.settings().console().as_str());
        let page = StartPage {
            base: &base,
            hosts: hosts.iter().map(String::as_str).collect(),
            sign_ins: sign_ins.collect(),
            matrix: MATRIX.map(|row| StartMatrixRow {
                title: (row.kind != KindName::Local).then(|| manifest::title(row.kind)),
                served: [
                    row.of(Edition::Global, Audience::Subscriber),
                    row.of(Edition::Global, Audience::Administrator),
                    row.of(Edition::Japan, Audience::Administrator),
                ],
            }),
            administrator: StartAdministrator {
                url: &console,
                username: Administrator::user_name(),
                password: &self.administrator.password,
                secret: &secret,
                uri: &uri,
            },
        };
        pages::start(&page, visit.language())
    }

    /// Secrets of one-time codes are never listed, but for the administrator's: each person registers a device at the first sign-in.
    pub(super) fn list(&self) -> Value {
        let account = |one: &Account| json!({ "username": one.username, "password": one.password, "totp_secret": null, "state": one.state });
        let sign_in = |kind: KindName| {
            let accounts: Vec<Value> = self.accounts(kind).iter().map(account).collect();
            json!({ "kind": kind.as_str(), "audience": "subscriber", "url": self.workspace(kind), "accounts": accounts })
        };
        let by_provider = json!({
            "kind": manifest::BY_PROVIDER.as_str(),
            "audience": "administrator",
            "url": self.console_by_provider(),
            "accounts": self.administrators_by_provider().iter().map(account).collect::<Vec<_>>(),
        });
        let administrator = json!({
            "kind": KindName::Local.as_str(),
            "audience": "administrator",
            "url": self.console(),
            "accounts": [{
                "username": Administrator::user_name(),
                "password": self.administrator.password,
                "totp_secret": self.administrator.secret(),
                "state": "ready",
            }],
        });
        let people: Vec<Value> = self.people.iter().map(|one| json!({ "name": one.display_name })).collect();
        json!({ "people": people, "sign_ins": KINDS.map(sign_in).into_iter().chain([by_provider, administrator]).collect::<Vec<_>>() })
    }

    /// Everybody who may try this kind, as they are now.
    fn accounts(&self, kind: KindName) -> Vec<Account> {
        if kind.is_directory() {
            return self.directory.accounts().iter().map(Account::of_directory).collect();
        }
        self.people.iter().map(Account::of_provider).collect()
    }

    fn workspace(&self, kind: KindName) -> String {
        format!("http://acme-{}.{}:{}/", kind.as_str(), self.base, self.port)
    }

    fn console(&self) -> String {
        format!("http://console.{}:{}/", self.base, self.port)
    }

    /// The sign-in address of administrators who come by their organisation's provider.
    fn console_by_provider(&self) -> String {
        format!("{}go/acme-{}", self.console(), manifest::BY_PROVIDER.as_str())
    }

    /// Who they are: everything as alice, a part as a member of the group.
    fn administrators_by_provider(&self) -> Vec<Account> {
        let is_one = |one: &&Person| {
            one.username == "alice" || one.groups.iter().any(|group| group == manifest::ENGINEERING)
        };
        self.people.iter().filter(is_one).map(Account::of_provider).collect()
    }

    /// Every name that a browser has to find on this machine.
    fn hosts(&self, app: &App) -> Vec<String> {
        let workspaces = KINDS.map(|kind| format!("acme-{}.{}", kind.as_str(), self.base));
        let sandboxes = self.sandboxes.hosts().map(ToString::to_string);
        let settings = app.settings();
        let own = [
            self.base.to_string(),
            settings.accounts().to_string(),
            settings.saml().to_string(),
            settings.console().to_string(),
        ];
        let mut hosts: Vec<String> = own.into_iter().chain(workspaces).chain(sandboxes).collect();
        hosts.sort();
        hosts
    }
}
