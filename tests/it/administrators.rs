//! The built-in identity: a link, enrolment, sign-in with both factors, and the console of one organisation (SGN, MFA, PWD).

mod accessible;
mod address;
mod azure_ad;
mod console;
mod enrolment;
mod forgotten;
mod hostile;
mod mail;
mod passkeys;
mod profile;
mod recovery;
mod reset;
mod sign_in;
mod ways;

use vestibule_broker::apply::Target;
use vestibule_broker::bootstrap;
use vestibule_broker::clock::Clock;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::Email;
use vestibule_policies::name::Slug;
use vestibule_tests::counterparts::totp;
use vestibule_tests::world::{Manifest, Scheme, World};

pub(crate) const ADA: &str = "ada@acme.example";
pub(crate) const PASSWORD: &str = "Grün-und-7-Tannen!";
const PHONE: &str = "+81 3-1234-5678";
/// How long a one-time code is shown.
const STEP: std::time::Duration = std::time::Duration::from_secs(30);
const MINUTE: std::time::Duration = std::time::Duration::from_mins(1);

/// A broker with two organisations.
pub(crate) struct Office {
    pub(crate) world: World,
}

/// Somebody who is enrolled.
pub(crate) struct Enrolled {
    secret: String,
    codes: Vec<String>,
}

impl Office {
    pub(crate) async fn start() -> Self {
        Self::with(Scheme::Http).await
    }

    async fn with(scheme: Scheme) -> Self {
        let world = World::with(scheme, &[Manifest::of("acme"), Manifest::of("beta")]).await;
        Self { world }
    }

    pub(crate) fn console(&self, path: &str) -> String {
        self.world.url("console", path)
    }

    /// What `vestibule administrator bootstrap` prints.
    pub(crate) async fn link(&self, slug: &str, email: &str) -> String {
        let app = self.world.app();
        let settings = app.settings();
        let target = Target { store: &app.store, keys: &app.keys, server: &settings };
        let who = (&Slug::parse(slug).unwrap(), Email::parse(email).unwrap());
        let now = (app.wall.now(), app.session_clock.now());
        let link = bootstrap::link(target, who, now).await.unwrap();
        self.world.settle().await;
        link
    }

    /// The first page of somebody new, and what comes after name and password.
    async fn name_and_password(&self, browser: &mut Browser, link: &str) -> Page {
        let page = browser.open(link).await.unwrap();
        let form = page.form_with("display_name").unwrap_or_else(|_| panic!("{} {}", page.url, page.text()));
        let form = form
            .with("display_name", "Ada Ekström")
            .with("new_password", PASSWORD)
            .with("new_password_again", PASSWORD);
        browser.submit(&form).await.unwrap()
    }

    /// From the link to the console.
    pub(crate) async fn enrol(&self, browser: &mut Browser, link: &str) -> (Page, Enrolled) {
        let page = self.name_and_password(browser, link).await;
        let secret = secret_of(&page);
        let form = page.form_with("code").unwrap().with("code", &self.code(&secret, 0).await);
        let page = browser.submit(&form).await.unwrap();
        let codes = codes_of(&page);
        let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
        let page = browser.submit(&form).await.unwrap();
        (browser.settle(page).await.unwrap(), Enrolled { secret, codes })
    }

    /// Ada, an administrator of `acme`, who came in a minute ago from a browser of her own.
    pub(crate) async fn ada(&self) -> Enrolled {
        let link = self.link("acme", ADA).await;
        let (page, ada) = self.enrol(&mut self.world.browser(), &link).await;
        assert_eq!(page.url.as_str(), self.console("/"), "{}", page.text());
        self.world.clock.advance(MINUTE);
        ada
    }

    /// The code of the step so many steps from now, as an authenticator app shows it.
    pub(crate) async fn code(&self, secret: &str, steps: i64) -> String {
        let now = self.world.clock.now().seconds() + 30 * steps;
        totp(secret, u64::try_from(now).unwrap()).await.unwrap()
    }

    /// The form for user name and password, and what comes after it.
    async fn password(&self, browser: &mut Browser, from: &str, name: &str, password: &str) -> Page {
        let page = browser.open(from).await.unwrap();
        let form = page.form_with("password").unwrap_or_else(|_| panic!("{} {}", page.url, page.text()));
        browser.submit(&form.with("name", name).with("password", password)).await.unwrap()
    }

    /// Both factors, from an address of the console to wherever it leads.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, from: &str, ada: &Enrolled) -> Page {
        let page = self.password(browser, from, ADA, PASSWORD).await;
        self.second(browser, &page, &self.code(&ada.secret, 0).await).await
    }

    async fn second(&self, browser: &mut Browser, page: &Page, code: &str) -> Page {
        let form =
            page.form_saying("Verify").unwrap_or_else(|_| panic!("{}", page.text())).with("code", code);
        let page = browser.submit(&form).await.unwrap();
        browser.settle(page).await.unwrap()
    }

    /// The console's session of this browser, as its page for programs says it.
    pub(crate) async fn session(&self, browser: &mut Browser) -> Option<serde_json::Value> {
        let page = browser.open(&self.console("/.vestibule/session")).await.unwrap();
        (page.status == 200).then(|| page.json())
    }
}

/// What somebody types into their app.
fn secret_of(page: &Page) -> String {
    let body = page.text_body();
    let shown = body.split("<p class=\"copy key\"><code>").nth(1).and_then(|rest| rest.split('<').next());
    shown.unwrap_or_else(|| panic!("no registration: {}", page.text())).replace(' ', "")
}

/// The backup codes that a page shows.
fn codes_of(page: &Page) -> Vec<String> {
    let body = page.text_body();
    let list = body.split("<ul class=\"backup\"").nth(1).and_then(|rest| rest.split("</ul>").next());
    let list = list.unwrap_or_else(|| panic!("no backup codes: {}", page.text()));
    list.split("<code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

/// Refused for good, with this code and its status.
#[track_caller]
fn assert_code(page: &Page, status: u16, code: &str) {
    assert!(page.status == status && page.text().contains(code), "{}: {}", page.status, page.text());
}
