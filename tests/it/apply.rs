//! `apply` on a running broker: what stands, what stays, what is refused, and how soon a change is felt (interface 1, 5).

mod revocation;

use std::path::{Path, PathBuf};

use http::Method;
use vestibule_broker::apply::{ApplyError, Mode, Outcome, Target, apply};
use vestibule_broker::clock::Clock;
use vestibule_broker::config::{parse_server, read_manifests};
use vestibule_broker::keys;
use vestibule_broker::store::organizations::{self, OrganizationRow};
use vestibule_broker::store::{Store, feed};
use vestibule_conformance::wire::{Browser, Request};
use vestibule_policies::name::Slug;
use vestibule_tests::world::{Manifest, Scheme, World};

/// Applies several manifests in one call, from files, as the command does.
async fn apply_all(world: &World, texts: &[&str], mode: Mode) -> Result<Outcome, ApplyError> {
    let port = world.address().port();
    let server = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\noperator_listen = \"127.0.0.1:9\"\n\
         [outbound]\nallow_private = [\"127.0.0.0/8\"]\n"
    );
    let config = parse_server(&server, Path::new("vestibule.toml"), world.directory()).unwrap();
    let files: Vec<PathBuf> = (0..texts.len()).map(|n| world.directory().join(format!("{n}.toml"))).collect();
    for (file, text) in files.iter().zip(texts) {
        std::fs::write(file, text).unwrap();
    }
    let manifests = read_manifests(&files, &config)?;
    let store = Store::open(&config.store.sqlite).await?;
    let ring = keys::open(&store, &config.master_key).await.unwrap();
    let target = Target { store: &store, keys: &ring, server: &config.server };
    apply(target, manifests, world.clock.now(), mode).await
}

/// The keys that a run changed.
async fn changed(world: &World, text: &str) -> Vec<String> {
    let outcome = apply_all(world, &[text], Mode::Write).await.unwrap();
    outcome.changes.into_iter().map(|change| change.key).collect()
}

/// Expects a refusal for this key, and that nothing was written.
async fn assert_refused(world: &World, texts: &[&str], key: &str, row: &str) {
    let before = standing(world).await;
    let error = apply_all(world, texts, Mode::Write).await.expect_err(row);
    assert!(matches!(error, ApplyError::Faults(_)), "{row}: {error}");
    assert!(error.to_string().contains(&format!("{key}: ")), "{row}: {error}");
    assert_eq!(standing(world).await, before, "{row}: nothing was written");
}

async fn acme(world: &World) -> OrganizationRow {
    let slug = Slug::parse("acme").unwrap();
    organizations::by_slug(world.app().store.readers(), &slug).await.unwrap().unwrap()
}

/// Everything that an apply could have touched.
async fn standing(world: &World) -> (String, i64) {
    let readers = world.app().store.readers();
    let mut rows = Vec::new();
    for (id, _) in organizations::ids(readers).await.unwrap() {
        rows.push(organizations::by_id(readers, id).await.unwrap().unwrap());
    }
    (format!("{rows:?}"), feed::position(readers).await.unwrap())
}

async fn status(browser: &mut Browser, url: &str) -> u16 {
    browser.request(Request::new(Method::GET, url).unwrap()).await.unwrap().status.as_u16()
}

#[tokio::test]
async fn the_same_manifest_again_changes_nothing() {
    let world = World::start().await;
    let before = standing(&world).await;
    let outcome = world.apply(&Manifest::of("acme")).await.unwrap();
    assert_eq!(outcome.changes, []);
    assert_eq!(standing(&world).await, before, "no epoch, no feed, no secret sealed anew");
    assert!(outcome.generated.is_empty());
    let connection = &outcome.connections[0];
    let redirect = world.url("accounts", &format!("/core/login-oidc/{}", connection.id));
    assert_eq!(
        connection.addresses.redirect_uri,
        Some(redirect),
        "and it says what the provider has to be told"
    );
}

#[tokio::test]
async fn a_change_raises_the_epoch_and_keeps_every_id() {
    let world = World::start().await;
    let before = acme(&world).await;
    let mut manifest = Manifest::of("acme");
    manifest.workspace += "admit_groups = [\"any:Staff\"]\n";
    assert_eq!(changed(&world, &manifest.text(&world)).await, ["workspace.admit_groups"]);
    let after = acme(&world).await;
    assert_eq!(after.epoch, before.epoch + 1);
    assert_eq!(after.organization.id, before.organization.id);
    assert_eq!(after.connections, before.connections, "id and sealed secret are as they were");
    assert_eq!(after.signing_key, before.signing_key);
    // A connection of another name is another connection.
    let renamed = manifest
        .text(&world)
        .replace("name = \"any\"", "name = \"other\"")
        .replace("\"any\"\n", "\"other\"\n");
    assert!(changed(&world, &renamed).await.contains(&"connections.other.name".to_owned()));
    assert_ne!(acme(&world).await.connections[0].id, before.connections[0].id);
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let world = World::start().await;
    let before = standing(&world).await;
    let mut manifest = Manifest::of("acme");
    manifest.sessions = "idle = \"5m\"".to_owned();
    let outcome = apply_all(&world, &[&manifest.text(&world)], Mode::DryRun).await.unwrap();
    assert!(
        outcome.changes.iter().all(|change| change.key.starts_with("sessions.subscriber.idle")),
        "{outcome:?}"
    );
    assert!(!outcome.changes.is_empty());
    assert_eq!(standing(&world).await, before);
}

/// Interface 5: a section that is there is owned by the file, one that is absent is left alone.
#[tokio::test]
async fn a_section_that_is_absent_is_left_alone() {
    let mut full = Manifest::of("acme");
    full.sessions = "idle = \"5m\"\nmaximum = \"8h\"".to_owned();
    full.workspace += "admit_groups = [\"any:Staff\"]\n";
    let world = World::with(Scheme::Http, &[full.clone()]).await;
    let before = standing(&world).await;
    let cut = |part: &str| {
        let mut manifest = full.clone();
        match part {
            "sessions" => manifest.sessions.clear(),
            "directories" => manifest.directories.clear(),
            "connections" => manifest.connections.clear(),
            _ => {}
        }
        let text = manifest.text(&world);
        // Without its heading the workspace is absent, routes and all.
        match (part, text.find("[workspace]"), text.find("[[connections]]")) {
            ("workspace", Some(from), Some(to)) => format!("{}{}", &text[..from], &text[to..]),
            _ => text,
        }
    };
    for part in ["sessions", "directories", "connections", "workspace"] {
        assert_eq!(changed(&world, &cut(part)).await, Vec::<String>::new(), "without {part}");
        assert_eq!(standing(&world).await, before, "without {part}");
    }
    // What a section that is there leaves out goes back to its default.
    full.workspace = "authentication = \"any\"\n".to_owned();
    assert_eq!(changed(&world, &full.text(&world)).await, ["workspace.admit_groups"]);
}

/// Interface 5: a stored secret is kept for the address that it was given for, and for no other.
#[tokio::test]
async fn a_stored_secret_is_kept_for_its_own_address_alone() {
    let world = World::start().await;
    let stored = |address: &str| {
        let text = Manifest::of("acme").text(&world);
        let text = text.replace("client_secret = \"s:%+é/\"", "client_secret = { stored = \"kept\" }");
        text.replace(&format!("issuer = \"{}\"", world.provider.issuer()), &format!("issuer = \"{address}\""))
    };
    let before = standing(&world).await;
    assert_eq!(changed(&world, &stored(world.provider.issuer())).await, Vec::<String>::new());
    assert_eq!(standing(&world).await, before);
    world.sign_in(&mut world.browser()).await;
    let elsewhere = format!("{}/elsewhere", world.provider.issuer());
    for (row, text) in [
        ("another address", stored(&elsewhere)),
        ("another spelling of it", stored(&format!("{}/", world.provider.issuer()))),
        ("another connection", stored(world.provider.issuer()).replace("\"any\"", "\"new\"")),
        ("another organisation", stored(world.provider.issuer()).replace("acme", "beta")),
    ] {
        let name = if row == "another connection" { "new" } else { "any" };
        assert_refused(&world, &[&text], &format!("connections.{name}.client_secret"), row).await;
    }
    // Given anew it goes along.
    let anew = stored(&elsewhere).replace("{ stored = \"kept\" }", "\"canary-of-the-new-address\"");
    let outcome = apply_all(&world, &[&anew], Mode::Write).await.unwrap();
    assert!(outcome.changes.iter().any(|change| change.key == "connections.any.authority"), "{outcome:?}");
    let told = serde_json::to_string(&outcome).unwrap();
    assert!(
        told.contains("connections.any.secrets") && !told.contains("canary"),
        "named and not shown: {told}"
    );
}

#[tokio::test]
async fn a_new_secret_is_used_and_never_shown() {
    let world = World::start().await;
    let text = Manifest::of("acme").text(&world).replace("s:%+é/", "canary-7f3a");
    let outcome = apply_all(&world, &[&text], Mode::Write).await.unwrap();
    let shown: Vec<_> = outcome.changes.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["~ acme: connections.any.secrets"]);
    world.settle().await;
    let before = world.audit().await.len();
    let page = world.browser().open(&world.url("acme", "/")).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    world.assert_refused(before, "OIDC-TOKEN-REFUSED").await;
}

#[tokio::test]
async fn several_manifests_are_applied_all_or_none() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut manifest = Manifest::of("acme");
    manifest.workspace += "admit_groups = [\"any:Staff\"]\n";
    let acme = manifest.text(&world);
    let beta = |workspaces: &[&str], workspace: &str| {
        let mut manifest = Manifest::of("beta");
        manifest.workspaces = workspaces.iter().map(|label| (*label).to_owned()).collect();
        workspace.clone_into(&mut manifest.workspace);
        manifest.text(&world)
    };
    let method = "authentication = \"any\"\n";
    for (row, second, key) in [
        ("a host of the other file", beta(&["acme"], method), "organization.workspaces"),
        ("the operator's host", beta(&["console"], method), "organization.workspaces"),
        ("no such method", beta(&["beta"], "authentication = \"none\"\n"), "workspace.authentication"),
        (
            "a key that nobody knows",
            beta(&["beta"], "authentication = \"any\"\nadmit = []\n"),
            "workspace.admit",
        ),
        ("the same organisation twice", acme.clone(), "organization.slug"),
    ] {
        for texts in [[acme.as_str(), second.as_str()], [second.as_str(), acme.as_str()]] {
            assert_refused(&world, &texts, key, row).await;
        }
    }
    let outcome = apply_all(&world, &[&acme, &beta(&["beta"], method)], Mode::Write).await.unwrap();
    assert_eq!(outcome.changes.len(), 2, "the control: {outcome:?}");
}

/// Of two operators at once the second one is told, and overwrites nothing.
#[tokio::test]
async fn whoever_began_from_an_older_state_writes_nothing() {
    let world = World::start().await;
    let older = acme(&world).await;
    let mut manifest = Manifest::of("acme");
    manifest.sessions = "idle = \"5m\"".to_owned();
    world.apply(&manifest).await.unwrap();
    let (before, now) = (standing(&world).await, world.clock.now());
    let store = Store::open(world.app().store.path()).await.unwrap();
    let write = |row: OrganizationRow| {
        store.write(move |transaction| {
            Box::pin(async move { organizations::save(transaction, &row, now).await })
        })
    };
    assert!(write(older).await.is_err());
    assert_eq!(standing(&world).await, before);
    assert!(write(acme(&world).await).await.is_ok(), "the control");
}

#[tokio::test]
async fn references_across_sections_are_checked_against_what_stands() {
    let world = World::start().await;
    let full = Manifest::of("acme").text(&world);
    let heading = &full[..full.find("[[directories]]").unwrap()];
    let connections = &full[full.find("[[connections]]").unwrap()..];
    for (row, text, key) in [
        (
            "no connections, and a method that stands",
            format!("connections = []\n{heading}"),
            "workspace.authentication",
        ),
        (
            "another one, and a method that stands",
            format!("{heading}{}", connections.replace("\"any\"", "\"new\"")),
            "workspace.authentication",
        ),
        (
            "no directories, and a connection that stands",
            format!("directories = []\n{heading}"),
            "connections.any.directories",
        ),
    ] {
        assert_refused(&world, &[&text], key, row).await;
    }
}

/// A host belongs to one organisation; whoever gave it up has no session there any more.
#[tokio::test]
async fn a_host_is_of_one_organisation_at_a_time() {
    let world = World::with(Scheme::Http, &[Manifest::of("acme"), Manifest::of("beta")]).await;
    let mut browser = world.browser();
    let page = browser.open(&world.url("acme-second", "/")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let mut beta = Manifest::of("beta");
    beta.workspaces.push("acme-second".to_owned());
    assert_refused(&world, &[&beta.text(&world)], "organization.workspaces", "a host that is taken").await;
    let mut acme = Manifest::of("acme");
    acme.workspaces.pop();
    world.change(&acme).await;
    assert_eq!(status(&mut browser, &world.url("acme-second", "/.vestibule/session")).await, 421);
    world.change(&beta).await;
    assert_eq!(status(&mut browser, &world.url("acme-second", "/.vestibule/session")).await, 401);
}
