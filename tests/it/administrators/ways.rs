//! The ways in, in the console: a provider is connected, tried, chosen and disconnected, guided by what it says (PRV-03 to PRV-16).

use std::time::Duration;

use serde_json::json;
use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{Office, assert_code};

const SECRET: &str = "s:%+é/";

impl Office {
    async fn desk(&self, browser: &mut Browser, path: &str) -> Page {
        let page = browser.open(&self.console(path)).await.unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page
    }

    /// The form of a new OpenID connection to the world's provider, filled in.
    async fn filled_in(&self, browser: &mut Browser, name: &str) -> Form {
        let page = self.desk(browser, "/connections/new/oidc").await;
        page.form_with("issuer")
            .unwrap()
            .with("name", name)
            .with("issuer", self.world.provider.issuer())
            .with("client_id", "vestibule+hostile")
            .with("client_secret", SECRET)
            .with("directories:corp", "yes")
    }
}

fn save(form: Form) -> Form {
    form.press("Test and finish").unwrap()
}

/// A form of directories without what stood in one row.
fn emptied(form: Form, row: usize) -> Form {
    ["name", "domain_sid", "entra_tenant", "upn_suffixes"]
        .into_iter()
        .fold(form, |form, key| form.with(&format!("directories.{row}.{key}"), ""))
}

/// The version that a page's form was made from.
fn version(page: &Page) -> String {
    let form = page.forms().into_iter().find(|form| form.field("version").is_some()).unwrap();
    form.field("version").unwrap().to_owned()
}

#[tokio::test]
async fn a_provider_is_connected_by_what_it_says_and_chosen() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let form = office.filled_in(&mut ada, "second").await;
    assert_eq!(form.field("required_claims:upn"), Some("yes"), "an edition's least stands ticked");

    // Nobody answers there, or somebody else: the page says so, keeps what was typed but for the secret, and nothing is saved.
    let nobody = form.clone().with("issuer", "http://127.0.0.1:9");
    let other = form.clone().with("issuer", &format!("{}/", office.world.provider.issuer()));
    for (wrong, press, code) in [
        (&nobody, "Test only", "OIDC-DISCOVERY"),
        (&nobody, "Test and finish", "OIDC-DISCOVERY"),
        (&other, "Test and finish", "OIDC-ISSUER"),
    ] {
        let page = ada.submit(&wrong.clone().press(press).unwrap()).await.unwrap();
        assert!(page.text().contains(code), "{press}: {}", page.text());
        let again = page.form_with("issuer").unwrap();
        assert_eq!(again.field("name"), Some("second"));
        assert_eq!(again.field("client_secret"), Some(""));
        assert!(!page.text_body().contains(SECRET));
        let list = office.desk(&mut ada, "/connections").await;
        assert!(!list.text().contains("second"), "{press}: {}", list.text());
    }
    let page = ada.submit(&form.clone().press("Test only").unwrap()).await.unwrap();
    assert!(page.status == 200 && page.text().contains("What the provider said"), "{}", page.text());
    let page = ada.submit(&save(form)).await.unwrap();
    assert!(
        page.url.path() == "/connections/second" && page.text().contains("It is connected"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("/core/login-oidc/"), "what the provider has to be told: {}", page.text());

    let mut bob = office.world.browser();
    office.world.sign_in(&mut bob).await;
    assert!(office.world.has_session(&mut bob, "acme").await);
    // Another method only with the acknowledgement (PRV-15).
    let page = office.desk(&mut ada, "/workspace").await;
    let form = page.form_with("authentication").unwrap().with("authentication", "second");
    let page = ada.submit(&form.clone().press("Save").unwrap()).await.unwrap();
    assert!(
        page.status.is_client_error() && page.text().contains("in another way"),
        "{} {}",
        page.status,
        page.text()
    );
    assert!(office.world.has_session(&mut bob, "acme").await, "nothing changed");
    let form = form.with("acknowledge_subscriber_impact", "yes").press("Save").unwrap();
    let page = ada.submit(&form).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    assert!(!office.world.has_session(&mut bob, "acme").await, "who came in another way is judged anew");
    office.world.sign_in(&mut bob).await;
    assert!(office.world.has_session(&mut bob, "acme").await, "by the new one");

    // In use it stays, and the one before goes.
    let page = office.desk(&mut ada, "/connections/second").await;
    let form = page.form_saying("Disconnect").unwrap();
    let unsure = ada.submit(&form.clone()).await.unwrap();
    assert!(unsure.status == 400 && unsure.text().contains("Tick the box"), "{}", unsure.text());
    let page = ada.submit(&form.with("sure", "yes")).await.unwrap();
    assert!(page.status == 409 && page.text().contains("in use"), "{} {}", page.status, page.text());
    let page = office.desk(&mut ada, "/connections/any").await;
    let form = page.form_saying("Disconnect").unwrap().with("sure", "yes");
    let page = ada.submit(&form).await.unwrap();
    assert!(page.text().contains("It is disconnected"), "{}", page.text());
    let gone = ada.open(&office.console("/connections/any")).await.unwrap();
    assert_code(&gone, 404, "NOT-FOUND");
    for event in ["connection.created", "connection.tested", "workspace.changed", "connection.removed"] {
        assert!(office.count(event).await > 0, "{event}");
    }
}

/// PRV-15: a connection is switched off, for everybody at once and not unawares, and on again.
#[tokio::test]
async fn a_connection_is_switched_off_and_on() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let mut bob = office.world.browser();
    office.world.sign_in(&mut bob).await;
    let page = office.desk(&mut ada, "/connections/any").await;
    let form = page.form_saying("Switch off").unwrap().press("Switch off").unwrap();
    let unsure = ada.submit(&form.clone()).await.unwrap();
    assert!(unsure.status == 409 && unsure.text().contains("Tick the box below"), "{}", unsure.text());
    assert!(office.world.has_session(&mut bob, "acme").await, "nothing changed");
    let sure = form.with("acknowledge_subscriber_impact", "yes");
    let page = ada.submit(&sure.clone()).await.unwrap();
    assert!(page.text().contains("It is switched off"), "{}", page.text());
    assert!(!office.world.has_session(&mut bob, "acme").await, "who came by it is out");
    let refused = bob.open(&office.world.url("acme", "/")).await.unwrap();
    assert_code(&refused, 403, "ADMISSION-OFF");
    assert!(office.desk(&mut ada, "/connections").await.text().contains("Switched off"));
    // Whoever was slower changes nothing, and what is saved otherwise leaves the switch alone.
    let late = ada.submit(&sure).await.unwrap();
    assert!(late.status.is_client_error() && late.text().contains("meanwhile"), "{}", late.text());
    let form = office.desk(&mut ada, "/connections/any").await.form_with("issuer").unwrap();
    let page = ada.submit(&save(form.with("scopes", "openid\nprofile"))).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    let refused = bob.open(&office.world.url("acme", "/")).await.unwrap();
    assert_code(&refused, 403, "ADMISSION-OFF");

    let page = office.desk(&mut ada, "/connections/any").await;
    let form = page.form_saying("Switch on").unwrap().press("Switch on").unwrap();
    let page = ada.submit(&form).await.unwrap();
    assert!(page.text().contains("It is switched on"), "{}", page.text());
    office.world.sign_in(&mut bob).await;
    assert!(office.world.has_session(&mut bob, "acme").await, "as before");
    let told = office.world.audit().await;
    let told = told.iter().filter(|event| event.event == "connection.changed");
    let keys: Vec<_> = told.map(|event| event.details["target"]["keys"].clone()).collect();
    assert_eq!(
        keys.iter().filter(|keys| **keys == json!(["connections.any.enabled"])).count(),
        2,
        "{keys:?}"
    );
}

/// PRV-09: a test sign-in from the connection's page, whether or not the connection lets anybody in, for an hour and without a session.
#[tokio::test]
async fn a_sign_in_is_tried_from_the_connections_page() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let form = office.desk(&mut ada, "/connections/any").await.form_saying("Switch off").unwrap();
    let form = form.press("Switch off").unwrap().with("acknowledge_subscriber_impact", "yes");
    ada.submit(&form).await.unwrap();
    let form = office.desk(&mut ada, "/connections/any").await.form_saying("Try a sign-in").unwrap();
    let without = ada.submit(&form.clone().without("form_token")).await.unwrap();
    assert!(without.text().contains("REQUEST-FORM-TOKEN"), "{}", without.text());
    assert_eq!(office.count("test.issued").await, 0);
    let page = ada.submit(&form).await.unwrap();
    let link = page.links().into_iter().map(|link| link.href).find(|url| url.path() == "/test").unwrap();
    assert!(link.as_str().starts_with(&office.world.origin("accounts")), "{link}");
    let events = office.world.audit().await;
    let issued = events.iter().find(|event| event.event == "test.issued").unwrap();
    assert_eq!(issued.details["target"]["name"], "any");
    assert!(issued.details["actor"]["person"].is_string(), "{}", issued.details);

    let mut bob = office.world.browser();
    let question = bob.open(link.as_str()).await.unwrap();
    let report = bob.submit(&question.form_with("ticket").unwrap()).await.unwrap();
    assert!(report.text().contains("alice@corp.example"), "{} {}", report.url, report.text());
    assert!(!office.world.has_session(&mut bob, "acme").await);
    office.world.clock.advance(Duration::from_mins(61));
    let late = office.world.browser().open(link.as_str()).await.unwrap();
    assert!(late.text().contains("SIGN-IN-EXPIRED"), "{}", late.text());
}

/// A secret is written, never read; it stays as long as its address does (interface 5).
#[tokio::test]
async fn a_secret_is_never_shown_and_stays_with_its_address() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/connections/any").await;
    assert!(!page.text_body().contains(SECRET) && !page.text_body().contains("s:%+"), "{}", page.text());
    let form = page.form_with("issuer").unwrap();
    assert_eq!(form.field("client_secret"), Some(""));
    let kept = form.clone().with("scopes", "openid\nprofile\nemail\ngroups");
    let page = ada.submit(&save(kept)).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    let mut bob = office.world.browser();
    office.world.sign_in(&mut bob).await;
    assert!(office.world.has_session(&mut bob, "acme").await, "the secret is what it was");
    // Another address wants it anew.
    let page = office.desk(&mut ada, "/connections/any").await;
    let moved = page.form_with("issuer").unwrap().with("issuer", "https://elsewhere.example");
    let page = ada.submit(&save(moved)).await.unwrap();
    assert!(
        page.status.is_client_error() && page.text().contains("give the secret itself"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn whoever_was_slower_sees_what_stands() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/workspace").await;
    let (first, second) =
        (page.form_with("sessions.idle").unwrap(), page.form_with("sessions.idle").unwrap());
    let page = ada.submit(&first.with("sessions.idle", "30m").press("Save").unwrap()).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    let stands = version(&page);
    let page = ada.submit(&second.with("sessions.idle", "40m").press("Save").unwrap()).await.unwrap();
    assert!(page.text().contains("Somebody else changed this"), "{} {}", page.status, page.text());
    assert_eq!(page.form_with("sessions.idle").unwrap().field("sessions.idle"), Some("30m"));
    assert_eq!(version(&page), stands);
    // What is no limit is told at its field.
    let form = page.form_with("sessions.idle").unwrap().with("sessions.idle", "soon").press("Save").unwrap();
    let page = ada.submit(&form).await.unwrap();
    assert!(page.status.is_client_error() && page.text_body().contains("class=\"fault\""), "{}", page.text());
    let field = page.form_with("sessions.idle").unwrap();
    assert_eq!(field.field("sessions.idle"), Some("soon"), "what was typed stays");
}

/// An address that a tenant types never reaches our own doors.
#[tokio::test]
async fn an_application_is_never_the_broker_itself() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/workspace").await;
    let form = page.form_with("routes.0.upstream").unwrap();
    let own = [
        format!("http://127.0.0.1:{}", office.world.address().port()),
        format!("http://127.0.0.1:{}", office.world.operator().port()),
        "http://169.254.169.254".to_owned(),
        "http://10.0.0.1".to_owned(),
    ];
    for upstream in own {
        let form = form.clone().with("routes.0.upstream", &upstream).press("Save").unwrap();
        let page = ada.submit(&form).await.unwrap();
        assert!(
            page.status.is_client_error() && page.text().contains("Nothing was saved"),
            "{upstream}: {}",
            page.text()
        );
    }
    // The hosts are the operator's.
    let forged = form.with("hosts", "evil.example").press("Save").unwrap();
    ada.submit(&forged).await.unwrap();
    let page = office.desk(&mut ada, "/workspace").await;
    assert!(!page.text().contains("evil.example"), "{}", page.text());
}

#[tokio::test]
async fn a_directory_is_declared_and_stays_as_long_as_it_is_spoken_for() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/directories").await;
    let form = page.form_with("directories.1.name").unwrap();
    let more = form
        .clone()
        .with("directories.1.name", "branch")
        .with("directories.1.domain_sid", "S-1-5-21-9-9-9")
        .with("directories.1.upn_suffixes", "branch.example");
    let page = ada.submit(&more.clone().press("Save").unwrap()).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    let page = office.desk(&mut ada, "/directories").await;
    let form = page.form_with("directories.2.name").unwrap();
    for (what, form) in [
        (
            "the same domain twice",
            form.clone().with("directories.1.domain_sid", form.field("directories.0.domain_sid").unwrap()),
        ),
        ("no SID", form.clone().with("directories.1.domain_sid", "S-1-5-32-544")),
        ("one that is spoken for", emptied(form.clone(), 0)),
        ("one without a name", form.clone().with("directories.1.name", "")),
    ] {
        let page = ada.submit(&form.press("Save").unwrap()).await.unwrap();
        assert!(
            page.status.is_client_error() && page.text().contains("Nothing was saved"),
            "{what}: {}",
            page.text()
        );
    }
    let less = emptied(form, 1).press("Save").unwrap();
    let page = ada.submit(&less).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
    assert_eq!(office.count("directories.changed").await, 2);
}

#[tokio::test]
async fn a_client_is_made_shown_once_and_deleted() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/api-access").await;
    let form = page.form_with("name").unwrap();
    for name in ["", &"x".repeat(65)] {
        let page = ada.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(
            page.status.is_client_error() && page.text().contains("at most 64"),
            "{name}: {}",
            page.text()
        );
    }
    let page = ada.submit(&form.with("name", "backup <b>")).await.unwrap();
    assert!(page.status == 200 && page.text().contains("shown this once"), "{}", page.text());
    let secret = page.text_body().split("<code>").nth(2).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(secret.len(), 43);
    let page = office.desk(&mut ada, "/api-access").await;
    assert!(page.text().contains("backup <b>") && !page.text_body().contains(&secret), "{}", page.text());
    let page = ada.submit(&page.form_saying("Delete").unwrap()).await.unwrap();
    assert!(
        page.text().contains("The client was deleted") && !page.text().contains("backup"),
        "{}",
        page.text()
    );
}

/// Custom access opens its pages and no others, and none of them says who gets in.
#[tokio::test]
async fn a_permission_opens_its_pages_alone() {
    for (access, open, closed) in [
        (
            &["library"][..],
            &["/administrators", "/sessions"][..],
            &["/connections", "/workspace", "/api-access", "/settings"][..],
        ),
        (
            &["workspace-configuration"],
            &["/connections", "/connections/any", "/workspace"],
            &["/api-access", "/directories", "/connections/new/oidc"],
        ),
        (&["secure-client"], &["/api-access"], &["/connections", "/workspace"]),
        (&["domains"], &["/connections"], &["/workspace", "/directories", "/connections/new/saml"]),
    ] {
        let mut desks = Office::desks(access).await;
        for path in open {
            let page = desks.grace.open(&desks.office.console(path)).await.unwrap();
            assert_eq!(page.status, 200, "{access:?} {path}: {}", page.text());
        }
        if access == ["domains"] {
            // They see it, and do not try it.
            let page = desks.grace.open(&desks.office.console("/connections/any")).await.unwrap();
            assert!(page.form_saying("Try a sign-in").is_err());
            let mut trial = page.form_with("issuer").unwrap();
            trial.action = desks.office.console("/connections/any/try").parse().unwrap();
            let page = desks.grace.submit(&trial).await.unwrap();
            assert_code(&page, 403, "ACCESS-DENIED");
        }
        for path in closed {
            let page = desks.grace.open(&desks.office.console(path)).await.unwrap();
            assert_code(&page, 403, "ACCESS-DENIED");
        }
        if access == ["workspace-configuration"] {
            let page = desks.grace.open(&desks.office.console("/connections/any")).await.unwrap();
            let form = page.form_with("issuer").unwrap();
            assert!(
                form.clone().press("Test and finish").is_err() && page.form_saying("Disconnect").is_err()
            );
            // They may have asked what stands, and nothing that they name.
            let wrong = form.clone().with("issuer", "http://127.0.0.1:9").press("Test only").unwrap();
            let page = desks.grace.submit(&wrong).await.unwrap();
            assert!(page.status == 200 && !page.text().contains("OIDC-DISCOVERY"), "{}", page.text());
            let page = desks.grace.submit(&form.clone().with("do", "save")).await.unwrap();
            assert_code(&page, 403, "ACCESS-DENIED");
            let page = desks.grace.open(&desks.office.console("/connections/any")).await.unwrap();
            assert!(page.form_saying("Switch off").is_err());
            let trial = page.form_saying("Try a sign-in").unwrap();
            let page = desks.grace.submit(&trial).await.unwrap();
            assert!(page.links().iter().any(|link| link.href.path() == "/test"), "{}", page.text());
            for (button, field, value) in
                [("disconnect", "sure", "yes"), ("switch", "acknowledge_subscriber_impact", "yes")]
            {
                let mut other = form.clone().with(field, value).with("to", "off");
                other.action = desks.office.console(&format!("/connections/any/{button}")).parse().unwrap();
                let page = desks.grace.submit(&other).await.unwrap();
                assert_code(&page, 403, "ACCESS-DENIED");
            }
        }
    }
}

/// PWD-19: a connection is changed by somebody who signed in a moment ago.
#[tokio::test]
async fn a_connection_is_not_changed_from_a_browser_that_stood_open() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let form = office.desk(&mut ada, "/connections/any").await.form_with("issuer").unwrap();
    office.world.clock.advance(Duration::from_mins(15));
    let page = ada.submit(&save(form.with("scopes", "openid"))).await.unwrap();
    assert!(page.status == 403 && page.text().contains("Confirm that it is you"), "{}", page.text());
    for path in ["/connections/new/oidc", "/workspace", "/directories", "/api-access"] {
        let page = ada.open(&office.console(path)).await.unwrap();
        assert!(
            page.status == 403 && page.text().contains("Confirm that it is you"),
            "{path}: {}",
            page.text()
        );
    }
    office.desk(&mut ada, "/connections/any").await;
}

/// What an operator let a provider do, another one may not, though it goes by the same name.
#[tokio::test]
async fn a_danger_stays_with_the_provider_that_it_was_switched_on_for() {
    let mut manifest = Manifest::of("acme");
    manifest.connections.push_str("dangerous_any_directory = true\n");
    let office = Office { world: World::with(Scheme::Http, &[manifest]).await };
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = office.desk(&mut ada, "/connections/any").await;
    let form = page.form_with("issuer").unwrap();
    let pem = include_str!("../../../broker/src/config/testdata/ca.pem");
    let page = ada.submit(&save(form.clone().with("ca.pem", pem))).await.unwrap();
    assert!(page.status.is_client_error() && page.text().contains("only the operator"), "{}", page.text());
    let page = ada.submit(&save(form.with("scopes", "openid\nprofile"))).await.unwrap();
    assert!(page.text().contains("The change was saved"), "{}", page.text());
}
