//! What applications learn of a person, and what a person lacks (CLM-01 to CLM-06).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_tests::counterparts::samba::password_of;
use vestibule_tests::directory::DirectoryWorld;

use super::{corp, refuse};

/// What the application was told last.
fn heard(world: &DirectoryWorld, header: &str) -> Option<String> {
    world
        .world
        .application
        .last()
        .headers
        .get(header)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The SIDs of the groups that a session shows, by their names.
async fn groups(
    world: &DirectoryWorld,
    login: &str,
) -> (vestibule_conformance::wire::Browser, Vec<String>, Vec<String>) {
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, &format!("{login}@corp.example"), &password_of(login)).await;
    let session = world.session(&mut browser).await;
    let list = |name: &str| -> Vec<String> {
        session["claims"][name]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap().to_owned())
            .collect()
    };
    let (ids, names) = (list("groups"), list("group_names"));
    (browser, ids, names)
}

#[tokio::test]
async fn the_four_claims_and_the_names() {
    let (corp, world) = corp("").await;
    for (login, display, given, family, upn) in [
        ("alice", "Alice Andersen", "Alice", "Andersen", "alice.andersen@mail.corp.example"),
        ("heidi", "Hëidi (x) Ó, Dónal*", "Hëidi (x)", "Ó, Dónal*", "heidi@corp.example"),
    ] {
        let account = corp.account(login).await.unwrap();
        let mut browser = world.world.browser();
        world.sign_in(&mut browser, &format!("{login}@corp.example"), &password_of(login)).await;
        let session = world.session(&mut browser).await;
        for (claim, value) in [
            ("cip_sid", account.security_id.as_str()),
            ("cip_oid", account.object_guid.as_str()),
            ("cip_upn", upn),
            ("cip_email", &format!("{login}@corp.example")),
            ("displayName", display),
            ("givenName", given),
            ("familyName", family),
        ] {
            assert_eq!(session["claims"][claim], value, "{login}: {claim}");
        }
        assert_eq!(session["provenance"]["cip_sid"], "any:ldap");
        assert_eq!(session["kind"], "active-directory");
        assert_eq!(heard(&world, "x-forwarded-email"), Some(format!("{login}@corp.example")));
    }
}

#[tokio::test]
async fn who_lacks_an_address_is_told_so() {
    let (_, world) = corp("").await;
    let refused = refuse(&world, "nomail@corp.example", &password_of("nomail")).await;
    assert_eq!(refused.code, "CLAIM-EMAIL", "{}", refused.reason);
    assert_eq!(refused.page.status, 403);
    // A wrong password learns nothing of that.
    let wrong = refuse(&world, "nomail@corp.example", "another-Pw").await;
    assert_eq!(wrong.why(), ("AD-CREDENTIALS", "wrong-password"));
}

#[tokio::test]
async fn groups_are_complete_and_have_their_names() {
    let (corp, world) = corp("").await;
    for (login, expected, some) in [
        ("alice", 5, &["Rust-Team", "Engineering", "Everyone-Staff", "VPN-Users", "Domain Users"][..]),
        ("bob", 3, &["Everyone-Staff", "VPN-Users", "Domain Users"]),
        ("heidi", 3, &["開発部", "東京オフィス・社員", "Domain Users"]),
        ("sam", 1, &["Domain Users"]),
        ("nina", 1001, &["Circle-A", "Circle-B", "Chain-00-00", "Chain-18-49", "Beside-00", "Domain Users"]),
        ("monica", 1501, &["Many-0000", "Many-1499", "Domain Users"]),
    ] {
        let (_, ids, names) = groups(&world, login).await;
        assert_eq!((ids.len(), names.len()), (expected, expected), "{login}");
        for name in some {
            assert!(names.iter().any(|one| one == name), "{login}: {name}");
        }
        let mut distinct = ids.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), expected, "{login}: one of them twice");
        assert!(ids.iter().all(|id| id.starts_with(corp.domain_sid())), "{login}: a built-in one");
        assert!(names.iter().all(|name| !name.starts_with("S-1-")), "{login}: one without its name");
        assert!(!names.iter().any(|name| name == "Large-List"), "a list for mail is no group");
    }
}

#[tokio::test]
async fn groups_that_fit_no_header_are_read_at_an_address() {
    let (_, world) = corp("").await;
    for (login, fits) in [("alice", true), ("nina", false), ("monica", false)] {
        let (mut browser, ids, names) = groups(&world, login).await;
        browser.open(&world.world.url("acme", "/report")).await.unwrap();
        let at = world.world.url("acme", "/.vestibule/groups");
        let assertion = heard(&world, "vestibule-assertion").unwrap();
        let payload = payload(&assertion);
        if fits {
            assert_eq!(heard(&world, "x-forwarded-groups"), Some(ids.join(",")), "{login}");
            assert_eq!(heard(&world, "x-forwarded-groups-ref"), None, "{login}");
            assert_eq!(payload["groups"], serde_json::json!(ids));
            assert!(payload["groups_ref"].is_null());
        } else {
            assert_eq!(heard(&world, "x-forwarded-groups"), None, "{login}");
            assert_eq!(heard(&world, "x-forwarded-groups-ref").as_ref(), Some(&at), "{login}");
            assert!(payload["groups"].as_array().is_none_or(Vec::is_empty), "{login}");
            assert_eq!(payload["groups_ref"], at, "{login}");
        }
        let all = browser.open(&at).await.unwrap();
        assert_eq!(all.status, 200, "{login}");
        assert_eq!(all.json()["groups"], serde_json::json!(ids), "{login}");
        assert_eq!(all.json()["group_names"], serde_json::json!(names), "{login}");
        // They are the person's own.
        assert_eq!(world.world.browser().open(&at).await.unwrap().status, 401, "{login}");
    }
}

fn payload(token: &str) -> serde_json::Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_workspace_admits_the_groups_that_it_names() {
    let (_, mut world) = corp("").await;
    let (_, ids, names) = groups(&world, "alice").await;
    let id =
        |name: &str| ids.iter().zip(&names).find(|(_, one)| *one == name).map(|(id, _)| id.clone()).unwrap();
    world.workspace = format!("admit_groups = [\"{}\"]\n", id("Everyone-Staff"));
    world.apply().await;
    // Alice is a member by two groups in between, bob himself.
    let (mut alice, ..) = groups(&world, "alice").await;
    let (mut bob, ..) = groups(&world, "bob").await;
    world.world.application.forget();
    let refused = refuse(&world, "sam@corp.example", &password_of("sam")).await;
    assert_eq!(refused.code, "ADMISSION-GROUP", "{}", refused.reason);
    let refused = refuse(&world, "nina@corp.example", &password_of("nina")).await;
    assert_eq!(refused.code, "ADMISSION-GROUP", "a thousand others make no member");

    world.workspace = format!("admit_groups = [\"{}\"]\n", id("Engineering"));
    world.apply().await;
    assert!(world.world.has_session(&mut alice, "acme").await);
    assert!(!world.world.has_session(&mut bob, "acme").await, "what he came in by counts no more");
    let refused = refuse(&world, "bob@corp.example", &password_of("bob")).await;
    assert_eq!(refused.code, "ADMISSION-GROUP");

    // A name is not a group: another domain may have one of the same name.
    world.workspace = "admit_groups = [\"Engineering\", \"Domain Users\"]\n".to_owned();
    world.apply().await;
    assert!(!world.world.has_session(&mut alice, "acme").await);
    assert_eq!(refuse(&world, "alice@corp.example", &password_of("alice")).await.code, "ADMISSION-GROUP");
}
