//! Who somebody is by the word of a directory: the SID and not the name, all of their groups, an account that is open, and the domain
//! that their name belongs to (LDAP-12, LDAP-14, LDAP-15, LDAP-16, LDAP-20).

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use vestibule_conformance::hostile::directory::DirectoryFault;
use vestibule_conformance::sandbox::directory::{AccountState, Settings};
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::wire::Browser;
use vestibule_tests::directory::{DirectoryWorld, Domain, SandboxDirectory};

use super::hostile::Stage;
use super::{Corp, MINUTE, PLAIN};

async fn subject(corp: &Corp, name: &str) -> Value {
    let mut browser = corp.world().browser();
    corp.at.sign_in(&mut browser, name, &corp.password("alice")).await;
    corp.at.session(&mut browser).await["sub"].clone()
}

#[tokio::test]
async fn a_new_account_is_a_new_person_and_a_new_name_is_not() {
    let corp = Corp::start(PLAIN).await;
    let before = subject(&corp, "alice").await;
    assert!(before.is_string(), "{before}");
    assert!(corp.sandbox.directory.rename_upn("alice", "alice.married@corp.example"));
    assert_eq!(subject(&corp, "alice.married@corp.example").await, before);
    // The same account name, the same UPN, the same password: another account.
    assert!(corp.sandbox.directory.recreate("alice"));
    assert_ne!(subject(&corp, "alice.married@corp.example").await, before);
}

#[tokio::test]
async fn letters_that_look_alike_are_other_letters() {
    let corp = Corp::start(PLAIN).await;
    let password = corp.password("alice");
    let mut browser = corp.world().browser();
    // Cyrillic о, Greek ο, full-width letters, and a hyphen that nobody sees.
    for name in
        ["alice@c\u{43e}rp.example", "alice@c\u{3bf}rp.example", "alice@\u{ff43}orp.example", "ali\u{ad}ce"]
    {
        let page = corp.type_in(&mut browser, name, &password).await;
        assert_eq!(page.status, 403, "{name}: {}", page.text());
        assert_eq!(corp.world().audit().await.last().unwrap().details["cause"], "unknown-name", "{name}");
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 0));
    // Nor does a directory bring them in where the organisation says what is its own.
    let declared = Domain { upn_suffixes: vec!["corp.example".to_owned()], ..corp.sandbox.domain() };
    let at = DirectoryWorld::start(PLAIN, vec![declared], "").await;
    for (principal, code) in [("alice@c\u{43e}rp.example", Some("CLAIM-SCOPE")), ("alice@corp.example", None)]
    {
        assert!(corp.sandbox.directory.rename_upn("alice", principal));
        let (before, mut browser) = (at.world.audit().await.len(), at.world.browser());
        let page = at.type_in(&mut browser, "corp\\alice", &password).await;
        match code {
            Some(code) => {
                assert_eq!(page.status, 403, "{principal}: {}", page.text());
                at.world.assert_refused(before, code).await;
            }
            None => assert_eq!(page.text_body(), "the application", "{principal}: {}", page.text()),
        }
    }
}

async fn groups(at: &DirectoryWorld, browser: &mut Browser) -> Vec<Value> {
    let page = browser.open(&at.world.url("acme", "/.vestibule/groups")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()["groups"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn all_groups_of_somebody_arrive_however_many_and_however_deep() {
    let corp = Corp::start(PLAIN).await;
    // 4,998 numbered ones and the one that has them all, and the primary group.
    for (username, count) in [("lars", 5_000), ("mette", 51)] {
        let mut browser = corp.world().browser();
        corp.at.sign_in(&mut browser, username, &corp.password(username)).await;
        let groups = groups(&corp.at, &mut browser).await;
        assert_eq!(groups.len(), count, "{username}");
    }
}

/// 5,000 groups come in four parts, and their names in 25 questions, which a slow directory is not asked to the end.
#[tokio::test]
async fn the_names_of_groups_keep_nobody_waiting() {
    let stage = Stage::good().await;
    stage.spoil(DirectoryFault::Slow(500), 0);
    let (mut browser, start) = (stage.world.world.browser(), Instant::now());
    stage.world.sign_in(&mut browser, "lars@corp.example", &stage.password("lars")).await;
    assert!(start.elapsed() < Duration::from_secs(14), "{:?}", start.elapsed());
    assert_eq!(groups(&stage.world, &mut browser).await.len(), 5_000);
}

#[tokio::test]
async fn an_account_that_is_shut_ends_its_sessions_and_opens_none() {
    let corp = Corp::with(PLAIN, "default_domain = \"corp\"\nrecheck = \"1m\"\n").await;
    for (username, state) in
        [("alice", Some(AccountState::Disabled)), ("bob", Some(AccountState::Expired)), ("carol", None)]
    {
        let password = corp.password(username);
        let (mut browser, mut other) = (corp.world().browser(), corp.world().browser());
        corp.at.sign_in(&mut browser, username, &password).await;
        corp.at.sign_in(&mut other, "joerg", &corp.password("joerg")).await;
        match state {
            Some(state) => assert!(corp.sandbox.directory.set_state(username, state)),
            None => assert!(corp.sandbox.directory.delete(username)),
        }
        let page = corp.type_in(&mut corp.world().browser(), username, &password).await;
        assert_eq!(page.status, 403, "{username}: {}", page.text());
        let ended = async {
            while corp.world().has_session(&mut browser, "acme").await {
                corp.world().clock.advance(MINUTE);
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the look at it");
        assert!(corp.world().has_session(&mut other, "acme").await, "{username}: nobody else's ends");
    }
}

#[tokio::test]
async fn a_person_of_a_child_domain_is_found() {
    let relatives = |domain: &str, netbios: &str| vec![(domain.to_owned(), netbios.to_owned())];
    let corp = SandboxDirectory::start(|settings| Settings {
        relatives: relatives("emea.corp.example", "EMEA"),
        ..settings
    });
    let child = SandboxDirectory::start(|settings| Settings {
        domain: "emea.corp.example".to_owned(),
        netbios: "EMEA".to_owned(),
        relatives: relatives("corp.example", "CORP"),
        people: People::generate(&[9; 32]),
        ..settings
    });
    let (corp, child) = (corp.await, child.await);
    let below = Domain {
        directory: "emea".to_owned(),
        name: "emea.corp.example".to_owned(),
        netbios: Some("EMEA".to_owned()),
        ..child.domain()
    };
    let mut at = DirectoryWorld::start(PLAIN, vec![corp.domain(), below], "").await;
    let password = child.password("mette");
    for (principal, name) in [
        ("mette@emea.corp.example", "mette@emea.corp.example"),
        ("mette@emea.corp.example", "EMEA\\mette"),
        // A name under the suffix of the forest, as it is usual.
        ("m.moe@corp.example", "m.moe@corp.example"),
    ] {
        assert!(child.directory.rename_upn("mette", principal));
        let mut browser = at.world.browser();
        at.sign_in(&mut browser, name, &password).await;
        let session = at.session(&mut browser).await;
        let sid = session["claims"]["cip_sid"].as_str().unwrap();
        assert!(sid.starts_with(child.directory.domain_sid()), "{name}: {sid}");
        assert_eq!(session["claims"]["cip_upn"], principal);
    }
    // A name that the forest's root has itself is never somebody of the child's.
    assert!(child.directory.rename_upn("mette", "alice@corp.example"));
    let page = at.type_in(&mut at.world.browser(), "alice@corp.example", &password).await;
    assert_eq!(page.status, 403, "{}", page.text());
    // AD-07: whoever switches the root off takes neither names nor sign-ins from the others of its forest.
    assert!(child.directory.rename_upn("mette", "m.moe@corp.example"));
    at.domains[0].enabled = false;
    at.apply().await;
    for name in ["m.moe@corp.example", "EMEA\\mette"] {
        at.sign_in(&mut at.world.browser(), name, &password).await;
    }
    let page = at.type_in(&mut at.world.browser(), "alice@corp.example", &corp.password("alice")).await;
    assert_eq!(page.status, 403, "{}", page.text());
}
