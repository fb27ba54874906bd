//! A browser that stands one step before a session, in every way.

use vestibule_broker::http::route::WorkspaceRoute;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_tests::world::World;

use super::ways::{Way, ways};

/// A session, or one in the making, that needs one step more.
pub(super) struct Held {
    pub(super) way: Way,
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
    pub(super) async fn step(&mut self, world: &World) -> Page {
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
pub(super) async fn prepared(world: &World, connection: &ConnectionPolicy) -> Vec<Held> {
    let mut held = Vec::new();
    for way in ways(connection) {
        held.push(Held::prepare(world, way).await);
    }
    held
}
