//! What is under way ends with its session: streams, heads that are waited for, long bodies (architecture 4, SESS-12).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_conformance::wire::Browser;
use vestibule_tests::world::{Audited, Manifest, Scheme, World};

/// The bound that is promised for every change of a rule.
const BOUND: Duration = Duration::from_secs(2);
/// Far more than anything else here takes.
const DEADLINE: Duration = Duration::from_secs(10);

/// Somebody who is signed in before an application that the test speaks for itself.
struct Scene {
    world: World,
    browser: Browser,
    upstream: TcpListener,
    manifest: Manifest,
}

impl Scene {
    async fn new() -> Self {
        let upstream = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let mut manifest = Manifest::of("acme");
        let address = upstream.local_addr().unwrap();
        manifest.more = format!("[[workspace.routes]]\npath = \"/talk\"\nupstream = \"http://{address}\"\n");
        let world = World::with(Scheme::Http, std::slice::from_ref(&manifest)).await;
        let mut browser = world.browser();
        world.sign_in(&mut browser).await;
        Self { world, browser, upstream, manifest }
    }

    /// A request, and the application's end of it with its head read.
    async fn begin(&mut self) -> (TcpStream, TcpStream) {
        let cookie = self.browser.cookie("acme.vestibule.localhost", "vestibule-access").unwrap().value;
        let mut client = TcpStream::connect(self.world.address()).await.unwrap();
        let head = format!(
            "GET /talk HTTP/1.1\r\nHost: acme.vestibule.localhost\r\nCookie: vestibule-access={cookie}\r\n\
             Connection: close\r\n\r\n"
        );
        client.write_all(head.as_bytes()).await.unwrap();
        let (mut application, _) = self.upstream.accept().await.unwrap();
        until(&mut application, "\r\n\r\n").await;
        (client, application)
    }

    /// The same with an answer under way.
    async fn answered(&mut self, head: &str, first: &str) -> (TcpStream, TcpStream) {
        let (mut client, mut application) = self.begin().await;
        application.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{first}").as_bytes()).await.unwrap();
        until(&mut client, first).await;
        (client, application)
    }

    async fn sign_out(&mut self) {
        let page = self.browser.open(&self.world.url("acme", "/.vestibule/sign-out")).await.unwrap();
        let page = self.browser.submit(&page.form_with("form_token").unwrap()).await.unwrap();
        assert!(page.text().contains("Sign in again"), "{}", page.text());
    }
}

async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut octets = Vec::new();
    let reading = async {
        while !octets.ends_with(wanted.as_bytes()) {
            octets.push(stream.read_u8().await.expect("the stream goes on"));
        }
    };
    let read = tokio::time::timeout(DEADLINE, reading).await;
    assert!(read.is_ok(), "waited for {wanted:?}");
    String::from_utf8(octets).unwrap()
}

/// What comes until the end, which is there within the bound.
async fn rest(stream: &mut TcpStream, row: &str) -> String {
    let mut octets = Vec::new();
    // A reset is an end like another.
    let ended = tokio::time::timeout(BOUND, stream.read_to_end(&mut octets)).await;
    assert!(ended.is_ok(), "{row}: it goes on after {BOUND:?}");
    String::from_utf8(octets).unwrap()
}

#[tokio::test]
async fn what_is_under_way_ends_within_two_seconds_when_the_group_is_taken_away() {
    let mut scene = Scene::new().await;
    let (mut stream, mut streaming) = scene.answered("Transfer-Encoding: chunked", "3\r\none\r\n").await;
    let (mut waiting, mut silent) = scene.begin().await;
    // A rule that still lets this person in ends nothing.
    let with = |group: &str| Manifest {
        workspace: format!("authentication = \"any\"\nadmit_groups = [\"any:{group}\"]\n"),
        ..scene.manifest.clone()
    };
    scene.world.change(&with("Staff")).await;
    streaming.write_all(b"3\r\ntwo\r\n").await.unwrap();
    until(&mut stream, "3\r\ntwo\r\n").await;
    scene.world.apply(&with("Board")).await.unwrap();
    let (streamed, answered) =
        tokio::join!(rest(&mut stream, "a stream"), rest(&mut waiting, "a head that is waited for"));
    assert!(!streamed.ends_with("0\r\n\r\n"), "a stream that was cut is not whole: {streamed:?}");
    assert!(answered.starts_with("HTTP/1.1 401 "), "{answered}");
    assert!(answered.contains("SIGN-IN-REQUIRED"), "{answered}");
    // The application learns of it too.
    for (row, application) in [("a stream", &mut streaming), ("a head that is waited for", &mut silent)] {
        rest(application, row).await;
    }
    let ended = ended(&scene.world).await;
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert_eq!(ended[0].code.as_deref(), Some("ADMISSION-GROUP"));
}

/// What flows is cut first, and written down after that.
async fn ended(world: &World) -> Vec<Audited> {
    let written = async {
        loop {
            let mut events = world.audit().await;
            events.retain(|one| one.event == "session.ended");
            if !events.is_empty() {
                return events;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(BOUND, written).await.expect("an end that is written down")
}

#[tokio::test]
async fn a_long_answer_under_way_ends_at_sign_out() {
    for (row, head) in [
        ("as long as it likes", "Transfer-Encoding: chunked"),
        ("200,000 octets", "Content-Length: 200000"),
        ("one octet over 64 KiB", "Content-Length: 65537"),
    ] {
        let mut scene = Scene::new().await;
        let (mut client, mut application) = scene.answered(head, "5\r\nfirst\r\n").await;
        scene.sign_out().await;
        let more = rest(&mut client, row).await;
        assert_eq!(more, "", "{row}: not an octet after the sign-out");
        rest(&mut application, row).await;
    }
}

/// What is announced to be short is under way for a moment only, and comes to its own end.
#[tokio::test]
async fn a_short_answer_under_way_is_delivered() {
    let mut scene = Scene::new().await;
    let (mut client, mut application) = scene.answered("Content-Length: 65536", "first").await;
    scene.sign_out().await;
    let more = "a".repeat(65_536 - "first".len());
    application.write_all(more.as_bytes()).await.unwrap();
    assert_eq!(rest(&mut client, "64 KiB").await, more);
}

#[tokio::test]
async fn a_head_that_is_waited_for_is_not_sent_after_the_sign_out() {
    let mut scene = Scene::new().await;
    let (mut client, mut application) = scene.begin().await;
    scene.sign_out().await;
    // The application may answer now or never: it is too late.
    let _ = application.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret").await;
    let answered = rest(&mut client, "a head that is waited for").await;
    assert!(answered.starts_with("HTTP/1.1 401 ") && !answered.contains("secret"), "{answered}");
}
