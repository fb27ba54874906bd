//! A browser that leaves while its person's password is being changed: what the directory has done stands, and what follows from it
//! is done as well (SESS-12, AD-20).

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use url::form_urlencoded::Serializer;
use vestibule_conformance::hostile::directory::DirectoryFault;
use vestibule_conformance::wire::{Browser, Form};
use vestibule_tests::world::World;

use super::ACCOUNTS;
use super::hostile::Stage;

const NEW: &str = "Another-password-7";
const NAME: &str = "alice@corp.example";
/// The directory's time for each answer: the change is made, and two of them are still to come.
const SLOW: u32 = 700;
/// For what takes a few of those.
const SOON: Duration = Duration::from_secs(15);

/// Sends a form and does not wait for the answer.
async fn send(world: &World, browser: &Browser, form: &Form) -> TcpStream {
    let body = Serializer::new(String::new()).extend_pairs(&form.fields).finish();
    let cookies: Vec<_> =
        browser.cookies(ACCOUNTS).iter().map(|one| format!("{}={}", one.name, one.value)).collect();
    let message = format!(
        "POST {}?{} HTTP/1.1\r\nHost: {ACCOUNTS}:{}\r\nOrigin: {}\r\nAccept: text/html\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        form.action.path(),
        form.action.query().unwrap_or_default(),
        world.address().port(),
        world.origin("accounts"),
        cookies.join("; "),
        body.len(),
    );
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    stream.write_all(message.as_bytes()).await.unwrap();
    stream
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waited = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(SOON, waited).await.is_ok(), "{what}");
}

#[tokio::test]
async fn a_browser_that_leaves_does_not_keep_the_other_sessions_alive() {
    let stage = Stage::good().await;
    let (at, world) = (&stage.world, &stage.world.world);
    let old = stage.password("alice");
    let (mut this, mut other) = (world.browser(), world.browser());
    for browser in [&mut this, &mut other] {
        at.sign_in(browser, NAME, &old).await;
    }
    let page = this.open(&world.url("accounts", "/account/acme/password")).await.unwrap();
    let form = page.form_with("current_password").unwrap().with("current_password", &old);
    let form = form.with("new_password", NEW).with("new_password_again", NEW);
    let before = world.audit().await.len();

    stage.spoil(DirectoryFault::Slow(SLOW), 0);
    let connection = send(world, &this, &form).await;
    until("the directory changes it", async || stage.password("alice") == NEW).await;
    assert_eq!(world.audit().await.len(), before, "the broker is not done yet");
    drop(connection);
    stage.behave();

    until("SESS-12: the others end", async || !world.has_session(&mut other, "acme").await).await;
    assert!(world.has_session(&mut this, "acme").await, "this one stays");
    let events: Vec<_> = world.audit().await.split_off(before).into_iter().map(|one| one.event).collect();
    assert_eq!(events, ["password.changed", "session.ended"]);
    // The page says so to whoever comes back.
    let page = this.open(&world.url("accounts", "/account/acme")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
}

#[tokio::test]
async fn a_due_password_that_is_changed_is_written_down_when_its_browser_leaves() {
    let stage = Stage::good().await;
    let world = &stage.world.world;
    let old = stage.password("erika");
    let mut browser = world.browser();
    let page = stage.world.type_in(&mut browser, "erika@corp.example", &old).await;
    let form = page.form_with("current_password").unwrap().with("current_password", &old);
    let form = form.with("new_password", NEW).with("new_password_again", NEW);
    let before = world.audit().await.len();

    stage.spoil(DirectoryFault::Slow(SLOW), 0);
    let connection = send(world, &browser, &form).await;
    until("the directory changes it", async || stage.password("erika") == NEW).await;
    assert_eq!(world.audit().await.len(), before, "the broker is not done yet");
    drop(connection);
    stage.behave();

    let written =
        async || world.audit().await.split_off(before).iter().any(|one| one.event == "password.changed");
    until("it is written down", written).await;
    assert!(!world.has_session(&mut browser, "acme").await, "nobody who left is signed in");
}
