//! Two controllers of one domain, of which one misbehaves (LDAP-19): the other one takes over, within two seconds for whoever finds
//! out, and at once for those who come after.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use vestibule_conformance::hostile::directory::{DirectoryFault as Fault, HostileDirectory};
use vestibule_tests::directory::{DirectoryWorld, Domain};

use super::Way;
use super::stage::corp;

/// What is no answer to anybody, so that another controller is asked: (the fault, good answers before it).
const AWAY: [(Fault, usize); 10] = [
    (Fault::RefusesConnections, 0),
    (Fault::NeverAnswers, 0),
    (Fault::ClosesAfterTls, 0),
    (Fault::PlainInsteadOfTls, 0),
    (Fault::CertificateExpired, 0),
    (Fault::Slow(30_000), 0),
    (Fault::HalfThenSilence, 1),
    (Fault::ClosesInBind, 0),
    (Fault::NoticeInstead, 0),
    (Fault::HugeValue, 0),
];

struct Pair {
    world: DirectoryWorld,
    first: HostileDirectory,
    second: HostileDirectory,
}

impl Pair {
    async fn start() -> Self {
        let first = HostileDirectory::start(None).await.expect("a directory");
        let second = HostileDirectory::start(None).await.expect("another one");
        let (one, other) = (corp(&first, Way::Tls), corp(&second, Way::Tls));
        let both = Domain {
            servers: [one.servers.clone(), other.servers].concat(),
            ca_pem: format!("{}{}", one.ca_pem, other.ca_pem),
            ..one
        };
        let world = DirectoryWorld::start("active-directory", vec![both], "").await;
        Self { world, first, second }
    }

    async fn sign_in(&self) -> Duration {
        let accounts = self.first.directory().accounts();
        let password = &accounts.iter().find(|one| one.username == "alice").expect("alice").password;
        let mut browser = self.world.world.browser();
        let start = Instant::now();
        self.world.sign_in(&mut browser, "alice@corp.example", password).await;
        start.elapsed()
    }
}

#[tokio::test]
async fn another_controller_takes_over() {
    let mut tried = JoinSet::new();
    for (fault, good_answers) in AWAY {
        tried.spawn(async move {
            let pair = Pair::start().await;
            pair.first.set_after(fault, good_answers);
            let found_out = pair.sign_in().await;
            // A step is given up after 1.2 s; a debug build on a busy machine takes its own time beside that.
            assert!(found_out < Duration::from_millis(3_500), "{fault:?}: {found_out:?}");
            let after = pair.sign_in().await;
            assert!(after < Duration::from_millis(2_500), "{fault:?}: {after:?}");
            assert!(pair.second.seen().binds.len() >= 2, "{fault:?}: the second one answered");
        });
    }
    tried.join_all().await;
}

/// What is an answer, however bad, is the domain's answer: a second controller would only count a second wrong password.
#[tokio::test]
async fn a_refusal_is_final() {
    let pair = Pair::start().await;
    let mut browser = pair.world.world.browser();
    let page = pair.world.type_in(&mut browser, "alice@corp.example", "not it").await;
    assert_eq!(page.status, 403);
    assert_eq!(pair.first.directory().binds("alice"), (0, 1));
    assert_eq!(pair.second.seen().connections, 0);
}

#[tokio::test]
async fn one_that_comes_back_is_asked_again() {
    let pair = Pair::start().await;
    pair.first.set(Some(Fault::RefusesConnections));
    pair.sign_in().await;
    pair.first.set(None);
    let deadline = Instant::now() + Duration::from_secs(6);
    loop {
        let before = pair.first.directory().binds("alice").0;
        pair.sign_in().await;
        if pair.first.directory().binds("alice").0 > before {
            break;
        }
        assert!(Instant::now() < deadline, "the first controller is never asked again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A controller that flaps leaves neither connections nor waiting people behind.
#[tokio::test]
async fn a_controller_that_flaps_costs_no_connections() {
    let pair = Pair::start().await;
    for round in 0..8 {
        let fault = if round % 2 == 0 { Some(Fault::ClosesInBind) } else { None };
        pair.first.set(fault);
        pair.sign_in().await;
    }
    pair.first.set(None);
    let open = [&pair.first, &pair.second].map(|one| established(one.address().port()));
    assert!(open.iter().all(|count| *count <= 3), "{open:?}");
}

/// Connections to this port of ours that stand, as the system knows them.
fn established(port: u16) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the system's connections");
    let ours = |line: &&str| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, _, state) = (fields.next(), fields.next(), fields.next());
        local.is_some_and(|local| local.ends_with(&format!(":{port:04X}"))) && state == Some("01")
    };
    table.lines().filter(ours).count()
}
