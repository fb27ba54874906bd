//! The test sign-in of a directory's connection: question, form, report. It opens no session, and its passwords count as any.

use vestibule_broker::clock::Clock as _;
use vestibule_broker::signin::trial;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::name::Slug;

use super::{ACCOUNTS, Corp, PLAIN, TOKEN, assert_code};

async fn address(corp: &Corp) -> String {
    let (store, connection) = (&corp.world().app().store, corp.connection());
    let deployment = corp.world().app().deployment.load();
    let organization = deployment.by_slug(&Slug::parse("acme").unwrap()).unwrap().organization.id;
    let now = corp.world().clock.now();
    let ticket = trial::issue(store, (organization, connection), now).await.unwrap();
    corp.world().url("accounts", &format!("/test?ticket={}", ticket.as_str()))
}

/// From the question to the form.
async fn form(browser: &mut Browser, address: &str) -> Page {
    let page = browser.open(&format!("{address}&again=1")).await.unwrap();
    let page = browser.submit(&page.form_with("ticket").unwrap()).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/password"), "{}", page.text());
    assert!(page.text().contains("This is a test of the connection"), "{}", page.text());
    page
}

async fn typed(browser: &mut Browser, page: &Page, name: &str, password: &str) -> Page {
    let form = page.form_with("password").unwrap().with("name", name).with("password", password);
    browser.submit(&form).await.unwrap()
}

#[tokio::test]
async fn a_test_tells_what_became_of_a_password_and_opens_nothing() {
    for kind in [PLAIN, TOKEN] {
        let corp = Corp::start(kind).await;
        corp.sandbox.directory.set_mail("carol", None);
        let address = address(&corp).await;
        for (username, password, code, claim) in [
            ("alice", None, "", ""),
            ("alice", Some("not this one"), "AD-CREDENTIALS", ""),
            ("nobody", Some("not this one"), "AD-CREDENTIALS", ""),
            ("erika", None, "AD-PASSWORD-DUE", ""),
            ("greta", None, "AD-DISABLED", ""),
            ("carol", None, "CLAIM-EMAIL", "cip_email"),
        ] {
            let row = format!("{kind} {username} {code}");
            let mut browser = corp.world().browser();
            let page = form(&mut browser, &address).await;
            let password = password.map_or_else(|| corp.password(username), str::to_owned);
            let page = typed(&mut browser, &page, username, &password).await;
            assert_eq!((page.status.as_u16(), page.url.path()), (200, "/test"), "{row}: {}", page.text());
            assert!(!page.text_body().contains(&password), "{row}: no report names a password");
            let report = browser.open(&format!("{address}&json=1")).await.unwrap().json();
            let state = if code.is_empty() { "passed" } else { "refused" };
            assert_eq!(report["state"], state, "{row}: {report}");
            assert_eq!(report["session"], false, "{row}");
            assert!(!report.to_string().contains(&password), "{row}");
            if code.is_empty() {
                assert!(report["claims"].to_string().contains("alice@corp.example"), "{row}: {report}");
            } else {
                assert_eq!(report["fault"]["code"], code, "{row}");
                assert!(claim.is_empty() || report["fault"]["claim"] == claim, "{row}");
                assert!(report["fault"]["remedy"].as_str().is_some_and(|text| !text.is_empty()), "{row}");
            }
            assert!(!corp.world().has_session(&mut browser, "acme").await, "{row}");
            assert!(browser.cookies(ACCOUNTS).is_empty(), "{row}: neither root, device nor transaction");
        }
        for table in ["roots", "pending", "devices"] {
            assert_eq!(corp.rows(table).await, 0, "{kind} {table}");
        }
    }
}

/// A person in thousands of groups has a report that can be read: the first of them, and how many there are.
#[tokio::test]
async fn a_report_has_every_name_and_counts_the_groups() {
    let corp = Corp::start(PLAIN).await;
    let address = address(&corp).await;
    let mut browser = corp.world().browser();
    let page = form(&mut browser, &address).await;
    let page = typed(&mut browser, &page, "lars", &corp.password("lars")).await;
    assert!(page.text().contains("The connection works.") && page.text().contains("more"), "{}", page.text());
    let report = browser.open(&format!("{address}&json=1")).await.unwrap().json();
    let claims = report["claims"].as_array().unwrap();
    let of = |name: &str| claims.iter().filter(|claim| claim["name"] == name).count();
    for name in ["cip_sid", "cip_upn", "cip_oid", "cip_email", "name", "given_name", "family_name"] {
        assert_eq!(of(name), 1, "{name}: {report}");
    }
    assert_eq!(of("groups"), 20, "{report}");
    assert!(report["groups_total"].as_u64().unwrap() >= 5000, "{}", report["groups_total"]);
}

#[tokio::test]
async fn a_wrong_password_is_no_fault_of_the_connection() {
    let corp = Corp::start(PLAIN).await;
    let address = address(&corp).await;
    for (name, said) in
        [("alice", "did not accept the password"), ("nobody", "Nobody in the directory has this name")]
    {
        let mut browser = corp.world().browser();
        let page = form(&mut browser, &address).await;
        let page = typed(&mut browser, &page, name, "not this one").await;
        for words in ["The connection works, and this person was refused.", said] {
            assert!(page.text().contains(words), "{name}: {}", page.text());
        }
    }
}

#[tokio::test]
async fn its_passwords_count_and_it_is_used_once() {
    let corp = Corp::start(PLAIN).await;
    let address = address(&corp).await;
    let mut browser = corp.world().browser();
    let page = form(&mut browser, &address).await;
    let copy = browser.clone();
    typed(&mut browser, &page, "alice", "not this one").await;
    let page = typed(&mut copy.clone(), &page, "alice", "not this one").await;
    assert_code(&page, 400, "SIGN-IN-REPLAY");
    for _ in 0..7 {
        let page = form(&mut browser, &address).await;
        typed(&mut browser, &page, "alice", "not this one").await;
    }
    assert_eq!(corp.sandbox.directory.binds("alice"), (0, 5), "PWD-05: no way around the lockout");
    let page = corp.first_step(&mut corp.world().browser(), "alice").await;
    assert!(page.text().contains(super::WRONG), "{}", page.text());
    // A test changes nobody's password.
    let page = form(&mut browser, &address).await;
    let mut form = page.form_with("password").unwrap().with("name", "erika");
    form.action.set_path("/password/change");
    let old = corp.password("erika");
    for (field, value) in [
        ("current_password", &*old),
        ("new_password", "Another-password-7"),
        ("new_password_again", "Another-password-7"),
    ] {
        form = form.with(field, value);
    }
    assert_code(&browser.submit(&form).await.unwrap(), 400, "SIGN-IN-STATE");
    assert_eq!(corp.password("erika"), old);
}
