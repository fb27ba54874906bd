//! HTTP-16, SESS-16: what one organisation gave means nothing to another.

use http::Method;
use vestibule_broker::http::route::AccountsRoute;
use vestibule_conformance::wire::Browser;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::Slug;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask;

async fn world() -> World {
    World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await
}

fn host(label: &str) -> String {
    format!("{label}.vestibule.localhost")
}

async fn is_anonymous(world: &World, browser: &mut Browser, label: &str) -> bool {
    ask(browser, Method::GET, &world.url(label, "/.vestibule/session"), &[]).await.status == 401
}

fn organization(world: &World, slug: &str) -> (String, ConnectionId) {
    let deployment = world.app().deployment.load();
    let organization = &deployment.by_slug(&Slug::parse(slug).unwrap()).unwrap().organization;
    (organization.id.to_string(), organization.connections[0].id)
}

#[tokio::test]
async fn a_session_of_one_organisation_is_nobody_at_another() {
    let world = world().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let access = browser.cookie(&host("acme"), &world.cookie_name("access")).unwrap().value;
    for label in ["beta", "acme-second"] {
        let mut thief = world.browser();
        let line = format!("{}={access}; Path=/", world.cookie_name("access"));
        thief.set_cookie(&world.url(label, "/"), &line).unwrap();
        assert!(is_anonymous(&world, &mut thief, label).await, "{label}: an access is of one host");
        assert_eq!(ask(&mut thief, Method::GET, &world.url(label, "/"), &[]).await.status, 401, "{label}");
    }
    assert!(!is_anonymous(&world, &mut browser, "acme").await, "and none of it ended the session");
}

#[tokio::test]
async fn a_root_under_another_organisations_name_opens_nothing() {
    let world = world().await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let (acme, _) = organization(&world, "acme");
    let (beta, _) = organization(&world, "beta");
    let root =
        browser.cookie(&host("accounts"), &world.cookie_name(&format!("signin-{acme}"))).unwrap().value;
    for (row, name, label, reused) in [
        ("its own", &acme, "acme-second", true),
        ("another's", &beta, "beta", false),
        ("its own elsewhere", &acme, "beta", false),
    ] {
        let mut thief = world.browser();
        let line = format!("{}={root}; Path=/", world.cookie_name(&format!("signin-{name}")));
        thief.set_cookie(&world.url("accounts", "/"), &line).unwrap();
        world.provider.forget_calls();
        let page = thief.open(&world.url(label, "/")).await.unwrap();
        assert_eq!(page.status, 200, "{row}: {}", page.text());
        assert_eq!(world.provider.calls().is_empty(), reused, "{row}: whether the provider was asked");
    }
}

/// An answer of one organisation's provider does not arrive at another connection's address.
#[tokio::test]
async fn an_answer_counts_at_its_own_connection_alone() {
    let world = world().await;
    let (_, own) = organization(&world, "acme");
    let (_, other) = organization(&world, "beta");
    for (row, route, code) in [
        ("another organisation's", AccountsRoute::OidcCallback(other), Some("SIGN-IN-STATE")),
        ("nobody's", AccountsRoute::OidcCallback(ConnectionId::from_bytes([9; 8])), Some("SIGN-IN-STATE")),
        ("another kind's", AccountsRoute::OktaCallback, Some("SIGN-IN-STATE")),
        ("its own", AccountsRoute::OidcCallback(own), None),
    ] {
        let mut browser = world.browser();
        browser.stop_before(Some("/core/"));
        let page = browser.open(&world.url("acme", "/")).await.unwrap();
        let mut answer = page.location().unwrap();
        answer.set_path(&route.path());
        browser.stop_before(None);
        let before = world.audit().await.len();
        let page = browser.open(answer.as_str()).await.unwrap();
        match code {
            Some(code) => {
                assert_eq!(page.status, 400, "{row}: {}", page.text());
                assert!(page.text().contains(code), "{row}: {}", page.text());
                world.assert_refused(before, code).await;
                assert!(is_anonymous(&world, &mut browser, "acme").await, "{row}");
            }
            None => assert_eq!(page.status, 200, "{row}: {}", page.text()),
        }
    }
}

#[tokio::test]
async fn a_hand_over_code_counts_at_its_own_host_alone() {
    let world = world().await;
    for (row, label) in [("another organisation", "beta"), ("another workspace", "acme-second")] {
        let mut browser = world.browser();
        browser.stop_before(Some("/.vestibule/complete"));
        let page = browser.open(&world.url("acme", "/")).await.unwrap();
        let code = page.location().unwrap();
        // A sign-in of the other host is under way too, so that nothing is missing but the right code.
        browser.stop_before(Some("/start"));
        browser.open(&world.url(label, "/")).await.unwrap();
        browser.stop_before(None);
        let before = world.audit().await.len();
        let address = format!("{}?{}", world.url(label, code.path()), code.query().unwrap());
        let page = browser.open(&address).await.unwrap();
        assert_eq!(page.status, 400, "{row}: {}", page.text());
        world.assert_refused(before, "SIGN-IN-HANDOVER").await;
        assert!(is_anonymous(&world, &mut browser, label).await, "{row}");
    }
}

/// Whoever turns a sign-in to another workspace on its way holds the first one's secret and the second one's code.
#[tokio::test]
async fn a_code_is_not_taken_where_only_the_browsers_secret_fits() {
    let world = world().await;
    for (row, label) in
        [("the control", "acme"), ("another workspace", "acme-second"), ("another organisation", "beta")]
    {
        let mut browser = world.browser();
        browser.stop_before(Some("/start"));
        let mut start = browser.open(&world.url("acme", "/")).await.unwrap().location().unwrap();
        let turned = start.query().unwrap().replace(&host("acme"), &host(label));
        start.set_query(Some(&turned));
        browser.stop_before(Some("/.vestibule/complete"));
        let code = browser.open(start.as_str()).await.unwrap().location().unwrap();
        assert_eq!(code.host_str(), Some(host(label).as_str()), "{row}");
        browser.stop_before(None);
        let before = world.audit().await.len();
        let address = format!("{}?{}", world.url("acme", code.path()), code.query().unwrap());
        let page = browser.open(&address).await.unwrap();
        if label == "acme" {
            assert_eq!(page.status, 200, "{row}: {}", page.text());
            continue;
        }
        assert_eq!(page.status, 400, "{row}: {}", page.text());
        world.assert_refused(before, "SIGN-IN-HANDOVER").await;
        assert!(is_anonymous(&world, &mut browser, "acme").await, "{row}");
    }
}

/// Slugs have one spelling.
#[tokio::test]
async fn keys_are_found_by_the_exact_slug() {
    let world = world().await;
    let mut browser = world.browser();
    let mut key = async |slug: &str| {
        let page =
            ask(&mut browser, Method::GET, &world.url("accounts", &format!("/o/{slug}/oauth2/jwks")), &[])
                .await;
        (page.status.as_u16(), page.json()["keys"][0]["kid"].as_str().map(str::to_owned))
    };
    let (acme, beta) = (key("acme").await, key("beta").await);
    assert_eq!((acme.0, beta.0), (200, 200));
    assert_ne!(acme.1, beta.1, "each organisation signs with a key of its own");
    for slug in ["Acme", "ACME", "%61cme", "acme%20", "acm%C3%A9", "acme/", "gamma", "..", "acme%00"] {
        assert_eq!(key(slug).await.0, 404, "{slug}");
    }
}
