//! HTTP-12, CWE-113: an answer with a second one hidden in it arrives as one, or as 502, and the connection that it came
//! on answers nobody else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_tests::world::{Manifest, Scheme, World};

/// Far more than any answer here takes.
const DEADLINE: Duration = Duration::from_secs(5);
const NEXT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nthe next";
/// What would be read as the answer to the next request.
const FORGED: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nSet-Cookie: forged=1\r\n\r\nforged";
const OK: &str = "HTTP/1.1 200 OK\r\n";

/// One answer to the letter, and what the browser gets: status and body, which for a refusal is ours.
struct Row {
    name: &'static str,
    method: &'static str,
    answer: String,
    arrives: Result<(u16, &'static str), ()>,
}

fn row(name: &'static str, answer: String, arrives: Result<(u16, &'static str), ()>) -> Row {
    Row { name, method: "GET", answer, arrives }
}

/// The first answer is good by itself; more follows in the same breath.
fn followed() -> Vec<Row> {
    vec![
        row("nothing behind it", format!("{OK}Content-Length: 2\r\n\r\nhi"), Ok((200, "hi"))),
        row("a body beyond its length", format!("{OK}Content-Length: 2\r\n\r\nhi{FORGED}"), Ok((200, "hi"))),
        row("a line break too many", format!("{OK}Content-Length: 0\r\nX: a\r\n\r\n{FORGED}"), Ok((200, ""))),
        row(
            "behind the last chunk",
            format!("{OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n{FORGED}"),
            Ok((200, "hi")),
        ),
        row(
            "a length beside chunks",
            format!(
                "{OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n{FORGED}"
            ),
            Ok((200, "hi")),
        ),
        row("204 with a body", format!("HTTP/1.1 204 No Content\r\n\r\n{FORGED}"), Ok((204, ""))),
        row("304 with a body", format!("HTTP/1.1 304 Not Modified\r\n\r\n{FORGED}"), Ok((304, ""))),
        Row {
            method: "HEAD",
            ..row("HEAD with a body", format!("{OK}Content-Length: 999\r\n\r\n{FORGED}"), Ok((200, "")))
        },
        row("bare line feeds", format!("{OK}Content-Length: 2\nX: a\n\nhi{FORGED}"), Ok((200, "hi"))),
        row(
            "an early hint",
            format!("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n{OK}Content-Length: 2\r\n\r\nhi{FORGED}"),
            Ok((200, "hi")),
        ),
    ]
}

/// Something in the head that another reader would take for its end.
fn within() -> Vec<Row> {
    let value = |name, value: &str, arrives| {
        row(name, format!("{OK}Content-Length: 2\r\nX-Text: {value}\r\n\r\nhi"), arrives)
    };
    let head = |name, line: &str| row(name, format!("{OK}{line}\r\n\r\nhi{FORGED}"), Err(()));
    vec![
        value("percent-encoded line breaks", "a%0d%0a%0d%0aHTTP/1.1%20200", Ok((200, "hi"))),
        // U+560A and U+560D, whose low octets are line breaks.
        value("letters with such octets", "a\u{560d}\u{560a}Set-Cookie: forged=1", Ok((200, "hi"))),
        value("a bare carriage return", "a\rSet-Cookie: forged=1", Err(())),
        value("two carriage returns", "a\r\r\nSet-Cookie: forged=1", Err(())),
        value("a NUL", "a\0b", Err(())),
        value("a folded line", "a\r\n Set-Cookie: forged=1", Err(())),
        head("two lengths", "Content-Length: 2\r\nContent-Length: 70"),
        head("a list of lengths", "Content-Length: 2, 70"),
        head("a length with a sign", "Content-Length: +2"),
        head("a second status line", "HTTP/1.1 200 OK\r\nContent-Length: 2"),
        head("a space before the colon", "Content-Length: 2\r\nX-Text : a"),
        head("a line without a colon", "Content-Length: 2\r\nX-Text"),
        row(
            "101 that nobody asked for",
            format!("HTTP/1.1 101 Switching Protocols\r\n\r\n{FORGED}"),
            Err(()),
        ),
    ]
}

#[tokio::test]
async fn an_answer_with_another_in_it_is_one_answer_or_none() {
    let answer = Arc::new(Mutex::new(String::new()));
    let (world, cookie) = world(scripted(Arc::clone(&answer)).await).await;
    for Row { name, method, answer: text, arrives } in followed().into_iter().chain(within()) {
        text.clone_into(&mut answer.lock().unwrap());
        let mut client = TcpStream::connect(world.address()).await.unwrap();
        ask(&mut client, &cookie, method, "/app/attack", "").await;
        let first = message(&mut client, method).await;
        let found = (first.status(), first.body.as_str());
        match arrives {
            Ok(expected) => assert_eq!(found, expected, "HTTP-12: {name}: {}", first.head),
            Err(()) => assert_eq!(first.status(), 502, "HTTP-12: {name}: {}", first.head),
        }
        assert!(!first.head.to_lowercase().contains("\r\nset-cookie:"), "HTTP-12: {name}: {}", first.head);
        // The next one on this connection, and one of somebody else: from the same pool.
        let mut other = TcpStream::connect(world.address()).await.unwrap();
        for client in [&mut client, &mut other] {
            ask(client, &cookie, "GET", "/app/next", "Connection: close\r\n").await;
            let next = message(client, "GET").await;
            assert_eq!(
                (next.status(), next.body.as_str()),
                (200, "the next"),
                "HTTP-12: {name}: {}",
                next.head
            );
            let mut rest = Vec::new();
            client.read_to_end(&mut rest).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&rest), "", "HTTP-12: {name}: two requests, two answers");
        }
    }
}

/// The second answer comes once the first one is over and its connection is kept for the next request.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_ends_its_connection() {
    let upstream = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = upstream.local_addr().unwrap();
    let (world, cookie) = world(address).await;
    let mut client = TcpStream::connect(world.address()).await.unwrap();
    ask(&mut client, &cookie, "GET", "/app/attack", "").await;
    let (mut application, _) = upstream.accept().await.unwrap();
    head(&mut application).await.expect("a request");
    application.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").await.unwrap();
    assert_eq!(message(&mut client, "GET").await.body, "hi");
    application.write_all(FORGED.as_bytes()).await.unwrap();
    let closed = tokio::time::timeout(DEADLINE, application.read(&mut [0; 64])).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "HTTP-12: the connection is still in use: {closed:?}");
    ask(&mut client, &cookie, "GET", "/app/next", "").await;
    let (mut application, _) = upstream.accept().await.unwrap();
    head(&mut application).await.expect("a request");
    application.write_all(NEXT.as_bytes()).await.unwrap();
    assert_eq!(message(&mut client, "GET").await.body, "the next", "HTTP-12");
}

/// A world whose `/app` is that upstream, and the cookie of somebody who is signed in.
async fn world(upstream: std::net::SocketAddr) -> (World, String) {
    let mut manifest = Manifest::of("acme");
    manifest.more = format!("[[workspace.routes]]\npath = \"/app\"\nupstream = \"http://{upstream}\"\n");
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let access = browser.cookie("acme.vestibule.localhost", "vestibule-access").unwrap().value;
    (world, format!("vestibule-access={access}"))
}

/// An application that keeps its connections, and answers `/app/next` well and everything else as it is told.
async fn scripted(answer: Arc<Mutex<String>>) -> std::net::SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                while let Some(request) = head(&mut stream).await {
                    let next = request.contains(" /app/next ");
                    let text = if next { NEXT.to_owned() } else { answer.lock().unwrap().clone() };
                    if stream.write_all(text.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

async fn ask(client: &mut TcpStream, cookie: &str, method: &str, path: &str, more: &str) {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: acme.vestibule.localhost\r\nCookie: {cookie}\r\n{more}\r\n"
    );
    client.write_all(head.as_bytes()).await.unwrap();
}

/// One answer as a browser cuts it out of the stream (RFC 9112 §6.3).
struct Message {
    head: String,
    body: String,
}

impl Message {
    fn status(&self) -> u16 {
        super::status(&self.head)
    }
}

async fn message(client: &mut TcpStream, method: &str) -> Message {
    let reading = async {
        let head = head(client).await.expect("an answer");
        let empty = method == "HEAD" || matches!(super::status(&head), 204 | 304);
        let lower = head.to_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
        let body = match length {
            _ if empty => String::new(),
            Some(length) => exactly(client, length.parse().unwrap()).await,
            None => chunks(client).await,
        };
        Message { head, body }
    };
    tokio::time::timeout(DEADLINE, reading).await.expect("a whole answer")
}

async fn chunks(client: &mut TcpStream) -> String {
    let mut body = String::new();
    loop {
        let size = line(client, "\r\n").await.expect("a chunk");
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap_or_else(|_| panic!("{size:?}"));
        body += &exactly(client, size).await;
        assert_eq!(exactly(client, 2).await, "\r\n");
        if size == 0 {
            return body;
        }
    }
}

async fn exactly(client: &mut TcpStream, length: usize) -> String {
    let mut octets = vec![0; length];
    client.read_exact(&mut octets).await.unwrap();
    String::from_utf8_lossy(&octets).into_owned()
}

/// A head with its empty line; none when the stream ends.
async fn head(stream: &mut TcpStream) -> Option<String> {
    line(stream, "\r\n\r\n").await
}

/// Octet by octet, so that nothing behind it is taken.
async fn line(stream: &mut TcpStream, end: &str) -> Option<String> {
    let mut octets = Vec::new();
    while !octets.ends_with(end.as_bytes()) {
        octets.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&octets).into_owned())
}
