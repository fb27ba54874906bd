//! HTTP/1.1 for load: a request as bytes, an answer of which only the frame is read. It costs so little that it is not what
//! is measured.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// One kept connection.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    /// Connects.
    pub(crate) async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and reads its whole answer, which must have this status and a length.
    pub(crate) async fn exchange(&mut self, request: &[u8], status: &str) -> Outcome<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
            let Some(head) = head(&self.buffer) else { continue };
            if head.status != status {
                return Err(format!("an answer {} instead of {status}", head.status).into());
            }
            if self.buffer.len() >= head.whole {
                return Ok(());
            }
        }
    }
}

struct Head<'a> {
    status: &'a str,
    /// Length of head and body together.
    whole: usize,
}

/// The head, once it is there.
fn head(bytes: &[u8]) -> Option<Head<'_>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
    });
    Some(Head { status: text.get(9..12)?, whole: end + length.unwrap_or(0) })
}
