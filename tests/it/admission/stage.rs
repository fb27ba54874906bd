//! A world of each kind, and its organisation as an operator changes it.

use vestibule_broker::clock::Clock;
use vestibule_broker::store::Store;
use vestibule_broker::store::organizations::{self, OrganizationRow};
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_policies::admission::Switch;
use vestibule_policies::name::Slug;
use vestibule_tests::world::{Manifest, Scheme, World};

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Oidc,
    Okta,
}

/// A workspace of that kind, and a person without an e-mail address, whom every switch concerns.
pub(super) async fn world(kind: Kind) -> World {
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

pub(super) async fn row(world: &World) -> OrganizationRow {
    let slug = Slug::parse("acme").unwrap();
    organizations::by_slug(world.app().store.readers(), &slug).await.unwrap().unwrap()
}

/// Writes the organisation as `apply` does: beside the running broker, over a connection of its own.
pub(super) async fn save(world: &World, mut row: OrganizationRow) {
    row.epoch = self::row(world).await.epoch;
    let store = Store::open(world.app().store.path()).await.unwrap();
    let now = world.clock.now();
    let write = store
        .write(move |transaction| Box::pin(async move { organizations::save(transaction, &row, now).await }));
    write.await.unwrap();
    world.settle().await;
}

pub(super) async fn flip(world: &World, switch: Switch, mut row: OrganizationRow) {
    switch.flip(&mut row.organization);
    let left: Vec<_> = row.organization.connections.iter().map(|one| one.id).collect();
    row.connections.retain(|one| left.contains(&one.id));
    save(world, row).await;
}
