//! Who may change a password over LDAP: whoever is bound and knows the old one. The product's way for people who cannot bind
//! any more because their password has to be changed stands on that.

use vestibule_tests::counterparts::samba::{Forest, Realm, SERVICE_ACCOUNT, SERVICE_PASSWORD, password_of};

use super::client::{CONSTRAINT_VIOLATION, Client, OK};

const NEW: &str = "Another-Pw-1";

#[tokio::test]
async fn a_person_changes_their_own_password() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let old = password_of(&login);
    let dn = corp.account(&login).await.unwrap().dn;
    let client = Client::of(corp, &login, &old);
    // ERROR_INVALID_PASSWORD and ERROR_PASSWORD_RESTRICTION of [MS-ERREF] §2.2.
    for (given, new, fault) in [("another", NEW, "00000056:"), (&old, "short", "0000052D:")] {
        let answer = client.change_password(&dn, given, new).await;
        assert_eq!(answer.code, CONSTRAINT_VIOLATION, "{answer:?}");
        assert!(answer.complaint.contains(fault), "{answer:?}");
    }
    let answer = client.change_password(&dn, &old, NEW).await;
    assert_eq!(answer.code, OK, "{answer:?}");
    assert_eq!(client.bind().await.data(), Some("52e"));
    assert_eq!(client.with_password(NEW).bind().await.code, OK);
}

#[tokio::test]
async fn the_service_account_passes_on_the_change_of_a_person_who_cannot_bind() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let service = Client::of(corp, SERVICE_ACCOUNT, SERVICE_PASSWORD);
    for state in ["773", "532"] {
        let login = corp.somebody();
        let old = password_of(&login);
        let person = Client::of(corp, &login, &old);
        match state {
            "773" => corp.must_change(&login).await.unwrap(),
            _ => corp.expire_password(&login).await.unwrap(),
        }
        assert_eq!(person.bind().await.data(), Some(state));
        let dn = corp.account(&login).await.unwrap().dn;

        let wrong = service.change_password(&dn, "another", NEW).await;
        assert_eq!(wrong.code, CONSTRAINT_VIOLATION, "{state}: {wrong:?}");
        // A wrong old password counts as one at the door does.
        assert_eq!(corp.account(&login).await.unwrap().bad_pwd_count, 1, "{state}");
        let right = service.change_password(&dn, &old, NEW).await;
        assert_eq!(right.code, OK, "{state}: {right:?}");
        assert_eq!(person.with_password(NEW).bind().await.code, OK, "{state}");
    }
}
