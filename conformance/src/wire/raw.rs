//! Octets as they are: what no HTTP library would write (two Hosts, bare LF, smuggled lengths; RFC 9112 §11).

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::transport::{DEADLINE, WireError};

/// The largest answer that is read, in octets.
const MAX_ANSWER: u64 = 1024 * 1024;

/// Writes `octets`, closes the sending half and reads until the other side closes: at most 1 MiB, 30 s.
///
/// # Errors
/// `Network` when no connection comes about, `Deadline` when the other side never closes.
pub async fn exchange(listener: SocketAddr, octets: &[u8]) -> Result<Vec<u8>, WireError> {
    let talk = async {
        let mut stream = TcpStream::connect(listener).await?;
        stream.write_all(octets).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        // A reset after a refusal is an end like another: what came before it counts.
        let _ = stream.take(MAX_ANSWER).read_to_end(&mut answer).await;
        Ok::<_, std::io::Error>(answer)
    };
    let done = tokio::time::timeout(DEADLINE, talk).await;
    let answer = done.map_err(|_| WireError::Deadline(listener.to_string()))?;
    answer.map_err(|reason| WireError::network(&listener, &reason))
}
