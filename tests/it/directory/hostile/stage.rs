//! A world with one hostile domain: `corp.example`. Beside it in the same connection stands a good one, `partner.example`, which
//! another organisation has too.

use std::time::Duration;

use vestibule_conformance::hostile::directory::{DirectoryFault, HostileDirectory};
use vestibule_conformance::sandbox::directory::Settings;
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::code::Code;
use vestibule_tests::directory::{DirectoryWorld, Domain, SandboxDirectory};
use vestibule_tests::world::Audited;

use super::expected::{Outcome, Way};

/// Attempts of one account in a row, which all of a fault's places are.
const LINES: &str = "lockout_attempts = 20\n";
/// Somebody of the good domain.
const COLLEAGUE: &str = "joerg";
/// What the SIDs of the good domain begin with.
const OF_OTHERS: &str = "S-1-5-21-1-2-3-";
const NEW_PASSWORD: &str = "Another-Pass-2026";

pub(in super::super) struct Stage {
    pub(in super::super) world: DirectoryWorld,
    pub(in super::super) hostile: HostileDirectory,
    partner: SandboxDirectory,
    way: Way,
}

/// What came of an attempt.
pub(super) struct Attempt {
    pub(super) page: Page,
    pub(super) browser: Browser,
    events: Vec<Audited>,
    has_session: bool,
    /// What the application received.
    received: usize,
}

impl Stage {
    /// One in which nothing is wrong yet.
    pub(in super::super) async fn good() -> Self {
        Self::start(Way::Tls).await
    }

    pub(super) async fn start(way: Way) -> Self {
        let hostile = HostileDirectory::start(None).await.expect("the directory");
        let nobody: People = serde_json::from_str("[]").expect("nobody");
        let partner = SandboxDirectory::start(|settings| Settings {
            domain: "partner.example".to_owned(),
            netbios: "PARTNER".to_owned(),
            upn_suffixes: Vec::new(),
            people: nobody,
            ..settings
        })
        .await;
        let good = Domain {
            directory: "partner".to_owned(),
            name: "partner.example".to_owned(),
            netbios: Some("PARTNER".to_owned()),
            ..partner.domain()
        };
        let domains = vec![corp(&hostile, way), good.clone()];
        let world = DirectoryWorld::start("active-directory", domains, LINES).await;
        world.world.change(&world.manifest_of("beta", &[good])).await;
        Self { world, hostile, partner, way }
    }

    pub(in super::super) fn spoil(&self, fault: DirectoryFault, good_answers: usize) {
        self.hostile.set_after(fault, good_answers);
    }

    pub(in super::super) fn behave(&self) {
        self.hostile.set(None);
    }

    pub(in super::super) fn password(&self, person: &str) -> String {
        let accounts = self.hostile.directory().accounts();
        accounts.into_iter().find(|one| one.username == person).expect("a person").password
    }

    /// One attempt by a fresh browser.
    pub(super) async fn attempt(&self) -> Attempt {
        let mut browser = self.world.world.browser();
        let person = self.way.person();
        let (before, received) = (self.events().await.len(), self.received(person));
        let password = self.password(person);
        let mut page = self.world.type_in(&mut browser, &format!("{person}@corp.example"), &password).await;
        let mut events = self.events().await.split_off(before);
        if self.way == Way::Change {
            let due: Vec<_> = events.iter().map(|one| one.code.as_deref()).collect();
            assert_eq!(due, [Some("AD-PASSWORD-DUE")]);
            page = change(&mut browser, &page, &password).await;
            events = self.events().await.split_off(before + 1);
        }
        let has_session = self.world.world.has_session(&mut browser, "acme").await;
        if has_session {
            let groups = browser.open(&self.world.world.url("acme", "/.vestibule/groups")).await;
            let groups = groups.expect("the groups").text_body();
            assert!(groups.contains("S-1-5-21-") && !groups.contains(OF_OTHERS), "{groups}");
        }
        Attempt { page, browser, events, has_session, received: self.received(person) - received }
    }

    /// Requests of this person that reached the application.
    fn received(&self, person: &str) -> usize {
        let user = format!("{person}@corp.example");
        let all = self.world.world.application.received();
        all.iter().filter(|one| one.header("x-forwarded-user") == Some(user.as_str())).count()
    }

    /// Events that are not about somebody of the good domain.
    async fn events(&self) -> Vec<Audited> {
        let mut events = self.world.world.audit().await;
        events.retain(|one| !one.details.to_string().contains(OF_OTHERS));
        events
    }

    /// Meanwhile people of the other domain and of the other organisation come in.
    pub(super) async fn others_come_in(&self, name: &str) {
        let world = &self.world.world;
        let password = self.partner.password(COLLEAGUE);
        for organization in ["acme", "beta"] {
            let signed_in = async {
                let mut browser = world.browser();
                let page = browser.open(&world.url(organization, "/")).await.expect("the form");
                let form = page.form_with("password").expect("the form");
                let form = form.with("name", "joerg@partner.example").with("password", &password);
                let page = browser.submit(&form).await.expect("an answer");
                browser.settle(page).await.expect("the way on")
            };
            let page = tokio::time::timeout(Duration::from_secs(8), signed_in).await;
            let page = page.unwrap_or_else(|_| panic!("{name}: nobody of {organization} comes in meanwhile"));
            assert_eq!(page.text_body(), "the application", "{name}: {organization}: {}", page.text());
        }
    }

    /// Holds an attempt against what has to come of it.
    pub(super) fn judge(&self, name: &str, attempt: &Attempt, expected: Outcome) {
        let Attempt { page, events, .. } = attempt;
        let (code, words) = match expected {
            Outcome::In => {
                assert_eq!(page.text_body(), "the application", "{name}: {} {events:?}", page.text());
                assert_eq!((attempt.has_session, attempt.received), (true, 1), "{name}");
                let mut came = names(events);
                // A good directory changes a password that is due.
                came.retain(|(event, _)| *event != "password.changed");
                assert_eq!(came, [("sign-in.succeeded", None)], "{name}");
                return;
            }
            Outcome::Refused(code, words) => (code, words),
        };
        assert_eq!(names(events), [("sign-in.refused", Some(code))], "{name}: {events:?}");
        let [event] = events.as_slice() else { unreachable!() };
        let reason = event.details["reason"].as_str().unwrap_or_default();
        let told = event.details["cause"] == words || reason.contains(words);
        assert!(told, "{name}: {words} is not in {}", event.details);
        assert!(!reason.contains(char::is_control) && reason.chars().count() <= 400, "{name}: {reason}");
        assert_eq!((attempt.has_session, attempt.received), (false, 0), "{name}: no session");
        self.no_cookie_of_a_session(name, &attempt.browser);
        // The form for a new password is the next step, and no end.
        let status = if code == "AD-PASSWORD-DUE" { 200 } else { status_of(code) };
        assert_eq!(page.status, status, "{name}: {}", page.text());
        let text = page.text();
        let tells = matches!(code, "AD-DOWN" | "AD-ANSWER" | "AD-CREDENTIALS") && text.contains(words);
        assert!(!tells && text.len() < 4096, "{name}: a visitor reads {text}");
    }

    fn no_cookie_of_a_session(&self, name: &str, browser: &Browser) {
        let world = &self.world.world;
        for (label, bare) in [("acme", "access"), ("accounts", "signin-"), ("accounts", "device")] {
            let host = format!("{label}.{}", world.domain());
            let cookies = browser.cookies(&host);
            let found = cookies.iter().find(|one| one.name.starts_with(&world.cookie_name(bare)));
            assert!(found.is_none(), "{name}: {host} has {found:?}");
        }
    }

    /// What has to be so whatever the fault is.
    pub(super) fn nothing_leaked(&self, fault: DirectoryFault) {
        let seen = self.hostile.seen();
        assert!(!seen.password_in_the_clear(), "{fault:?}: a password crossed in the clear");
        assert_eq!(seen.attacker_connections, 0, "{fault:?}: somebody followed a referral");
    }
}

async fn change(browser: &mut Browser, page: &Page, password: &str) -> Page {
    let form = page.form_with("new_password").expect("the form for a new password");
    let form = form
        .with("current_password", password)
        .with("new_password", NEW_PASSWORD)
        .with("new_password_again", NEW_PASSWORD);
    let answer = browser.submit(&form).await.expect("an answer");
    browser.settle(answer).await.expect("the way on")
}

fn names(events: &[Audited]) -> Vec<(&str, Option<&str>)> {
    events.iter().map(|one| (one.event.as_str(), one.code.as_deref())).collect()
}

fn status_of(code: &str) -> u16 {
    Code::ALL.iter().find(|one| one.as_str() == code).expect("a code").status()
}

/// The hostile domain.
pub(super) fn corp(hostile: &HostileDirectory, way: Way) -> Domain {
    let (bind_user, bind_password) = hostile.directory().service_account();
    let server = match way {
        Way::StartTls => format!("ldap://localhost:{}", hostile.start_tls_address().port()),
        _ => format!("ldaps://localhost:{}", hostile.address().port()),
    };
    Domain {
        directory: "corp".to_owned(),
        name: "corp.example".to_owned(),
        netbios: Some("CORP".to_owned()),
        domain_sid: hostile.directory().domain_sid().to_owned(),
        upn_suffixes: Vec::new(),
        servers: vec![server],
        ca_pem: hostile.ca_pem().to_owned(),
        bind_user,
        bind_password,
        enabled: true,
        lines: String::new(),
    }
}
