//! One message off the wire, and not an octet more: what follows `StartTLS` belongs to TLS (RFC 4511 §4.14.1).

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use super::ber;
use super::request::Request;

/// The largest message, in octets.
const LARGEST: usize = 1024 * 1024;
/// How long a peer may be silent between two messages, and how long one message may take.
const IDLE: Duration = Duration::from_mins(2);

/// What was read.
pub(crate) enum Incoming {
    /// A whole request.
    Request(Request),
    /// Something that is none, or of unbearable size.
    Broken,
    /// The peer went away or fell silent.
    End,
}

pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Incoming {
    match timeout(IDLE, read(stream)).await {
        Ok(Ok(message)) => {
            message.and_then(|message| Request::parse(&message)).map_or(Incoming::Broken, Incoming::Request)
        }
        Ok(Err(_)) | Err(_) => Incoming::End,
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    if stream.read_u8().await? != ber::SEQUENCE {
        return Ok(None);
    }
    let first = stream.read_u8().await?;
    let length = if first < 0x80 {
        Some(usize::from(first))
    } else {
        let mut long = vec![0; usize::from(first & 0x7f)];
        stream.read_exact(&mut long).await?;
        ber::length(&long)
    };
    let Some(length) = length.filter(|length| *length <= LARGEST) else { return Ok(None) };
    let mut content = vec![0; length];
    stream.read_exact(&mut content).await?;
    Ok(Some(ber::element(ber::SEQUENCE, &content)))
}
