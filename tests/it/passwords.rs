//! Where compromised passwords are looked up: a service that is asked by range, over the broker's own client.

use tokio::task::JoinSet;
use vestibule_broker::config::{ServerConfig, parse_server};
use vestibule_broker::outbound::{Outbound, Reach};
use vestibule_broker::passwords::Passwords;
use vestibule_certs::trust::Trust;
use vestibule_conformance::hostile::{HashRanges, Misbehaviour, RangeCall};
use vestibule_policies::password::{Candidate, Listing};

/// Listed by the service of these tests.
const KNOWN: &str = "password";
/// A padding entry of it, which is none.
const PADDING: &str = "zK4#qW9@vH2!";

async fn service() -> HashRanges {
    HashRanges::start(&[(KNOWN, 52_256_179), (PADDING, 0)]).await.unwrap()
}

fn config(service: &HashRanges) -> ServerConfig {
    let origin = service.origin();
    let text = format!(
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[passwords]\npreset = \"nist\"\ncompromised = \"{origin}\""
    );
    parse_server(&text, "vestibule.toml".as_ref(), ".".as_ref()).unwrap()
}

/// As a broker has them whose organisations reach no private network at all.
fn passwords(service: &HashRanges) -> Passwords {
    Passwords::new(&config(service).passwords, &Outbound::new(Reach::default())).unwrap()
}

async fn listing(passwords: &Passwords, text: &str) -> Listing {
    passwords.listing(&Candidate::read(text).unwrap()).await
}

#[tokio::test]
async fn a_known_password_is_found_and_padding_is_not() {
    let service = service().await;
    let passwords = passwords(&service);
    for (text, expected) in [
        (KNOWN, Listing::Compromised),
        ("Password", Listing::Clean),
        (PADDING, Listing::Clean),
        ("\u{e9}", Listing::Clean),
    ] {
        assert_eq!(listing(&passwords, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn the_service_learns_five_digits() {
    let service = service().await;
    listing(&passwords(&service), KNOWN).await;
    let asked = RangeCall { target: "/range/5BAA6".to_owned(), padding: Some("true".to_owned()) };
    assert_eq!(service.calls(), [asked]);
}

#[tokio::test]
async fn a_service_that_is_away_or_says_something_else_locks_nobody_out() {
    let mut rows = JoinSet::new();
    for misbehaviour in [
        Misbehaviour::Status(500),
        Misbehaviour::Status(429),
        Misbehaviour::Html,
        Misbehaviour::Redirect,
        Misbehaviour::Oversized(2 * 1024 * 1024),
        Misbehaviour::Endless,
        Misbehaviour::Broken,
        Misbehaviour::GzipBomb,
        // These two are given up after two seconds.
        Misbehaviour::Silent,
        Misbehaviour::Stalled,
    ] {
        rows.spawn(async move {
            let service = service().await;
            let passwords = passwords(&service);
            service.misbehave(misbehaviour);
            for text in [KNOWN, PADDING] {
                assert_eq!(listing(&passwords, text).await, Listing::Unknown, "{misbehaviour:?}");
            }
            service.behave();
            assert_eq!(listing(&passwords, KNOWN).await, Listing::Compromised, "after {misbehaviour:?}");
        });
    }
    while let Some(row) = rows.join_next().await {
        row.unwrap();
    }
}

#[tokio::test]
async fn the_operators_service_may_be_where_no_organisation_reaches() {
    let service = service().await;
    let outbound = Outbound::new(Reach::default());
    let passwords = Passwords::new(&config(&service).passwords, &outbound).unwrap();
    assert_eq!(listing(&passwords, KNOWN).await, Listing::Compromised);
    let request = http::Request::get(format!("{}/range/5BAA6", service.origin())).body(Vec::new()).unwrap();
    assert!(outbound.for_trust(&Trust::Public).unwrap().send(request).await.is_err());
    assert_eq!(service.calls().len(), 1);
}

#[tokio::test]
async fn a_service_that_nobody_runs_is_no_answer() {
    let service = service().await;
    let config = config(&service);
    drop(service);
    let passwords = Passwords::new(&config.passwords, &Outbound::new(Reach::default())).unwrap();
    assert_eq!(listing(&passwords, KNOWN).await, Listing::Unknown);
}
