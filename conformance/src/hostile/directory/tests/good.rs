//! What the server is besides its faults: good, and observant.

use super::*;

const NAME: &str = "alice@corp.example";

#[tokio::test]
async fn without_a_fault_it_is_the_good_directory() {
    let directory = start(None).await;
    let mut peer = Peer::connect(&directory, "localhost").await;
    peer.bind_service(&directory).await;
    assert!(!peer.search().await.is_empty());
    peer.bind(NAME, &password(&directory, "alice")).await;
    let seen = directory.seen();
    assert_eq!(directory.directory().binds("alice"), (1, 0));
    assert_eq!((seen.connections, seen.attacker_connections, seen.broken), (1, 0, 0));
    let names: Vec<_> = seen.binds.iter().map(|bind| (bind.name.as_str(), bind.encrypted)).collect();
    assert_eq!(names, [("svc-vestibule@corp.example", true), (NAME, true)]);
    let asked = ("userPrincipalName".to_owned(), NAME.as_bytes().to_vec());
    assert_eq!(seen.searches[0].equalities, [asked]);
    assert!(!seen.password_in_the_clear());
}

#[tokio::test]
async fn a_password_in_the_clear_is_seen() {
    let directory = start(None).await;
    let mut peer = Peer::plain(&directory).await;
    peer.bind(NAME, "").await;
    assert!(!directory.seen().password_in_the_clear());
    peer.bind(NAME, "anything").await;
    assert!(directory.seen().password_in_the_clear());
}

#[tokio::test]
async fn whoever_follows_a_referral_is_counted() {
    let directory = start(Some(DirectoryFault::BindReferral)).await;
    let mut peer = Peer::connect(&directory, "localhost").await;
    let answer = peer.bind(NAME, "anything").await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let address = answer.split("ldap://").nth(1).unwrap().split('/').next().unwrap();
    tokio::net::TcpStream::connect(address).await.unwrap();
    while directory.seen().attacker_connections == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn good_answers_may_come_before_the_fault() {
    let directory = start(None).await;
    let mut peer = Peer::connect(&directory, "localhost").await;
    let secret = password(&directory, "alice");
    directory.set_after(DirectoryFault::BindIdWrong, 2);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(peer.bind(NAME, &secret).await[4]);
    }
    assert_eq!(ids, [1, 2, 3 + 7]);
}
