//! The demo's directory has somebody in every state, and the start page says what is special about each.

use serde_json::Value;
use tempfile::TempDir;
use vestibule_conformance::wire::Browser;

use super::walk::{account, prove, sign_in};
use super::{list, start};

/// Each state that bars an account, and what its person reads.
const BARRED: [(&str, &str); 4] = [
    ("disabled", "AD-DISABLED"),
    ("expired", "AD-ACCOUNT-EXPIRED"),
    ("outside-logon-hours", "AD-HOURS"),
    ("other-workstation", "AD-WORKSTATION"),
];

fn of_state<'a>(sign_in: &'a Value, state: &str) -> &'a str {
    let accounts = sign_in["accounts"].as_array().unwrap();
    let found = accounts.iter().find(|one| one["state"] == state);
    found.and_then(|one| one["username"].as_str()).unwrap_or_else(|| panic!("nobody is {state}"))
}

#[tokio::test]
async fn somebody_is_in_every_state_and_learns_which() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    for kind in ["active-directory", "active-directory-token"] {
        let entry = list["sign_ins"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
        for (state, code) in BARRED {
            let username = of_state(entry, state);
            let page = prove(&mut Browser::new(), entry, username).await;
            assert_eq!(page.status, 403, "{kind} {state}: {}", page.text());
            assert!(page.text().contains(code), "{kind} {state}: {}", page.text());
        }
        // A locked account is told from a wrong password by nobody but the help desk.
        let page = prove(&mut Browser::new(), entry, of_state(entry, "locked")).await;
        assert!(page.form_with("password").is_ok() && !page.text().contains("locked"), "{}", page.text());
    }
    demo.stop().await;
}

#[tokio::test]
async fn a_password_that_is_due_is_changed_and_the_start_page_shows_the_new_one() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let before = list(&base).await;
    let entry = |list: &Value| {
        let found = list["sign_ins"].as_array().unwrap().iter().find(|one| one["kind"] == "active-directory");
        found.unwrap().clone()
    };
    for state in ["password-expired", "must-change-password"] {
        let username = of_state(&entry(&before), state).to_owned();
        let old = account(&entry(&before), &username)["password"].as_str().unwrap().to_owned();
        let mut browser = Browser::new();
        let page = prove(&mut browser, &entry(&before), &username).await;
        let new = format!("{old}-2");
        let form = page.form_with("new_password").unwrap_or_else(|_| panic!("{state}: {}", page.text()));
        let form =
            form.with("current_password", &old).with("new_password", &new).with("new_password_again", &new);
        let page = browser.submit(&form).await.unwrap();
        let page = browser.settle(page).await.unwrap();
        assert!(page.text().contains(&format!("{username}@corp.example")), "{state}: {}", page.text());
        let after = entry(&list(&base).await);
        assert_eq!(account(&after, &username)["password"], new.as_str(), "{state}");
        assert_eq!(account(&after, &username)["state"], "ready", "{state}");
        let page = sign_in(&mut Browser::new(), &after, &username).await;
        assert_eq!(page.status, 200, "{state}: {}", page.text());
    }
    demo.stop().await;
}
