//! Every switch of admission against every way in which a session is used or made: a test made from the code.
//!
//! What makes this class of product fail is one path that forgets one switch. Neither list is written here: the switches
//! are [`Switch::ALL`], the ways follow from the typed routes and what each demands. A route that is added does not
//! compile here until it says which ways lead through it, and fails here until one of them is walked.

mod expected;
mod held;
mod stage;
mod ways;

use tokio::task::JoinSet;
use vestibule_broker::http::route::{AccountsRoute, Demands, WorkspaceRoute};
use vestibule_broker::signin::callback;
use vestibule_conformance::wire::Page;
use vestibule_policies::admission::Switch;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::ConnectionId;

use self::expected::{Expected, reopens};
use self::held::prepared;
use self::stage::{Kind, Stage};
use self::ways::{Way, accounts_routes, ways_of_accounts, ways_of_workspace};

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_a_generic_provider() {
    walk(Kind::Oidc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_okta() {
    walk(Kind::Okta).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_saml() {
    walk(Kind::Saml).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_a_directory() {
    walk(Kind::Directory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_a_directory_with_a_second_step() {
    walk(Kind::DirectoryToken).await;
}

/// The control: the same ways, and a change that no clause minds.
#[tokio::test]
async fn a_change_that_no_clause_minds_closes_nothing() {
    for kind in [Kind::Oidc, Kind::Okta, Kind::Saml, Kind::Directory, Kind::DirectoryToken] {
        let stage = Stage::of(kind).await;
        let mut changed = stage.row().await;
        let connection = changed.organization.connections[0].clone();
        assert_eq!(callback::route_of(&connection), answers_at(kind, connection.id));
        let held = prepared(&stage, &connection).await;
        changed.organization.name.push_str(" under another name");
        stage.save(changed).await;
        for one in &held {
            assert_passes(one.way, &one.step(&stage).await);
        }
    }
}

fn answers_at(kind: Kind, connection: ConnectionId) -> AccountsRoute {
    match kind {
        Kind::Oidc => AccountsRoute::OidcCallback(connection),
        Kind::Okta => AccountsRoute::OktaCallback,
        Kind::Saml => AccountsRoute::Landing,
        Kind::Directory | Kind::DirectoryToken => AccountsRoute::Password,
    }
}

#[test]
fn every_route_that_demands_a_session_or_makes_one_is_walked() {
    for route in WorkspaceRoute::ALL {
        let open = route.demands() == Demands::Nothing;
        assert_eq!(ways_of_workspace(route).is_empty(), open, "{route:?}");
    }
    for route in accounts_routes(ConnectionId::from_bytes([7; 8])) {
        let open = route.demands() == Demands::Nothing;
        assert_eq!(ways_of_accounts(&route).is_empty(), open, "{route:?}");
    }
}

async fn walk(kind: Kind) {
    let mut worlds = JoinSet::new();
    for switch in Switch::ALL.into_iter().filter(|switch| switch.audience() == Audience::Subscriber) {
        worlds.spawn(closes(kind, switch));
    }
    while let Some(ended) = worlds.join_next().await {
        ended.unwrap();
    }
}

/// Before the switch every way is open, after it every one is shut, and turning it back opens none that was used up.
async fn closes(kind: Kind, switch: Switch) {
    let stage = Stage::of(kind).await;
    let standing = stage.row().await;
    let held = prepared(&stage, &standing.organization.connections[0]).await;
    for one in held.iter().filter(|one| one.way.is_of_session()) {
        assert_passes(one.way, &one.step(&stage).await);
    }
    stage.flip(switch, standing.clone()).await;
    stage.world().application.forget();
    for one in &held {
        let before = stage.world().audit().await.len();
        let page = one.step(&stage).await;
        let row = format!("{kind:?} {switch:?} {:?}", one.way);
        assert_refused(&stage, before, &page, &Expected::of(kind, switch, one.way), &row).await;
    }
    stage.save(standing).await;
    for one in &held {
        stage.world().application.forget();
        let page = one.step(&stage).await;
        if reopens(kind, switch, one.way) {
            assert_passes(one.way, &page);
        } else {
            let row = format!("{kind:?} {switch:?} {:?} again", one.way);
            assert!(page.status.is_client_error(), "{row}: {} {}", page.status, page.text());
            assert_opens_nothing(&stage, &page, &row);
        }
    }
}

fn assert_passes(way: Way, page: &Page) {
    assert_eq!(page.status, 200, "{way:?}: {}", page.text());
    match way {
        Way::Session => assert_eq!(page.json()["organization"], "acme"),
        Way::Groups => assert!(page.json()["groups"].is_array(), "{}", page.text()),
        Way::Account | Way::AccountDevice => {
            assert!(page.text().contains("alice@corp.example"), "{way:?}: {}", page.text());
        }
        Way::AccountPassword => assert!(page.form_with("new_password").is_ok(), "{}", page.text()),
        Way::Application
        | Way::Password
        | Way::ChangePassword
        | Way::Token
        | Way::Register
        | Way::HandOver
        | Way::HandOverOfRoot
        | Way::Root
        | Way::Callback
        | Way::Response
        | Way::Landing
        | Way::Button => assert_eq!(page.text_body(), "the application", "{way:?}"),
    }
}

/// One audit event with the code, and no way on.
async fn assert_refused(stage: &Stage, before: usize, page: &Page, expected: &Expected, row: &str) {
    assert_eq!(page.status, expected.status, "{row}: {}", page.text());
    let events = stage.world().audit().await;
    // A right first code registers the device, whoever is admitted afterwards: it is its owner's by password and code. And a
    // password that the directory took is another one.
    let beside = ["token.registered", "password.changed"];
    let new = events[before..].iter().filter(|one| !beside.contains(&one.event.as_str()));
    let new: Vec<_> = new.map(|one| (one.event.as_str(), one.code.as_deref())).collect();
    let wanted: Vec<_> = expected.audited.iter().map(|(event, code)| (*event, Some(*code))).collect();
    assert_eq!(new, wanted, "{row}");
    assert_opens_nothing(stage, page, row);
}

/// No session's cookie, and nothing for the application.
fn assert_opens_nothing(stage: &Stage, page: &Page, row: &str) {
    let world = stage.world();
    let sessions = [world.cookie_name("access"), world.cookie_name("signin-")];
    for line in page.hops.iter().flat_map(|hop| hop.headers.get_all("set-cookie")) {
        let line = line.to_str().unwrap();
        assert!(!sessions.iter().any(|name| line.starts_with(name.as_str())), "{row}: {line}");
    }
    assert!(world.application.received().is_empty(), "{row}: something reached the application");
}
