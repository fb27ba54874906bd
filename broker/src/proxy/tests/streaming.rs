//! Bodies pass frame by frame, in both directions, and stop when the application falls silent.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::world::{Front, Recorder, listener, route_to};

/// Reads until `end` was seen.
async fn read_to(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.ends_with(end) {
        let length = stream.read(&mut buffer).await.unwrap();
        assert_ne!(length, 0, "closed after {text}");
        text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    text
}

/// A hyper application that sends every frame back as it comes.
async fn echo() -> SocketAddr {
    let (listener, address) = listener().await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(|request: Request<Incoming>| async move {
                Ok::<_, Infallible>(Response::new(request.into_body()))
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

#[tokio::test]
async fn the_first_chunk_comes_back_before_the_last_is_sent() {
    let front = Front::before(echo().await).await;
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut stream = front.open(&format!("{head}5\r\nfirst\r\n")).await;
    read_to(&mut stream, "5\r\nfirst\r\n").await;
    stream.write_all(b"4\r\nlast\r\n0\r\n\r\n").await.unwrap();
    read_to(&mut stream, "4\r\nlast\r\n0\r\n\r\n").await;
}

const FRAME: usize = 64 * 1024;
const FRAMES: u64 = 1024;

/// 64 MiB, made as they are asked for.
struct Endless {
    made: Arc<AtomicU64>,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static ZEROS: [u8; FRAME] = [0; FRAME];
        if self.made.fetch_add(1, Ordering::SeqCst) >= FRAMES {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&ZEROS)))))
    }
}

#[tokio::test]
async fn a_huge_answer_is_never_held_as_a_whole() {
    let (listener, address) = listener().await;
    let made = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&made);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let service = service_fn(|_| {
            let body = Endless { made: Arc::clone(&counter) };
            async move { Ok::<_, Infallible>(Response::new(body)) }
        });
        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
    });
    let front = Front::before(address).await;
    let mut stream = front.open("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let mut buffer = vec![0; FRAME];
    let first = stream.read(&mut buffer).await.unwrap();
    assert!(made.load(Ordering::SeqCst) < FRAMES, "all of it was read before the first byte went out");
    let mut total = first as u64;
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => break,
            length => total += length as u64,
        }
    }
    assert!(total > FRAMES * FRAME as u64, "{total}");
}

#[tokio::test]
async fn silence_in_the_middle_of_an_answer_ends_it() {
    let application = Recorder::answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
    let mut route = route_to(application.address);
    route.timeout = Duration::from_millis(100);
    let front = Front::start(route, None).await;
    let answer = front.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    // The connection closes short of the length, so that nobody takes the half for the whole.
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhalf"), "{answer}");
}

#[tokio::test]
async fn a_long_answer_that_keeps_coming_outlives_the_timeout() {
    let mut route = route_to(echo().await);
    route.timeout = Duration::from_millis(500);
    let end = Instant::now() + route.timeout * 2;
    let front = Front::start(route, None).await;
    let mut stream = front.open("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    while Instant::now() < end {
        stream.write_all(b"4\r\ntick\r\n").await.unwrap();
        read_to(&mut stream, "4\r\ntick\r\n").await;
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    read_to(&mut stream, "0\r\n\r\n").await;
}
