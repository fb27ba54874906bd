//! What becomes of a mail that waits: again and again, in vain, too late, too often, or not at all.

use std::time::Duration;

use serde_json::json;
use vestibule_broker::mail::{Enqueued, Message};
use vestibule_tests::counterparts::smtp::Setup;
use vestibule_tests::world::World;

use super::{
    attempts, audited, code, letter, metric, queue, queue_at, reset, started, table, until, waiting, world,
    world_of,
};

#[tokio::test]
async fn what_the_server_does_not_want_now_is_tried_again_at_its_pace() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    for (step, answer) in [("RCPT", "451 4.7.1 later, alice@corp.example"), ("DATA", "452 4.3.1 full")] {
        let before = server.received().unwrap().len();
        server.tell(&json!({ step: answer })).unwrap();
        assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
        for (count, pause) in [(1, 10), (2, 20), (3, 40)] {
            attempts(&world, count).await;
            // Not sooner.
            world.clock.advance(Duration::from_secs(pause - 1));
            world.app().mail.wake();
            assert_eq!(
                queue(&world, letter("probe@corp.example", Message::PasswordChanged)).await,
                Enqueued::Queued
            );
            until("the other one was tried", || async { failures(&world).await >= 1 }).await;
            attempts(&world, count).await;
            forget_probe(&world).await;
            world.clock.advance(Duration::from_secs(1));
            if count < 3 {
                world.app().mail.wake();
            }
        }
        server.tell(&json!({})).unwrap();
        world.app().mail.wake();
        let received = server.takes(before + 1).await.unwrap();
        assert_eq!(received[before].to, ["alice@corp.example"], "{step}");
        until("it is gone", || async { waiting(&world).await == 0 }).await;
    }
    let events = audited(&world).await;
    assert!(
        events.iter().all(|(name, details)| name == "mail.sent" && details["attempts"] == 4),
        "{events:?}"
    );
    assert_eq!(metric(&world, "vestibule_mail_server_up").await, "1", "it takes others");
}

/// Attempts at the mail to `probe`.
async fn failures(world: &World) -> i64 {
    let tried = sqlx::query_scalar("SELECT COALESCE(MAX(attempts), 0) FROM mails WHERE class = 'notice'");
    tried.fetch_one(world.app().store.readers()).await.unwrap()
}

async fn forget_probe(world: &World) {
    let forget = world.app().store.write(|transaction| {
        Box::pin(async move {
            sqlx::query("DELETE FROM mails WHERE class = 'notice'").execute(&mut *transaction).await?;
            sqlx::query("DELETE FROM mail_counts WHERE budget = 'told'").execute(transaction).await.map(drop)
        })
    });
    forget.await.unwrap();
}

#[tokio::test]
async fn what_the_server_never_wants_is_given_up_at_once() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    for (step, answer, status) in
        [("RCPT", "550 5.1.1 no such user alice@corp.example", 550), ("DATA", "554 5.7.1 spam", 554)]
    {
        let before = audited(&world).await.len();
        server.tell(&json!({ step: answer })).unwrap();
        assert_eq!(queue(&world, letter("alice@corp.example", reset())).await, Enqueued::Queued);
        until("it is given up", || async { audited(&world).await.len() > before }).await;
        let (name, details) = audited(&world).await.pop().unwrap();
        assert_eq!(name, "mail.dropped", "{step}");
        assert_eq!(
            (&details["reason"], &details["status"], &details["attempts"]),
            (&json!("refused"), &json!(status), &json!(1))
        );
        assert!(!details.to_string().contains("alice"), "{details}");
        assert_eq!(waiting(&world).await, 0);
    }
    assert_eq!(metric(&world, "vestibule_mail_dropped_total{reason=\"refused\"}").await, "2");
    // And the next one goes as if nothing had been.
    server.tell(&json!({})).unwrap();
    assert_eq!(queue(&world, letter("bob@corp.example", reset())).await, Enqueued::Queued);
    assert_eq!(server.takes(1).await.unwrap()[0].to, ["bob@corp.example"]);
}

#[tokio::test]
async fn what_concerns_the_sender_or_the_server_ends_no_mail() {
    for (step, answer) in [
        ("EHLO", "421 4.3.2 closing"),
        ("MAIL", "550 5.7.1 not your address"),
        ("MAIL", "421 4.3.2 closing"),
        ("RCPT", "530 5.7.0 authentication required"),
        ("RCPT", "hang"),
        ("DATA", "hang"),
    ] {
        let server = started(Setup::default()).await;
        let world = world(&server, "timeout = \"1s\"").await;
        server.tell(&json!({ step: answer })).unwrap();
        assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
        until(step, || async { metric(&world, "vestibule_mail_server_up").await == "0" }).await;
        assert_eq!(waiting(&world).await, 1, "{step} {answer}");
        server.tell(&json!({})).unwrap();
        world.clock.advance(Duration::from_secs(11));
        world.app().mail.wake();
        assert_eq!(server.takes(1).await.unwrap().len(), 1, "{step} {answer}");
        assert!(audited(&world).await.iter().all(|(name, _)| name == "mail.sent"), "{step} {answer}");
    }
}

#[tokio::test]
async fn a_code_that_has_expired_is_not_sent_any_more() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    server.tell(&json!({ "RCPT": "451 later" })).unwrap();
    assert_eq!(queue(&world, letter("alice@corp.example", code(10))).await, Enqueued::Queued);
    assert_eq!(queue(&world, letter("alice@corp.example", Message::DeviceChanged)).await, Enqueued::Queued);
    until("both were tried", || async { metric(&world, "vestibule_mail_failed_total").await == "2" }).await;
    server.tell(&json!({})).unwrap();
    world.clock.advance(Duration::from_mins(10));
    world.app().mail.wake();
    let received = server.takes(1).await.unwrap();
    assert_eq!(received[0].header("subject"), Some("Your authenticator app was changed"));
    until("both events", || async { audited(&world).await.len() == 2 }).await;
    let mut events = audited(&world).await;
    events.sort_by(|one, two| one.0.cmp(&two.0));
    assert_eq!(
        (events[0].0.as_str(), &events[0].1["reason"], &events[0].1["class"]),
        ("mail.dropped", &json!("expired"), &json!("verification"))
    );
    assert_eq!(metric(&world, "vestibule_mail_dropped_total{reason=\"expired\"}").await, "1");
    assert_eq!((server.received().unwrap().len(), waiting(&world).await), (1, 0));
}

/// What somebody asks for without end keeps neither others' mails back nor the notice of what they did.
#[tokio::test]
async fn one_address_gets_ten_mails_of_a_kind_within_an_hour() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    for count in 0..13 {
        let to = if count % 2 == 0 { "alice@corp.example" } else { "Alice@Corp.Example" };
        let expected = if count < 10 { Enqueued::Queued } else { Enqueued::Capped };
        assert_eq!(queue(&world, letter(to, reset())).await, expected, "{count}");
    }
    assert_eq!(queue(&world, letter("bob@corp.example", reset())).await, Enqueued::Queued);
    assert_eq!(queue(&world, letter("alice@corp.example", Message::PasswordChanged)).await, Enqueued::Queued);
    server.takes(12).await.unwrap();
    until("all went", || async { waiting(&world).await == 0 }).await;
    assert_eq!(
        queue(&world, letter("alice@corp.example", reset())).await,
        Enqueued::Capped,
        "sent ones count too"
    );
    assert_eq!(metric(&world, "vestibule_mail_refused_total{reason=\"capped\"}").await, "4");
    // Whoever has codes sent somewhere thereby suppresses no way back to a password, nor the other way round.
    assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(queue(&world, letter("alice@corp.example", reset())).await, Enqueued::Queued);
    assert_eq!(server.takes(14).await.unwrap().len(), 14);
}

#[tokio::test]
async fn a_mail_and_what_it_tells_of_are_both_there_or_neither() {
    let server = started(Setup::default()).await;
    let world = world(&server, "").await;
    let mail = world.app().mail.clone();
    let broken = world.app().store.write(move |transaction| {
        Box::pin(async move {
            let queued =
                mail.enqueue(transaction, &letter("alice@corp.example", Message::PasswordChanged)).await?;
            assert_eq!(queued, Enqueued::Queued);
            Err::<(), _>(sqlx::Error::RowNotFound)
        })
    });
    assert!(broken.await.is_err());
    assert_eq!(queue(&world, letter("bob@corp.example", Message::PasswordChanged)).await, Enqueued::Queued);
    assert_eq!(server.takes(1).await.unwrap()[0].to, ["bob@corp.example"]);
    until("nothing of the other one is left", || async { waiting(&world).await == 0 }).await;
    assert_eq!(server.received().unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_server_nothing_is_queued_and_what_was_is_dropped_in_time() {
    let mut world = World::start().await;
    assert!(!world.app().mail.is_configured());
    assert_eq!(queue(&world, letter("alice@corp.example", reset())).await, Enqueued::NotConfigured);
    assert_eq!(waiting(&world).await, 0);
    world.outbound = table("url = \"smtp://127.0.0.1:9\"");
    world.restart().await;
    assert!(world.app().mail.is_configured());
    assert_eq!(queue(&world, letter("alice@corp.example", reset())).await, Enqueued::Queued);
    world.outbound = String::new();
    world.restart().await;
    assert_eq!(waiting(&world).await, 1, "the operator may have removed it by mistake");
    world.clock.advance(Duration::from_hours(1));
    world.app().mail.wake();
    until("it is dropped", || async { waiting(&world).await == 0 }).await;
}

#[tokio::test]
async fn what_waits_survives_a_stop_and_a_crash() {
    let server = started(Setup::default()).await;
    let mut world = world(&server, "").await;
    server.tell(&json!({ "DATA": "hang" })).unwrap();
    assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    server.hangs().await.unwrap();
    world.crash().await;
    assert_eq!(waiting(&world).await, 1);
    attempts(&world, 1).await;
    server.tell(&json!({})).unwrap();
    world.clock.advance(Duration::from_secs(11));
    world.app().mail.wake();
    server.takes(1).await.unwrap();
    until("it is gone", || async { waiting(&world).await == 0 }).await;
    // A stop waits for the server's word on the mail that is under way, so that it is not sent again.
    server.tell(&json!({ "TAKEN": "slow" })).unwrap();
    assert_eq!(queue(&world, letter("bob@corp.example", code(60))).await, Enqueued::Queued);
    server.hangs().await.unwrap();
    world.restart().await;
    assert_eq!(waiting(&world).await, 0);
    assert_eq!(server.received().unwrap().len(), 2);
}

/// The one case in which a mail comes twice: the server took it and we never heard so. Both have one id.
#[tokio::test]
async fn a_mail_whose_answer_was_lost_comes_again_under_the_same_id() {
    let server = started(Setup::default()).await;
    let world = world(&server, "timeout = \"1s\"").await;
    server.tell(&json!({ "TAKEN": "hang" })).unwrap();
    assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    until("it was tried", || async { metric(&world, "vestibule_mail_server_up").await == "0" }).await;
    server.tell(&json!({})).unwrap();
    world.clock.advance(Duration::from_secs(11));
    world.app().mail.wake();
    let received = server.takes(2).await.unwrap();
    assert_eq!(received[0].header("message-id"), received[1].header("message-id"));
    assert_eq!(
        (&received[0].text, received[0].header("date")),
        (&received[1].text, received[1].header("date"))
    );
}

/// A row that cannot be opened goes, and takes no other with it.
#[tokio::test]
async fn a_row_that_cannot_be_opened_holds_up_no_other() {
    let server = started(Setup::default()).await;
    let world = world_of(&format!("url = \"smtp://127.0.0.1:{}\"", server.port())).await;
    server.tell(&json!({ "RCPT": "451 later" })).unwrap();
    assert_eq!(queue(&world, letter("alice@corp.example", code(60))).await, Enqueued::Queued);
    until("it was refused", || async { metric(&world, "vestibule_mail_failed_total").await == "1" }).await;
    let spoil = world.app().store.write(|transaction| {
        Box::pin(async move {
            sqlx::query("UPDATE mails SET letter = x'00', organization_id = 'x'")
                .execute(transaction)
                .await
                .map(drop)
        })
    });
    spoil.await.unwrap();
    server.tell(&json!({})).unwrap();
    world.clock.advance(Duration::from_secs(11));
    let app = world.app();
    assert_eq!(
        queue_at((&app.store, &app.mail), letter("bob@corp.example", reset())).await,
        Enqueued::Queued
    );
    assert_eq!(server.takes(1).await.unwrap()[0].to, ["bob@corp.example"]);
    until("it is gone", || async { waiting(&world).await == 0 }).await;
    assert_eq!(metric(&world, "vestibule_mail_dropped_total{reason=\"unreadable\"}").await, "1");
}
