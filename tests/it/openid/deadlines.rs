//! A provider that says nothing: every wait has an end, and many who wait do not wait for one another (OIDC-RP-41, OPS-05).
//!
//! The deadline of ten seconds is real time, so these few run side by side in one test.

use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_conformance::hostile::{Endpoint, Fault, Misbehaviour};
use vestibule_tests::world::World;

use super::sign_in;

/// The outbound deadline, and as much again for a machine that is busy.
const BOUND: Duration = Duration::from_secs(20);
/// How many wait for the same silence.
const MANY: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_says_nothing_costs_one_deadline() {
    let rows = [
        (Endpoint::Token, Misbehaviour::Stalled, "OIDC-TOKEN-ENDPOINT"),
        (Endpoint::Token, Misbehaviour::Silent, "OIDC-TOKEN-ENDPOINT"),
        (Endpoint::Discovery, Misbehaviour::Stalled, "OIDC-DISCOVERY"),
        (Endpoint::Keys, Misbehaviour::Silent, "OIDC-KEYS"),
        (Endpoint::Keys, Misbehaviour::Stalled, "OIDC-KEYS"),
        (Endpoint::UserInfo, Misbehaviour::Silent, "OIDC-USERINFO"),
        (Endpoint::UserInfo, Misbehaviour::Stalled, "OIDC-USERINFO"),
    ];
    let mut tasks = JoinSet::new();
    for (endpoint, way, code) in rows {
        tasks.spawn(one_waits(endpoint, way, code));
    }
    tasks.spawn(many_wait(Endpoint::Discovery));
    tasks.spawn(many_wait(Endpoint::Keys));
    tasks.join_all().await;
}

async fn one_waits(endpoint: Endpoint, way: Misbehaviour, code: &'static str) {
    let row = format!("OIDC-RP-41: {endpoint:?} is {way:?}");
    let world = World::start().await;
    world.provider.script(Fault::Endpoint(endpoint, way));
    let outcome = tokio::time::timeout(BOUND, sign_in(&world, &row)).await;
    assert_eq!(outcome.unwrap_or_else(|_| panic!("{row}: no answer within {BOUND:?}")).code(), code, "{row}");
    world.provider.behave();
    assert_eq!(sign_in(&world, &row).await.code(), "in", "{row}: and afterwards");
}

/// Six browsers at once: the last of them waits no longer than the first.
async fn many_wait(endpoint: Endpoint) {
    let world = World::start().await;
    world.provider.script(Fault::Endpoint(endpoint, Misbehaviour::Silent));
    let mut tasks = JoinSet::new();
    for _ in 0..MANY {
        let (mut browser, address) = (world.browser(), world.url("acme", "/"));
        tasks.spawn(async move { browser.open(&address).await.expect("the page").status.as_u16() });
    }
    let all = tokio::time::timeout(BOUND, tasks.join_all()).await;
    assert_eq!(all.expect("all of them within one deadline"), vec![502; MANY], "OPS-05: {endpoint:?}");
}
