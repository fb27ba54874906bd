//! `token reset` beside a running server (TOK-06): whose device goes, what the person meets next, and how a call that takes nothing
//! away ends.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::directory::SandboxDirectory;

use super::deployment::Deployment;
use super::directory::{code, enter, form, manifest, shown_of};
use super::program::Ended;

/// A server's interval of following, and what a busy machine takes beside it.
const FOLLOWED: Duration = Duration::from_secs(10);
/// Of one who has a device.
const ASKED: &str = "Enter your one-time code";

/// The organisation `acme`, applied.
struct Corp {
    deployment: Deployment,
    sandbox: SandboxDirectory,
}

impl Corp {
    async fn applied() -> Self {
        let sandbox = SandboxDirectory::start(|settings| settings).await;
        let deployment = Deployment::new().await;
        deployment.write("acme.toml", &manifest(&deployment, &sandbox.domain()));
        assert_eq!(deployment.apply(&[]).await.code, Some(0));
        Self { deployment, sandbox }
    }

    async fn first_step(&self, browser: &mut Browser, username: &str) -> Page {
        form(&self.deployment, browser, username, &self.sandbox.password(username)).await
    }

    /// Registers a device, and gives the page that showed it.
    async fn register(&self, browser: &mut Browser, username: &str) -> Page {
        let page = self.first_step(browser, username).await;
        let secret = shown_of(&page).replace(' ', "");
        let came_in = enter(browser, &page, &code(&secret, 0).await).await;
        assert_eq!(came_in.text_body(), "the application", "{username}: {}", came_in.text());
        page
    }

    async fn reset(&self, organization: &str, upn: &str) -> Ended {
        let call = ["token", "reset", "--config", "vestibule.toml", "--organization", organization];
        self.deployment.run(&[&call[..], &["--upn", upn]].concat()).await
    }

    /// What the browser reads once its session has ended.
    async fn signed_out(&self, browser: &mut Browser) -> Page {
        let signed_out = async {
            loop {
                let page = browser.open(&self.deployment.url("/")).await.unwrap();
                // A request that is under way as the session ends is cut, and says so at its own address.
                let is_cut = page.text().contains("SIGN-IN-REQUIRED");
                if page.text_body() != "the application" && !is_cut {
                    return page;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FOLLOWED, signed_out).await.expect("the end of the session")
    }

    /// What the audit has of resets.
    async fn audited(&self) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.deployment.path("vestibule.db"));
        let store = SqlitePool::connect_with(options).await.unwrap();
        let query = "SELECT details FROM audit_events WHERE event = 'token.reset' ORDER BY number";
        let found = sqlx::query_scalar(query).fetch_all(&store).await.unwrap();
        store.close().await;
        found
    }
}

/// What a person reads on a registration, without what is of this one device.
fn read_of(page: &Page) -> String {
    page.text().replace(&shown_of(page), "")
}

fn taken(upn: &str) -> String {
    format!("the device of {upn} is taken away; the next sign-in registers another\n")
}

#[tokio::test]
async fn a_device_is_taken_away_beside_a_running_server_and_the_next_sign_in_registers_anew() {
    let corp = Corp::applied().await;
    let mut server = corp.deployment.serve(None).await;
    let (mut alice, mut bob) = (Browser::new(), Browser::new());
    let first = corp.register(&mut alice, "alice").await;
    corp.register(&mut bob, "bob").await;
    let mut waiting = Browser::new();
    let asked = corp.first_step(&mut waiting, "alice").await;
    assert!(asked.text().contains(ASKED), "{}", asked.text());

    let ended = corp.reset("acme", "Alice@corp.example").await;
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (Some(0), taken("Alice@corp.example").as_str()),
        "{ended:?}"
    );
    assert_eq!(corp.audited().await, [r#"{"count":1,"upn":"Alice@corp.example"}"#], "TOK-07");

    // Her session ends, as any session does: nothing says who ended it, or why.
    let page = corp.signed_out(&mut alice).await;
    let anybodys = Browser::new().open(&corp.deployment.url("/")).await.unwrap();
    assert_eq!((page.url.path(), page.text()), ("/password", anybodys.text()));
    // The form that waited for a code of the old device takes none any more.
    let old_code = code(&shown_of(&first).replace(' ', ""), 1).await;
    let page = enter(&mut waiting, &asked, &old_code).await;
    assert!(page.status == 400 && page.text().contains("TOKEN-TICKET"), "{}", page.text());
    let again = corp.register(&mut Browser::new(), "alice").await;
    assert_ne!(shown_of(&again), shown_of(&first), "TOK-06: another secret");
    assert_eq!(read_of(&again), read_of(&first), "the registration reads as the first one did");
    let mut browser = Browser::new();
    let page = corp.first_step(&mut browser, "alice").await;
    assert!(page.text().contains(ASKED), "{}", page.text());
    let page = enter(&mut browser, &page, &old_code).await;
    assert!(page.text().contains("The code is not right"), "the old device's: {}", page.text());

    // Nobody else's device or session went with it.
    assert_eq!(bob.open(&corp.deployment.url("/")).await.unwrap().text_body(), "the application");
    let page = corp.first_step(&mut Browser::new(), "bob").await;
    assert!(page.text().contains(ASKED), "{}", page.text());
    server.stop().await;
    let log = server.log().join("\n");
    assert!(!log.contains("alice") && !log.contains("Alice"), "OPS-12: {log}");
}

/// Whom the name means today counts; where no directory says it, the name of the last use.
#[tokio::test]
async fn a_device_is_found_under_a_new_name_and_without_the_directory() {
    let corp = Corp::applied().await;
    let mut server = corp.deployment.serve(None).await;
    for username in ["alice", "bob", "carol"] {
        corp.register(&mut Browser::new(), username).await;
    }
    assert!(corp.sandbox.directory.rename_upn("alice", "alicia@corp.example"));
    let ended = corp.reset("acme", "alicia@corp.example").await;
    assert_eq!(ended.code, Some(0), "another name since: {ended:?}");
    assert!(corp.sandbox.directory.set_disabled("bob"));
    assert_eq!(corp.reset("acme", "bob@corp.example").await.code, Some(0), "an account that is shut");
    let Corp { deployment, sandbox } = corp;
    drop(sandbox);
    let call = ["token", "reset", "--config", "vestibule.toml", "--organization", "acme", "--upn"];
    let ended = deployment.run(&[&call[..], &["carol@corp.example"]].concat()).await;
    assert_eq!((ended.code, ended.out), (Some(0), taken("carol@corp.example")), "the directory is away");
    server.stop().await;
}

#[tokio::test]
async fn a_call_that_takes_nothing_away_says_which_part_of_it_is_wrong() {
    let corp = Corp::applied().await;
    let mut server = corp.deployment.serve(None).await;
    let mut alice = Browser::new();
    corp.register(&mut alice, "alice").await;
    for (row, organization, upn, code, said) in [
        (
            "nobody's name",
            "acme",
            "mallory@corp.example",
            1,
            "no device is registered for mallory@corp.example",
        ),
        ("no device", "acme", "bob@corp.example", 1, "no device is registered for bob@corp.example"),
        ("no UPN", "acme", "alice", 1, "no device is registered for alice"),
        ("another organisation", "beta", "alice@corp.example", 1, "there is no organisation beta"),
        ("no slug", "ACME!", "alice@corp.example", 2, "ACME! is no slug of an organisation"),
    ] {
        let ended = corp.reset(organization, upn).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{row}: {ended:?}");
        assert_eq!(ended.err.lines().last(), Some(format!("vestibule: {said}").as_str()), "{row}: {ended:?}");
    }
    assert!(corp.audited().await.is_empty(), "what was not done is not written down");
    // Her device and her session are as they were.
    assert_eq!(alice.open(&corp.deployment.url("/")).await.unwrap().text_body(), "the application");
    let page = corp.first_step(&mut Browser::new(), "alice").await;
    assert!(page.text().contains(ASKED), "{}", page.text());
    server.stop().await;

    let nowhere = Deployment::new().await;
    let call = ["token", "reset", "--organization", "acme", "--upn", "alice@corp.example", "--config"];
    for (row, file, said) in
        [("no store", "vestibule.toml", "there is no store at"), ("no file", "x.toml", "x.toml")]
    {
        let ended = nowhere.run(&[&call[..], &[file]].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{row}: {ended:?}");
        assert!(ended.err.contains(said), "{row}: {ended:?}");
        assert!(!nowhere.path("vestibule.db").exists(), "{row}: none is made");
    }
}
