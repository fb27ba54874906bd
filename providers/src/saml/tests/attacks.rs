//! The catalogue of attacks, each in every form of signing, each beside a good message that differs in one thing; and noise.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use vestibule_conformance::hostile::saml::{Case, Setting, VICTIM, Verdict, catalogue, mutate};
use vestibule_conformance::saml::{Key, Signing};

use super::world::{NOW, World, alice, certificate, encryption_certificate, key};
use crate::config::{ContextClass, ContextDemand};
use crate::error::SignInError;
use crate::saml::profile::LEEWAY;

static ATTACKER: LazyLock<Arc<Key>> = LazyLock::new(|| Arc::new(Key::generate_rsa(2048).unwrap()));

fn world() -> World {
    let mut world = World::new();
    world.config.force_authn = true;
    world.config.context =
        Some(ContextDemand { class: ContextClass::PasswordProtectedTransport, exact: true });
    world
}

fn cases(world: &World) -> Vec<Case> {
    catalogue(&Setting {
        request: world.request(),
        identity: alice(),
        trusted: key(),
        certificate: certificate(&key(), NOW - 86_400, NOW + 86_400),
        attacker: Arc::clone(&ATTACKER),
        encryption: Some(encryption_certificate()),
        skew: i64::try_from(LEEWAY.as_secs()).unwrap(),
        context: Some(ContextClass::PasswordProtectedTransport.uri().to_owned()),
        forced: true,
    })
}

/// Every value of the person, as a claim would be read: nothing where a claim has two.
fn judged(world: &World, message: &[u8]) -> Result<Vec<String>, SignInError> {
    world.examine(message).outcome.map(|proof| {
        let attributes = &proof.value().attributes;
        let claims = ["cip_sid", "cip_upn", "cip_oid", "cip_email"];
        let values = claims.into_iter().filter_map(|name| attributes.values(name));
        let values = values.flat_map(|one| one.values.iter().cloned());
        values.chain([proof.value().upstream.subject.clone()]).collect()
    })
}

/// A claim that stands twice is refused by the mapping, not here (CLAIM-UPN).
fn is_left_to_mapping(codes: &[&str]) -> bool {
    codes.is_empty()
}

#[test]
fn every_attack_is_refused_for_its_reason_and_every_twin_accepted() {
    let world = world();
    let mut wrong = Vec::new();
    let mut rows: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for case in cases(&world) {
        let outcome = judged(&world, &case.message);
        let row = rows.entry(case.row).or_default();
        let right = match (&case.verdict, &outcome) {
            (Verdict::Accepted, Ok(_)) => {
                row.0 += 1;
                true
            }
            (Verdict::Refused(codes), Ok(_)) => is_left_to_mapping(codes),
            (Verdict::Refused(codes), Err(error)) => {
                row.1 += 1;
                codes.is_empty() || codes.contains(&error.code.as_str())
            }
            (Verdict::Either, _) => true,
            (Verdict::Accepted, Err(_)) => false,
        };
        let forged = outcome.as_ref().is_ok_and(|values| values.iter().any(|value| value.contains(VICTIM)));
        if !right
            || (forged && !matches!(&case.verdict, Verdict::Refused(codes) if is_left_to_mapping(codes)))
        {
            let said = outcome
                .map(|values| values.join(" "))
                .map_err(|error| format!("{} {error}", error.cause.unwrap_or("")));
            wrong.push(format!(
                "{} {} {:?}: expected {:?}, got {said:.300?}",
                case.row, case.name, case.form, case.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows.values().map(|row| row.0 + row.1).sum::<u32>() > 900, "{rows:?}");
}

/// Whatever noise is made of a good message: if it is accepted, it says what was signed (SAML-76).
#[test]
fn noise_never_changes_who_somebody_is() {
    let world = world();
    let signings = [(true, true), (true, false), (false, true)];
    let mut accepted = 0;
    for (response, assertion) in signings {
        let sent = world.sent(&Signing { response, assertion, ..Signing::both(key()) }, |_| {});
        let good = judged(&world, sent.as_bytes()).unwrap();
        for seed in 0..4_000 {
            if let Ok(values) = judged(&world, &mutate(seed, sent.as_bytes())) {
                assert_eq!(values, good, "seed {seed} {response} {assertion}");
                accepted += 1;
            }
        }
    }
    assert!(accepted > 0, "not one mutation was harmless: the mutator only destroys");
}
