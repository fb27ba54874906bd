//! Administrators by Azure AD: one's own entry, or a group's (AAD-13, AAD-14, ADM-25, ADM-29, ADM-30, GRP-01, GRP-08, PRV-02). Shape from
//! docs: what stands in for Graph says what Microsoft's reference says of it.

use serde_json::{Value, json};
use vestibule_broker::apply::ApplyError;
use vestibule_conformance::hostile::Endpoint;
use vestibule_conformance::wire::{Browser, Page};

use super::{Office, assert_code};
use crate::claims::azure_ad::{ALICE, FINANCE, TENANT, Tenant, says};

const WAY: &str = "administrator_sign_in = \"any\"\n";

fn entry(access: &str) -> String {
    format!("[[administrators]]\nconnection = \"any\"\nobject_id = \"{ALICE}\"\naccess = {access}\n")
}

fn group(access: &str) -> String {
    format!(
        "[[administrator_groups]]\nconnection = \"any\"\ngroup = \"entra:{TENANT}:{FINANCE}\"\naccess = {access}\n"
    )
}

/// Alice, at the address of her organisation's administrators.
async fn go(tenant: &Tenant, browser: &mut Browser) -> Page {
    let page = browser.open(&tenant.world.url("console", "/go/acme")).await.unwrap();
    browser.settle(page).await.unwrap()
}

async fn session(tenant: &Tenant, browser: &mut Browser) -> Option<Value> {
    let page = browser.open(&tenant.world.url("console", "/.vestibule/session")).await.unwrap();
    (page.status == 200).then(|| page.json())
}

async fn start(organization: &str, tables: &str) -> Tenant {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    tenant.apply(organization, tables).await.unwrap();
    tenant.world.provider.script_all(says(TENANT, ALICE));
    tenant
}

#[tokio::test]
async fn somebody_of_the_tenant_opens_the_console_with_what_their_entry_says() {
    let tenant = start(WAY, &entry("[\"workspace-configuration\"]")).await;
    let mut browser = tenant.world.browser();
    let page = go(&tenant, &mut browser).await;
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, tenant.world.url("console", "/").as_str()));
    assert!(page.text().contains("Alice Andersen"), "{}", page.text());
    let session = session(&tenant, &mut browser).await.expect("a session");
    assert_eq!(
        (&session["audience"], &session["kind"], &session["connection"]),
        (&json!("administrator"), &json!("azure-ad"), &json!("any"))
    );
    let page = browser.open(&tenant.world.url("console", "/workspace")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    for (path, code) in [
        ("/administrators/invite", "ACCESS-DENIED"),
        ("/connections/new/oidc", "ACCESS-DENIED"),
        ("/profile", "ACCESS-BUILT-IN"),
    ] {
        assert_code(&browser.open(&tenant.world.url("console", path)).await.unwrap(), 403, code);
    }
    // It is the console's alone: the workspace asks on its own.
    assert!(!tenant.world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn whoever_is_not_meant_stays_out() {
    let others = TENANT.replace("5555555555", "5555555556");
    for (row, organization, tables, change, code) in [
        ("their entry", WAY, entry("\"full\""), None, "in"),
        ("their group", WAY, group("[\"library\"]"), None, "in"),
        ("nobody's entry", WAY, String::new(), None, "ADMISSION-MEMBERSHIP"),
        ("another's entry", WAY, entry("\"full\"").replace(ALICE, FINANCE), None, "ADMISSION-MEMBERSHIP"),
        ("another group", WAY, group("\"full\"").replace(FINANCE, ALICE), None, "ADMISSION-MEMBERSHIP"),
        ("a guest", WAY, entry("\"full\""), Some(("userType", json!("Guest"))), "ADMISSION-GUEST"),
        (
            "a guest by name",
            WAY,
            entry("\"full\""),
            Some(("userPrincipalName", json!("a_b.example#EXT#@tenant.example"))),
            "ADMISSION-GUEST",
        ),
        ("somebody disabled", WAY, entry("\"full\""), Some(("accountEnabled", json!(false))), "AAD-PERSON"),
    ] {
        let tenant = start(organization, &tables).await;
        if let Some((name, value)) = change {
            tenant.set(name, value);
        }
        let (mut browser, before) = (tenant.world.browser(), tenant.world.audit().await.len());
        let page = go(&tenant, &mut browser).await;
        let entered = session(&tenant, &mut browser).await.is_some();
        assert_eq!(entered, code == "in", "{row}: {}", page.text());
        if code != "in" {
            assert!(page.text().contains(code), "{row}: {}", page.text());
            tenant.world.assert_refused(before, code).await;
        }
    }
    // The same object of another tenant is a token that is not believed.
    let tenant = start(WAY, &entry("\"full\"")).await;
    tenant.world.provider.script_all(says(&others, ALICE));
    assert_code(&go(&tenant, &mut tenant.world.browser()).await, 403, "AAD-TENANT");
}

/// AAD-13, SGN-15: without a way of their own an organisation's address leads to the form, and nobody is asked at the provider.
#[tokio::test]
async fn the_address_of_an_organisation_leads_where_its_administrators_sign_in() {
    let tenant = start("", &entry("\"full\"")).await;
    for slug in ["acme", "unknown"] {
        let page =
            tenant.world.browser().open(&tenant.world.url("console", &format!("/go/{slug}"))).await.unwrap();
        assert!(page.form_with("password").is_ok(), "{slug}: {}", page.text());
    }
    assert!(tenant.world.provider.calls_to(Endpoint::Authorize).is_empty());
    tenant.apply(WAY, "").await.unwrap();
    let page = tenant.world.browser().open(&tenant.world.url("console", "/")).await.unwrap();
    assert!(page.form_with("password").is_ok(), "the built-in identity stays: {}", page.text());
    assert!(session(&tenant, &mut tenant.world.browser()).await.is_none());
    let mut browser = tenant.world.browser();
    go(&tenant, &mut browser).await;
    assert!(session(&tenant, &mut browser).await.is_some());
}

/// ADM-25: each of the changes ends a session that lives.
#[tokio::test]
async fn a_session_ends_with_what_it_stood_on() {
    let owned = format!("{WAY}manages = [\"administrators\", \"administrator_groups\"]\n");
    for (row, tables, organization, after, lives) in [
        ("nothing changes", entry("\"full\""), WAY.to_owned(), entry("\"full\""), true),
        ("an absent list is left alone", entry("\"full\""), owned.clone(), String::new(), true),
        ("a list only adds", entry("\"full\""), WAY.to_owned(), "administrators = []\n".to_owned(), true),
        (
            "the entry goes",
            entry("\"full\""),
            owned.clone(),
            entry("\"full\"").replace(ALICE, FINANCE),
            false,
        ),
        ("the group goes", group("\"full\""), owned, group("\"full\"").replace(FINANCE, ALICE), false),
        // What stands first of the tables goes on with the connection.
        (
            "the connection is switched off",
            entry("\"full\""),
            WAY.to_owned(),
            "enabled = false\n".to_owned(),
            false,
        ),
        ("the way in goes", entry("\"full\""), String::new(), String::new(), false),
    ] {
        let tenant = start(WAY, &tables).await;
        let mut browser = tenant.world.browser();
        go(&tenant, &mut browser).await;
        assert!(session(&tenant, &mut browser).await.is_some(), "{row}");
        // A list without entries stands at the top of a file.
        let (top, rest) =
            if after.starts_with("administrators") { (after.as_str(), "") } else { ("", after.as_str()) };
        tenant.apply_with(top, &organization, rest).await.unwrap();
        assert_eq!(session(&tenant, &mut browser).await.is_some(), lives, "{row}");
        if row == "the connection is switched off" {
            let page = go(&tenant, &mut browser).await;
            assert!(page.form_with("password").is_ok(), "{row}: {}", page.text());
        }
    }
}

/// ADM-30: full access by a provider is not access to who gets in.
#[tokio::test]
async fn who_gets_in_is_for_the_built_in_identity_to_say() {
    let tenant = start(WAY, &entry("\"full\"")).await;
    let mut browser = tenant.world.browser();
    let home = go(&tenant, &mut browser).await;
    assert!(home.link("API access").is_err(), "no way is shown to what is not theirs: {}", home.text());
    for path in ["/connections/new/oidc", "/administrators/invite"] {
        let page = browser.open(&tenant.world.url("console", path)).await.unwrap();
        assert_code(&page, 403, "ACCESS-BUILT-IN");
    }
    let sessions = browser.open(&tenant.world.url("console", "/sessions")).await.unwrap();
    assert_eq!(sessions.status, 200, "{}", sessions.text());
    // ADM-21: the list names them by what they are known by.
    let list = browser.open(&tenant.world.url("console", "/administrators")).await.unwrap();
    assert!(list.text().contains(ALICE) && list.text().contains("User"), "{}", list.text());
}

/// PWD-19: whoever came by the provider proves themselves there anew.
#[tokio::test]
async fn a_recent_sign_in_is_one_at_the_provider() {
    let tenant = start(WAY, &entry("\"full\"")).await;
    let mut browser = tenant.world.browser();
    go(&tenant, &mut browser).await;
    tenant.world.clock.advance(std::time::Duration::from_mins(16));
    let url = tenant.world.url("console", "/workspace");
    let page = browser.open(&url).await.unwrap();
    assert!(page.status == 403 && page.text().contains("Confirm that it is you"), "{}", page.text());
    let page = browser
        .open(&tenant.world.url("console", "/.vestibule/sign-in?fresh=1&to=/workspace"))
        .await
        .unwrap();
    let page = browser.settle(page).await.unwrap();
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, url.as_str()), "{}", page.text());
    let asked = tenant.world.provider.calls_to(Endpoint::Authorize).pop().unwrap().query;
    assert!(asked.contains("prompt=login"), "{asked}");
}

/// The built-in identity stays possible, and a recent sign-in of whoever came by it is one with both of their factors.
#[tokio::test]
async fn whoever_came_by_the_form_proves_themselves_there() {
    let Tenant { world, graph: _graph, .. } = start(WAY, "").await;
    let office = Office { world };
    let (mut browser, _) = office.ada_at_her_desk().await;
    let fresh = office.console("/.vestibule/sign-in?fresh=1&to=/workspace");
    let page = browser.open(&fresh).await.unwrap();
    assert!(page.form_with("password").is_ok(), "{}", page.text());
    assert!(office.world.provider.calls_to(Endpoint::Authorize).is_empty());
}

/// Interface 3: after a sign-out the provider is asked anew, and does not bring anybody back unasked.
#[tokio::test]
async fn who_signed_out_is_asked_anew() {
    let tenant = start(WAY, &entry("\"full\"")).await;
    let mut browser = tenant.world.browser();
    go(&tenant, &mut browser).await;
    let page = browser.open(&tenant.world.url("console", "/.vestibule/sign-out")).await.unwrap();
    browser.submit(&page.form_with("form_token").unwrap()).await.unwrap();
    assert!(session(&tenant, &mut browser).await.is_none());
    let page = go(&tenant, &mut browser).await;
    assert!(session(&tenant, &mut browser).await.is_some(), "{}", page.text());
    let queries: Vec<_> =
        tenant.world.provider.calls_to(Endpoint::Authorize).into_iter().map(|call| call.query).collect();
    let asked: Vec<_> = queries.iter().map(|query| query.contains("prompt=login")).collect();
    assert_eq!(asked, [false, true], "{queries:?}");
}

/// PRV-02, GRP-06.
#[tokio::test]
async fn a_kind_that_brings_no_administrators_is_no_way_in() {
    let world = vestibule_tests::world::World::start().await;
    let text = vestibule_tests::world::Manifest::of("acme").text(&world);
    let tenant = Tenant::start("").await;
    let elsewhere = group("\"full\"").replace(TENANT, FINANCE);
    for (row, applied) in [
        (
            "another kind",
            world.apply_text(&text.replace("workspaces =", &format!("{WAY}workspaces ="))).await,
        ),
        ("an entry of another kind", world.apply_text(&format!("{text}{}", entry("\"full\""))).await),
        ("no connection", tenant.apply(&WAY.replace("any", "other"), "").await),
        ("an entry of no connection", tenant.apply("", &entry("[]").replace("any", "other")).await),
        ("a group of another tenant", tenant.apply("", &elsewhere).await),
    ] {
        assert!(matches!(applied, Err(ApplyError::Faults(_))), "{row}: {applied:?}");
    }
    tenant.apply(WAY, &format!("{}{}", entry("\"full\""), group("[\"library\"]"))).await.unwrap();
}
