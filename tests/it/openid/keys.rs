//! The provider's keys: which are tried, how long they are believed, when they are fetched again
//! (OIDC-RP-06, -07, -10, -19, -21; JWT-02, -03, -10).

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use vestibule_conformance::hostile::{
    Edit, Endpoint, EsForm, Fault, HmacKey, KeyFault, Misbehaviour, Signing,
};
use vestibule_tests::world::World;

use super::issuer::findings;
use super::{calls, sign_in};

const HOUR: u32 = 3600;
/// How many come at once.
const MANY: usize = 8;

/// The provider lets both documents be kept for so long.
fn kept_for(seconds: u32) -> Vec<Fault> {
    vec![Fault::MaxAge(Endpoint::Discovery, seconds), Fault::MaxAge(Endpoint::Keys, seconds)]
}

fn with(mut faults: Vec<Fault>, more: Fault) -> Vec<Fault> {
    faults.push(more);
    faults
}

#[tokio::test]
async fn a_token_without_a_kid_is_tried_with_four_keys_at_most() {
    let world = World::start().await;
    let no_kid = || Fault::Header(Edit::remove("kid"));
    let decoys = |count| Fault::Keys(KeyFault::Decoys(count));
    for (row, faults, code) in [
        ("OIDC-RP-06: the only key", vec![no_kid()], "in"),
        ("OIDC-RP-07: the last of four keys", vec![no_kid(), decoys(3)], "in"),
        ("OIDC-RP-07: the last of five keys", vec![no_kid(), decoys(4)], "OIDC-KEY-UNKNOWN"),
        ("OIDC-RP-07: the last of five keys, named", vec![decoys(4)], "in"),
        (
            "OIDC-RP-07: four keys, none of which signed",
            vec![no_kid(), decoys(3), Fault::Signing(Signing::BadRs256)],
            "OIDC-SIGNATURE",
        ),
    ] {
        world.provider.script_all(faults);
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
}

/// The catalogue's provider announces RS256 alone, so that other algorithms fall before their signature is looked at. Here
/// it announces what it signs with.
#[tokio::test]
async fn an_announced_algorithm_is_taken_with_a_good_signature_only() {
    let world = World::start().await;
    let announced = ["none", "HS256", "RS256", "PS256", "ES256", "EdDSA"];
    let announce = Fault::Discovery(Edit::set("id_token_signing_alg_values_supported", json!(announced)));
    for (row, signing, code) in [
        ("JWT-10: ES256", Signing::Es256, "in"),
        ("JWT-10: EdDSA", Signing::EdDsa, "in"),
        ("OIDC-RP-10: ES256, bad signature", Signing::BadEs256, "OIDC-SIGNATURE"),
        ("JWT-10: ES256 in DER", Signing::Es256Form(EsForm::Der), "OIDC-SIGNATURE"),
        ("JWT-10: ES256 in 65 octets", Signing::Es256Form(EsForm::SixtyFive), "OIDC-SIGNATURE"),
        ("JWT-10: ES256 with r and s zero", Signing::Es256Form(EsForm::Zero), "OIDC-SIGNATURE"),
        ("JWT-10: ES256 with r and s the order", Signing::Es256Form(EsForm::Order), "OIDC-SIGNATURE"),
        ("JWT-09: ES256 by a point off the curve", Signing::Es256OffCurve, "OIDC-KEY-UNKNOWN"),
        ("JWT-03: PS256 said, PKCS #1 done, key for RS256", Signing::Pkcs1UnderPs256, "OIDC-KEY-UNKNOWN"),
        ("JWT-03: RS256 said, PSS done", Signing::PssUnderRs256, "OIDC-SIGNATURE"),
        ("JWT-02: HS256 with the public key in PEM", Signing::Hs256(HmacKey::Pem), "OIDC-ALGORITHM"),
        ("JWT-09: HS256 with a published oct key", Signing::Hs256(HmacKey::PublishedOct), "OIDC-ALGORITHM"),
        ("OIDC-RP-10: HS256 with the client secret", Signing::Hs256(HmacKey::ClientSecret), "OIDC-ALGORITHM"),
        ("OIDC-RP-09: none", Signing::Unsigned("none"), "OIDC-TOKEN"),
    ] {
        // No at_hash: Core §3.1.3.6 leaves open which digest is EdDSA's.
        let no_hash = Fault::Claims(Edit::remove("at_hash"));
        world.provider.script_all(vec![announce.clone(), no_hash, Fault::Signing(signing)]);
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
}

/// JWT-02: the key set holds an EC key and ES256 is announced; whoever lets the token choose takes that key for a secret.
#[tokio::test]
async fn a_public_ec_key_is_no_secret() {
    let world = World::start().await;
    let forms = [HmacKey::EcPem, HmacKey::EcDer, HmacKey::EcJwk, HmacKey::EcPoint];
    for announced in [vec!["ES256"], vec!["RS256", "ES256"], vec!["HS256", "ES256"]] {
        let announce = Fault::Discovery(Edit::set("id_token_signing_alg_values_supported", json!(announced)));
        world.provider.script_all(vec![announce.clone(), Fault::Signing(Signing::Es256)]);
        assert_eq!(sign_in(&world, "ES256, good").await.code(), "in", "JWT-02: {announced:?}");
        for form in forms {
            let row = format!("JWT-02: {form:?}, announced {announced:?}");
            world.provider.script_all(vec![announce.clone(), Fault::Signing(Signing::Hs256(form))]);
            assert_eq!(sign_in(&world, &row).await.code(), "OIDC-ALGORITHM", "{row}");
            // The same letters under the algorithm that the key is for are no signature.
            let said = Fault::Header(Edit::set("alg", "ES256"));
            world.provider.script_all(vec![announce.clone(), Fault::Signing(Signing::Hs256(form)), said]);
            assert_eq!(sign_in(&world, &row).await.code(), "OIDC-SIGNATURE", "{row}, as ES256");
        }
    }
}

/// JWT-09: a key that is left out is named to whoever runs `vestibule check`, with the reason.
#[tokio::test]
async fn check_names_each_key_that_is_left_out() {
    let world = World::start().await;
    let private = Edit::set("d", "AQAB");
    for (row, fault, usable, left_out) in [
        ("good keys", None, Some(1), None),
        ("one more good key", Some(Fault::Signing(Signing::Es256)), Some(2), None),
        ("1024 bits", Some(Fault::Signing(Signing::WeakRsa)), Some(1), Some("weak-1")),
        ("exponent 3", Some(Fault::Signing(Signing::ExponentThree)), Some(1), Some("three-1")),
        ("off the curve", Some(Fault::Signing(Signing::Es256OffCurve)), Some(1), Some("hostile-ec-1")),
        ("oct", Some(Fault::Signing(Signing::Hs256(HmacKey::PublishedOct))), Some(1), Some("hostile-oct-1")),
        ("private", Some(Fault::Keys(KeyFault::Member(private))), None, Some("hostile-1")),
    ] {
        world.provider.script_all(fault.into_iter().collect());
        let findings = findings(&world).await;
        let keys = findings.iter().find(|finding| finding.check == "keys").expect("the keys are looked at");
        assert_eq!(keys.code, usable.is_none().then_some("OIDC-KEYS"), "JWT-09: {row}: {}", keys.detail);
        let count = usable.map_or("no usable key".to_owned(), |count| format!("{count} usable"));
        assert!(keys.detail.starts_with(&count), "JWT-09: {row}: {}", keys.detail);
        match left_out {
            None => assert!(!keys.detail.contains("left out"), "JWT-09: {row}: {}", keys.detail),
            Some(kid) => {
                let (_, reason) = keys.detail.split_once(&format!("left out: {kid}: ")).unwrap_or_default();
                assert!(!reason.is_empty(), "JWT-09: {row}: {}", keys.detail);
            }
        }
    }
}

#[tokio::test]
async fn documents_are_kept_as_long_as_the_provider_says_and_an_hour_at_most() {
    for (row, max_age, believed) in [
        ("OIDC-RP-19: one minute", 60, 60),
        ("OIDC-RP-19: a day is cut to an hour", 24 * HOUR, u64::from(HOUR)),
    ] {
        let world = World::start().await;
        world.provider.script_all(kept_for(max_age));
        sign_in(&world, row).await;
        world.clock.advance(Duration::from_secs(believed - 1));
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), "in", "{row}");
        assert_eq!(
            (calls(&world, Endpoint::Discovery), calls(&world, Endpoint::Keys)),
            (0, 0),
            "{row}: still good"
        );
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(sign_in(&world, row).await.code(), "in", "{row}");
        assert_eq!(
            (calls(&world, Endpoint::Discovery), calls(&world, Endpoint::Keys)),
            (1, 1),
            "{row}: too old"
        );
    }
}

#[tokio::test]
async fn what_must_not_be_kept_is_fetched_for_every_sign_in() {
    let world = World::start().await;
    for row in ["OIDC-RP-19: the first", "OIDC-RP-19: the second"] {
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), "in", "{row}");
        assert!(calls(&world, Endpoint::Discovery) >= 1 && calls(&world, Endpoint::Keys) == 1, "{row}");
    }
}

#[tokio::test]
async fn keys_are_fetched_from_where_the_latest_discovery_says() {
    let world = World::start().await;
    let keys_kept = Fault::MaxAge(Endpoint::Keys, HOUR);
    world.provider.script_all(vec![keys_kept.clone()]);
    assert_eq!(sign_in(&world, "OIDC-RP-19: the first address").await.code(), "in");
    let first = world.provider.calls_to(Endpoint::Keys).pop().expect("the keys").path;
    let elsewhere = Edit::set("jwks_uri", format!("{}{first}?run=2", world.provider.issuer()));
    world.provider.script_all(vec![keys_kept, Fault::Discovery(elsewhere)]);
    world.provider.forget_calls();
    // The keys of the first address are fresh, but they are not those of the second.
    assert_eq!(sign_in(&world, "OIDC-RP-19: the second address").await.code(), "in");
    let queries: Vec<String> =
        world.provider.calls_to(Endpoint::Keys).into_iter().map(|call| call.query).collect();
    assert_eq!(queries, ["run=2"]);
}

#[tokio::test]
async fn a_rotated_key_costs_one_fetch_and_no_sign_in() {
    let world = World::start().await;
    world.provider.script_all(kept_for(HOUR));
    assert_eq!(sign_in(&world, "OIDC-RP-21: before").await.code(), "in");
    world.provider.rotate();
    world.provider.forget_calls();
    assert_eq!(sign_in(&world, "OIDC-RP-21: after").await.code(), "in");
    assert_eq!(sign_in(&world, "OIDC-RP-21: once more").await.code(), "in");
    assert_eq!((calls(&world, Endpoint::Keys), calls(&world, Endpoint::Discovery)), (1, 0));
}

#[tokio::test]
async fn unknown_keys_are_looked_up_once_a_minute() {
    let world = World::start().await;
    world.provider.script_all(kept_for(HOUR));
    sign_in(&world, "OIDC-RP-21: the keys are known").await;
    world.provider.script_all(with(kept_for(HOUR), Fault::Header(Edit::set("kid", "invented"))));
    world.provider.forget_calls();
    for (row, wait, fetches) in [
        ("OIDC-RP-21: the first invented key", 0, 1),
        ("OIDC-RP-21: the second", 0, 1),
        ("OIDC-RP-21: after 59 s", 59, 1),
        ("OIDC-RP-21: after a minute", 1, 2),
        ("OIDC-RP-21: and no more", 0, 2),
    ] {
        world.clock.advance(Duration::from_secs(wait));
        assert_eq!(sign_in(&world, row).await.code(), "OIDC-KEY-UNKNOWN", "{row}");
        assert_eq!(calls(&world, Endpoint::Keys), fetches, "{row}");
    }
    world.provider.script_all(kept_for(HOUR));
    assert_eq!(sign_in(&world, "OIDC-RP-21: the good key is still known").await.code(), "in");
    assert_eq!(calls(&world, Endpoint::Keys), 2);
}

#[tokio::test]
async fn many_sign_ins_at_once_share_one_fetch() {
    let world = World::start().await;
    // Slow enough for all of them to wait for the same answer.
    let slow = |endpoint| Fault::Endpoint(endpoint, Misbehaviour::Slow(300));
    world
        .provider
        .script_all([kept_for(HOUR), vec![slow(Endpoint::Discovery), slow(Endpoint::Keys)]].concat());
    assert_eq!(at_once(&world).await, vec![200; MANY], "cold");
    assert_eq!((calls(&world, Endpoint::Discovery), calls(&world, Endpoint::Keys)), (1, 1), "cold");
    world.provider.rotate();
    world.provider.forget_calls();
    assert_eq!(at_once(&world).await, vec![200; MANY], "after a rotation");
    assert_eq!(
        (calls(&world, Endpoint::Discovery), calls(&world, Endpoint::Keys)),
        (0, 1),
        "after a rotation"
    );
}

#[tokio::test]
async fn a_key_set_that_is_away_does_not_take_the_known_keys_with_it() {
    let world = World::start().await;
    world.provider.script_all(kept_for(HOUR));
    assert_eq!(sign_in(&world, "the keys are known").await.code(), "in");
    let away = Fault::Endpoint(Endpoint::Keys, Misbehaviour::Status(503));
    let invented = Fault::Header(Edit::set("kid", "invented"));
    world.provider.script_all(with(with(kept_for(HOUR), away.clone()), invented));
    assert_eq!(sign_in(&world, "an unknown key, the key set is away").await.code(), "OIDC-KEYS");
    world.provider.script_all(with(kept_for(HOUR), away));
    assert_eq!(sign_in(&world, "a known key, the key set is away").await.code(), "in");
}

/// Many browsers side by side; the status that each ends with.
async fn at_once(world: &World) -> Vec<u16> {
    let address: Arc<str> = world.url("acme", "/").into();
    let mut tasks = JoinSet::new();
    for _ in 0..MANY {
        let (mut browser, address) = (world.browser(), Arc::clone(&address));
        tasks.spawn(async move { browser.open(&address).await.expect("the sign-in").status.as_u16() });
    }
    tasks.join_all().await
}
