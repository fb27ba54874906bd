//! StartTLS (RFC 4511 §4.14): the one exchange in the clear, which carries nothing of anybody.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::ber::header;
use super::message::extended_code;

/// The longest answer, in octets.
const LARGEST: usize = 4096;
const ID: u32 = 1;
/// An extended request with the number 1 and the name 1.3.6.1.4.1.1466.20037.
const REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// Asks for TLS. Exactly the answer is read: what a stranger pushes in behind it stands where TLS begins, and is no TLS
/// (CVE-2011-0411).
pub(in super::super) async fn start_tls(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("StartTLS: {error}");
    stream.write_all(REQUEST).await.map_err(failed)?;
    stream.flush().await.map_err(failed)?;
    let mut answer = Vec::new();
    loop {
        let missing = match header(&answer).map_err(|fault| format!("StartTLS: {fault}"))? {
            None => 1,
            Some(header) if header.total > LARGEST => {
                return Err("StartTLS: the answer is too long".to_owned());
            }
            Some(header) if header.total == answer.len() => break,
            Some(header) => header.total - answer.len(),
        };
        let start = answer.len();
        answer.resize(start + missing, 0);
        stream.read_exact(answer.get_mut(start..).unwrap_or_default()).await.map_err(failed)?;
    }
    match extended_code(&answer, ID).map_err(|fault| format!("StartTLS: {fault}"))? {
        0 => Ok(()),
        code => Err(format!("the directory refuses StartTLS with result {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(answer: &[u8]) -> Result<(), String> {
        let (mut directory, mut ours) = tokio::io::duplex(8192);
        directory.write_all(answer).await.unwrap();
        directory.shutdown().await.unwrap();
        let outcome = start_tls(&mut ours).await;
        let mut request = vec![0; REQUEST.len()];
        directory.read_exact(&mut request).await.unwrap();
        assert_eq!(request, REQUEST);
        outcome
    }

    #[tokio::test]
    async fn only_success_goes_on() {
        assert_eq!(asked(b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00").await, Ok(()));
        let text = [b"\x0a\x01\x00\x04\x00\x04\x82\x10\x00", vec![b'x'; 4096].as_slice()].concat();
        let too_long = [b"\x30\x82\x10\x10\x02\x01\x01\x78\x82\x10\x09", text.as_slice()].concat();
        for (name, answer) in [
            ("refused", &b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x35\x04\x00\x04\x00"[..]),
            ("another number", b"\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
            ("another kind", b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"),
            ("too long", b"\x30\x82\x10\x01"),
            ("too long, and all of it there", &too_long),
            ("cut short", b"\x30\x0c\x02\x01\x01\x78"),
            ("garbage", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            ("nothing", b""),
        ] {
            assert!(asked(answer).await.is_err(), "{name}");
        }
    }

    #[tokio::test]
    async fn what_is_pushed_in_behind_the_answer_stays_where_tls_begins() {
        let (mut directory, mut ours) = tokio::io::duplex(4096);
        directory
            .write_all(b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00injected")
            .await
            .unwrap();
        start_tls(&mut ours).await.unwrap();
        let mut left = [0; 8];
        ours.read_exact(&mut left).await.unwrap();
        assert_eq!(&left, b"injected");
    }
}
