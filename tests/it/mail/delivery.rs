//! What arrives, as Python's own email package reads it.

use vestibule_broker::mail::{Enqueued, Letter, Message, Name};
use vestibule_broker::pages::Language;
use vestibule_tests::counterparts::smtp::{Received, Setup};

use super::{CODE, LINK, audited, code, letter, link, queue, reset, started, waiting, world};

#[tokio::test]
async fn a_mail_arrives_in_both_languages_as_text_and_as_html() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    for (language, subject, says) in [
        (Language::English, "Your verification code", "within 10 minutes"),
        (Language::Japanese, "確認コードのお知らせ", "10分間有効"),
    ] {
        let before = server.received().unwrap().len();
        let queued = queue(&world, Letter { language, ..letter("alice@corp.example", code(10)) }).await;
        assert_eq!(queued, Enqueued::Queued);
        let received = server.takes(before + 1).await.unwrap().pop().unwrap();
        assert_eq!(received.header("subject"), Some(subject));
        assert_eq!(received.types, ["multipart/alternative", "text/plain", "text/html"]);
        for part in [&received.text, &received.html] {
            assert!(part.contains(CODE) && part.contains(says) && part.contains(subject), "{part}");
        }
        assert!(received.html.contains(&format!("<html lang=\"{}\"", language.tag())), "{}", received.html);
        assert_machine_made(&received);
    }
    super::until("the queue is empty", || async { waiting(&world).await == 0 }).await;
}

fn assert_machine_made(received: &Received) {
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("vestibule@corp.example", ["alice@corp.example".to_owned()].as_slice())
    );
    assert_eq!(received.header("from"), Some("Vestibule <vestibule@corp.example>"));
    assert_eq!(received.header("to"), Some("alice@corp.example"));
    assert_eq!(received.header("auto-submitted"), Some("auto-generated"));
    let id = received.header("message-id").unwrap();
    assert!(id.ends_with("@vestibule.localhost>") && id.len() > 40, "{id}");
    assert!(received.header("date").unwrap().ends_with("+0000"), "{received:?}");
    assert_eq!(
        (received.defects.as_slice(), received.ascii, received.tls),
        ([].as_slice(), true, false),
        "{received:?}"
    );
    assert_eq!((received.hello.as_str(), received.username.as_deref()), ("vestibule.localhost", None));
}

#[tokio::test]
async fn each_class_has_its_sender() {
    let server = started(Setup::default()).await;
    let senders =
        "[mail.senders]\nverification = \"code@corp.example\"\ninvitation = \"invite@corp.example\"\n";
    let world = world(&server, senders).await;
    let invitation = Message::Invitation {
        organization: Name::new("Acme"),
        link: link(),
        days: 5,
        inviter: Name::new("Ada"),
    };
    for (message, from) in [
        (code(10), "code@corp.example"),
        (invitation, "invite@corp.example"),
        (reset(), "vestibule@corp.example"),
        (Message::PasswordChanged, "vestibule@corp.example"),
    ] {
        let before = server.received().unwrap().len();
        assert_eq!(queue(&world, letter("alice@corp.example", message)).await, Enqueued::Queued);
        assert_eq!(server.takes(before + 1).await.unwrap()[before].from, from);
    }
}

#[tokio::test]
async fn a_name_begins_no_header_and_no_markup() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    let organization =
        Name::new("Acme\r\nBcc: all@corp.example\r\n\r\n<img src=x>株式会社 \"&\" =?utf-8?q?x?=");
    let welcome = Message::Welcome { organization, console: link() };
    assert_eq!(queue(&world, letter("alice@corp.example", welcome)).await, Enqueued::Queued);
    let received = server.takes(1).await.unwrap().pop().unwrap();
    assert_eq!(
        (received.to.len(), received.header("bcc"), received.defects.len()),
        (1, None, 0),
        "{received:?}"
    );
    let subject = received.header("subject").unwrap();
    assert!(
        subject.starts_with("Welcome to “Acme Bcc: all@corp.example <img src=x>株式会社 \"&\""),
        "{subject}"
    );
    assert!(
        !received.html.contains("<img") && received.html.contains("&#60;img src=x&#62;"),
        "{}",
        received.html
    );
    assert!(received.text.contains(LINK), "{}", received.text);
}

#[tokio::test]
async fn what_was_sent_is_audited_and_counted_without_an_address() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    for to in ["alice@corp.example", "ALICE@corp.example", "bob@corp.example"] {
        assert_eq!(queue(&world, letter(to, reset())).await, Enqueued::Queued);
    }
    server.takes(3).await.unwrap();
    super::until("three events", || async { audited(&world).await.len() == 3 }).await;
    let events = audited(&world).await;
    assert!(
        events.iter().all(|(name, details)| name == "mail.sent"
            && details["attempts"] == 1
            && details["class"] == "notice"),
        "{events:?}"
    );
    let to = |index: usize| events[index].1["recipient"].as_str().unwrap();
    assert!(to(0) == to(1) && to(0) != to(2), "one address, however it is spelt: {events:?}");
    let text = format!("{events:?}");
    assert!(!text.to_lowercase().contains("alice") && !text.contains("canary"), "{text}");
    assert_eq!(super::metric(&world, "vestibule_mail_sent_total").await, "3");
    assert_eq!(super::metric(&world, "vestibule_mail_server_up").await, "1");
}
