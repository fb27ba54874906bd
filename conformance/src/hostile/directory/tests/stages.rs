//! Faults whose spoiled octets are not the whole story.

use tokio::net::TcpStream;

use super::*;

const NAME: &str = "alice@corp.example";
/// Code 0 without a text, from the tag of a bind's response on.
const BOUND: [u8; 9] = [0x61, 7, 10, 1, 0, 4, 0, 4, 0];

#[tokio::test]
async fn a_pretended_bind_leaves_nobody_bound() {
    let directory = start(Some(DirectoryFault::BindPretended)).await;
    let mut peer = Peer::connect(&directory, "localhost").await;
    assert!(peer.bind(NAME, "wrong").await.ends_with(&BOUND));
    assert!(String::from_utf8_lossy(&peer.search().await).contains("00002020"));
    assert_eq!(directory.directory().binds("alice"), (0, 0));
}

#[tokio::test]
async fn a_pretended_change_changes_nothing() {
    let directory = start(Some(DirectoryFault::ChangePretended)).await;
    let mut peer = Peer::connect(&directory, "localhost").await;
    peer.bind_service(&directory).await;
    let secret = password(&directory, "alice");
    assert_eq!(peer.change("wrong", "Another one").await[5..], [0x67, 7, 10, 1, 0, 4, 0, 4, 0]);
    assert_eq!(password(&directory, "alice"), secret);
}

#[tokio::test]
async fn a_certificate_is_good_for_whom_it_is_for() {
    let directory = start(None).await;
    let rows = [
        (None, true, true),
        (Some(DirectoryFault::CertificateForAddressOnly), false, true),
        (Some(DirectoryFault::CertificateForAnotherHost), false, false),
        (Some(DirectoryFault::CertificateExpired), false, false),
        (Some(DirectoryFault::CertificateOfUnknownAuthority), false, false),
        (Some(DirectoryFault::CertificateSelfSigned), false, false),
        (Some(DirectoryFault::PlainInsteadOfTls), false, false),
        (Some(DirectoryFault::NeverAnswers), false, false),
    ];
    for (fault, by_name, by_address) in rows {
        directory.set(fault);
        let connected = [
            Peer::connect(&directory, "localhost").await.is_connected(),
            Peer::connect(&directory, "127.0.0.1").await.is_connected(),
        ];
        assert_eq!(connected, [by_name, by_address], "{fault:?}");
    }
    directory.set(Some(DirectoryFault::CertificateForAnotherHost));
    assert!(Peer::connect(&directory, "elsewhere.example").await.is_connected());
}

#[tokio::test]
async fn tls_begins_where_it_is_said_to() {
    let directory = start(None).await;
    for (fault, follows) in [
        (None, true),
        (Some(DirectoryFault::StartTlsUnknown), false),
        (Some(DirectoryFault::StartTlsUnwilling), false),
        (Some(DirectoryFault::StartTlsGarbage), false),
        (Some(DirectoryFault::StartTlsThenSilence), false),
        (Some(DirectoryFault::StartTlsThenPlain), false),
    ] {
        directory.set(fault);
        let mut peer = Peer::plain(&directory).await;
        peer.start_tls().await;
        assert_eq!(peer.encrypted(&directory, "localhost").await.is_connected(), follows, "{fault:?}");
    }
    let mut peer = Peer::plain(&directory).await;
    peer.start_tls().await;
    peer.bind(NAME, "anything").await;
    assert!(directory.seen().password_in_the_clear(), "LDAP goes on in the clear");
}

/// Whoever keeps what came too early believes it; whoever throws it away finds a good handshake behind it.
#[tokio::test]
async fn injected_answers_come_before_tls() {
    let directory = start(Some(DirectoryFault::StartTlsInjected)).await;
    let mut peer = Peer::plain(&directory).await;
    let answer = peer.start_tls().await;
    let injected = answer.windows(BOUND.len()).filter(|window| *window == BOUND).count();
    assert_eq!(injected, 3);
    assert!(peer.encrypted(&directory, "localhost").await.is_connected());
}

#[tokio::test]
async fn a_closed_port_opens_again() {
    let directory = start(None).await;
    let mut open = Peer::connect(&directory, "localhost").await;
    directory.set(Some(DirectoryFault::RefusesConnections));
    assert_eq!(open.bind_service(&directory).await, [0; 0], "what was open ends too");
    let refused = TcpStream::connect(directory.address()).await;
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    for _ in 0..3 {
        directory.set(None);
        assert!(Peer::connect(&directory, "localhost").await.is_connected());
        directory.set(Some(DirectoryFault::RefusesConnections));
    }
    directory.set(None);
    assert!(Peer::connect(&directory, "localhost").await.is_connected());
}

#[tokio::test]
async fn octets_are_as_broken_as_they_are_called() {
    let directory = start(None).await;
    let rows: [(DirectoryFault, &[u8]); 9] = [
        (DirectoryFault::HugeValue, &[0x30, 0x84, 0x40, 0, 0]),
        (DirectoryFault::Dribble, &[0x30, 0x83, 0x08, 0, 0, 2, 1, 1, 0]),
        (DirectoryFault::Length31, &[0x30, 0x84, 0x80, 0, 0, 0, 2, 1, 1, 0x61]),
        (DirectoryFault::Length63, &[0x30, 0x88, 0x80, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 0x61]),
        (DirectoryFault::IndefiniteLength, &[0x30, 0x80, 2, 1, 1, 0x61]),
        (DirectoryFault::EmptySequence, &[0x30, 0]),
        (DirectoryFault::EmptyResponse, &[0x30, 5, 2, 1, 1, 0x61, 0]),
        (DirectoryFault::MissingElements, &[0x30, 8, 2, 1, 1, 0x61, 3, 10, 1, 0]),
        (DirectoryFault::NegativeId, &[0x30, 12, 2, 1, 0xff, 0x61, 7]),
    ];
    for (fault, start) in rows {
        directory.set(Some(fault));
        let mut peer = Peer::connect(&directory, "localhost").await;
        let answer = peer.bind(NAME, &password(&directory, "alice")).await;
        assert!(answer.starts_with(start), "{fault:?}: {:02x?}", answer.get(..24));
    }
    directory.set(Some(DirectoryFault::DeepNesting));
    let mut peer = Peer::connect(&directory, "localhost").await;
    let answer = peer.bind(NAME, &password(&directory, "alice")).await;
    assert!(answer.ends_with(&[0x30, 2, 0x30, 0]) && answer.len() > 30_000);
}
