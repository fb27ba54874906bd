//! By which names somebody is found, and by which nobody is (annex c.4; AD-16).

use vestibule_tests::counterparts::samba::password_of;

use super::{corp, refuse};

#[tokio::test]
async fn somebody_signs_in_by_each_of_their_names() {
    let (corp, world) = corp("default_domain = \"corp\"\n").await;
    for (login, names, upn) in [
        (
            "alice",
            &[
                "alice.andersen@mail.corp.example",
                "Alice.Andersen@MAIL.corp.EXAMPLE",
                "alice@corp.example",
                "ALICE@CORP.EXAMPLE",
                "CORP\\alice",
                "corp\\ALICE",
                "alice",
                " alice ",
            ][..],
            "alice.andersen@mail.corp.example",
        ),
        // Her entry is called CN=Hëidi (x) Ó\, Dónal*, by which the password is tried.
        ("heidi", &["heidi@corp.example", "CORP\\heidi", "HEIDI"], "heidi@corp.example"),
        ("sam", &["sam@group.example", "sam@corp.example"], "sam@group.example"),
    ] {
        let account = corp.account(login).await.unwrap();
        let mut subjects = Vec::new();
        for name in names {
            let mut browser = world.world.browser();
            world.sign_in(&mut browser, name, &password_of(login)).await;
            let session = world.session(&mut browser).await;
            assert_eq!(session["claims"]["cip_sid"], account.security_id.as_str(), "{name}");
            assert_eq!(session["claims"]["cip_oid"], account.object_guid.as_str(), "{name}");
            assert_eq!(session["claims"]["cip_upn"], upn, "{name}");
            assert_eq!(session["claims"]["cip_email"], format!("{login}@corp.example"), "{name}");
            assert_eq!(session["amr"], serde_json::json!(["pwd"]));
            subjects.push(session["sub"].clone());
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 1, "{login} is one person");
    }
}

#[tokio::test]
async fn other_names_are_nobodys() {
    let (corp, world) = corp("default_domain = \"corp\"\n").await;
    let binds =
        corp.binds("alice").await.unwrap().iter().filter(|bind| bind.status != "NT_STATUS_OK").count();
    for name in [
        "alice@partner.example",
        "alice@example",
        "alice@corp.example.evil.example",
        "alice@mail.corp.example",
        "alice.andersen@corp.example",
        "alice.andersen@group.example",
        "PARTNER\\alice",
        "corp.example\\alice",
        "CORP\\alice@corp.example",
        "Alice Andersen",
        "CN=Alice Andersen,OU=Staff,DC=corp,DC=example",
        "*",
        "al*",
        "a)(b",
        "alice)(objectClass=*",
        "*@corp.example",
        "CORP\\*",
        "CORP\\alic\\65",
        "alice\0",
        "ali\u{200b}ce",
    ] {
        let refused = refuse(&world, name, &password_of("alice")).await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", "unknown-name"), "{name:?}: {}", refused.reason);
    }
    let after =
        corp.binds("alice").await.unwrap().iter().filter(|bind| bind.status != "NT_STATUS_OK").count();
    assert_eq!(after, binds, "nobody tried alice's password under another name");
}

#[tokio::test]
async fn a_name_alone_means_somebody_where_the_organisation_says_which_domain() {
    let (corp, mut world) = corp("").await;
    let login = corp.somebody();
    let refused = refuse(&world, &login, &password_of(&login)).await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "bare-name"));
    assert!(corp.binds(&login).await.unwrap().is_empty());

    world.lines = "default_domain = \"corp\"\n".to_owned();
    world.apply().await;
    world.sign_in(&mut world.world.browser(), &login, &password_of(&login)).await;
    assert_eq!(corp.binds(&login).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_password_reaches_no_controller() {
    let (corp, world) = corp("").await;
    let login = corp.somebody();
    let name = format!("{login}@corp.example");
    for password in [" ", "   \t ", "\u{a0}\u{3000}", "\0", "Kim1-Pw-1\0", &"x".repeat(1025)] {
        let refused = refuse(&world, &name, password).await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", "no-password"), "{password:?}");
    }
    let before = world.world.audit().await.len();
    let mut browser = world.world.browser();
    for (name, password) in [(name.as_str(), ""), ("", "Kim1-Pw-1"), ("  ", "Kim1-Pw-1"), ("", "")] {
        let page = world.type_in(&mut browser, name, password).await;
        assert!(page.status == 200 && page.url.path() == "/password", "{}", page.text());
    }
    assert_eq!(world.world.audit().await.len(), before, "a field that was left empty is no attempt");
    assert!(!world.world.has_session(&mut browser, "acme").await);
    assert!(corp.binds(&login).await.unwrap().is_empty());
    assert_eq!(corp.account(&login).await.unwrap().bad_pwd_count, 0);

    // The name is good, and so is a password of one character more than nothing.
    let refused = refuse(&world, &name, "x").await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "wrong-password"));
    assert_eq!(corp.binds(&login).await.unwrap().len(), 1);
}
