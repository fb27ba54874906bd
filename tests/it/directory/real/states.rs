//! Accounts in every state (annex c.5): what the visitor learns, with the right password and with a wrong one (LDAP-08).

use vestibule_conformance::wire::Page;
use vestibule_tests::counterparts::samba::password_of;

use super::{both, corp, refusal_since, refuse};

#[tokio::test]
async fn a_right_password_learns_the_state() {
    let (_, _, world) = both("").await;
    for domain in ["corp.example", "partner.example"] {
        for (login, code, cause, says) in [
            ("carol", "AD-DISABLED", "disabled", "Your account is disabled"),
            ("erin", "AD-ACCOUNT-EXPIRED", "account-expired", "Your account has expired"),
            ("ivan", "AD-HOURS", "hours", "You may not sign in at this time"),
            ("judy", "AD-WORKSTATION", "workstation", "only be used on certain computers"),
        ] {
            let refused = refuse(&world, &format!("{login}@{domain}"), &password_of(login)).await;
            assert_eq!(refused.why(), (code, cause), "{login}@{domain}");
            assert_eq!(refused.page.status, 403, "{login}");
            let text = refused.page.text();
            assert!(text.contains(says) && text.contains(code), "{login}: {text}");
            assert!(refused.page.form_with("password").is_err(), "{login}: {text}");
        }
        for (login, cause, says) in
            [("dave", "must-change", "asks you to change your password"), ("grace", "expired", "has expired")]
        {
            let refused = refuse(&world, &format!("{login}@{domain}"), &password_of(login)).await;
            assert_eq!(refused.why(), ("AD-PASSWORD-DUE", cause), "{login}@{domain}");
            assert_eq!(refused.page.status, 200, "{login}");
            let form = refused.page.form_with("new_password").unwrap();
            assert_eq!(form.field("name"), Some(format!("{login}@{domain}").as_str()));
            assert!(refused.page.text().contains(says), "{login}: {}", refused.page.text());
        }
    }
}

#[tokio::test]
async fn a_wrong_password_learns_nothing() {
    let (corp, world) = corp("").await;
    let unknown = "nobody@corp.example";
    let expected = shape(&refuse(&world, unknown, "another-Pw").await.page, unknown);
    assert!(expected.contains("200"), "{expected}");
    for (login, cause) in [
        ("carol", "wrong-password"),
        ("dave", "wrong-password"),
        ("erin", "wrong-password"),
        ("grace", "wrong-password"),
        ("ivan", "wrong-password"),
        ("judy", "wrong-password"),
        (&corp.somebody(), "wrong-password"),
    ] {
        let name = format!("{login}@corp.example");
        let refused = refuse(&world, &name, "another-Pw").await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", cause), "{login}");
        assert_eq!(shape(&refused.page, &name), expected, "{login}");
    }
    for name in ["nobody@elsewhere.example", "NOWHERE\\alice", "alice", "*@corp.example"] {
        assert_eq!(shape(&refuse(&world, name, "another-Pw").await.page, name), expected, "{name}");
    }
}

#[tokio::test]
async fn an_account_that_the_directory_locked_looks_like_a_wrong_password() {
    let (corp, world) = corp("lockout_attempts = 100\n").await;
    let login = corp.somebody();
    let name = format!("{login}@corp.example");
    let wrong = refuse(&world, &name, "another-Pw").await;
    for _ in 1..5 {
        refuse(&world, &name, "another-Pw").await;
    }
    assert!(corp.account(&login).await.unwrap().locked);
    let locked = refuse(&world, &name, &password_of(&login)).await;
    assert_eq!(locked.why(), ("AD-CREDENTIALS", "locked"));
    assert_eq!(shape(&locked.page, &name), shape(&wrong.page, &name));

    corp.unlock(&login).await.unwrap();
    let before = world.world.audit().await.len();
    let mut browser = world.world.browser();
    let page = world.type_in(&mut browser, &name, "another-Pw").await;
    assert_eq!(refusal_since(&world, before, page.clone()).await.code, "AD-CREDENTIALS");
    // The form that is there again leads in.
    let form = page.form_with("password").unwrap().with("password", &password_of(&login));
    let page = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(page).await.unwrap().text_body(), "the application");
}

/// Everything of a page but what is another at every visit.
fn shape(page: &Page, name: &str) -> String {
    let form = page.form_with("password").unwrap();
    let number = form.action.query().unwrap().to_owned();
    let body = page
        .text_body()
        .replace(form.field("form_token").unwrap(), "TOKEN")
        .replace(&number, "NUMBER")
        .replace(name, "NAME");
    let mut headers: Vec<_> = page
        .headers
        .iter()
        .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    format!("{} {}\n{}\n{body}", page.status, page.url.path(), headers.join("\n"))
}
