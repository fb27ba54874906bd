//! Every switch of admission against every way in which a session is used or made: a test made from the code.
//!
//! What makes this class of product fail is one path that forgets one switch. Neither list is written here: the switches
//! are [`Switch::ALL`], the ways follow from the typed routes and what each demands. A route that is added does not
//! compile here until it says which ways lead through it, and fails here until one of them is walked.

use std::sync::Arc;

use tokio::task::JoinSet;
use vestibule_broker::http::route::{AccountsRoute, Demands, WorkspaceRoute};
use vestibule_broker::signin::callback;
use vestibule_broker::store::Store;
use vestibule_broker::store::organizations::{self, OrganizationRow};
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::admission::Switch;
use vestibule_policies::name::Slug;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_tests::world::{Manifest, Scheme, World};

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
        | WorkspaceRoute::Reserved => &[],
    }
}

fn ways_of_accounts(route: &AccountsRoute) -> &'static [Way] {
    match route {
        AccountsRoute::Start => &[Way::Root],
        AccountsRoute::OktaCallback | AccountsRoute::OidcCallback(_) => &[Way::Callback],
        AccountsRoute::KeySet(_) => &[],
    }
}

/// Every accounts route. Each names the next, so that a new one does not compile until it stands in the chain.
fn accounts_routes(connection: &ConnectionPolicy) -> Vec<AccountsRoute> {
    let next = |route: &AccountsRoute| match route {
        AccountsRoute::Start => Some(AccountsRoute::OktaCallback),
        AccountsRoute::OktaCallback => Some(AccountsRoute::OidcCallback(connection.id)),
        AccountsRoute::OidcCallback(_) => Slug::parse("acme").ok().map(AccountsRoute::KeySet),
        AccountsRoute::KeySet(_) => None,
    };
    std::iter::successors(Some(AccountsRoute::Start), next).collect()
}

/// The ways that a workspace with this connection has.
fn ways(connection: &ConnectionPolicy) -> Vec<Way> {
    let own = callback::route_of(connection);
    let reached = |route: &AccountsRoute| ways_of_accounts(route) != [Way::Callback] || *route == own;
    let workspace = WorkspaceRoute::ALL.into_iter().flat_map(ways_of_workspace).copied();
    let accounts = accounts_routes(connection).into_iter().filter(reached);
    workspace.chain(accounts.flat_map(|route| ways_of_accounts(&route).to_vec())).collect()
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Oidc,
    Okta,
}

const KINDS: [Kind; 2] = [Kind::Oidc, Kind::Okta];

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
    world.provider.script(Fault::Claims(Edit::remove("cip_email")));
    world
}

async fn row(world: &World) -> OrganizationRow {
    let rows = organizations::all(world.app().store.readers()).await.unwrap();
    rows.into_iter().next().unwrap()
}

/// Writes the organisation as `apply` does: beside the running broker, over a connection of its own.
async fn save(world: &World, row: OrganizationRow) {
    let store = Store::open(world.app().store.path()).await.unwrap();
    let now = vestibule_broker::clock::Clock::now(&world.clock);
    let written = store
        .write(move |transaction| Box::pin(async move { organizations::save(transaction, &row, now).await }));
    written.await.unwrap();
    world.settle().await;
}

async fn flip(world: &World, switch: Switch) {
    let mut row = row(world).await;
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

#[tokio::test]
async fn probe() {
    for kind in KINDS {
        for switch in Switch::ALL {
            let world = world(kind).await;
            let connection = row(&world).await.organization.connections[0].clone();
            let mut held = Vec::new();
            for way in ways(&connection) { held.push(Held::prepare(&world, way).await); }
            flip(&world, switch).await;
            for mut one in held {
                let before = world.audit().await.len();
                let page = one.step(&world).await;
                let events: Vec<_> = world.audit().await[before..].iter().map(|e| format!("{} {:?}", e.event, e.code)).collect();
                println!("{kind:?} {switch:?} {:?} {} {:?} hops {}", one.way, page.status, events, page.hops.len());
            }
        }
    }
}
