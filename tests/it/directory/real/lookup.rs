//! The directory for others: finding people and groups, and everything about one of whom another provider brought a name only
//! (annex c.3; LIB-03, LIB-10).

use std::sync::Arc;

use vestibule_policies::DirectoryName;
use vestibule_policies::name::Slug;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;
use vestibule_providers::directory::{Key, Kind, Listed};
use vestibule_providers::{Provider, SignInError};
use vestibule_tests::counterparts::samba::SERVICE_ACCOUNT;
use vestibule_tests::directory::DirectoryWorld;

use super::both;

/// The provider of the world's connection.
fn provider(world: &DirectoryWorld) -> Arc<dyn Provider> {
    let deployment = world.world.app().deployment.load();
    let tenant = deployment.by_slug(&Slug::parse("acme").unwrap()).unwrap();
    Arc::clone(tenant.provider(tenant.organization.connections[0].id).unwrap())
}

async fn list(
    world: &DirectoryWorld,
    (domain, kind, start): (&str, Kind, &str),
) -> Result<Vec<Listed>, SignInError> {
    let directory = DirectoryName::parse(domain).unwrap();
    provider(world).directory().unwrap().list(&directory, kind, start).await
}

async fn resolve(world: &DirectoryWorld, key: &Key) -> Result<Option<RawAttributes>, SignInError> {
    let seconds = (world.world.clock.seconds())();
    provider(world).directory().unwrap().resolve(key, Timestamp::from_seconds(seconds)).await
}

#[tokio::test]
async fn people_and_groups_are_found_by_how_their_names_begin() {
    let (corp, partner, mut world) = both("").await;
    for (domain, kind, start, expected) in [
        ("corp", Kind::Person, "alice", &["alice"][..]),
        ("corp", Kind::Person, " ALICE.and ", &["alice"]),
        ("corp", Kind::Person, "Alice Anders", &["alice"]),
        ("corp", Kind::Person, "Hëidi (x) Ó, Dónal*", &["heidi"]),
        ("corp", Kind::Person, "nin", &["nina"]),
        ("partner", Kind::Person, "nin", &[]),
        ("corp", Kind::Group, "Rust", &["Rust-Team"]),
        ("corp", Kind::Group, "開発", &["開発部"]),
        ("corp", Kind::Person, "Rust", &[]),
        ("corp", Kind::Group, "alice", &[]),
        ("corp", Kind::Person, "*", &[]),
        ("corp", Kind::Person, "a*e", &[]),
        ("corp", Kind::Person, ")(objectClass=*", &[]),
        ("corp", Kind::Person, "  ", &[]),
    ] {
        let found = list(&world, (domain, kind, start)).await.unwrap();
        let accounts: Vec<_> = found.iter().map(|one| one.account.as_str()).collect();
        assert_eq!(accounts, expected, "{domain}: {start:?}");
        let forest = if domain == "corp" { corp } else { partner };
        assert!(found.iter().all(|one| one.security_id.as_str().starts_with(forest.domain_sid())));
    }
    let many = list(&world, ("corp", Kind::Group, "Many-")).await.unwrap();
    assert_eq!(many.len(), 50, "a long list is to be narrowed");
    let [alice] =
        <[Listed; 1]>::try_from(list(&world, ("corp", Kind::Person, "alice")).await.unwrap()).unwrap();
    assert_eq!(alice.display_name.as_deref(), Some("Alice Andersen"));
    assert_eq!(alice.principal.as_deref(), Some("alice.andersen@mail.corp.example"));
    assert_eq!(alice.security_id.as_str(), corp.account("alice").await.unwrap().security_id);
    assert_eq!(alice.directory.as_str(), "corp");

    let elsewhere = list(&world, ("elsewhere", Kind::Person, "alice")).await.unwrap_err();
    world.domains[0].enabled = false;
    world.apply().await;
    let disabled = list(&world, ("corp", Kind::Person, "alice")).await.unwrap_err();
    assert_eq!([elsewhere.cause, disabled.cause], [Some("domain-disabled"); 2]);
    assert_eq!(list(&world, ("partner", Kind::Person, "alice")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_person_is_resolved_by_upn_or_sid() {
    let (corp, partner, mut world) = both("").await;
    let alice = corp.account("alice").await.unwrap();
    let sid = |text: &str| Key::SecurityId(SecurityId::parse_text(text).unwrap());
    let upn = |text: &str| Key::Principal(text.to_owned());
    for key in [upn("alice.andersen@mail.corp.example"), upn("ALICE@corp.example"), sid(&alice.security_id)] {
        let found = resolve(&world, &key).await.unwrap().unwrap();
        let shown = format!("{found:?}");
        for expected in [
            alice.security_id.as_str(),
            &alice.object_guid,
            "alice.andersen@mail.corp.example",
            "alice@corp.example",
            "Alice Andersen",
            "Rust-Team",
            "Everyone-Staff",
            "Domain Users",
        ] {
            assert!(shown.contains(expected), "{key:?}: {expected}: {shown}");
        }
    }
    let theirs = partner.account("alice").await.unwrap();
    let found = resolve(&world, &sid(&theirs.security_id)).await.unwrap().unwrap();
    assert!(format!("{found:?}").contains("alice.andersen@mail.partner.example"));

    let unknown = format!("{}-999999", corp.domain_sid());
    let group = list(&world, ("corp", Kind::Group, "Rust-Team")).await.unwrap().pop().unwrap();
    for key in [
        upn("nobody@corp.example"),
        upn("alice@elsewhere.example"),
        upn("nina@partner.example"),
        upn("CORP\\alice"),
        upn("alice"),
        upn("*@corp.example"),
        upn(""),
        sid(&unknown),
        sid("S-1-5-21-1-2-3-1104"),
        sid("S-1-5-32-544"),
        Key::SecurityId(group.security_id),
    ] {
        assert!(resolve(&world, &key).await.unwrap().is_none(), "{key:?}");
    }
    for (key, code) in [
        (upn("sam@group.example"), "AD-CREDENTIALS"),
        (upn("carol@corp.example"), "AD-DISABLED"),
        (upn("erin@corp.example"), "AD-ACCOUNT-EXPIRED"),
        (sid(&corp.account("carol").await.unwrap().security_id), "AD-DISABLED"),
    ] {
        let refused = resolve(&world, &key).await.unwrap_err();
        assert_eq!(refused.code.as_str(), code, "{key:?}");
    }
    // Whose password is due is the provider's matter.
    assert!(resolve(&world, &upn("dave@corp.example")).await.unwrap().is_some());
    assert!(resolve(&world, &upn(&format!("{SERVICE_ACCOUNT}@corp.example"))).await.unwrap().is_some());

    world.domains[0].enabled = false;
    world.apply().await;
    for key in [upn("alice@corp.example"), sid(&alice.security_id)] {
        assert!(resolve(&world, &key).await.unwrap().is_none(), "{key:?}: a domain that is switched off");
    }
}
