//! Bodies stream in both directions: the broker neither waits for their end nor collects them (interface 4).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_tests::world::{Manifest, Scheme, World};

/// Reads until `wanted` stands at the end.
async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let reading = async {
        while !text.ends_with(wanted) {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the stream ended: {text:?}");
            text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
    };
    let read = tokio::time::timeout(Duration::from_secs(5), reading).await;
    assert!(read.is_ok(), "waited for {wanted:?} and got {text:?}");
    text
}

/// Each side sends its next piece only when it has the other's last one: whoever collects a body stops the talk.
#[tokio::test]
async fn requests_and_answers_flow_piece_by_piece() {
    let upstream = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut manifest = Manifest::of("acme");
    let address = upstream.local_addr().unwrap();
    manifest.more = format!("[[workspace.routes]]\npath = \"/talk\"\nupstream = \"http://{address}\"\n");
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    let cookie = browser.cookie("acme.vestibule.localhost", &world.cookie_name("access")).unwrap().value;
    let mut client = TcpStream::connect(world.address()).await.unwrap();
    let head = format!(
        "POST /talk HTTP/1.1\r\nHost: acme.vestibule.localhost\r\nCookie: vestibule-access={cookie}\r\n\
         Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n"
    );
    client.write_all(head.as_bytes()).await.unwrap();
    let (mut application, _) = upstream.accept().await.unwrap();
    let received = until(&mut application, "3\r\none\r\n").await;
    assert!(received.starts_with("POST /talk HTTP/1.1\r\n") && !received.contains(&cookie), "{received}");
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n";
    application.write_all(answer.as_bytes()).await.unwrap();
    let head = until(&mut client, "3\r\nuno\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    client.write_all(b"3\r\ntwo\r\n").await.unwrap();
    until(&mut application, "3\r\ntwo\r\n").await;
    application.write_all(b"3\r\ndos\r\n").await.unwrap();
    until(&mut client, "3\r\ndos\r\n").await;
    client.write_all(b"0\r\n\r\n").await.unwrap();
    until(&mut application, "0\r\n\r\n").await;
    application.write_all(b"0\r\n\r\n").await.unwrap();
    until(&mut client, "0\r\n\r\n").await;
}
