//! Each act of an administrator, as a client sees what came of it.

use vestibule_tests::counterparts::CounterpartError;
use vestibule_tests::counterparts::samba::{Forest, Realm, password_of};

use super::client::{Client, OK};

#[tokio::test]
async fn an_account_goes_through_every_state_and_back() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let client = Client::of(corp, &login, &password_of(&login));
    assert_eq!(client.bind().await.code, OK);

    corp.disable(&login).await.unwrap();
    assert_eq!(client.bind().await.data(), Some("533"));
    corp.enable(&login).await.unwrap();
    assert_eq!(client.bind().await.code, OK);
    corp.expire_password(&login).await.unwrap();
    assert_eq!(client.bind().await.data(), Some("532"));
    corp.must_change(&login).await.unwrap();
    assert_eq!(client.bind().await.data(), Some("773"));
    corp.set_password(&login, "Another-Pw-1").await.unwrap();
    assert_eq!(client.bind().await.data(), Some("52e"));
    assert_eq!(client.with_password("Another-Pw-1").bind().await.code, OK);
}

#[tokio::test]
async fn an_account_is_renamed_moved_and_replaced() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let client = Client::of(corp, &login, &password_of(&login));
    let before = corp.account(&login).await.unwrap();

    corp.rename_upn(&login, "other@mail.corp.example").await.unwrap();
    corp.move_ou(&login, "Leavers").await.unwrap();
    let moved = corp.account(&login).await.unwrap();
    assert_eq!(client.named("other@mail.corp.example").bind().await.code, OK);
    assert_eq!(moved.upn, "other@mail.corp.example");
    assert_eq!(moved.dn, before.dn.replace("OU=Staff", "OU=Leavers"));
    assert_eq!((&moved.security_id, &moved.object_guid), (&before.security_id, &before.object_guid));

    corp.add_to_group(&login, "東京オフィス・社員").await.unwrap();
    let groups = client.search(&moved.dn, "(objectClass=*)", &["memberOf"]).await;
    assert_eq!(groups.values("memberOf"), ["CN=東京オフィス・社員,OU=Groups,DC=corp,DC=example"]);
    corp.remove_from_group(&login, "東京オフィス・社員").await.unwrap();
    let groups = client.search(&moved.dn, "(objectClass=*)", &["memberOf"]).await;
    assert!(groups.values("memberOf").is_empty(), "{groups:?}");

    corp.recreate(&login).await.unwrap();
    let another = corp.account(&login).await.unwrap();
    assert_eq!(another.upn, moved.upn);
    assert_ne!(another.security_id, moved.security_id);
    assert_ne!(another.object_guid, moved.object_guid);
    assert_eq!(client.bind().await.code, OK);

    corp.delete(&login).await.unwrap();
    assert_eq!(client.bind().await.data(), Some("52e"));
    let fault = corp.account(&login).await.unwrap_err();
    assert!(matches!(fault, CounterpartError::Answer { .. }), "{fault}");
}
