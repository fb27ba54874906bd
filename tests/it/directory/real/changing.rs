//! Passwords that are due, and passwords that their owners want changed: with the right one, the way an owner may (AD-20, annex c.6).

use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_tests::counterparts::samba::password_of;
use vestibule_tests::directory::DirectoryWorld;

use super::{Refused, corp, refusal_since, refuse};

const NEW: &str = "Another-Pw-2";

fn filled(page: &Page, current: &str, new: &str, again: &str) -> Form {
    let form = page.form_with("new_password").unwrap();
    form.with("current_password", current).with("new_password", new).with("new_password_again", again)
}

async fn send(browser: &mut Browser, form: &Form) -> Page {
    let page = browser.submit(form).await.unwrap();
    browser.settle(page).await.unwrap()
}

/// A form that comes again with this complaint, and what the audit says.
async fn again(
    (world, browser): (&DirectoryWorld, &mut Browser),
    form: &Form,
    complaint: &str,
) -> (Page, Refused) {
    let before = world.world.audit().await.len();
    let page = send(browser, form).await;
    assert!(page.status == 403 && page.text().contains(complaint), "{complaint}: {}", page.text());
    let refused = refusal_since(world, before, page.clone()).await;
    (page, refused)
}

#[tokio::test]
async fn a_password_that_is_due_is_changed_and_signs_in() {
    let (corp, world) = corp("").await;
    for state in ["must-change", "expired"] {
        let login = corp.somebody();
        let (name, old) = (format!("{login}@corp.example"), password_of(&login));
        match state {
            "expired" => corp.expire_password(&login).await.unwrap(),
            _ => corp.must_change(&login).await.unwrap(),
        }
        world.world.application.forget();
        let mut browser = world.world.browser();
        let page = world.type_in(&mut browser, &name, &old).await;

        let (page, refused) = again(
            (&world, &mut browser),
            &filled(&page, "wrong-Pw-1", NEW, NEW),
            "The current password is not right",
        )
        .await;
        assert_eq!(refused.why(), ("AD-CREDENTIALS", "wrong-password"), "{state}");
        assert_eq!(corp.account(&login).await.unwrap().bad_pwd_count, 1, "{state}");
        let (page, refused) =
            again((&world, &mut browser), &filled(&page, &old, "short", "short"), "did not accept").await;
        assert_eq!(refused.code, "AD-PASSWORD-POLICY", "{state}");
        let before = world.world.audit().await.len();
        for (current, new, repeated) in
            [(old.as_str(), NEW, "Other-Pw-3"), (&old, &old, &old), ("", NEW, NEW)]
        {
            let page = send(&mut browser, &filled(&page, current, new, repeated)).await;
            assert!(page.form_with("new_password").is_ok(), "{state}: {}", page.text());
        }
        assert_eq!(world.world.audit().await.len(), before, "what cannot be a change is no attempt");
        assert!(!world.world.has_session(&mut browser, "acme").await);
        assert_eq!(
            refuse(&world, &name, &old).await.code,
            "AD-PASSWORD-DUE",
            "{state}: nothing has changed yet"
        );

        let page = send(&mut browser, &filled(&page, &old, NEW, NEW)).await;
        assert_eq!(page.text_body(), "the application", "{state}: {}", page.text());
        world.world.application.forget();
        assert_eq!(refuse(&world, &name, &old).await.why(), ("AD-CREDENTIALS", "wrong-password"), "{state}");
        world.sign_in(&mut world.world.browser(), &name, NEW).await;
    }
}

/// The form that changes a password, as somebody makes it by hand who was only asked for one.
async fn by_hand(world: &DirectoryWorld, browser: &mut Browser, name: &str, passwords: (&str, &str)) -> Form {
    let mut form = world.form(browser).await.form_with("password").unwrap();
    form.action.set_path("/password/change");
    let form = form.without("password").with("name", name).with("current_password", passwords.0);
    form.with("new_password", passwords.1).with("new_password_again", passwords.1)
}

#[tokio::test]
async fn who_may_not_sign_in_changes_no_password() {
    let (corp, world) = corp("").await;
    let disabled = corp.somebody();
    corp.disable(&disabled).await.unwrap();
    for (login, code) in [
        (disabled.as_str(), "AD-DISABLED"),
        ("carol", "AD-DISABLED"),
        ("erin", "AD-ACCOUNT-EXPIRED"),
        ("ivan", "AD-HOURS"),
        ("judy", "AD-WORKSTATION"),
    ] {
        let (name, old) = (format!("{login}@corp.example"), password_of(login));
        let mut browser = world.world.browser();
        let form = by_hand(&world, &mut browser, &name, (&old, NEW)).await;
        let before = world.world.audit().await.len();
        let page = send(&mut browser, &form).await;
        assert!(page.status == 403 && page.text().contains(code), "{login}: {}", page.text());
        assert_eq!(refusal_since(&world, before, page).await.code, code, "{login}");
        // Only the right password learns the state: it is still the old one.
        assert_eq!(refuse(&world, &name, &old).await.code, code, "{login}");
    }
}

#[tokio::test]
async fn a_password_that_is_not_due_is_changed_by_who_knows_it() {
    let (corp, world) = corp("").await;
    let login = corp.somebody();
    let (name, old) = (format!("{login}@corp.example"), password_of(&login));
    let mut browser = world.world.browser();
    let wrong = by_hand(&world, &mut browser, &name, ("wrong-Pw-1", NEW)).await;
    let (_, refused) = again((&world, &mut browser), &wrong, "The current password is not right").await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "wrong-password"));
    let nobody = by_hand(&world, &mut browser, "nobody@corp.example", ("wrong-Pw-1", NEW)).await;
    let (_, refused) = again((&world, &mut browser), &nobody, "The current password is not right").await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "unknown-name"));
    let forged = by_hand(&world, &mut browser, &name, (&old, NEW)).await.with("form_token", "another");
    let page = send(&mut browser, &forged).await;
    assert!(page.status == 403 && page.text().contains("REQUEST-FORM-TOKEN"), "{}", page.text());
    assert!(!world.world.has_session(&mut browser, "acme").await);

    let right = by_hand(&world, &mut browser, &name, (&old, NEW)).await;
    let page = send(&mut browser, &right).await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    world.world.application.forget();
    assert_eq!(refuse(&world, &name, &old).await.why(), ("AD-CREDENTIALS", "wrong-password"));
}
