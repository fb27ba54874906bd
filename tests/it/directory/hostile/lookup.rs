//! Looking somebody up by their SID at a directory that lies: what comes has to be the one entry with that SID, at each of its two
//! answers (LDAP-01, LDAP-09, LDAP-16). Whoever believed it would let one person in as another.

use std::sync::Arc;

use vestibule_conformance::hostile::directory::{DirectoryFault as Fault, HostileDirectory};
use vestibule_policies::ClaimNames;
use vestibule_policies::name::Slug;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::directory::Key;
use vestibule_tests::directory::DirectoryWorld;

use super::super::resolve::{says, world};
use super::Way;
use super::stage::{Stage, corp};
use crate::openid::{Outcome, sign_in};

/// What is wrong, after so many good answers, and what has to be said of it.
const LIES: [(Fault, usize, &str); 14] = [
    (Fault::AnotherPersonsEntry, 0, "another entry than S-1-5-21-"),
    (Fault::AnotherPersonsEntry, 1, "is another one's by now"),
    (Fault::TwoEntries, 0, "another entry than S-1-5-21-"),
    (Fault::TwoEntries, 1, "cannot be read"),
    (Fault::SidOfAnotherDomain, 0, "of another domain"),
    (Fault::SidOfAnotherDomain, 1, "of another domain"),
    (Fault::SidWellKnown, 0, "of another domain"),
    (Fault::SidTwice, 0, "objectSid has several values"),
    (Fault::SidMissing, 0, "objectSid is missing"),
    (Fault::EntryRenamed, 0, "cannot be read"),
    (Fault::EntryOutsideBase, 0, "cannot be read"),
    (Fault::EntryOfSomebodyElse, 1, "is another one's by now"),
    (Fault::ControlMissing, 1, "userAccountControl is missing"),
    (Fault::TokensMissing, 1, "cannot be read (tokenGroups)"),
];

async fn resolve(world: &DirectoryWorld, id: &SecurityId) -> Result<Option<RawAttributes>, SignInError> {
    let deployment = world.world.app().deployment.load();
    let tenant = deployment.by_slug(&Slug::parse("acme").expect("a slug")).expect("the organisation");
    let provider = Arc::clone(tenant.provider(tenant.organization.connections[0].id).expect("a provider"));
    let now = Timestamp::from_seconds((world.world.clock.seconds())());
    let key = Key::SecurityId(id.clone());
    provider.directory().expect("a directory").resolve(&key, now).await
}

/// The SID of alice, which is the same at every start.
fn alice() -> SecurityId {
    let people = vestibule_conformance::sandbox::people::People::standard();
    let alice = people.by_username("alice").and_then(|one| one.security_id.clone()).expect("alice");
    SecurityId::parse_text(&alice).expect("a SID")
}

#[tokio::test]
async fn nobody_is_found_by_a_sid_that_is_not_theirs() {
    let stage = Stage::good().await;
    for (fault, good_answers, words) in LIES {
        let name = format!("{fault:?} after {good_answers} good answers");
        stage.spoil(fault, good_answers);
        let refused = resolve(&stage.world, &alice()).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{name}: somebody was found"));
        assert_eq!(refused.code.as_str(), "AD-ANSWER", "{name}: {refused}");
        assert!(refused.reason.contains(words), "{name}: {refused}");
        stage.behave();
        let found = resolve(&stage.world, &alice()).await.expect("an answer").expect("alice");
        let ids = found.values(&ClaimNames::default().sid).expect("a SID");
        assert_eq!(ids.values, [alice().as_str()], "{name}, and good again");
    }
}

/// The same from outside: the provider proves one person, and the directory has another.
#[tokio::test]
async fn a_lying_directory_behind_a_provider_lets_nobody_in() {
    let hostile = HostileDirectory::start(None).await.expect("the directory");
    let world = world(corp(&hostile, Way::Tls)).await;
    let sid = alice();
    says(&world, &[("cip_sid", sid.as_str())]);
    for (fault, good_answers, _) in LIES {
        let name = format!("{fault:?} after {good_answers} good answers");
        hostile.set_after(fault, good_answers);
        match sign_in(&world.world, &name).await {
            Outcome::Refused(code) => assert_eq!(code, "AD-ANSWER", "{name}"),
            outcome @ Outcome::In(_) => panic!("{name}: {outcome:?}"),
        }
        hostile.set(None);
        assert!(matches!(sign_in(&world.world, &name).await, Outcome::In(_)), "{name}, and good again");
    }
}
