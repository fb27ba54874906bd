//! Two forests in one connection: each person is of one of them, and what could be either is nobody (LIB-10; LDAP-13).

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::Instant;
use vestibule_tests::counterparts::samba::password_of;
use vestibule_tests::directory::Domain;

use super::{both, refuse};

/// What the product waits for an answer of a directory that it has to have; less than this means that nobody waited.
const SILENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn each_name_leads_to_the_forest_whose_it_is() {
    let (corp, partner, world) = both("default_domain = \"corp\"\n").await;
    let mut people = Vec::new();
    for (name, login, forest) in [
        ("alice@corp.example", "alice", corp),
        ("alice@partner.example", "alice", partner),
        ("alice.andersen@mail.corp.example", "alice", corp),
        ("alice.andersen@mail.partner.example", "alice", partner),
        ("CORP\\alice", "alice", corp),
        ("partner\\Alice", "alice", partner),
        ("alice", "alice", corp),
        ("CORP\\sam", "sam", corp),
        ("PARTNER\\sam", "sam", partner),
        ("sam@partner.example", "sam", partner),
    ] {
        let account = forest.account(login).await.unwrap();
        let mut browser = world.world.browser();
        world.sign_in(&mut browser, name, &password_of(login)).await;
        let session = world.session(&mut browser).await;
        assert_eq!(session["claims"]["cip_sid"], account.security_id.as_str(), "{name}");
        people.push((account.security_id, session["sub"].to_string()));
    }
    people.sort();
    people.dedup();
    assert_eq!(people.len(), 4, "two called alice and two called sam: {people:?}");
}

#[tokio::test]
async fn a_name_of_both_is_nobodys() {
    let (corp, partner, mut world) = both("").await;
    let login = corp.somebody();
    corp.rename_upn(&login, &format!("{login}@group.example")).await.unwrap();
    let refused = refuse(&world, "sam@group.example", &password_of("sam")).await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "ambiguous"));
    let nobody = refuse(&world, "nobody@group.example", &password_of("sam")).await;
    assert_eq!(nobody.why(), ("AD-CREDENTIALS", "unknown-name"));
    assert_eq!(refused.page.text(), nobody.page.text(), "the visitor does not learn which");
    // The suffix alone is no reason.
    world.sign_in(&mut world.world.browser(), &format!("{login}@group.example"), &password_of(&login)).await;

    // Of one forest only, the same name is somebody's.
    world.domains[1].enabled = false;
    world.apply().await;
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, "sam@group.example", &password_of("sam")).await;
    let sam = corp.account("sam").await.unwrap();
    assert_eq!(world.session(&mut browser).await["claims"]["cip_sid"], sam.security_id.as_str());
    assert_ne!(sam.security_id, partner.account("sam").await.unwrap().security_id);
}

#[tokio::test]
async fn nobody_crosses_into_the_other_forest() {
    let (corp, partner, world) = both("").await;
    // People of CORP whom PARTNER does not have, by names of PARTNER.
    for name in ["nina@partner.example", "PARTNER\\nina", "nina@mail.partner.example", "nina@group.example"] {
        let refused = refuse(&world, name, &password_of("nina")).await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", "unknown-name"), "{name}");
    }
    // An administrator of CORP takes a name of PARTNER for an account of their own.
    let (thief, robbed) = (corp.somebody(), partner.somebody());
    corp.set_password(&thief, "Thief-Pw-9").await.unwrap();
    for (upn, why) in [
        (format!("{robbed}@partner.example"), ("AD-CREDENTIALS", "wrong-password")),
        ("free-name@partner.example".to_owned(), ("AD-CREDENTIALS", "unknown-name")),
    ] {
        corp.rename_upn(&thief, &upn).await.unwrap();
        let refused = refuse(&world, &upn, "Thief-Pw-9").await;
        assert_eq!(refused.why(), why, "{upn}");
    }
    assert!(corp.binds(&thief).await.unwrap().is_empty());
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, &format!("{robbed}@partner.example"), &password_of(&robbed)).await;
    let account = partner.account(&robbed).await.unwrap();
    assert_eq!(world.session(&mut browser).await["claims"]["cip_sid"], account.security_id.as_str());
}

#[tokio::test]
async fn a_domain_that_is_switched_off_admits_nobody_new() {
    let (_, partner, mut world) = both("default_domain = \"partner\"\n").await;
    world.domains[1].netbios = Some("PARTNER".to_owned());
    world.apply().await;
    let login = partner.somebody();
    let (mut signed_in, name) = (world.world.browser(), format!("{login}@partner.example"));
    world.sign_in(&mut signed_in, &name, &password_of(&login)).await;
    let before = partner.binds(&login).await.unwrap().len();

    world.domains[1].enabled = false;
    world.apply().await;
    world.world.application.forget();
    for name in [name.as_str(), &format!("PARTNER\\{login}"), &login] {
        let refused = refuse(&world, name, &password_of(&login)).await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", "domain-disabled"), "{name}");
    }
    assert_eq!(partner.binds(&login).await.unwrap().len(), before, "it is not asked");
    assert!(world.world.has_session(&mut signed_in, "acme").await, "who was in stays");
    world.sign_in(&mut world.world.browser(), "alice@corp.example", &password_of("alice")).await;

    world.domains[1].enabled = true;
    world.apply().await;
    world.sign_in(&mut world.world.browser(), &name, &password_of(&login)).await;
}

#[tokio::test]
async fn a_forest_that_is_away_harms_nobody_elses_people() {
    let (_, partner, mut world) = both("").await;
    let nobody_listens = format!("ldaps://{}:1", partner.first().address());
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let says_nothing = format!("ldaps://{}", silent.local_addr().unwrap());
    for server in [nobody_listens, says_nothing] {
        // The one that is away comes first.
        world.domains.sort_by_key(|domain| domain.name != "partner.example");
        world.domains[0] = Domain { servers: vec![server.clone()], ..world.domains[0].clone() };
        world.apply().await;
        for name in ["alice@corp.example", "CORP\\alice"] {
            let start = Instant::now();
            world.sign_in(&mut world.world.browser(), name, &password_of("alice")).await;
            assert!(start.elapsed() < SILENCE, "{server}: {name}: {:?}", start.elapsed());
        }
        world.world.application.forget();
        for (name, code) in [
            ("nobody@corp.example", "AD-CREDENTIALS"),
            ("alice@partner.example", "AD-DOWN"),
            ("PARTNER\\alice", "AD-DOWN"),
            // Nobody has declared the suffix: it may be the other's, whose people's passwords are not for this one.
            ("alice.andersen@mail.corp.example", "AD-DOWN"),
        ] {
            let start = Instant::now();
            let refused = refuse(&world, name, &password_of("alice")).await;
            assert_eq!(refused.code, code, "{server}: {name}: {}", refused.reason);
            println!("{server}: {name}: {:?}", start.elapsed());
        }
    }
}
