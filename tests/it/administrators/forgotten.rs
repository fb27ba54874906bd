//! "Forgot your user name or password?" (SGN-06, SGN-15): who gets a mail, and that whoever asks learns nothing (HTTP-06; PWD-16).

use std::time::Duration;

use tokio::sync::oneshot;
use vestibule_broker::person::{BackupCodes, PasswordRecord, Person, Phone, Profile, Record, UserName};
use vestibule_broker::store::persons;
use vestibule_conformance::wire::{Browser, Form, Page, Request, exchange};
use vestibule_policies::Email;
use vestibule_policies::ids::PersonId;
use vestibule_policies::password::Candidate;
use vestibule_tests::counterparts::smtp::Received;

use super::mail::Post;
use super::{ADA, Enrolled, MINUTE, Office, PASSWORD, PHONE, assert_code};

/// An office with Ada that sends mail.
pub(super) struct Desk {
    pub(super) post: Post,
    pub(super) ada: Enrolled,
}

impl Desk {
    pub(super) async fn start() -> Self {
        Self::with("").await
    }

    pub(super) async fn with(tables: &str) -> Self {
        let mut office = Office::start().await;
        let ada = office.ada().await;
        office.world.outbound = tables.to_owned();
        Self { post: Post::of(office).await, ada }
    }

    pub(super) fn office(&self) -> &Office {
        &self.post.office
    }

    /// The form for the wish, by way of the page that offers it.
    pub(super) async fn form(&self, browser: &mut Browser) -> Form {
        let page = browser.open(&self.office().console("/")).await.unwrap();
        let link = page.link("Forgot your user name or password?").unwrap();
        let page = browser.click(&page, &link).await.unwrap();
        assert_eq!(page.url.path(), "/sign-in/forgotten", "{}", page.text());
        page.form_with("name").unwrap_or_else(|_| panic!("{}", page.text()))
    }

    /// Asks in a browser of its own.
    pub(super) async fn ask(&self, name: &str) {
        let mut browser = self.office().world.browser();
        let form = self.form(&mut browser).await.with("name", name);
        let page = browser.submit(&form).await.unwrap();
        assert!(page.text().contains("a mail is on its way"), "{}", page.text());
    }

    /// Asks for Ada, and gives the link of the mail, which is the so many-th with one.
    pub(super) async fn link(&self, count: usize) -> String {
        self.ask(ADA).await;
        self.nth_link(count).await
    }

    /// The link of the so many-th mail that has one; notices come between.
    pub(super) async fn nth_link(&self, count: usize) -> String {
        loop {
            let mails = self.post.server.takes(count).await.unwrap();
            let mut links = mails.iter().filter(|mail| mail.text.contains("/reset?token="));
            if let Some(mail) = links.nth(count - 1) {
                return link_of(mail);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What was counted of this network.
    async fn counted(&self) -> u64 {
        let tally: String = sqlx::query_scalar(
            "SELECT tally FROM attempts WHERE connection_id = '0000000000000002' AND key LIKE 'address:%'",
        )
        .fetch_one(self.office().world.app().store.readers())
        .await
        .unwrap();
        let tally: serde_json::Value = serde_json::from_str(&tally).unwrap();
        tally["count"].as_u64().unwrap() + tally["before"].as_u64().unwrap()
    }

    /// Whoever asked before has been seen to by now: wishes are seen to in their order.
    async fn seen_to(&self) -> Vec<Received> {
        let fence = format!("fence-{}@acme.example", self.post.server.received().unwrap().len());
        self.office().person(&fence, &fence).await;
        self.ask(&fence).await;
        loop {
            let mails = self.post.server.takes(1).await.unwrap();
            if mails.last().is_some_and(|mail| mail.to == [fence.clone()]) {
                return mails.into_iter().filter(|mail| !mail.to[0].starts_with("fence-")).collect();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Office {
    /// Somebody who is there, without a device and without an organisation: enough to be asked for.
    pub(super) async fn person(&self, user_name: &str, email: &str) -> PersonId {
        let app = self.world.app();
        let id = Person::new_id().unwrap();
        let hash = app.passwords.hasher.hash(&Candidate::read(PASSWORD).unwrap()).await.unwrap();
        let profile = Profile {
            user_name: UserName::parse(user_name).unwrap(),
            email: Email::parse(email).unwrap(),
            display_name: "Grace Example".to_owned(),
            recovery_phone: Phone::parse(PHONE).unwrap(),
        };
        let password = PasswordRecord::chosen(hash.to_string(), app.session_clock.now());
        let (backup, _) = BackupCodes::generate(&app.keys, id, app.wall.now()).unwrap();
        let row = Person {
            id,
            record: Record { profile, password, backup, passkeys: Vec::new(), changes: 0, enrolled: None },
        }
        .to_row(&app.keys)
        .unwrap();
        let insert = app
            .store
            .write(move |transaction| Box::pin(async move { persons::insert(transaction, &row).await }));
        assert!(insert.await.unwrap(), "{user_name} is new");
        id
    }
}

/// The link that a mail leads to.
pub(super) fn link_of(mail: &Received) -> String {
    let link = mail.text.split_whitespace().find(|word| word.contains("/reset?token="));
    link.unwrap_or_else(|| panic!("no link: {}", mail.text)).to_owned()
}

/// Everything of an answer that somebody can compare.
fn seen(page: &Page) -> (u16, String, Vec<(String, String)>) {
    let headers = page.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (page.status.as_u16(), page.text_body(), headers.collect())
}

#[tokio::test]
async fn whoever_is_meant_the_answer_is_the_same() {
    let desk = Desk::start().await;
    let office = desk.office();
    for user_name in ["one", "two"] {
        office.person(user_name, "shared@acme.example").await;
    }
    office.person("unreachable", "zo\u{eb}@acme.example").await;
    for _ in 0..11 {
        desk.ask(ADA).await;
    }
    assert_eq!(desk.seen_to().await.len(), 10, "an address gets ten an hour");
    let mut browser = office.world.browser();
    let form = desk.form(&mut browser).await;
    let mut answers = Vec::new();
    let long = "x".repeat(8_000);
    for name in ["one", "nobody@acme.example", "shared@acme.example", "unreachable", ADA, &long, "\u{0}%_'"] {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        answers.push((name, seen(&page)));
    }
    let (_, first) = answers[0].clone();
    assert!(first.0 == 200 && first.1.contains("a mail is on its way"), "{first:?}");
    for (name, answer) in &answers {
        assert_eq!(*answer, first, "{name}");
    }
    assert_eq!(desk.seen_to().await.len(), 13, "one, and the two who share an address");
    // More than a network may ask: the same again.
    for _ in 0..60 {
        let page = browser.submit(&form.clone().with("name", "nobody@acme.example")).await.unwrap();
        assert_eq!(seen(&page), first);
    }
    assert_eq!(seen(&browser.submit(&form.clone().with("name", "one")).await.unwrap()), first);
    // What was typed is no part of it, and nothing at all is told before anybody is looked for.
    let page = browser.submit(&form.with("name", " ")).await.unwrap();
    assert!(page.text().contains("Type your e-mail address or your user name"), "{}", page.text());
}

/// SGN-15: nothing waits for the store, so that nobody learns from the time what stands there.
#[tokio::test]
async fn the_answer_is_there_before_anything_is_written() {
    let desk = Desk::start().await;
    let mut browser = desk.office().world.browser();
    let form = desk.form(&mut browser).await;
    let (begun, begins) = oneshot::channel::<()>();
    let (done, ends) = oneshot::channel::<()>();
    let store = desk.office().world.app().store.clone();
    let held = tokio::spawn(async move {
        let write = store.write(move |_| {
            Box::pin(async move {
                begun.send(()).unwrap();
                ends.await.unwrap();
                Ok(())
            })
        });
        write.await.unwrap();
    });
    begins.await.unwrap();
    for name in [ADA, "nobody@acme.example"] {
        let form = form.clone().with("name", name);
        let page = tokio::time::timeout(Duration::from_secs(5), browser.submit(&form)).await;
        let page = page.unwrap_or_else(|_| panic!("{name} waits for the store")).unwrap();
        assert!(page.text().contains("a mail is on its way"), "{}", page.text());
    }
    done.send(()).unwrap();
    held.await.unwrap();
    assert_eq!(desk.seen_to().await.len(), 1, "it is written after that");
}

#[tokio::test]
async fn each_of_those_who_share_an_address_gets_a_mail_that_says_their_user_name() {
    let desk = Desk::start().await;
    desk.office().person("bea", ADA).await;
    // A user name that is somebody else's address: its owner is asked for, too, at an address of their own.
    desk.office().person("grace@acme.example", "own@acme.example").await;
    desk.office().person("gina", "grace@acme.example").await;
    for (typed, expected) in [
        (ADA, vec![(ADA, ADA), (ADA, "bea")]),
        (" Bea ", vec![(ADA, "bea")]),
        (
            "GRACE@acme.example",
            vec![("own@acme.example", "grace@acme.example"), ("grace@acme.example", "gina")],
        ),
        ("nobody", vec![]),
    ] {
        let before = desk.seen_to().await.len();
        desk.ask(typed).await;
        let mails = desk.seen_to().await;
        let mut told: Vec<_> =
            mails[before..].iter().map(|mail| (mail.to[0].as_str(), user_name(mail))).collect();
        let mut expected = expected;
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{typed}");
    }
    let asked = desk.office().world.audit().await.into_iter();
    let asked: Vec<_> = asked.filter(|event| event.event == "password.reset-asked").collect();
    assert_eq!(asked.iter().filter(|event| event.details["client"] == "127.0.0.1").count(), asked.len());
    assert!(asked.iter().all(|event| event.details["person"].as_str().is_some_and(|id| id.len() == 16)));
    for number in 0..7 {
        desk.office().person(&format!("n{number}"), "many@acme.example").await;
    }
    let before = desk.seen_to().await.len();
    desk.ask("many@acme.example").await;
    assert_eq!(desk.seen_to().await.len() - before, 5);
}

fn user_name(mail: &Received) -> &str {
    let line = mail.text.lines().find_map(|line| line.trim().strip_prefix("User name: "));
    line.unwrap_or_else(|| panic!("{}", mail.text))
}

/// An address that got enough keeps the link that it has: nobody voids it by asking without end.
#[tokio::test]
async fn a_flood_voids_no_link_and_fills_no_mailbox() {
    let desk = Desk::start().await;
    for _ in 0..12 {
        desk.ask(ADA).await;
    }
    let mails = desk.seen_to().await;
    assert_eq!(mails.len(), 10);
    let last = link_of(mails.last().unwrap());
    let page = desk.office().world.browser().open(&last).await.unwrap();
    assert!(page.form_with("new_password").is_ok(), "{}", page.text());
    // One network asks for others without end: it is held, and after a while it is not any more.
    let mut browser = desk.office().world.browser();
    let form = desk.form(&mut browser).await;
    while desk.counted().await < 50 {
        let before = desk.counted().await;
        browser.submit(&form.clone().with("name", "nobody@acme.example")).await.unwrap();
        while desk.counted().await == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    desk.office().world.clock.advance(MINUTE * 14);
    desk.office().person("late", "late@acme.example").await;
    desk.ask("late").await;
    desk.office().world.clock.advance(MINUTE * 31);
    let mails = desk.seen_to().await;
    assert!(mails.iter().all(|mail| mail.to == [ADA]), "{:?}", mails.last());
    desk.ask("late").await;
    assert_eq!(desk.seen_to().await.last().unwrap().to, ["late@acme.example"]);
    // Nobody's sign-in was held by it.
    let office = desk.office();
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &desk.ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

#[tokio::test]
async fn a_deployment_without_mail_says_so_whoever_asks() {
    let office = Office::start().await;
    office.ada().await;
    let mut browser = office.world.browser();
    let page = browser.open(&office.console("/")).await.unwrap();
    let token = page.form_with("password").unwrap().field("form_token").unwrap().to_owned();
    let link = page.link("Forgot your user name or password?").unwrap();
    let page = browser.click(&page, &link).await.unwrap();
    assert!(page.text().contains("This console sends no mail"), "{}", page.text());
    assert!(page.forms().is_empty());
    for name in [ADA, "nobody@acme.example"] {
        let request = Request::post(page.url.as_str(), &[("form_token", &token), ("name", name)]).unwrap();
        let request = request.header("origin", &office.world.origin("accounts")).unwrap();
        assert_eq!(seen(&browser.request(request).await.unwrap()).1, page.text_body(), "{name}");
    }
    let bare =
        office.world.browser().open(&office.world.url("accounts", "/sign-in/forgotten")).await.unwrap();
    assert!(bare.form_with("password").is_ok(), "to the console, which begins a sign-in: {}", bare.text());
}

/// PWD-16, HTTP-06: whatever the request says of hosts, the link is to the configured one.
#[tokio::test]
async fn the_link_of_a_mail_has_the_configured_host() {
    let desk = Desk::start().await;
    let office = desk.office();
    let mut browser = office.world.browser();
    let form = desk.form(&mut browser).await;
    let fields = [("form_token", form.field("form_token").unwrap()), ("name", ADA)];
    let origin = office.world.origin("accounts");
    let mut count = 0;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "444"),
        ("x-original-host", "evil.example"),
        ("referer", "http://evil.example/"),
    ] {
        let request =
            Request::post(form.action.as_str(), &fields).unwrap().header("origin", &origin).unwrap();
        let page = browser.request(request.header(name, value).unwrap()).await.unwrap();
        assert!(page.text().contains("a mail is on its way"), "{name}: {}", page.text());
        count += 1;
        let mail = desk.post.server.takes(count).await.unwrap().pop().unwrap();
        let expected = format!("{origin}/reset?token=");
        assert!(link_of(&mail).starts_with(&expected), "{name}: {}", mail.text);
        for part in [&mail.text, &mail.html] {
            assert!(!part.contains("evil") && part.contains(&expected), "{name}: {part}");
        }
    }
    for host in ["evil.example", "accounts.vestibule.localhost.evil.example", "console.vestibule.localhost"] {
        let path = form.action.path();
        let message =
            format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let answer = exchange(office.world.address(), message.as_bytes()).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 421") || answer.starts_with("HTTP/1.1 404"), "{host}: {answer}");
    }
    assert_eq!(desk.seen_to().await.len(), count);
}

#[tokio::test]
async fn a_form_of_somebody_else_asks_for_nobody() {
    let desk = Desk::start().await;
    let office = desk.office();
    let mut browser = office.world.browser();
    let form = desk.form(&mut browser).await;
    let token = form.field("form_token").unwrap();
    for (origin, token, code) in [
        ("null", token, "REQUEST-ORIGIN"),
        ("https://evil.example", token, "REQUEST-ORIGIN"),
        (&office.world.origin("acme"), token, "REQUEST-ORIGIN"),
        (&office.world.origin("console"), token, "REQUEST-ORIGIN"),
        (&office.world.origin("accounts"), "x", "REQUEST-FORM-TOKEN"),
    ] {
        let request = Request::post(form.action.as_str(), &[("form_token", token), ("name", ADA)]).unwrap();
        let page = browser.request(request.header("origin", origin).unwrap()).await.unwrap();
        assert_code(&page, 403, code);
    }
    let page = office.world.browser().submit(&form.with("name", ADA)).await.unwrap();
    assert_code(&page, 400, "SIGN-IN-COOKIE");
    assert!(desk.seen_to().await.is_empty());
}
