//! Mail and the program in a process of its own: what a kill leaves, what log and store give away, and what `check` says.

use std::sync::Arc;

use serde_json::{Value, json};
use vestibule_broker::clock::{SessionClock, SystemClock};
use vestibule_broker::config::read_server;
use vestibule_broker::keys;
use vestibule_broker::mail::{Enqueued, Letter, Mail};
use vestibule_broker::store::{Store, meta};
use vestibule_tests::counterparts::smtp::{Encryption, Setup, SmtpServer};

use super::deployment::Deployment;
use crate::mail::{CODE, LINK, ca, code, identity, letter, queue_at, reset, started, table, tls_for};

const PASSWORD: &str = "canary-mail-password-77";
const TALKATIVE: &str = "trace";

/// A deployment that sends through this server.
async fn mailing(server: &SmtpServer, more: &str) -> Deployment {
    let deployment = Deployment::new().await;
    let mail = table(&format!("url = \"smtp://127.0.0.1:{}\"\n{more}", server.port()));
    deployment.write("vestibule.toml", &format!("{}{mail}", deployment.server("")));
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    deployment
}

/// Queues beside the server, as a command does.
async fn queue(deployment: &Deployment, letters: Vec<Letter>) {
    let config = read_server(&deployment.path("vestibule.toml")).unwrap();
    let store = Store::open(&config.store.sqlite).await.unwrap();
    let ring = keys::open(&store, &config.master_key).await.unwrap();
    let clock = SessionClock::new(Arc::new(SystemClock), meta::clock_mark(store.readers()).await.unwrap());
    let mail = Mail::new(Arc::new(ring), (Arc::new(SystemClock), clock), config.mail);
    for letter in letters {
        assert_eq!(queue_at((&store, &mail), letter).await, Enqueued::Queued);
    }
    store.close().await;
}

#[tokio::test]
async fn a_mail_outlives_a_kill_and_neither_log_nor_store_tells_what_it_says() {
    let tls = tls_for("127.0.0.1");
    let server = started(Setup {
        encryption: Encryption::StartTls(identity(&tls)),
        account: Some(("vestibule", PASSWORD)),
        port: None,
    })
    .await;
    let credentials =
        format!("username = \"vestibule\"\npassword = \"{PASSWORD}\"\nca = {{ file = \"mail-ca.pem\" }}\n");
    let deployment = Deployment::new().await;
    ca(deployment.folder(), &tls);
    let mail = table(&format!("url = \"smtp://127.0.0.1:{}\"\n{credentials}", server.port()));
    deployment.write("vestibule.toml", &format!("{}{mail}", deployment.server("")));
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    // The server's refusal repeats what a log must not have.
    server.tell(&json!({ "DATA": format!("451 4.7.1 <alice@corp.example> {LINK} {CODE}") })).unwrap();
    queue(&deployment, vec![letter("alice@corp.example", reset()), letter("alice@corp.example", code(60))])
        .await;
    let mut first = deployment.serve(Some(TALKATIVE)).await;
    first.logged("a mail was not taken").await;
    server.tell(&json!({ "DATA": "hang" })).unwrap();
    queue(&deployment, vec![letter("bob@corp.example", reset())]).await;
    server.hangs().await.unwrap();
    first.signal("KILL").await;
    first.end().await;
    let killed = remains(&deployment, &first.log());
    server.tell(&json!({})).unwrap();
    let mut second = deployment.serve(Some(TALKATIVE)).await;
    let received = server.takes(3).await.unwrap();
    assert_eq!(received.iter().filter(|mail| mail.to == ["bob@corp.example"]).count(), 1, "{received:?}");
    assert!(
        received.iter().all(|mail| mail.tls && mail.username.as_deref() == Some("vestibule")),
        "{received:?}"
    );
    second.logged("a mail was sent").await;
    second.stop().await;
    for (name, octets) in [killed, remains(&deployment, &second.log())].concat() {
        let holds = |canary: &str| octets.windows(canary.len()).any(|window| window == canary.as_bytes());
        for canary in [CODE, "canary-link", "alice@", "bob@", PASSWORD] {
            assert!(!holds(canary), "{name} holds {canary}");
        }
        if name == "the log" {
            assert!(holds("mail"), "the canaries are looked for in the right place");
        }
    }
}

/// Log and store as bytes, by name.
fn remains(deployment: &Deployment, log: &[String]) -> Vec<(String, Vec<u8>)> {
    let mut remains = vec![("the log".to_owned(), log.join("\n").into_bytes())];
    for entry in std::fs::read_dir(deployment.folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("vestibule.db") {
            remains.push((name, std::fs::read(path).unwrap()));
        }
    }
    remains
}

#[tokio::test]
async fn check_goes_through_a_conversation_and_names_the_step_that_fails() {
    let (tls, other) = (tls_for("127.0.0.1"), tls_for("127.0.0.1"));
    let account = Some(("vestibule", PASSWORD));
    let credentials = |password: &str| format!("username = \"vestibule\"\npassword = \"{password}\"\n");
    let trust = "ca = { file = \"mail-ca.pem\" }\n";
    let encrypted = |tls| Encryption::StartTls(identity(tls));
    for (row, setup, more, answers, expected) in [
        (
            "all is well",
            Setup { encryption: encrypted(&tls), account, port: None },
            format!("{trust}{}", credentials(PASSWORD)),
            json!({}),
            None,
        ),
        ("in the clear on loopback", Setup::default(), String::new(), json!({}), None),
        (
            "a wrong password",
            Setup { encryption: encrypted(&tls), account, port: None },
            format!("{trust}{}", credentials("wrong")),
            json!({}),
            Some(("mail sign-in", "`mail.password`")),
        ),
        (
            "another authority",
            Setup { encryption: encrypted(&other), ..Setup::default() },
            trust.to_owned(),
            json!({}),
            Some(("mail TLS", "`mail.ca`")),
        ),
        ("no STARTTLS", Setup::default(), trust.to_owned(), json!({}), Some(("mail TLS", "STARTTLS"))),
        ("no AUTH", Setup::default(), credentials(PASSWORD), json!({}), Some(("mail sign-in", "AUTH PLAIN"))),
        (
            "closed",
            Setup::default(),
            String::new(),
            json!({ "EHLO": "421 4.3.2 closing" }),
            Some(("mail greeting", "its own log")),
        ),
    ] {
        let server = started(setup).await;
        server.tell(&answers).unwrap();
        let deployment = mailing(&server, "").await;
        ca(deployment.folder(), &tls);
        let mail = table(&format!("url = \"smtp://127.0.0.1:{}\"\n{more}", server.port()));
        deployment.write("vestibule.toml", &format!("{}{mail}", deployment.server("")));
        let ended = deployment.run(&["check", "--config", "vestibule.toml", "--json"]).await;
        assert_eq!(ended.code, Some(i32::from(expected.is_some())), "{row}: {ended:?}");
        let report: Value = serde_json::from_str(&ended.out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let mut of_mail = findings.iter().filter(|one| one["check"].as_str().unwrap().starts_with("mail "));
        let last = of_mail.next_back().unwrap();
        assert_eq!(last.get("organization"), None, "{row}: {report}");
        let fault = expected.map(|(check, remedy)| {
            assert!(last["remedy"].as_str().unwrap().contains(remedy), "{row}: {report}");
            check
        });
        assert_eq!(last["check"], fault.unwrap_or("mail NOOP"), "{row}: {report}");
        assert_eq!(last["code"].as_str(), fault.map(|_| "MAIL-SERVER"), "{row}: {report}");
        let ended = deployment.run(&["check", "--config", "vestibule.toml"]).await;
        let line = fault.map_or_else(|| "ok    mail NOOP: ".to_owned(), |check| format!("FAULT {check}: "));
        assert!(ended.out.contains(&line) && !ended.out.contains(PASSWORD), "{row}: {ended:?}");
        let ended = deployment.run(&["check", "--config", "vestibule.toml", "--organization", "acme"]).await;
        assert!(ended.code == Some(0) && !ended.out.contains("mail "), "{row}: {ended:?}");
        assert!(server.received().unwrap().is_empty(), "{row}: nothing is sent");
    }
    let deployment = Deployment::new().await;
    deployment.write(
        "vestibule.toml",
        &format!("{}{}", deployment.server(""), table("url = \"smtp://127.0.0.1:9\"")),
    );
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let ended = deployment.run(&["check", "--config", "vestibule.toml"]).await;
    assert!(ended.out.contains("FAULT mail connection: ") && ended.out.contains("`mail.url`"), "{ended:?}");
}
