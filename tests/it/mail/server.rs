//! Whom the broker hands mails to: the server that is configured, encrypted and signed in as it is told, and nobody else.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vestibule_broker::mail::{Enqueued, Message};
use vestibule_conformance::sandbox::directory::DirectoryTls;
use vestibule_tests::counterparts::smtp::{Encryption, Setup, SmtpServer};
use vestibule_tests::world::World;

use super::{attempts, ca, code, identity, letter, metric, queue, started, table, tls_for, until, waiting};

/// A world that sends through this port, encrypted under the authority of `tls`.
async fn encrypted(scheme: &str, port: u16, tls: &DirectoryTls, more: &str) -> World {
    let mut world = World::start().await;
    let ca = ca(world.directory(), tls);
    world.outbound = table(&format!("url = \"{scheme}://127.0.0.1:{port}\"\n{ca}{more}"));
    world.restart().await;
    world
}

/// What is queued stays, and the broker says that the server is none.
async fn assert_nothing_goes(world: &World, row: &str) {
    assert_eq!(queue(world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    until(row, || async { metric(world, "vestibule_mail_server_up").await == "0" }).await;
    assert_eq!(waiting(world).await, 1, "{row}: a server that is away says nothing about a mail");
    // An attempt that did not come to the mail is none of the mail's.
    attempts(world, 0).await;
}

#[tokio::test]
async fn mail_goes_encrypted_and_signed_in() {
    let tls = tls_for("127.0.0.1");
    let account = Some(("vestibule", "pässword \" \\ x"));
    let credentials = "username = \"vestibule\"\npassword = \"pässword \\\" \\\\ x\"\n";
    for (scheme, encryption) in
        [("smtp", Encryption::StartTls(identity(&tls))), ("smtps", Encryption::Tls(identity(&tls)))]
    {
        let server = started(Setup { encryption, account, port: None }).await;
        let world = encrypted(scheme, server.port(), &tls, credentials).await;
        assert_eq!(queue(&world, letter("alice@corp.example", code(10))).await, Enqueued::Queued);
        let received = server.takes(1).await.unwrap().pop().unwrap();
        // aiosmtpd does not know of TLS from the first octet; nothing else would get through to it.
        assert!(received.tls || scheme == "smtps", "{received:?}");
        assert_eq!(received.username.as_deref(), account.map(|(name, _)| name), "{scheme}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_the_configured_one_gets_no_mail() {
    let (right, other, elsewhere) = (tls_for("127.0.0.1"), tls_for("127.0.0.1"), tls_for("127.0.0.2"));
    for (row, trusted, shown) in [
        ("another authority, STARTTLS", &right, Encryption::StartTls(identity(&other))),
        ("another authority, TLS", &right, Encryption::Tls(identity(&other))),
        ("another address, STARTTLS", &elsewhere, Encryption::StartTls(identity(&elsewhere))),
        ("another address, TLS", &elsewhere, Encryption::Tls(identity(&elsewhere))),
    ] {
        let scheme = if matches!(shown, Encryption::Tls(_)) { "smtps" } else { "smtp" };
        let server = started(Setup { encryption: shown, ..Setup::default() }).await;
        let world = encrypted(scheme, server.port(), trusted, "").await;
        assert_nothing_goes(&world, row).await;
        assert!(server.received().unwrap().is_empty(), "{row}");
    }
}

#[tokio::test]
async fn without_starttls_not_a_word_more_is_said() {
    let tls = tls_for("127.0.0.1");
    let server = started(Setup::default()).await;
    let world = encrypted("smtp", server.port(), &tls, "username = \"u\"\npassword = \"p\"\n").await;
    assert_nothing_goes(&world, "the offer was struck out").await;
    assert!(server.received().unwrap().is_empty());
}

/// RFC 3207 §6: what somebody on the way puts behind the answer in the clear would be read under TLS.
#[tokio::test]
async fn what_stands_in_the_clear_behind_starttls_is_not_read_under_tls() {
    let tls = tls_for("127.0.0.1");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), tls.acceptor().unwrap());
    let hostile = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut octets = [0_u8; 512];
        stream.write_all(b"220 mx.test\r\n").await.unwrap();
        let hello = stream.read(&mut octets).await.unwrap();
        assert!(octets[..hello].starts_with(b"EHLO "));
        stream.write_all(b"250-mx.test\r\n250 STARTTLS\r\n").await.unwrap();
        let start = stream.read(&mut octets).await.unwrap();
        assert_eq!(&octets[..start], b"STARTTLS\r\n");
        stream.write_all(b"220 go\r\n250 mx.test\r\n").await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });
    let world = encrypted("smtp", port, &tls, "").await;
    assert_nothing_goes(&world, "an answer was put in").await;
    assert!(!hostile.await.unwrap(), "it did not come to a handshake");
}

#[tokio::test]
async fn a_wrong_password_keeps_mails_until_it_is_mended() {
    let tls = tls_for("127.0.0.1");
    let setup = Setup {
        encryption: Encryption::StartTls(identity(&tls)),
        account: Some(("vestibule", "right")),
        port: None,
    };
    let server = started(setup).await;
    let mut world =
        encrypted("smtp", server.port(), &tls, "username = \"vestibule\"\npassword = \"wrong\"\n").await;
    assert_nothing_goes(&world, "a wrong password").await;
    // The signal that has the configuration read anew is enough: no rest is waited for.
    world.outbound = world.outbound.replace("wrong", "right");
    world.reconfigure();
    assert_eq!(server.takes(1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_away_gets_everything_when_it_is_back() {
    let mut server = Some(started(Setup::default()).await);
    let port = server.as_ref().unwrap().port();
    let world = super::world(server.as_ref().unwrap(), "").await;
    assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    server.as_ref().unwrap().takes(1).await.unwrap();
    drop(server.take());
    // A code is sent before news, for it does not live as long.
    for (to, message) in [("bob@corp.example", Message::PasswordChanged), ("carol@corp.example", code(60))] {
        assert_eq!(queue(&world, letter(to, message)).await, Enqueued::Queued);
    }
    until("it is away", || async { metric(&world, "vestibule_mail_server_up").await == "0" }).await;
    until("both are counted", || async { metric(&world, "vestibule_mail_waiting").await == "2" }).await;
    let back = SmtpServer::start(&Setup { port: Some(port), ..Setup::default() }).await.unwrap();
    // The rest is kept, however often somebody queues.
    for (to, count) in [("dave@corp.example", "3"), ("erin@corp.example", "4")] {
        assert_eq!(queue(&world, letter(to, Message::PasswordChanged)).await, Enqueued::Queued);
        until("it was looked", || async { metric(&world, "vestibule_mail_waiting").await == count }).await;
    }
    assert!(back.received().unwrap().is_empty());
    world.clock.advance(std::time::Duration::from_secs(11));
    world.app().mail.wake();
    let to: Vec<String> = back.takes(4).await.unwrap().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["carol", "bob", "dave", "erin"].map(|name| format!("{name}@corp.example")));
    until("it is back", || async { metric(&world, "vestibule_mail_server_up").await == "1" }).await;
}
