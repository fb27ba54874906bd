//! The connection itself: TLS before passwords, limits, the end.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::ldap::ber;

#[tokio::test]
async fn a_password_needs_tls() {
    let bench = Bench::start_with(Door::StartTls, |_| {}).await;
    let url = format!("ldap://localhost:{}", bench.port);
    let password = bench.password("alice");
    let mut plain = Client::open(&url, &bench.tls.ca_pem, false).await.unwrap();
    assert_eq!(plain.bind("alice@corp.example", &password).await.0, 8);
    assert_eq!(plain.search("", "base", "(objectClass=*)", &[]).await.code, 0);
    let mut encrypted = Client::open(&url, &bench.tls.ca_pem, true).await.unwrap();
    assert_eq!(encrypted.bind("alice@corp.example", &password).await.0, 0);
    let other = DirectoryTls::generate(&["localhost"], &[]).unwrap();
    assert!(Client::open(&url, &other.ca_pem, true).await.is_err());
}

#[tokio::test]
async fn a_certificate_survives_its_file() {
    let bench = Bench::start().await;
    let json = serde_json::to_string(&bench.tls).unwrap();
    let read: DirectoryTls = serde_json::from_str(&json).unwrap();
    read.acceptor().unwrap();
    let url = |host: &str| format!("ldaps://{host}:{}", bench.port);
    Client::open(&url("127.0.0.1"), &read.ca_pem, false).await.unwrap();
    let other = DirectoryTls::generate(&["localhost"], &[]).unwrap();
    assert!(Client::open(&url("localhost"), &other.ca_pem, false).await.is_err());
}

#[tokio::test]
async fn what_is_no_message_is_answered_with_farewell() {
    let bench = Bench::start_with(Door::StartTls, |_| {}).await;
    let too_large = ber::head(ber::SEQUENCE, 2 << 20);
    for octets in [b"GET / HTTP/1.1\r\n\r\n".as_slice(), &[0x30, 0], &[0x30, 0x80, 0, 0], &too_large] {
        let mut stream = TcpStream::connect(("127.0.0.1", bench.port)).await.unwrap();
        stream.write_all(octets).await.unwrap();
        let mut answer = Vec::new();
        // Octets that nobody read make the end of the connection a reset.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.ends_with(crate::ldap::DISCONNECTION.as_bytes()), "{octets:?}: {answer:?}");
    }
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let bench = Bench::start_with(Door::StartTls, |_| {}).await;
    let mut open = Vec::new();
    for _ in 0..257 {
        open.push(TcpStream::connect(("127.0.0.1", bench.port)).await.unwrap());
    }
    let mut last = open.pop().unwrap();
    assert_eq!(last.read(&mut [0]).await.unwrap_or(0), 0);
    assert_eq!(bench.directory.load().connections, 256);
}

#[tokio::test]
async fn connections_are_counted_and_end_with_the_directory() {
    let bench = Bench::start().await;
    let (mut one, two) = (bench.service().await, bench.service().await);
    let load = bench.directory.load();
    assert_eq!((load.connections, load.most_connections, load.round_trips), (2, 2, 2));
    drop(two);
    while bench.directory.load().connections > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(one.search("", "base", "(objectClass=*)", &["1.1"]).await.code, 0);
    bench.task.abort();
    while bench.directory.load().connections > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.directory.load().most_connections, 2);
}
