//! The change of a password by the old one, by its owner and for those who cannot sign in.

use super::*;

const NEW: &str = "Another one 2027";

#[tokio::test]
async fn its_owner_changes_a_password() {
    let bench = Bench::start().await;
    let (mut client, old) = (bench.client().await, bench.password("alice"));
    assert_eq!(client.bind("alice@corp.example", &old).await.0, 0);
    for (name, given, new, error) in [
        ("wrong old password", "wrong", NEW, "00000056"),
        ("too short", old.as_str(), "short", "0000052D"),
        ("the same again", &old, old.as_str(), "0000052D"),
    ] {
        let (code, text) = client.change(ALICE, given, new).await;
        assert_eq!((code, text.split(':').next()), (19, Some(error)), "{name}");
    }
    assert_eq!(client.reset(ALICE, NEW).await.0, 50);
    assert_eq!(client.change(ALICE, &old, NEW).await, (0, String::new()));
    assert_eq!(client.bind("alice@corp.example", &old).await.0, 49);
    assert_eq!(client.bind("alice@corp.example", NEW).await.0, 0);
}

#[tokio::test]
async fn whoever_must_change_does_so_through_another_bind() {
    let bench = Bench::start().await;
    for (account, dn) in [("erika", "CN=Erika Engel,CN=Users"), ("felix", "CN=Felix Falk,CN=Users")] {
        let (name, old) = (format!("{account}@corp.example"), bench.password(account));
        let mut own = bench.client().await;
        assert_eq!(own.bind(&name, &old).await.0, 49);
        let dn = format!("{dn},{DOMAIN}");
        assert_eq!(own.change(&dn, &old, NEW).await.0, 1, "a refused bind is nobody");
        let mut service = bench.service().await;
        assert_eq!(service.change(&dn, "wrong", NEW).await.0, 19);
        assert_eq!(service.reset(&dn, NEW).await.0, 50);
        assert_eq!(service.change(&dn, &old, NEW).await.0, 0);
        assert_eq!(own.bind(&name, NEW).await.0, 0);
    }
    let mut service = bench.service().await;
    assert_eq!(service.change("CN=Nobody,CN=Users,DC=corp,DC=example", "a", NEW).await.0, 32);
}

#[tokio::test]
async fn wrong_old_passwords_lock_as_those_of_a_bind_do() {
    let bench = Bench::start_with(Door::Tls, |settings| settings.lockout.threshold = 2).await;
    let (mut service, old) = (bench.service().await, bench.password("alice"));
    for _ in 0..2 {
        assert!(service.change(ALICE, "wrong", NEW).await.1.starts_with("00000056"));
    }
    assert!(service.change(ALICE, &old, NEW).await.1.starts_with("00000775"));
}
