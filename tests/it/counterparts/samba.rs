//! The directories, met by the programs of `OpenLDAP`, which are as old as LDAP and share nothing with the product.

mod administration;
mod beside;
mod client;
mod controllers;
mod passwords;

use vestibule_tests::counterparts::samba::{
    Forest, LDAP, Realm, SERVICE_ACCOUNT, SERVICE_PASSWORD, password_of,
};

use self::client::{Client, INVALID_CREDENTIALS, OK};

#[tokio::test]
async fn two_forests_are_of_two_domains() {
    let (corp, partner) = Forest::both().await.unwrap();
    assert_ne!(corp.domain_sid(), partner.domain_sid());
    for forest in [corp, partner] {
        let client = Client::of(forest, SERVICE_ACCOUNT, SERVICE_PASSWORD);
        let root = client.search("", "(objectClass=*)", &["defaultNamingContext", "dnsHostName"]).await;
        assert_eq!(root.values("defaultNamingContext"), [forest.realm().base_dn()]);
        assert_eq!(root.values("dnsHostName"), [forest.first().host()]);
        let partitions = format!("CN=Partitions,CN=Configuration,{}", forest.realm().base_dn());
        let suffixes = client.search(&partitions, "(objectClass=*)", &["uPNSuffixes"]).await;
        let own = format!("mail.{}", forest.realm().domain());
        for suffix in [own.as_str(), "group.example"] {
            assert!(suffixes.values("uPNSuffixes").contains(&suffix), "{suffixes:?}");
        }
        let account = forest.account("sam").await.unwrap();
        assert!(account.security_id.starts_with(forest.domain_sid()), "{account:?}");
        assert_eq!(account.upn, "sam@group.example");
    }
}

#[tokio::test]
async fn each_account_is_in_its_state() {
    let (corp, partner) = Forest::both().await.unwrap();
    for forest in [corp, partner] {
        for (login, data) in [
            ("alice", None),
            ("bob", None),
            ("carol", Some("533")),
            ("dave", Some("773")),
            ("erin", Some("701")),
            ("grace", Some("532")),
            ("heidi", None),
            ("ivan", Some("530")),
            ("judy", Some("531")),
            ("nomail", None),
            ("sam", None),
            ("nobody", Some("52e")),
        ] {
            let case = format!("{:?}: {login}", forest.realm());
            let client = Client::of(forest, login, &password_of(login));
            let answer = client.bind().await;
            assert_eq!(
                answer.code,
                if data.is_some() { INVALID_CREDENTIALS } else { OK },
                "{case}: {answer:?}"
            );
            assert_eq!(answer.data(), data, "{case}: {answer:?}");

            // The state is told only to who knows the password.
            let wrong = client.with_password("another").bind().await;
            assert_eq!((wrong.code, wrong.data()), (INVALID_CREDENTIALS, Some("52e")), "{case}: {wrong:?}");
        }
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_an_account_until_it_is_unlocked() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let client = Client::of(corp, &login, &password_of(&login));
    for _ in 0..5 {
        assert_eq!(client.with_password("another").bind().await.data(), Some("52e"));
    }
    let account = corp.account(&login).await.unwrap();
    assert!(account.locked && account.bad_pwd_count == 5, "{account:?}");
    assert_eq!(client.bind().await.data(), Some("775"));
    corp.unlock(&login).await.unwrap();
    assert_eq!(client.bind().await.code, OK);

    let binds = corp.binds(&login).await.unwrap();
    let statuses: Vec<&str> = binds.iter().map(|bind| bind.status.as_str()).collect();
    assert_eq!(statuses[..5], ["NT_STATUS_WRONG_PASSWORD"; 5]);
    assert_eq!(statuses[5..], ["NT_STATUS_ACCOUNT_LOCKED_OUT", "NT_STATUS_OK"]);
    assert_eq!(binds[0].typed, format!("{login}@corp.example"));
}

#[tokio::test]
async fn a_person_signs_in_by_several_names() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let alice = Client::of(corp, "alice", &password_of("alice"));
    for (name, code) in [
        ("ALICE@CORP.EXAMPLE", OK),
        ("alice.andersen@mail.corp.example", OK),
        ("alice@CORP", OK),
        ("CORP\\alice", OK),
        ("CN=Alice Andersen,OU=Staff,DC=corp,DC=example", OK),
        ("alice", INVALID_CREDENTIALS),
        ("PARTNER\\alice", INVALID_CREDENTIALS),
    ] {
        assert_eq!(alice.named(name).bind().await.code, code, "{name}");
    }
    let sam = Client::of(corp, "sam", &password_of("sam"));
    assert_eq!(sam.named("sam@group.example").bind().await.code, OK);
}

#[tokio::test]
async fn a_password_is_taken_over_tls_only() {
    let (corp, partner) = Forest::both().await.unwrap();
    let plain = format!("ldap://{}:{LDAP}", corp.first().address());
    let alice = Client::of(corp, "alice", &password_of("alice"));
    let answer = alice.at(&plain).bind().await;
    assert_eq!(answer.code, 8, "strongerAuthRequired (RFC 4511 §A.2): {answer:?}");
    assert_eq!(alice.at(&plain).start_tls().bind().await.code, OK);
    // An authority that is not the forest's vouches for nobody in it.
    let answer = Client::of(partner, "alice", &password_of("alice")).at(&corp.first().url()).bind().await;
    assert!(answer.is_out_of_reach(), "{answer:?}");
}

#[tokio::test]
async fn groups_come_in_every_shape() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let client = Client::of(corp, SERVICE_ACCOUNT, SERVICE_PASSWORD);
    // Beside these everybody is in Domain Users and Users.
    for (login, groups) in [("alice", 4), ("nina", 1000), ("monica", 1500), ("nomail", 0)] {
        let dn = corp.account(login).await.unwrap().dn;
        let found = client.search(&dn, "(objectClass=*)", &["tokenGroups"]).await;
        assert_eq!(found.values("tokenGroups").len(), groups + 2, "{login}");
    }
    let list = format!("CN=Large-List,OU=Groups,{}", corp.realm().base_dn());
    for (range, answered, members) in
        [("0-1499", "0-1499", 1500), ("1500-2999", "1500-*", 500), ("1500-*", "1500-*", 500)]
    {
        let found = client.search(&list, "(objectClass=*)", &[&format!("member;range={range}")]).await;
        let answered = format!("member;range={answered}");
        assert_eq!(found.values(&answered).len(), members, "{range}: {:?}", found.names());
    }
    let heidi = corp.account("heidi").await.unwrap().dn;
    let escaped = "CN=Hëidi (x) Ó\\, Dónal*,OU=Staff,DC=corp,DC=example";
    assert_eq!(heidi, escaped);
    let found = client.search(escaped, "(objectClass=*)", &["memberOf"]).await;
    assert_eq!(found.values("memberOf"), ["CN=開発部,OU=Groups,DC=corp,DC=example"]);
}
