//! The part of the people and the application, which share a core: 64 kept connections that ask again as soon as they are
//! answered, and an application that answers 1 KiB.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use vestibule_broker::clock::steady;

use crate::figure::note;
use crate::wire::Wire;
use crate::{Outcome, orders};

/// Length of the application's answer, in bytes.
const ANSWER: usize = 1024;

/// Starts the application and runs a round for every line of standard input: `address milliseconds file`, where each line of
/// the file is the head of one connection's request, with `|` for the ends of its lines.
pub(crate) async fn serve() -> Outcome<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    note(&format!("application {}", listener.local_addr()?));
    tokio::spawn(application(listener));
    let mut orders = orders();
    while let Some(order) = orders.recv().await {
        let words: Vec<&str> = order.split(' ').collect();
        let [address, milliseconds, file] = words.as_slice() else { return Err("no order".into()) };
        let (requests, took) =
            round(address.parse()?, Duration::from_millis(milliseconds.parse()?), Path::new(file)).await?;
        note(&format!("round {requests} {}", took.as_nanos()));
    }
    Ok(())
}

async fn application(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream));
    }
}

/// Every request has no body, so that its end is the end of its head.
async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {ANSWER}\r\n\r\n");
    let answer = [head.as_bytes(), &[b'x'; ANSWER]].concat();
    let mut request = Vec::with_capacity(8 * 1024);
    while stream.read_buf(&mut request).await? > 0 {
        if request.ends_with(b"\r\n\r\n") {
            stream.write_all(&answer).await?;
            request.clear();
        }
    }
    Ok(())
}

/// Requests that were answered, and in what time.
async fn round(address: SocketAddr, length: Duration, file: &Path) -> Outcome<(u64, Duration)> {
    let began = steady();
    let mut connections = JoinSet::new();
    for line in std::fs::read_to_string(file)?.lines() {
        let request = format!("{}\r\n\r\n", line.replace('|', "\r\n")).into_bytes();
        let mut wire = Wire::to(address).await?;
        connections.spawn(async move {
            let mut answered = 0_u64;
            while began.elapsed() < length {
                wire.exchange(&request, "200").await?;
                answered += 1;
            }
            Outcome::Ok(answered)
        });
    }
    let mut requests = 0;
    while let Some(answered) = connections.join_next().await {
        requests += answered??;
    }
    Ok((requests, began.elapsed()))
}
