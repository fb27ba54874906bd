//! The controllers of one domain, of which one may fail, and a forest that ends.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use vestibule_tests::counterparts::samba::{Forest, LDAPS, Realm, password_of};

use super::client::{Client, OK};

const A_MOMENT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_controller_fails_and_comes_back() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let first = Client::of(corp, &login, &password_of(&login));
    let (controller, _held) = corp.second().await.unwrap();
    let second = first.at(&controller.url());
    let root = second.search("", "(objectClass=*)", &["dnsHostName"]).await;
    assert_eq!(root.values("dnsHostName"), ["dc2.corp.example"]);
    let own = second.search(&corp.account(&login).await.unwrap().dn, "(objectClass=*)", &["objectSid"]).await;
    assert_eq!(own.values("objectSid").len(), 1, "{own:?}");

    controller.kill().await.unwrap();
    assert!(second.bind().await.is_out_of_reach());
    assert_eq!(first.bind().await.code, OK);
    corp.disable(&login).await.unwrap();
    controller.start().await.unwrap();
    assert_eq!(second.bind().await.data(), Some("533"), "it learnt what it missed");

    controller.pause().await.unwrap();
    assert!(TcpStream::connect((controller.address(), LDAPS)).await.is_ok());
    assert!(timeout(A_MOMENT, second.bind()).await.is_err(), "it answers nobody");
    corp.enable(&login).await.unwrap();
    controller.resume().await.unwrap();
    assert_eq!(second.bind().await.code, OK);
}

#[tokio::test]
async fn a_password_that_one_controller_changed_reaches_the_other() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let login = corp.somebody();
    let old = password_of(&login);
    let first = Client::of(corp, &login, &old);
    let (controller, _held) = corp.second().await.unwrap();
    let dn = corp.account(&login).await.unwrap().dn;
    let changed = first.at(&controller.url()).change_password(&dn, &old, "Another-Pw-1").await;
    assert_eq!(changed.code, OK, "{changed:?}");
    corp.replicate().await.unwrap();
    assert_eq!(first.with_password("Another-Pw-1").bind().await.code, OK);
    assert_eq!(first.bind().await.data(), Some("52e"));
}

#[tokio::test]
async fn a_forest_is_gone_with_its_handle() {
    let forest = Forest::start(Realm::Partner).await.unwrap();
    let address = forest.first().address().to_owned();
    assert!(TcpStream::connect((address.as_str(), LDAPS)).await.is_ok());
    assert!(forest.second().await.is_err());
    drop(forest);
    let gone = async { while TcpStream::connect((address.as_str(), LDAPS)).await.is_ok() {} };
    timeout(Duration::from_secs(10), gone).await.expect("it still takes connections");
}
