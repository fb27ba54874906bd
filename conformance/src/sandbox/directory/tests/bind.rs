//! Who gets in by which name, and what the others are told.

use super::*;

fn data(code: &str) -> (u32, String) {
    (
        49,
        format!("80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {code}, v1db1"),
    )
}

#[tokio::test]
async fn a_name_has_many_forms() {
    let bench = Bench::start().await;
    let mut client = bench.client().await;
    let rows = [
        ("alice", "alice@corp.example", true),
        ("alice", "ALICE@CORP.EXAMPLE", true),
        ("alice", "alice@corp", true),
        ("alice", "CORP\\alice", true),
        ("alice", ALICE, true),
        ("nils", "nils.nord@mail.corp.example", true),
        ("nils", "nils@corp.example", true),
        ("joerg", "CN=M\\C3\\BCller\\2C J\\C3\\B6rg (Test*),CN=Users,DC=corp,DC=example", true),
        ("hanako", "CN=山田 花子,CN=Users,DC=corp,DC=example", true),
        ("alice", "alice", false),
        ("alice", "corp.example\\alice", false),
        ("alice", "Alice Andersen", false),
        ("alice", "OTHER\\alice", false),
        ("alice", "bob@corp.example", false),
        ("alice", "mallory@corp.example", false),
        ("nils", "nils@mail.corp.example", false),
    ];
    for (account, name, accepted) in rows {
        let answer = client.bind(name, &bench.password(account)).await;
        assert_eq!(answer, if accepted { (0, String::new()) } else { data("52e") }, "{name}");
    }
}

#[tokio::test]
async fn only_the_password_learns_the_state() {
    let bench = Bench::start().await;
    let mut client = bench.client().await;
    let rows = [
        ("erika", "532", "52e"),
        ("felix", "773", "52e"),
        ("greta", "533", "52e"),
        ("henrik", "701", "52e"),
        ("ida", "775", "775"),
        ("jonas", "530", "52e"),
        ("karin", "531", "52e"),
    ];
    for (account, with_password, without) in rows {
        let name = format!("{account}@corp.example");
        assert_eq!(client.bind(&name, &bench.password(account)).await, data(with_password), "{account}");
        assert_eq!(client.bind(&name, "wrong").await, data(without), "{account}");
        assert_eq!(bench.listed(account).state.data(), Some(with_password));
    }
}

#[tokio::test]
async fn wrong_passwords_lock_for_a_while() {
    let bench = Bench::start_with(Door::Tls, |settings| settings.lockout.threshold = 3).await;
    let mut client = bench.client().await;
    let (name, password) = ("bob@corp.example", bench.password("bob"));
    for _ in 0..2 {
        assert_eq!(client.bind(name, "wrong").await, data("52e"));
    }
    // The window passes, and the two are forgotten.
    bench.pass(1800);
    for _ in 0..3 {
        assert_eq!(client.bind(name, "wrong").await, data("52e"));
    }
    assert_eq!(client.bind(name, &password).await, data("775"));
    bench.pass(1799);
    assert_eq!(client.bind(name, "wrong").await, data("775"));
    bench.pass(1);
    assert_eq!(client.bind(name, &password).await.0, 0);
    assert_eq!(bench.directory.binds("bob"), (1, 7));

    assert_eq!(client.bind("ida@corp.example", &bench.password("ida")).await, data("775"));
    assert!(bench.directory.unlock("ida"));
    assert_eq!(client.bind("ida@corp.example", &bench.password("ida")).await.0, 0);
}

#[tokio::test]
async fn an_empty_password_succeeds_as_nobody() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    assert_eq!(client.bind("alice@corp.example", "").await.0, 0);
    assert_eq!(client.search(ALICE, "base", "(objectClass=*)", &[]).await.code, 1);
    assert_eq!(bench.directory.binds("alice"), (0, 0));
}

#[tokio::test]
async fn what_an_administrator_does_is_seen_at_the_next_bind() {
    let bench = Bench::start().await;
    let (directory, mut client) = (&bench.directory, bench.client().await);
    let (name, password) = ("alice@corp.example", bench.password("alice"));
    assert!(directory.set_disabled("alice"));
    assert_eq!(client.bind(name, &password).await, data("533"));
    assert!(directory.set_state("alice", AccountState::Ready));
    assert!(directory.rename_upn("alice", "alice.berg@corp.example"));
    assert_eq!(client.bind("alice.berg@corp.example", &password).await.0, 0);
    // The implicit form stays: it is made of another attribute.
    assert_eq!(client.bind(name, &password).await.0, 0);
    assert!(directory.set_password("alice", "another one"));
    assert_eq!(client.bind(name, &password).await, data("52e"));
    assert_eq!(client.bind(name, "another one").await.0, 0);
    assert!(directory.delete("alice"));
    assert_eq!(client.bind(name, "another one").await, data("52e"));
    assert!(!directory.delete("alice"));
    assert!(!directory.set_disabled("alice"));
}
