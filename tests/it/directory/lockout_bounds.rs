//! What is counted beside accounts: addresses, everybody, and names that nobody has; how much of it the store keeps, and what of it
//! could be read there (PWD-05, OPS-16).

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use url::form_urlencoded::Serializer;
use vestibule_broker::clock::Clock as _;
use vestibule_broker::store::{attempts, purge};
use vestibule_conformance::hostile::directory::{DirectoryFault, HostileDirectory};
use vestibule_conformance::wire::{Browser, Form};
use vestibule_policies::lockout::{Key, Tally};
use vestibule_tests::directory::{DirectoryWorld, Domain, SandboxDirectory};

use super::{ACCOUNTS, Corp, MINUTE, PLAIN, SECOND, WRONG};

const WINDOW: Duration = Duration::from_mins(15);

/// Sends a form from another of the machine's addresses, and gives status and page.
async fn submit_from(corp: &Corp, address: &str, browser: &Browser, form: &Form) -> (u16, String) {
    let body = Serializer::new(String::new()).extend_pairs(&form.fields).finish();
    let cookies: Vec<_> =
        browser.cookies(ACCOUNTS).iter().map(|one| format!("{}={}", one.name, one.value)).collect();
    let port = corp.world().address().port();
    let message = format!(
        "POST {}?{} HTTP/1.1\r\nHost: {ACCOUNTS}:{port}\r\nOrigin: {}\r\nAccept: text/html\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        form.action.path(),
        form.action.query().unwrap(),
        corp.world().origin("accounts"),
        cookies.join("; "),
        body.len(),
    );
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(corp.world().address()).await.unwrap();
    stream.write_all(message.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[tokio::test]
async fn one_address_has_fifty_wrong_passwords_over_all_accounts() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "x", "not this one").await;
    for number in 0..50 {
        let page = browser.submit(&form.clone().with("name", &format!("nobody-{number}"))).await.unwrap();
        assert!(page.status == 403 && page.text().contains(WRONG), "{number}: {}", page.text());
    }
    let right = form.clone().with("name", "alice").with("password", &corp.password("alice"));
    let before = corp.world().audit().await.len();
    let asked = corp.sandbox.directory.load().round_trips;
    let page = browser.submit(&right).await.unwrap();
    assert!(page.status == 429 && page.text().contains("SIGN-IN-BUSY"), "PWD-05: {}", page.text());
    assert_eq!(corp.sandbox.directory.load().round_trips, asked, "nobody is looked for");
    corp.world().assert_refused(before, "SIGN-IN-BUSY").await;
    for _ in 0..6 {
        assert_eq!(browser.submit(&form.clone().with("name", "alice")).await.unwrap().status, 429);
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 0), "the directory was not asked");
    // What was held is counted nowhere, not against the account either, and elsewhere nobody minds. The sign-in itself lives on.
    let (status, answer) =
        submit_from(&corp, "127.0.0.2", &browser, &form.clone().with("name", "alice")).await;
    assert!(status == 403 && answer.contains(WRONG), "{answer}");
    let (status, answer) = submit_from(&corp, "127.0.0.2", &browser, &right).await;
    assert!(status == 200 && answer.contains("http-equiv"), "{answer}");
    // A device's cookie does not open a held address: whoever is behind it is known by the account.
    let tally =
        corp.tally(&Key::Address(vestibule_policies::lockout::Network::of([127, 0, 0, 1].into()))).await;
    assert!(matches!(tally, Some(Tally::Rolling { count: 50, .. })), "{tally:?}");
    corp.world().clock.advance(WINDOW * 2);
    assert_eq!(corp.first_step(&mut corp.world().browser(), "alice").await.text_body(), "the application");
}

#[tokio::test]
async fn everybody_together_has_a_thousand_a_minute_and_who_was_here_before_goes_on() {
    let corp = Corp::start(PLAIN).await;
    let mut known = corp.world().browser();
    corp.first_step(&mut known, "bob").await;
    known.jar().end_session();
    // 998 of others, in this minute.
    let (connection, now) = (corp.connection(), corp.world().clock.now());
    let tally = Tally::Rolling { begin: Some(now), before: 0, count: 998 };
    let write = corp.world().app().store.write(move |transaction| {
        Box::pin(async move {
            let key = Key::Everybody.to_string();
            attempts::keep(transaction, connection, (&key, tally), now.plus(MINUTE * 2)).await
        })
    });
    write.await.unwrap();
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "x", "not this one").await;
    for name in ["carol", "nobody"] {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(page.status == 403 && page.text().contains(WRONG), "{name}: {}", page.text());
    }
    let asked = corp.sandbox.directory.load().round_trips;
    let page = browser.submit(&form.clone().with("name", "alice")).await.unwrap();
    assert!(page.status == 429 && page.text().contains("SIGN-IN-BUSY"), "PWD-05: {}", page.text());
    assert_eq!(corp.sandbox.directory.load().round_trips, asked, "nobody is looked for");
    // Who was here before goes on as who they were then, and as nobody else.
    let page = corp.first_step(&mut known, "alice").await;
    assert!(page.status == 429 && page.text().contains("SIGN-IN-BUSY"), "{}", page.text());
    let page = corp.first_step(&mut known, "bob").await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    corp.world().clock.advance(MINUTE * 2);
    assert_eq!(corp.first_step(&mut browser, "alice").await.text_body(), "the application");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_held_like_one_that_somebody_has() {
    let corp = Corp::start(PLAIN).await;
    let mut bodies = Vec::new();
    for (row, spellings) in [
        ("somebody", ["carol", "CAROL", "CORP\\carol", "carol@corp.example", "Carol", "carol", "carol"]),
        ("nobody", ["norah", "NORAH", "norah", "norah", "Norah", "norah", "norah"]),
    ] {
        let mut browser = corp.world().browser();
        let form = corp.typed(&mut browser, "x", "not this one").await;
        let mut of_one = Vec::new();
        for name in spellings {
            let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
            let plain = page.text_body().replace(&format!("value=\"{name}\""), "");
            let action = form.action.query().unwrap();
            of_one.push(plain.replace(action, "").replace(form.field("form_token").unwrap(), ""));
            assert_eq!(page.status, 403, "{row}");
        }
        bodies.push(of_one);
    }
    assert_eq!(bodies[0], bodies[1]);
    let causes: Vec<_> =
        corp.world().audit().await.into_iter().map(|one| one.details["cause"].clone()).collect();
    assert_eq!(causes[5..7], ["held", "held"]);
    assert_eq!(causes[12..], ["held", "held"], "{causes:?}");
}

/// People type passwords into the wrong field: no name stands in the store, and what stands there goes.
#[tokio::test]
async fn the_store_holds_no_typed_name_and_few_rows_and_not_for_long() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "x", "not this one").await;
    for name in
        ["canary-of-a-name", "CORP\\Canary-Of-A-Name", "canary-of-a-name@corp.example", "a\\b\\c", "carol"]
    {
        browser.submit(&form.clone().with("name", name)).await.unwrap();
    }
    let rows = corp.rows("attempts").await;
    assert!(rows <= 7, "one for each account, one for the address, one for everybody: {rows}");
    let (wal, main) = ("vestibule.db-wal", "vestibule.db");
    for file in std::fs::read_dir(corp.world().directory()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == wal || name == main {
            let bytes = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).to_lowercase();
            assert!(!bytes.contains("canary-of-a-name"), "{name}");
            assert!(!bytes.contains("carol"), "{name}: whoever was tried is known by their SID");
        }
    }
    // What is held adds no row: a thousand further attempts at the same names cost nothing.
    for _ in 0..20 {
        browser.submit(&form.clone().with("name", "canary-of-a-name")).await.unwrap();
    }
    assert_eq!(corp.rows("attempts").await, rows);
    corp.world().clock.advance(WINDOW * 2 + SECOND);
    let (wall, sessions) = (corp.world().clock.now(), corp.world().clock.now());
    let write =
        corp.world().app().store.write(move |transaction| {
            Box::pin(async move { purge::purge(transaction, wall, sessions).await })
        });
    write.await.unwrap();
    assert_eq!(corp.rows("attempts").await, 0);
}

/// A directory that is away judged no password: nobody is locked out by its silence.
#[tokio::test]
async fn a_directory_that_is_away_counts_nothing() {
    let corp = Corp::start(PLAIN).await;
    let alice = corp.password("alice");
    let Corp { sandbox, at } = corp;
    // Who was found before is in no cache: the look-up fails first, and that is not an attempt either.
    drop(sandbox);
    let mut browser = at.world.browser();
    for _ in 0..7 {
        let page = at.type_in(&mut browser, "alice", &alice).await;
        assert!(page.status == 503 && page.text().contains("AD-DOWN"), "{} {}", page.status, page.text());
    }
    let readers = at.world.app().store.readers();
    let tallies: Vec<String> =
        sqlx::query_scalar("SELECT tally FROM attempts").fetch_all(readers).await.unwrap();
    assert!(tallies.iter().all(|tally| tally.contains("\"count\":0")), "{tallies:?}");
}

/// A password that was sent counts though the answer never came: the directory may have judged it.
#[tokio::test]
async fn a_password_that_was_sent_counts_though_the_directory_breaks_off() {
    let hostile = HostileDirectory::start(None).await.unwrap();
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let (bind_user, bind_password) = hostile.directory().service_account();
    let domain = Domain {
        domain_sid: hostile.directory().domain_sid().to_owned(),
        servers: vec![format!("ldaps://localhost:{}", hostile.address().port())],
        ca_pem: hostile.ca_pem().to_owned(),
        bind_user,
        bind_password,
        ..sandbox.domain()
    };
    let at = DirectoryWorld::start(PLAIN, vec![domain], "default_domain = \"corp\"\n").await;
    let accounts = hostile.directory().accounts();
    let password = accounts.into_iter().find(|one| one.username == "alice").unwrap().password;
    // The connection's own account is at the directory from now on.
    at.sign_in(&mut at.world.browser(), "alice", &password).await;
    hostile.set(Some(DirectoryFault::NoticeInstead));
    let page = at.type_in(&mut at.world.browser(), "alice", &password).await;
    assert!(page.status.is_server_error(), "{} {}", page.status, page.text());
    let readers = at.world.app().store.readers();
    let tallies: Vec<(String, String)> =
        sqlx::query_as("SELECT key, tally FROM attempts").fetch_all(readers).await.unwrap();
    assert_eq!(tallies.len(), 3, "{tallies:?}");
    assert!(tallies.iter().all(|(_, tally)| !tally.contains("\"count\":0")), "{tallies:?}");
}

impl Corp {
    async fn tally(&self, key: &Key) -> Option<Tally> {
        let (connection, key) = (self.connection(), key.to_string());
        let write = self.world().app().store.write(move |transaction| {
            Box::pin(async move { attempts::tally(transaction, connection, &key).await })
        });
        write.await.unwrap()
    }
}
