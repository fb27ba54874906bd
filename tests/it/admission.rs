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
use vestibule_policies::ids::ConnectionId;
use vestibule_tests::world::World;

use self::expected::Expected;
use self::held::prepared;
use self::stage::{Kind, flip, row, save, world};
use self::ways::{Way, accounts_routes, ways_of_accounts, ways_of_workspace};

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_a_generic_provider() {
    walk(Kind::Oidc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switch_closes_every_way_of_okta() {
    walk(Kind::Okta).await;
}

/// The control: the same ways, and a change that no clause minds.
#[tokio::test]
async fn a_change_that_no_clause_minds_closes_nothing() {
    for (kind, route) in [(Kind::Oidc, false), (Kind::Okta, true)] {
        let world = world(kind).await;
        let standing = row(&world).await;
        let connection = standing.organization.connections[0].clone();
        assert_eq!(callback::route_of(&connection) == AccountsRoute::OktaCallback, route, "{kind:?}");
        let mut held = prepared(&world, &connection).await;
        save(&world, standing).await;
        for one in &mut held {
            assert_passes(one.way, &one.step(&world).await);
        }
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
    for switch in Switch::ALL {
        worlds.spawn(closes(kind, switch));
    }
    while let Some(ended) = worlds.join_next().await {
        ended.unwrap();
    }
}

/// Before the switch every way is open, after it every one is shut, and turning it back opens none of them again.
async fn closes(kind: Kind, switch: Switch) {
    let world = world(kind).await;
    let standing = row(&world).await;
    let mut held = prepared(&world, &standing.organization.connections[0]).await;
    for one in held.iter_mut().filter(|one| one.way.is_of_session()) {
        assert_passes(one.way, &one.step(&world).await);
    }
    flip(&world, switch, standing.clone()).await;
    world.application.forget();
    for one in &mut held {
        let before = world.audit().await.len();
        let page = one.step(&world).await;
        let expected = Expected::of(kind, switch, one.way);
        assert_refused(&world, before, &page, &expected, &format!("{kind:?} {switch:?} {:?}", one.way)).await;
    }
    save(&world, standing).await;
    // A host that was gone judged nobody.
    for one in held.iter_mut().filter(|one| switch != Switch::RemoveHost && one.way.is_of_workspace()) {
        let page = one.step(&world).await;
        assert!(page.status.is_client_error(), "{kind:?} {switch:?} {:?} again: {}", one.way, page.text());
    }
    assert!(world.application.received().is_empty(), "{kind:?} {switch:?}: nothing reached the application");
}

fn assert_passes(way: Way, page: &Page) {
    assert_eq!(page.status, 200, "{way:?}: {}", page.text());
    match way {
        Way::Session => assert_eq!(page.json()["organization"], "acme"),
        Way::Groups => assert!(page.json()["groups"].is_array(), "{}", page.text()),
        Way::Application | Way::HandOver | Way::HandOverOfRoot | Way::Root | Way::Callback => {
            assert_eq!(page.text_body(), "the application", "{way:?}");
        }
    }
}

/// No session, one audit event with the code, and no way on.
async fn assert_refused(world: &World, before: usize, page: &Page, expected: &Expected, row: &str) {
    assert_eq!(page.status, expected.status, "{row}: {}", page.text());
    let events = world.audit().await;
    let new: Vec<_> = events[before..].iter().map(|one| (one.event.as_str(), one.code.as_deref())).collect();
    let wanted: Vec<_> = expected.audited.iter().map(|(event, code)| (*event, Some(*code))).collect();
    assert_eq!(new, wanted, "{row}");
    let sessions = [world.cookie_name("access"), world.cookie_name("signin-")];
    for line in page.hops.iter().flat_map(|hop| hop.headers.get_all("set-cookie")) {
        let line = line.to_str().unwrap();
        assert!(!sessions.iter().any(|name| line.starts_with(name.as_str())), "{row}: {line}");
    }
}
