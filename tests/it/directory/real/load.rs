//! Two hundred people at once: at most sixteen connections, and none too many afterwards.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio::time::Instant;
use vestibule_broker::outbound::{Outbound, Reach};
use vestibule_certs::secret::Secret;
use vestibule_certs::trust::Trust;
use vestibule_policies::security_id::DomainSid;
use vestibule_policies::time::Timestamp;
use vestibule_policies::{DirectoryName, code::Code};
use vestibule_providers::config::{ControllerAddress, DirectoryConfig, DirectorySecurity, DomainConfig};
use vestibule_providers::directory::{AUTHORITY, DirectoryProvider};
use vestibule_providers::ports::{Gate, Judged};
use vestibule_providers::step::{Context, Freshness, Seed};
use vestibule_providers::{Answer, DomainEquipment, Provider, SignInError, Step};
use vestibule_tests::counterparts::samba::{Forest, Realm, SERVICE_ACCOUNT, SERVICE_PASSWORD, password_of};

use super::relay::Relay;

/// Nobody counts here.
struct Open;

#[async_trait]
impl Gate for Open {
    async fn reserve(&self, _: &str) -> Result<(), SignInError> {
        Ok(())
    }

    async fn settle(&self, _: &str, _: Judged) {}
}

fn provider(corp: &Forest, relay: &Relay) -> DirectoryProvider {
    let reach = Reach {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        forbidden: Vec::new(),
        dns: vec![relay.dns()],
    };
    let config = DirectoryConfig {
        default_domain: None,
        recheck_ms: None,
        lockout_attempts: 5,
        lockout_window_ms: 60_000,
        domains: vec![DomainConfig {
            directory: DirectoryName::parse("corp").unwrap(),
            name: "corp.example".to_owned(),
            netbios: None,
            enabled: true,
            servers: vec![ControllerAddress {
                security: DirectorySecurity::Tls,
                host: corp.first().host().to_owned(),
                port: relay.port(),
            }],
            trust: None,
            bind_user: format!("{SERVICE_ACCOUNT}@corp.example"),
        }],
    };
    let equipment = DomainEquipment {
        upn_suffixes: Vec::new(),
        domain_sid: DomainSid::parse(corp.domain_sid()).unwrap(),
        bind_password: Secret::new(SERVICE_PASSWORD.to_owned()),
        wire: Outbound::new(reach).wire(&Trust::from_pem(corp.ca_pem().as_bytes()).unwrap()).unwrap(),
    };
    DirectoryProvider::new(&config, AUTHORITY, vec![equipment])
}

async fn sign_in(provider: &DirectoryProvider, name: &str, password: &str) -> Result<Step, SignInError> {
    let seed = Seed::from_bytes([7; Seed::LENGTH]);
    let now = Timestamp::from_seconds(1_800_000_000);
    let context = Context {
        now,
        seed: &seed,
        state: "",
        redirect_uri: "",
        entity_id: "",
        started: now,
        freshness: Freshness::Any,
        gate: Some(&Open),
    };
    let answer = Answer::Password { name: name.to_owned(), password: Secret::new(password.to_owned()) };
    provider.advance(&context, answer).await
}

#[tokio::test]
async fn two_hundred_at_once_share_sixteen_connections() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let relay = Relay::before(corp.first()).await;
    let provider = Arc::new(provider(corp, &relay));
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
