//! One message off the wire, and not an octet more: what follows `StartTLS` belongs to TLS (RFC 4511 §4.14.1).

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use super::ber;

/// The largest message, in octets.
const LARGEST: usize = 1024 * 1024;
/// How long a peer may be silent between two messages, and how long one message may take.
const IDLE: Duration = Duration::from_mins(2);

/// What was read.
pub(crate) enum Frame {
    /// A whole message.
    Message(Vec<u8>),
    /// Something that begins no LDAP message of bearable size.
    Broken,
    /// The peer went away or fell silent.
    End,
}

pub(crate) async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> Frame {
    match timeout(IDLE, read(stream)).await {
        Ok(Ok(Some(message))) => Frame::Message(message),
        Ok(Ok(None)) => Frame::Broken,
        Ok(Err(_)) | Err(_) => Frame::End,
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
