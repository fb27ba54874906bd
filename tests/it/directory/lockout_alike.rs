//! Two connections of one organisation to the same domain: an account has the tries of one of them and not of both (PWD-05). Another
//! organisation's people are their own: whoever claims a domain holds nobody elsewhere.

use std::time::Duration;

use vestibule_conformance::wire::Browser;
use vestibule_tests::directory::Domain;

use super::{Corp, MINUTE, PLAIN, WRONG};

const WINDOW: Duration = Duration::from_mins(15);

/// The organisation `acme` with the connections `any` and `other` to one domain, of which the second one has these lines.
struct Two {
    corp: Corp,
    other: &'static str,
}

impl Two {
    async fn start(other: &'static str) -> Self {
        let two = Self { corp: Corp::start(PLAIN).await, other };
        two.sign_in_by("any").await;
        two
    }

    /// Lets people of the workspace in by this one.
    async fn sign_in_by(&self, connection: &str) {
        let mut manifest = self.corp.at.manifest();
        let second =
            manifest.connections.replace("name = \"any\"", &format!("name = \"other\"\n{}", self.other));
        manifest.connections.push_str(&second);
        manifest.workspace = format!("authentication = \"{connection}\"\n");
        self.corp.world().change(&manifest).await;
    }

    async fn wrong_ones(&self, name: &str, count: usize) {
        let mut browser = self.corp.world().browser();
        let form = self.corp.typed(&mut browser, name, "not this one").await;
        for _ in 0..count {
            let page = browser.submit(&form).await.unwrap();
            assert!(page.status == 403 && page.text().contains(WRONG), "{name}: {}", page.text());
        }
    }

    async fn is_let_in(&self, browser: &mut Browser) -> bool {
        let page = self.corp.first_step(browser, "alice").await;
        let let_in = page.text_body() == "the application";
        assert!(let_in || page.text().contains(WRONG), "{}", page.text());
        let_in
    }

    /// Wrong passwords that reached the directory.
    fn reached(&self) -> u64 {
        self.corp.sandbox.directory.binds("alice").1
    }

    async fn last_cause(&self) -> serde_json::Value {
        self.corp.world().audit().await.pop().unwrap().details["cause"].clone()
    }
}

#[tokio::test]
async fn two_connections_to_one_domain_have_the_tries_of_one() {
    let two = Two::start("").await;
    let stranger = || two.corp.world().browser();
    two.wrong_ones("alice", 3).await;
    two.sign_in_by("other").await;
    two.wrong_ones("CORP\\alice", 5).await;
    assert_eq!(two.reached(), 5, "PWD-05: the sixth never arrives, whichever way it takes");
    assert_eq!(two.last_cause().await, "held");
    assert!(!two.is_let_in(&mut stranger()).await);
    two.sign_in_by("any").await;
    assert!(!two.is_let_in(&mut stranger()).await, "nor does the way back help");
    two.corp.world().clock.advance(WINDOW);
    two.wrong_ones("alice", 4).await;
    two.sign_in_by("other").await;
    assert!(two.is_let_in(&mut stranger()).await, "a right password ends the row");
    two.sign_in_by("any").await;
    two.wrong_ones("alice", 4).await;
    assert!(two.is_let_in(&mut stranger()).await, "at the other one as well");
}

/// Each connection judges by its own numbers, so that the stricter of them holds for both.
#[tokio::test]
async fn the_stricter_of_two_rules_holds_at_both() {
    let two = Two::start("lockout_attempts = 3\nlockout_window = \"60m\"\n").await;
    two.wrong_ones("alice", 5).await;
    assert_eq!(two.reached(), 3, "PWD-05: three, though this one has five");
    two.corp.world().clock.advance(WINDOW + MINUTE);
    assert!(!two.is_let_in(&mut two.corp.world().browser()).await, "within the longer window");
    // A name that nobody has is held after as many, or the number would tell which names there are.
    two.wrong_ones("norah", 5).await;
    let causes: Vec<_> = two
        .corp
        .world()
        .audit()
        .await
        .into_iter()
        .rev()
        .take(5)
        .map(|one| one.details["cause"].clone())
        .collect();
    assert_eq!(causes, ["held", "held", "unknown-name", "unknown-name", "unknown-name"]);
    two.corp.world().clock.advance(WINDOW * 3);
    assert!(two.is_let_in(&mut two.corp.world().browser()).await);
    // At the stricter one itself, too.
    two.sign_in_by("other").await;
    let before = two.reached();
    two.wrong_ones("alice", 5).await;
    assert_eq!(two.reached() - before, 3);
}

#[tokio::test]
async fn another_organisation_with_the_same_domain_holds_nobody_here() {
    let two = Two::start("").await;
    let world = two.corp.world();
    let same: Vec<Domain> = two.corp.at.domains.clone();
    world.change(&two.corp.at.manifest_of("beta", &same)).await;
    let mut browser = world.browser();
    let page = browser.open(&world.url("beta", "/")).await.unwrap();
    let form =
        page.form_with("password").unwrap().with("name", "alice@corp.example").with("password", "wrong");
    for _ in 0..6 {
        browser.submit(&form).await.unwrap();
    }
    assert_eq!((two.reached(), two.last_cause().await), (5, "held".into()), "it is held there");
    assert!(two.is_let_in(&mut world.browser()).await, "and not here");
}
