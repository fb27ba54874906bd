//! Signing in through Active Directory: the broker's own part before the sandbox directory, domain controllers by Samba, and a
//! hostile directory.

mod account;
mod change;
mod forests;
mod forms;
mod hostile;
mod hostile_forms;
mod leaving;
mod lockout;
mod lockout_alike;
mod lockout_bounds;
mod people;
mod real;
mod registration;
mod resolve;
mod restless;
mod tickets;
mod token;
mod trial;

use vestibule_broker::clock::Clock;
use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_tests::counterparts::totp;
use vestibule_tests::directory::{DirectoryWorld, SandboxDirectory};
use vestibule_tests::world::World;

const PLAIN: &str = "active-directory";
const TOKEN: &str = "active-directory-token";
/// Of one who has entered the wrong password, or is held.
const WRONG: &str = "The user name or the password is not right";
const ACCOUNTS: &str = "accounts.vestibule.localhost";
const SECOND: std::time::Duration = std::time::Duration::from_secs(1);
const MINUTE: std::time::Duration = std::time::Duration::from_mins(1);
/// How long a one-time code is shown.
const STEP: std::time::Duration = std::time::Duration::from_secs(30);

/// A broker in front of the sandbox directory.
struct Corp {
    sandbox: SandboxDirectory,
    at: DirectoryWorld,
}

impl Corp {
    async fn start(kind: &'static str) -> Self {
        Self::with(kind, "default_domain = \"corp\"\n").await
    }

    async fn with(kind: &'static str, lines: &str) -> Self {
        let sandbox = SandboxDirectory::start(|settings| settings).await;
        let at = DirectoryWorld::start(kind, vec![sandbox.domain()], lines).await;
        Self { sandbox, at }
    }

    fn world(&self) -> &World {
        &self.at.world
    }

    fn password(&self, username: &str) -> String {
        self.sandbox.password(username)
    }

    /// The form for name and password, filled in.
    async fn typed(&self, browser: &mut Browser, name: &str, password: &str) -> Form {
        let page = self.at.form(browser).await;
        page.form_with("password").unwrap().with("name", name).with("password", password)
    }

    /// Name and password, and what comes.
    async fn type_in(&self, browser: &mut Browser, name: &str, password: &str) -> Page {
        self.at.type_in(browser, name, password).await
    }

    /// The right password, and what comes.
    async fn first_step(&self, browser: &mut Browser, username: &str) -> Page {
        self.type_in(browser, username, &self.password(username)).await
    }

    /// Registers a device from a browser of its own, and gives its secret.
    async fn register(&self, username: &str) -> String {
        self.register_in(&mut self.world().browser(), username).await
    }

    async fn register_in(&self, browser: &mut Browser, username: &str) -> String {
        let page = self.first_step(browser, username).await;
        let secret = secret_of(&page);
        let page = enter(browser, &page, &self.code(&secret, 0).await).await;
        assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
        secret
    }

    /// The code of the step so many steps from now, as an authenticator app shows it.
    async fn code(&self, secret: &str, steps: i64) -> String {
        let now = self.world().clock.now().seconds() + 30 * steps;
        totp(secret, u64::try_from(now).unwrap()).await.unwrap()
    }

    /// One that is not right at any step near by.
    async fn wrong_code(&self, secret: &str) -> String {
        let mut near = Vec::new();
        for steps in -3..=3 {
            near.push(self.code(secret, steps).await);
        }
        (0..100).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }

    fn connection(&self) -> vestibule_policies::ids::ConnectionId {
        let deployment = self.world().app().deployment.load();
        let slug = vestibule_policies::name::Slug::parse("acme").unwrap();
        deployment.by_slug(&slug).unwrap().organization.connections[0].id
    }

    /// Rows of a table, counted. Its name is a literal of the test.
    async fn rows(&self, table: &str) -> i64 {
        let readers = self.world().app().store.readers();
        let query = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(query).fetch_one(readers).await.unwrap()
    }
}

/// What somebody types into their app.
fn secret_of(page: &Page) -> String {
    let body = page.text_body();
    let shown = body.split("<p class=\"copy key\"><code>").nth(1).and_then(|rest| rest.split('<').next());
    shown.unwrap_or_else(|| panic!("no registration: {}", page.text())).replace(' ', "")
}

/// Types a code into the second step's form, whichever it is, and goes on.
async fn enter(browser: &mut Browser, page: &Page, code: &str) -> Page {
    let form = page.form_with("ticket").unwrap().with("code", code);
    let answer = browser.submit(&form).await.unwrap();
    browser.settle(answer).await.unwrap()
}

fn ticket_of(page: &Page) -> String {
    page.form_with("ticket").unwrap().field("ticket").unwrap().to_owned()
}

/// Refused for good, with this code and its status.
#[track_caller]
fn assert_code(page: &Page, status: u16, code: &str) {
    assert!(page.status == status && page.text().contains(code), "{}: {}", page.status, page.text());
}
