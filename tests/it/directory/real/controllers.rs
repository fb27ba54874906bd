//! Two controllers of one domain, of which the one in use fails: nobody notices (AD-03, AD-18).

use std::time::Duration;

use tokio::time::Instant;
use vestibule_tests::counterparts::samba::{Forest, Realm, password_of};
use vestibule_tests::counterparts::{Dns, Record};
use vestibule_tests::directory::{DirectoryWorld, Domain};

use super::relay::{Passage, Relay};
use super::{KIND, refuse};

const PROMISED: Duration = Duration::from_secs(2);

/// Broker and controllers in this order; a relay among them is found by its name server.
async fn world(servers: Vec<String>, corp: &Forest, outbound: String) -> DirectoryWorld {
    let mut world = DirectoryWorld::start(KIND, vec![Domain { servers, ..Domain::of(corp) }], "").await;
    world.world.outbound = outbound;
    world.world.restart().await;
    world
}

/// From the typed password to the application.
async fn timed(world: &DirectoryWorld, login: &str) -> Duration {
    let mut browser = world.world.browser();
    let page = world.form(&mut browser).await;
    let form = page.form_with("password").unwrap();
    let form = form.with("name", &format!("{login}@corp.example")).with("password", &password_of(login));
    let start = Instant::now();
    let page = browser.submit(&form).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    let took = start.elapsed();
    let last = world.world.audit().await.pop();
    assert_eq!(page.text_body(), "the application", "{}: {last:?}", page.text());
    took
}

#[tokio::test]
async fn the_controller_in_use_is_killed_or_paused_and_comes_back() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let (second, _held) = corp.second().await.unwrap();
    let other = Relay::before(corp.first()).await;
    let login = corp.somebody();
    for failure in ["killed", "paused"] {
        let world = world(vec![second.url(), other.url()], corp, other.outbound()).await;
        let untouched = other.turns();
        let before = timed(&world, &login).await;
        assert_eq!(other.turns(), untouched, "the first of them is asked");
        // Its connections are idle now, in each of their roles.
        match failure {
            "killed" => second.kill().await.unwrap(),
            _ => second.pause().await.unwrap(),
        }
        let mut after = Vec::new();
        for _ in 0..3 {
            after.push(timed(&world, &login).await);
        }
        let fresh = self::world(vec![second.url(), other.url()], corp, other.outbound()).await;
        let from_the_start = timed(&fresh, &login).await;
        println!("{failure}: {before:?}, then {after:?}; of a broker that just started {from_the_start:?}");
        assert!(after.iter().chain([&from_the_start]).all(|one| *one < PROMISED), "{failure}");
        assert!(other.turns() > untouched);

        match failure {
            "killed" => second.start().await.unwrap(),
            _ => second.resume().await.unwrap(),
        }
        let back = Instant::now();
        loop {
            let turns = other.turns();
            timed(&world, &login).await;
            if other.turns() == turns {
                break;
            }
            assert!(back.elapsed() < Duration::from_secs(35), "{failure}: it is not asked again");
        }
        println!("{failure}: asked again after {:?}", back.elapsed());
    }
}

#[tokio::test]
async fn a_controller_that_is_killed_under_load_loses_nobody() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let (second, _held) = corp.second().await.unwrap();
    let login = corp.somebody();
    let world = world(vec![second.url(), corp.first().url()], corp, String::new()).await;
    timed(&world, &login).await;
    let many = async {
        let mut longest = Duration::ZERO;
        for _ in 0..5 {
            let (a, b, c, d) = tokio::join!(
                timed(&world, &login),
                timed(&world, &login),
                timed(&world, &login),
                timed(&world, &login)
            );
            longest = [longest, a, b, c, d].into_iter().max().unwrap_or_default();
        }
        longest
    };
    let killed = async {
        tokio::task::yield_now().await;
        second.kill().await.unwrap();
    };
    let (longest, ()) = tokio::join!(many, killed);
    println!("killed under load: the longest sign-in took {longest:?}");
    assert!(longest < PROMISED, "{longest:?}");
}

#[tokio::test]
async fn a_connection_that_ends_in_mid_bind_is_made_up_for_elsewhere() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let (login, other) = (corp.somebody(), corp.first().url());
    let first = Relay::before(corp.first()).await;
    let world = world(vec![first.url(), other], corp, first.outbound()).await;
    timed(&world, &login).await;
    let warm = first.turns();
    timed(&world, &login).await;
    let turns = first.turns() - warm;
    println!("round trips of a sign-in with warm connections: {turns}");
    assert_eq!(turns, 3, "looked up, bound, read");
    for spoken in 0..turns {
        for end in [Passage::Cut, Passage::Held] {
            let start = first.turns();
            first.hold_after(spoken);
            let breaks = async {
                first.spoken(start + spoken + 1).await;
                first.set(end);
            };
            let (took, ()) = tokio::join!(timed(&world, &login), breaks);
            println!("{end:?} after {spoken} round trips: {took:?}");
            assert!(took < PROMISED, "{end:?} after {spoken}: {took:?}");
            first.hold_after(usize::MAX / 2);
            first.set(Passage::Open);
            // It is asked again, and keeps its connections.
            let back = Instant::now();
            loop {
                let before = first.turns();
                timed(&world, &login).await;
                if first.turns() - before == turns {
                    break;
                }
                assert!(back.elapsed() < Duration::from_secs(10), "{end:?} after {spoken}");
            }
        }
    }
}

#[tokio::test]
async fn controllers_are_found_by_dns() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let (second, _held) = corp.second().await.unwrap();
    let login = corp.somebody();
    let mut records = Record::of_forest(corp);
    for record in &mut records {
        if let Record::Srv { target, priority, .. } = record {
            *priority = if target == second.host() { 1 } else { 2 };
        }
    }
    let dns = Dns::start(&records).await.unwrap();
    let world = world(Vec::new(), corp, format!("dns = [\"{}\"]\n", dns.address())).await;
    timed(&world, &login).await;
    second.kill().await.unwrap();
    for _ in 0..3 {
        let took = timed(&world, &login).await;
        assert!(took < PROMISED, "{took:?}");
    }
    // Nobody answers for DNS now; what it said is still known.
    drop(dns);
    timed(&world, &login).await;
}

#[tokio::test]
async fn a_domain_that_dns_does_not_know_is_away() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let a = |name: &str| Record::A { name: name.to_owned(), address: corp.first().address().to_owned() };
    let srv = |name: &str, target: &str| Record::Srv {
        name: name.to_owned(),
        target: target.to_owned(),
        port: 389,
        priority: 0,
        weight: 0,
    };
    for (row, records, reason) in [
        ("no record", vec![a("dc1.corp.example")], "DNS knows no controller"),
        (
            "the record of another domain",
            vec![a("dc1.corp.example"), srv("_ldap._tcp.dc._msdcs.partner.example", "dc1.corp.example")],
            "DNS knows no controller",
        ),
        (
            "a host without an address",
            vec![srv("_ldap._tcp.dc._msdcs.corp.example", "dc5.corp.example")],
            "dc5.corp.example",
        ),
        (
            "a host whose certificate is another's",
            vec![a("dc6.corp.example"), srv("_ldap._tcp.dc._msdcs.corp.example", "dc6.corp.example")],
            "TLS",
        ),
    ] {
        let dns = Dns::start(&records).await.unwrap();
        let world = world(Vec::new(), corp, format!("dns = [\"{}\"]\n", dns.address())).await;
        let refused = refuse(&world, &format!("{login}@corp.example"), &password_of(&login)).await;
        assert_eq!(refused.code, "AD-DOWN", "{row}: {}", refused.reason);
        assert!(refused.reason.contains(reason), "{row}: {}", refused.reason);
    }
    assert!(corp.binds(&login).await.unwrap().is_empty());
}
