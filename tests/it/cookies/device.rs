//! The one cookie that outlives the browser: which account signed in by it. It opens nothing; spoilt or foreign it is none (SESS-01,
//! SESS-16, interface 2).

use std::time::Duration;

use vestibule_conformance::sandbox::directory::AccountState;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::directory::{DirectoryWorld, SandboxDirectory};
use vestibule_tests::world::Scheme;

use super::{HOSTS, check, check_jar, set_cookies};

const DEVICE: &str = "__Host-vestibule-device";
const WRONG: &str = "The user name or the password is not right";

async fn corp() -> (SandboxDirectory, DirectoryWorld) {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let domains = vec![sandbox.domain()];
    let at = DirectoryWorld::over(Scheme::Https, "active-directory", domains, "default_domain = \"corp\"\n");
    let at = at.await;
    (sandbox, at)
}

/// The right password, with every cookie that was set on the way.
async fn sign_in(
    (sandbox, at): &(SandboxDirectory, DirectoryWorld),
    browser: &mut Browser,
    username: &str,
) -> (Page, Vec<String>) {
    let page = at.form(browser).await;
    let mut lines = set_cookies(&page);
    let form = page.form_with("password").unwrap().with("name", username);
    let page = browser.submit(&form.with("password", &sandbox.password(username))).await.unwrap();
    lines.extend(set_cookies(&page));
    let page = browser.settle(page).await.unwrap();
    lines.extend(set_cookies(&page));
    (page, lines)
}

#[tokio::test]
async fn it_is_the_only_one_with_a_life_of_its_own_and_comes_with_a_whole_sign_in() {
    let corp = corp().await;
    let mut browser = corp.1.world.browser();
    let wrong = corp.1.type_in(&mut browser, "alice", "not this one").await;
    assert!(wrong.text().contains(WRONG));
    assert!(browser.cookie(HOSTS[0], DEVICE).is_none(), "not after half of one");
    let mut seen = 0;
    for username in ["alice", "bob"] {
        let (page, lines) = sign_in(&corp, &mut browser, username).await;
        assert_eq!(page.text_body(), "the application", "{}", page.text());
        for line in lines {
            let Some(rest) = line.strip_prefix(&format!("{DEVICE}=")) else {
                check(&line);
                continue;
            };
            seen += 1;
            assert!(
                rest.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure"),
                "SESS-01 {line}"
            );
            check(&line.replace("; Max-Age=7776000", ""));
        }
        check_jar(&mut browser, username);
        browser.jar().end_session();
        assert_eq!(browser.cookies(HOSTS[0]).len(), 1, "it is left when the browser was closed");
    }
    assert_eq!(seen, 2, "set anew by each sign-in");
    assert!(
        browser.cookies(HOSTS[1]).is_empty() && browser.cookies(HOSTS[2]).is_empty(),
        "of accounts alone"
    );
    assert!(!corp.1.world.has_session(&mut browser, "acme").await, "it is no session");
    let page = browser.open(&corp.1.world.url("accounts", "/account/acme")).await.unwrap();
    assert_eq!(page.status, 403, "nor a way to anybody's page");
    let day = Duration::from_hours(24);
    corp.1.world.clock.advance(day * 90);
    assert_eq!(corp.1.form(&mut browser).await.status, 200);
    assert!(browser.cookie(HOSTS[0], DEVICE).is_none(), "and it ends");
}

#[tokio::test]
async fn it_remembers_eight_accounts_and_stays_small() {
    let corp = corp().await;
    corp.0.directory.set_mail("dave", Some("dave@corp.example"));
    corp.0.directory.set_state("greta", AccountState::Ready);
    let mut browser = corp.1.world.browser();
    let people = ["alice", "bob", "carol", "hanako", "dave", "mette", "nils", "joerg", "greta"];
    for username in people {
        browser.jar().end_session();
        let (page, _) = sign_in(&corp, &mut browser, username).await;
        assert_eq!(page.text_body(), "the application", "{username}: {}", page.text());
    }
    let size = browser.cookie(HOSTS[0], DEVICE).unwrap().value.len();
    assert!(size < 300, "{size} letters");
    // The first of nine has made room: strangers hold it here too. The second has not.
    for (username, let_in) in [("alice", false), ("bob", true)] {
        hold(&corp, username).await;
        browser.jar().end_session();
        let (page, _) = sign_in(&corp, &mut browser, username).await;
        assert_eq!(page.text_body() == "the application", let_in, "{username}: {}", page.text());
    }
}

/// A stranger's wrong passwords.
async fn hold((_, at): &(SandboxDirectory, DirectoryWorld), username: &str) {
    let mut stranger = at.world.browser();
    for _ in 0..5 {
        let page = at.type_in(&mut stranger, username, "not this one").await;
        assert!(page.text().contains(WRONG), "{}", page.text());
    }
}

#[tokio::test]
async fn spoilt_or_foreign_it_helps_nobody_and_hinders_nobody() {
    let corp = corp().await;
    let mut owner = corp.1.world.browser();
    sign_in(&corp, &mut owner, "alice").await;
    let good = owner.cookie(HOSTS[0], DEVICE).unwrap().value;
    let root = owner.cookies(HOSTS[0]).into_iter().find(|one| one.name.contains("-signin-")).unwrap().value;
    let foreign = {
        // Another deployment with the same people.
        let other = self::corp().await;
        let mut browser = other.1.world.browser();
        sign_in(&other, &mut browser, "alice").await;
        browser.cookie(HOSTS[0], DEVICE).unwrap().value
    };
    let mut waiting = corp.1.world.browser();
    corp.1.form(&mut waiting).await;
    let transaction =
        waiting.cookies(HOSTS[0]).into_iter().find(|one| one.name.contains("-txn-")).unwrap().value;
    hold(&corp, "alice").await;
    let middle = good.len() / 2;
    let letter = if good.as_bytes()[middle] == b'A' { "B" } else { "A" };
    for (row, value, of_alice) in [
        ("as it was", good.clone(), true),
        ("cut", good[..good.len() - 1].to_owned(), false),
        ("one letter off", format!("{}{letter}{}", &good[..middle], &good[middle + 1..]), false),
        ("empty", String::new(), false),
        ("3,000 letters", "A".repeat(3000), false),
        ("of another deployment", foreign, false),
        ("a transaction in its place", transaction, false),
        ("a session in its place", root, false),
    ] {
        for (username, let_in) in [("alice", of_alice), ("bob", true)] {
            let mut browser = corp.1.world.browser();
            let line = format!("{DEVICE}={value}; Path=/; Secure");
            browser.set_cookie(&corp.1.world.url("accounts", "/"), &line).unwrap();
            let (page, _) = sign_in(&corp, &mut browser, username).await;
            assert_eq!(
                page.status,
                if let_in { 200 } else { 403 },
                "SESS-16 {row} {username}: {}",
                page.text()
            );
            let came_in = page.text_body() == "the application";
            assert_eq!(came_in, let_in, "SESS-16 {row} {username}: {}", page.text());
            assert_eq!(browser.cookie(HOSTS[0], DEVICE).unwrap().value != value, let_in, "{row}: made anew");
        }
    }
}
