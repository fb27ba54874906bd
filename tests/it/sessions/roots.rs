//! Who shares a session and who does not: new tokens at every sign-in, further workspaces, other organisations, and how
//! many roots one browser may hold (SESS-02, HTTP-16).

use vestibule_conformance::hostile::{Edit, Endpoint, Fault};
use vestibule_conformance::wire::{Browser, Cookies, Request};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::signed_in;

const ACCOUNTS: &str = "accounts.vestibule.localhost";

fn trips(world: &World) -> usize {
    world.provider.calls_to(Endpoint::Authorize).len()
}

fn access(browser: &Browser, label: &str) -> String {
    let host = format!("{label}.vestibule.localhost");
    browser.cookie(&host, "vestibule-access").map(|cookie| cookie.value).unwrap_or_default()
}

/// The one root of an organisation, whose id nobody outside needs to know.
fn root(browser: &Browser) -> (String, String) {
    let mut roots = browser.cookies(ACCOUNTS).into_iter();
    let root = roots.find(|cookie| cookie.name.starts_with("vestibule-signin-")).expect("a root");
    (root.name, root.value)
}

/// The status of a workspace's session for a request with this cookie and no other.
async fn status_with(world: &World, label: &str, cookie: &str) -> u16 {
    let request = Request::get(&world.url(label, "/.vestibule/session")).unwrap().cookies(Cookies::Omit);
    let request = request.header("cookie", cookie).unwrap();
    world.browser().request(request).await.unwrap().status.as_u16()
}

#[tokio::test]
async fn a_sign_in_in_the_same_browser_makes_new_tokens_and_ends_the_old_session_on_every_host() {
    let world = World::start().await;
    let mut browser = world.browser();
    // One tab waits at the provider while another signs in.
    let waiting = world.until_the_answer(&mut browser, "acme", "/").await;
    world.sign_in(&mut browser).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    let mut old = browser.clone();
    assert_eq!(browser.follow(&waiting).await.unwrap().status, 200, "SESS-02");
    for label in ["acme", "acme-second"] {
        assert_eq!(
            status_with(&world, label, &format!("vestibule-access={}", access(&old, label))).await,
            401,
            "{label}"
        );
    }
    assert_ne!(access(&browser, "acme"), access(&old, "acme"));
    assert_ne!(root(&browser).1, root(&old).1);
    assert!(world.has_session(&mut browser, "acme").await);
    let ended: Vec<_> = world.audit().await.into_iter().filter(|one| one.event == "session.ended").collect();
    assert_eq!(ended.len(), 1, "the first session, once: {ended:?}");
    let before = trips(&world);
    old.open(&world.url("acme", "/")).await.unwrap();
    assert_eq!(trips(&world), before + 1, "the old root on accounts opens nothing");
}

/// Bob Berg in every place that names a person.
fn bob() -> Vec<Fault> {
    let claims = [
        ("sub", "hostile-subject-2"),
        ("cip_sid", "S-1-5-21-1004336348-1177238915-682003330-1105"),
        ("cip_upn", "bob@corp.example"),
        ("cip_oid", "7f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("name", "Bob Berg"),
        ("given_name", "Bob"),
        ("family_name", "Berg"),
    ];
    let userinfo =
        [("sub", "hostile-subject-2"), ("email", "bob@corp.example"), ("cip_email", "bob@corp.example")];
    let claims = claims.into_iter().map(|(name, value)| Fault::Claims(Edit::set(name, value)));
    claims.chain(userinfo.into_iter().map(|(name, value)| Fault::UserInfo(Edit::set(name, value)))).collect()
}

async fn session_of(world: &World, browser: &mut Browser, label: &str) -> serde_json::Value {
    let page = browser.open(&world.url(label, "/.vestibule/session")).await.unwrap();
    assert_eq!(page.status, 200, "{label}: {}", page.text());
    page.json()
}

/// SESS-02: whoever takes the chair of somebody who is still signed in gets nothing of theirs.
#[tokio::test]
async fn another_person_in_the_same_browser_has_nothing_of_the_one_before() {
    let mut world = World::start().await;
    let mut browser = world.browser();
    let waiting = world.until_the_answer(&mut browser, "acme", "/").await;
    world.sign_in(&mut browser).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    let alice = session_of(&world, &mut browser, "acme").await;
    let mut old = browser.clone();
    world.provider.script_all(bob());
    world.application.forget();
    assert_eq!(browser.follow(&waiting).await.unwrap().text_body(), "the application", "SESS-02");
    assert_eq!(world.application.last().header("x-forwarded-user"), Some("bob@corp.example"), "SESS-02");
    assert_ne!(root(&browser), root(&old), "SESS-02: a new root");
    assert_ne!(access(&browser, "acme"), access(&old, "acme"), "SESS-02: a new access");
    for label in ["acme", "acme-second"] {
        let cookie = format!("vestibule-access={}", access(&old, label));
        assert_eq!(status_with(&world, label, &cookie).await, 401, "SESS-02: {label}: Alice's is dead");
    }
    // The second host asks anew, and finds who is there now.
    world.application.forget();
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    assert_eq!(world.application.last().header("x-forwarded-user"), Some("bob@corp.example"), "SESS-02");
    assert_eq!(world.application.received().len(), 1, "SESS-02: nothing arrived in Alice's name");
    for label in ["acme", "acme-second"] {
        let bob = session_of(&world, &mut browser, label).await;
        assert_eq!(bob["claims"]["cip_upn"], "bob@corp.example", "SESS-02: {label}");
        assert_ne!(bob["sub"], alice["sub"], "SESS-02: {label}");
        assert_ne!(bob["session"], alice["session"], "SESS-02: {label}");
        assert!(!bob.to_string().to_lowercase().contains("alice"), "SESS-02: {label}: {bob}");
    }
    let ended: Vec<_> = world.audit().await.into_iter().filter(|one| one.event == "session.ended").collect();
    assert_eq!(ended.len(), 1, "SESS-02: {ended:?}");
    assert_eq!(
        (&ended[0].details["session"], &ended[0].details["by"]),
        (&alice["session"], &"new-sign-in".into())
    );
    // Nor does a restart bring anything of hers back: the store has the end, not this server's memory alone.
    world.restart().await;
    for label in ["acme", "acme-second"] {
        let cookie = format!("vestibule-access={}", access(&old, label));
        assert_eq!(status_with(&world, label, &cookie).await, 401, "SESS-02: {label}: after a restart");
    }
    // Her root opens nothing either, whoever kept it.
    let before = trips(&world);
    world.until_the_answer(&mut old, "acme-second", "/").await;
    assert_eq!(trips(&world), before + 1, "SESS-02: the old root on accounts");
}

/// interface 3: one browser may be signed in at two organisations, whatever of the first one's sign-in is left in its jar.
#[tokio::test]
async fn a_sign_in_at_one_organisation_ends_no_session_of_another() {
    for (row, next, lives) in [("another organisation", "beta", true), ("the same one", "acme", false)] {
        let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
        let mut browser = world.browser();
        let waiting = world.until_the_answer(&mut browser, "acme", "/").await;
        let under_way = browser.cookies(ACCOUNTS);
        let transaction = under_way.iter().find(|one| one.name.starts_with("vestibule-txn-")).expect("one");
        browser.stop_before(None);
        assert_eq!(browser.follow(&waiting).await.unwrap().status, 200, "{row}");
        let (name, _) = root(&browser);
        let acme = browser.clone();
        // As a tab has it whose answer was lost, or that a hostile sibling put back; and the root's own cookie is gone, so
        // that the transaction alone tells of the session.
        let line = format!("{}={}; Path=/", transaction.name, transaction.value);
        browser.set_cookie(&world.url("accounts", "/"), &line).unwrap();
        browser.jar().remove(ACCOUNTS, &name);
        browser.jar().remove("acme.vestibule.localhost", "vestibule-access");
        let page = browser.open(&world.url(next, "/")).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
        let cookie = format!("vestibule-access={}", access(&acme, "acme"));
        let status = status_with(&world, "acme", &cookie).await;
        assert_eq!(status, if lives { 200 } else { 401 }, "HTTP-16, SESS-04: {row}");
        let ended = world.audit().await.into_iter().filter(|one| one.event == "session.ended").count();
        assert_eq!(ended, usize::from(!lives), "{row}");
    }
}

#[tokio::test]
async fn a_cookie_that_was_there_before_the_sign_in_is_worth_nothing_after_it() {
    let world = World::start().await;
    let planted = access(&signed_in(&world).await, "acme").chars().rev().collect::<String>();
    let mut browser = world.browser();
    for (label, name) in [("acme", "vestibule-access"), ("accounts", "vestibule-signin-0000000000000000")] {
        browser.set_cookie(&world.url(label, "/"), &format!("{name}={planted}; Path=/")).unwrap();
    }
    world.sign_in(&mut browser).await;
    assert_ne!(access(&browser, "acme"), planted, "SESS-02");
    assert_eq!(status_with(&world, "acme", &format!("vestibule-access={planted}")).await, 401, "SESS-02");
}

#[tokio::test]
async fn an_access_that_is_opened_again_has_a_new_token_and_the_old_one_is_dead() {
    let mut world = World::start().await;
    let mut browser = signed_in(&world).await;
    let old = access(&browser, "acme");
    browser.open(&world.url("acme", "/.vestibule/sign-in?to=/")).await.unwrap();
    assert_ne!(access(&browser, "acme"), old);
    assert_eq!(status_with(&world, "acme", &format!("vestibule-access={old}")).await, 401, "SESS-02");
    assert!(world.has_session(&mut browser, "acme").await);
    world.restart().await;
    let status = status_with(&world, "acme", &format!("vestibule-access={old}")).await;
    assert_eq!(status, 401, "SESS-02: nor does a restart bring it back");
}

#[tokio::test]
async fn a_second_workspace_opens_without_a_trip_to_the_provider() {
    let world = World::start().await;
    let mut browser = signed_in(&world).await;
    let calls = world.provider.calls().len();
    let page = browser.open(&world.url("acme-second", "/reports")).await.unwrap();
    assert_eq!((page.text_body().as_str(), page.url.path()), ("the application", "/reports"));
    assert_eq!(world.provider.calls().len(), calls, "not one call");
    assert_ne!(access(&browser, "acme"), access(&browser, "acme-second"), "a token for each host");
}

#[tokio::test]
async fn a_second_workspace_asks_admission_first() {
    let world = World::start().await;
    let mut browser = signed_in(&world).await;
    let workspace = "authentication = \"any\"\nadmit_groups = [\"any:Board\"]\n".to_owned();
    world.change(&Manifest { workspace, ..Manifest::of("acme") }).await;
    world.application.forget();
    let page = browser.open(&world.url("acme-second", "/")).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("ADMISSION-GROUP"), "{}", page.text());
    assert!(!world.has_session(&mut browser, "acme-second").await);
    assert!(!world.has_session(&mut browser, "acme").await, "nor does the first one remain");
    assert!(world.application.received().is_empty());
}

#[tokio::test]
async fn cookies_of_one_organisation_are_nobody_at_another() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let browser = signed_in(&world).await;
    let mut guest = world.browser();
    guest.open(&world.url("beta", "/")).await.unwrap();
    let (_, acme_root) = root(&browser);
    let (beta_name, _) = root(&guest);
    world.application.forget();
    let cookie = format!("vestibule-access={}", access(&browser, "acme"));
    assert_eq!(status_with(&world, "acme", &cookie).await, 200, "the paired positive");
    for label in ["beta", "beta-second", "acme-second"] {
        assert_eq!(status_with(&world, label, &cookie).await, 401, "HTTP-16: {label}");
        let request = Request::get(&world.url(label, "/")).unwrap().cookies(Cookies::Omit);
        let page = world.browser().request(request.header("cookie", &cookie).unwrap()).await.unwrap();
        assert_eq!(page.status, 401, "HTTP-16: {label}");
    }
    assert!(world.application.received().is_empty(), "HTTP-16");
    // The root of one under the name of the other.
    let mut forger = world.browser();
    forger.set_cookie(&world.url("accounts", "/"), &format!("{beta_name}={acme_root}; Path=/")).unwrap();
    let before = trips(&world);
    world.until_the_answer(&mut forger, "beta", "/").await;
    assert_eq!(trips(&world), before + 1, "HTTP-16: beta asks its own provider");
}

#[tokio::test]
async fn one_browser_holds_eight_roots_and_the_oldest_makes_room() {
    let slugs: Vec<String> = (1..=9).map(|number| format!("acme-{number}")).collect();
    let manifests: Vec<Manifest> = slugs.iter().map(|slug| Manifest::of(slug)).collect();
    let world = World::with(Scheme::Http, &manifests).await;
    let mut browser = world.browser();
    for slug in &slugs {
        world.clock.advance(super::MILLISECOND);
        assert_eq!(browser.open(&world.url(slug, "/")).await.unwrap().status, 200, "{slug}");
    }
    let names = browser.cookies(ACCOUNTS);
    let roots = names.iter().filter(|cookie| cookie.name.starts_with("vestibule-signin-")).count();
    assert_eq!(roots, 8);
    let before = trips(&world);
    for (number, slug) in slugs.iter().enumerate().skip(1) {
        browser.open(&world.url(&format!("{slug}-second"), "/")).await.unwrap();
        assert_eq!(trips(&world), before, "root {number} is still there");
    }
    browser.open(&world.url("acme-1-second", "/")).await.unwrap();
    assert_eq!(trips(&world), before + 1, "the first one made room");
}

#[tokio::test]
async fn tabs_that_overlap_each_arrive_and_leave_one_session() {
    let world = World::start().await;
    let mut browser = world.browser();
    let mut tabs = Vec::new();
    for path in ["/one", "/two"] {
        let tab = world.until_the_answer(&mut browser, "acme", path).await;
        tabs.push((path, tab));
    }
    browser.stop_before(Some("/.vestibule/complete"));
    let mut waiting = Vec::new();
    for (path, tab) in tabs {
        waiting.push((path, browser.follow(&tab).await.unwrap()));
    }
    browser.stop_before(None);
    let before = trips(&world);
    for (path, tab) in waiting {
        let page = browser.follow(&tab).await.unwrap();
        assert_eq!(page.url.as_str(), world.url("acme", path), "SESS-04: {}", page.text());
        assert_eq!(page.text_body(), "the application", "SESS-04 {path}");
    }
    assert_eq!(trips(&world), before, "nobody was asked again");
    let live: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM roots WHERE ended_ms IS NULL")
        .fetch_one(world.app().store.readers())
        .await
        .unwrap();
    assert_eq!(live, 1, "a browser holds one root for an organisation");
}
