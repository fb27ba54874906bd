//! Every switch of admission against every way in which a session is used or made: a test made from the code.
//!
//! What makes this class of product fail is one path that forgets one switch. Neither list is written here: the switches
//! are [`Switch::ALL`], the ways follow from the typed routes and what each demands. A route that is added does not
//! compile here until it says which ways lead through it, and fails here until one of them is walked.

use tokio::task::JoinSet;
use vestibule_broker::clock::Clock;
use vestibule_broker::http::route::{AccountsRoute, Demands, WorkspaceRoute};
use vestibule_broker::signin::callback;
use vestibule_broker::store::Store;
use vestibule_broker::store::organizations::{self, OrganizationRow};
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::admission::Switch;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::Slug;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_tests::world::{Manifest, Scheme, World};

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

/// What a refusal looks like.
struct Expected {
    status: u16,
    /// Event and code.
    audited: Option<(&'static str, &'static str)>,
}

impl Expected {
    fn of(kind: Kind, switch: Switch, way: Way) -> Self {
        let audited = |status, code| Self { status, audited: Some(("sign-in.refused", code)) };
        match (kind, switch, way) {
            // HTTP-06: nobody's host, whoever asks.
            (_, Switch::RemoveHost, way) if way.is_of_workspace() => Self { status: 421, audited: None },
            // The root does not do, and the way to the provider is shut too.
            (_, Switch::RemoveConnection | Switch::ChangeMethod | Switch::ClearMethod, Way::Root) => {
                audited(503, "SIGN-IN-METHOD")
            }
            // OKT-04: the address is Okta's alone.
            (Kind::Okta, Switch::ChangeKind, Way::Callback) => audited(400, "SIGN-IN-STATE"),
            (_, switch, way) if way.is_of_session() => {
                Self { status: 401, audited: Some(("session.ended", code(switch))) }
            }
            (_, switch, _) => audited(403, code(switch)),
        }
    }
}

/// The code of the clause that a switch trips.
fn code(switch: Switch) -> &'static str {
    match switch {
        Switch::RemoveHost => "ADMISSION-HOST",
        Switch::RemoveConnection => "ADMISSION-CONNECTION",
        Switch::ReplaceConnection => "ADMISSION-REPLACED",
        Switch::ChangeKind => "ADMISSION-AUDIENCE",
        Switch::ChangeMethod | Switch::ClearMethod => "ADMISSION-METHOD",
        Switch::RequireClaim => "CLAIM-EMAIL",
        Switch::TakeDirectory | Switch::ChangeDomainSid | Switch::ClaimSuffix => "CLAIM-SCOPE",
        Switch::AdmitGroups => "ADMISSION-GROUP",
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

/// A way in which a session is used or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A request of a live session to the application.
    Application,
    /// The live session as its browser sees it.
    Session,
    /// Its groups.
    Groups,
    /// A hand-over code of a fresh sign-in that nobody has taken yet.
    HandOver,
    /// A hand-over code of a root that lived already.
    HandOverOfRoot,
    /// A live root at the start of a sign-in for a second workspace.
    Root,
    /// An answer of the provider that has not arrived yet.
    Callback,
}

fn ways_of_workspace(route: WorkspaceRoute) -> &'static [Way] {
    match route {
        WorkspaceRoute::Application => &[Way::Application],
        WorkspaceRoute::Session => &[Way::Session],
        WorkspaceRoute::Groups => &[Way::Groups],
        WorkspaceRoute::Complete => &[Way::HandOver, Way::HandOverOfRoot],
        WorkspaceRoute::SignIn
        | WorkspaceRoute::SignOut
        | WorkspaceRoute::SignedOut
        | WorkspaceRoute::Verify
        | WorkspaceRoute::Reserved => &[],
    }
}

fn ways_of_accounts(route: &AccountsRoute) -> &'static [Way] {
    match route {
        AccountsRoute::Start => &[Way::Root],
        // The landing is SAML's; `saml::admission` flips every switch there.
        AccountsRoute::OktaCallback | AccountsRoute::OidcCallback(_) | AccountsRoute::Landing => {
            &[Way::Callback]
        }
        AccountsRoute::Trial | AccountsRoute::KeySet(_) => &[],
    }
}

/// Every accounts route. Each names the next, so that a new one does not compile until it stands in the chain.
fn accounts_routes(connection: ConnectionId) -> Vec<AccountsRoute> {
    let next = |route: &AccountsRoute| match route {
        AccountsRoute::Start => Some(AccountsRoute::OktaCallback),
        AccountsRoute::OktaCallback => Some(AccountsRoute::OidcCallback(connection)),
        AccountsRoute::OidcCallback(_) => Some(AccountsRoute::Landing),
        AccountsRoute::Landing => Some(AccountsRoute::Trial),
        AccountsRoute::Trial => Slug::parse("acme").ok().map(AccountsRoute::KeySet),
        AccountsRoute::KeySet(_) => None,
    };
    std::iter::successors(Some(AccountsRoute::Start), next).collect()
}

/// The ways that a workspace with this connection has.
fn ways(connection: &ConnectionPolicy) -> Vec<Way> {
    let own = callback::route_of(connection);
    let reached = |route: &AccountsRoute| ways_of_accounts(route) != [Way::Callback] || *route == own;
    let workspace = WorkspaceRoute::ALL.into_iter().flat_map(ways_of_workspace).copied();
    let accounts = accounts_routes(connection.id).into_iter().filter(reached);
    workspace.chain(accounts.flat_map(|route| ways_of_accounts(&route).to_vec())).collect()
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Oidc,
    Okta,
}

impl Way {
    /// Whether it is the workspace's own host that is asked.
    fn is_of_workspace(self) -> bool {
        match self {
            Self::Application | Self::Session | Self::Groups | Self::HandOver | Self::HandOverOfRoot => true,
            Self::Root | Self::Callback => false,
        }
    }

    /// Whether a live session is asked, again and again, and not one in the making.
    fn is_of_session(self) -> bool {
        matches!(self, Self::Application | Self::Session | Self::Groups)
    }
}

/// A workspace of that kind, and a person without an e-mail address, whom every switch concerns.
async fn world(kind: Kind) -> World {
    let mut manifest = Manifest::of("acme");
    let provider = match kind {
        Kind::Oidc => "kind = \"oidc\"\nissuer = \"{issuer}\"\nrequired_claims = [\"upn\"]",
        Kind::Okta => "kind = \"okta\"\ndomain = \"{issuer}\"\ncustom_domain = true",
    };
    manifest.connections = format!(
        "[[connections]]\nname = \"any\"\n{provider}\nclient_id = \"vestibule+hostile\"\n\
         client_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n"
    );
    let world = World::with(Scheme::Http, &[manifest]).await;
    let removed = ["cip_email", "email"].map(Edit::remove);
    let faults = removed.iter().flat_map(|edit| [Fault::Claims(edit.clone()), Fault::UserInfo(edit.clone())]);
    world.provider.script_all(faults.collect());
    world
}

async fn row(world: &World) -> OrganizationRow {
    let slug = Slug::parse("acme").unwrap();
    organizations::by_slug(world.app().store.readers(), &slug).await.unwrap().unwrap()
}

/// Writes the organisation as `apply` does: beside the running broker, over a connection of its own.
async fn save(world: &World, mut row: OrganizationRow) {
    row.epoch = self::row(world).await.epoch;
    let store = Store::open(world.app().store.path()).await.unwrap();
    let now = world.clock.now();
    let write = store
        .write(move |transaction| Box::pin(async move { organizations::save(transaction, &row, now).await }));
    write.await.unwrap();
    world.settle().await;
}

async fn flip(world: &World, switch: Switch, mut row: OrganizationRow) {
    switch.flip(&mut row.organization);
    let left: Vec<_> = row.organization.connections.iter().map(|one| one.id).collect();
    row.connections.retain(|one| left.contains(&one.id));
    save(world, row).await;
}

/// A session, or one in the making, that needs one step more.
struct Held {
    way: Way,
    browser: Browser,
    /// Where a session in the making stands.
    page: Option<Page>,
}

impl Held {
    async fn prepare(world: &World, way: Way) -> Self {
        let mut browser = world.browser();
        let (host, stop) = match way {
            Way::Application | Way::Session | Way::Groups => {
                world.sign_in(&mut browser).await;
                return Self { way, browser, page: None };
            }
            Way::HandOver => ("acme", WorkspaceRoute::Complete.path().unwrap()),
            Way::Callback => ("acme", "/core/"),
            Way::HandOverOfRoot => ("acme-second", WorkspaceRoute::Complete.path().unwrap()),
            Way::Root => ("acme-second", "/start"),
        };
        if host == "acme-second" {
            world.sign_in(&mut browser).await;
        }
        browser.stop_before(Some(stop));
        let page = browser.open(&world.url(host, "/pending")).await.unwrap();
        assert!(page.location().unwrap().path().starts_with(stop), "{way:?} stands at {:?}", page.location());
        browser.stop_before(None);
        Self { way, browser, page: Some(page) }
    }

    /// The step that is missing.
    async fn step(&mut self, world: &World) -> Page {
        let path = match self.way {
            Way::Application => "/",
            Way::Session => WorkspaceRoute::Session.path().unwrap(),
            Way::Groups => WorkspaceRoute::Groups.path().unwrap(),
            Way::HandOver | Way::HandOverOfRoot | Way::Root | Way::Callback => {
                return self.browser.follow(self.page.as_ref().unwrap()).await.unwrap();
            }
        };
        self.browser.request(Request::get(&world.url("acme", path)).unwrap()).await.unwrap()
    }
}

/// One of every way that this connection has.
async fn prepared(world: &World, connection: &ConnectionPolicy) -> Vec<Held> {
    let mut held = Vec::new();
    for way in ways(connection) {
        held.push(Held::prepare(world, way).await);
    }
    held
}
