//! Real domain controllers: two forests by Samba, each on a loopback address of its own.
//!
//! [`refuse`] is one attempt of a fresh browser, held against the same rule each time: no session, one event, nothing at the application.

mod account;
mod changing;
mod checking;
mod claims;
mod controllers;
mod doors;
mod forests;
mod load;
mod lookup;
mod names;
mod relay;
mod standing;
mod states;

use vestibule_conformance::wire::Page;
use vestibule_tests::counterparts::samba::{Forest, Realm};
use vestibule_tests::directory::{DirectoryWorld, Domain};

const KIND: &str = "active-directory";

/// A broker before the domain of the forest that the tests of this process share.
async fn corp(lines: &str) -> (&'static Forest, DirectoryWorld) {
    let forest = Forest::shared(Realm::Corp).await.unwrap();
    (forest, DirectoryWorld::start(KIND, vec![Domain::of(forest)], lines).await)
}

/// A broker before both.
async fn both(lines: &str) -> (&'static Forest, &'static Forest, DirectoryWorld) {
    let (corp, partner) = Forest::both().await.unwrap();
    let domains = vec![Domain::of(corp), Domain::of(partner)];
    (corp, partner, DirectoryWorld::start(KIND, domains, lines).await)
}

/// What became of somebody who was not let in.
#[derive(Debug)]
struct Refused {
    page: Page,
    code: String,
    /// As the administrator reads it.
    cause: Option<String>,
    reason: String,
}

impl Refused {
    /// Code and cause.
    fn why(&self) -> (&str, &str) {
        (&self.code, self.cause.as_deref().unwrap_or_default())
    }
}

/// An attempt that fails.
async fn refuse(world: &DirectoryWorld, name: &str, password: &str) -> Refused {
    let before = world.world.audit().await.len();
    let mut browser = world.world.browser();
    let page = world.type_in(&mut browser, name, password).await;
    assert!(!world.world.has_session(&mut browser, "acme").await, "{name:?}");
    assert_eq!(world.world.application.received().len(), 0, "{name:?}");
    refusal_since(world, before, page).await
}

/// The one event since then, which is a refusal.
async fn refusal_since(world: &DirectoryWorld, before: usize, page: Page) -> Refused {
    let mut new = world.world.audit().await.split_off(before);
    let refused =
        new.pop().unwrap_or_else(|| panic!("nothing in the audit: {} {}", page.status, page.text()));
    assert!(new.is_empty() && refused.event == "sign-in.refused", "{new:?} {refused:?}");
    let text = |field: &str| refused.details[field].as_str().map(str::to_owned);
    Refused {
        page,
        code: refused.code.clone().unwrap_or_default(),
        cause: text("cause"),
        reason: text("reason").unwrap_or_default(),
    }
}
