//! Mail, against a server of other people: what arrives, what does not, and what survives. The tests
//! queue letters as a page does: in a transaction of the store of a broker that runs.

mod delivery;
mod queue;
mod server;

use serde_json::Value;
use vestibule_broker::mail::{Address, Enqueued, Letter, Link, Mail, Message, Name, OneTimeCode};
use vestibule_broker::pages::Language;
use vestibule_broker::store::Store;
use vestibule_conformance::sandbox::directory::DirectoryTls;
use vestibule_tests::counterparts::smtp::{Identity, Setup, SmtpServer};
use vestibule_tests::world::World;

pub(crate) const CODE: &str = "271828";
pub(crate) const LINK: &str = "https://accounts.corp.example/reset?token=canary-link-9c1e";

pub(crate) fn letter(to: &str, message: Message) -> Letter {
    let to = Address::parse(to).unwrap();
    Letter { to, language: Language::English, organization: None, message }
}

pub(crate) fn code(minutes: u16) -> Message {
    Message::VerificationCode { code: OneTimeCode::new(CODE).unwrap(), minutes }
}

pub(crate) fn reset() -> Message {
    Message::PasswordReset { link: link(), minutes: 60, account: Name::new("alice") }
}

fn link() -> Link {
    Link::new(LINK).unwrap()
}

/// As a page does it.
pub(crate) async fn queue_at((store, mail): (&Store, &Mail), letter: Letter) -> Enqueued {
    let mail = mail.clone();
    let queued =
        store.write(move |transaction| Box::pin(async move { mail.enqueue(transaction, &letter).await }));
    queued.await.unwrap()
}

async fn queue(world: &World, letter: Letter) -> Enqueued {
    queue_at((&world.app().store, &world.app().mail), letter).await
}

/// A broker that sends through this server, with further lines of `[mail]`.
async fn world(server: &SmtpServer, more: &str) -> World {
    world_of(&format!("url = \"smtp://127.0.0.1:{}\"\n{more}", server.port())).await
}

async fn world_of(mail: &str) -> World {
    let mut world = World::start().await;
    world.outbound = table(mail);
    world.restart().await;
    world
}

pub(crate) fn table(mail: &str) -> String {
    format!("[mail]\nfrom = \"Vestibule <vestibule@corp.example>\"\n{mail}\n")
}

pub(crate) async fn started(setup: Setup) -> SmtpServer {
    SmtpServer::start(&setup).await.unwrap()
}

/// What an authority vouches for at these addresses.
pub(crate) fn identity(tls: &DirectoryTls) -> Identity {
    Identity { certificate_pem: tls.certificate_pem.clone(), key_pem: tls.key_pem.clone() }
}

pub(crate) fn tls_for(address: &str) -> DirectoryTls {
    DirectoryTls::generate(&[], &[address.parse().unwrap()]).unwrap()
}

/// `ca` of a file in the world's folder, or wherever the text is read from.
pub(crate) fn ca(folder: &std::path::Path, tls: &DirectoryTls) -> String {
    std::fs::write(folder.join("mail-ca.pem"), &tls.ca_pem).unwrap();
    "ca = { file = \"mail-ca.pem\" }\n".to_owned()
}

/// The events about mail, oldest first.
async fn audited(world: &World) -> Vec<(String, Value)> {
    let events = world.audit().await.into_iter();
    events.filter(|one| one.event.starts_with("mail.")).map(|one| (one.event, one.details)).collect()
}

/// Waits until this holds.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let held = async {
        while !holds().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let held = tokio::time::timeout(std::time::Duration::from_secs(30), held).await;
    assert!(held.is_ok(), "{what}");
}

async fn waiting(world: &World) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM mails").fetch_one(world.app().store.readers());
    count.await.unwrap()
}

/// Waits until every attempt under way has come to its end: one more look of the task finds nothing due.
async fn attempts(world: &World, count: i64) {
    until(&format!("{count} attempts"), || async {
        let tried: Option<i64> = sqlx::query_scalar("SELECT MAX(attempts) FROM mails")
            .fetch_one(world.app().store.readers())
            .await
            .unwrap();
        tried == Some(count)
    })
    .await;
}

/// The value of a metric with its labels.
async fn metric(world: &World, name: &str) -> String {
    let page = vestibule_conformance::wire::Browser::new()
        .open(&format!("http://{}/metrics", world.operator()))
        .await
        .unwrap();
    let text = page.text_body();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} in {text}")).to_owned()
}
