//! Two hundred people at once: at most sixteen connections, and none too many afterwards.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use vestibule_policies::code::Code;
use vestibule_providers::Step;
use vestibule_tests::counterparts::samba::{Forest, Realm, password_of};
use vestibule_tests::directory::alone::{provider, sign_in};

use super::relay::Relay;

#[tokio::test]
async fn two_hundred_at_once_share_sixteen_connections() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let relay = Relay::before(corp.first()).await;
    let servers = [(corp.first().host(), relay.port())];
    let provider = Arc::new(provider(corp, &servers, vec![relay.dns()]));
    let (start, mut people, mut longest) = (Instant::now(), JoinSet::new(), Duration::ZERO);
    for number in 0..200 {
        let provider = Arc::clone(&provider);
        people.spawn(async move {
            let login = if number % 2 == 0 { "alice" } else { "bob" };
            // One in ten is nobody.
            let name = if number % 10 == 0 {
                "nobody@corp.example".to_owned()
            } else {
                format!("{login}@corp.example")
            };
            let outcome = sign_in(&provider, &name, &password_of(login)).await;
            match outcome {
                Ok(Step::Done(_)) => assert_ne!(number % 10, 0),
                Err(error) => assert_eq!((error.code, number % 10), (Code::AdCredentials, 0), "{error}"),
                other => panic!("{other:?}"),
            }
            start.elapsed()
        });
    }
    while let Some(took) = people.join_next().await {
        longest = longest.max(took.unwrap());
    }
    let most = relay.counts.most.load(SeqCst);
    println!(
        "200 at once: {longest:?}, {most} connections at most, {} since the start",
        relay.counts.connections.load(SeqCst)
    );
    assert!(most <= 16, "{most}");
    assert!(provider.open_connections() <= 16, "{}", provider.open_connections());
    assert_eq!(relay.counts.open.load(SeqCst), provider.open_connections(), "none is forgotten");
    // One after the other needs no more than one for each purpose, and makes no new ones.
    let before = relay.connections();
    for _ in 0..20 {
        assert!(matches!(
            sign_in(&provider, "alice@corp.example", &password_of("alice")).await,
            Ok(Step::Done(_))
        ));
    }
    assert_eq!(relay.connections(), before);

    // What the groups of somebody cost, whose names are known and not known.
    for (login, first) in
        [("alice", false), ("monica", true), ("monica", false), ("nina", true), ("nina", false)]
    {
        let (turns, start) = (relay.turns(), Instant::now());
        let name = format!("{login}@corp.example");
        assert!(matches!(sign_in(&provider, &name, &password_of(login)).await, Ok(Step::Done(_))));
        let turns = relay.turns() - turns;
        println!(
            "{login}, names of groups {}: {turns} round trips, {:?}",
            if first { "unknown" } else { "known" },
            start.elapsed()
        );
        assert!(if first { turns <= 3 + 8 } else { turns == 3 }, "{login}: {turns}");
    }
    drop(provider);
    let gone = async {
        while relay.counts.open.load(SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.expect("connections outlive their provider");
}
