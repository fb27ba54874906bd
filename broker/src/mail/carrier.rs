//! What the library speaks SMTP over: a connection that we opened and, where that is asked for, encrypted.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Under TLS after STARTTLS the client speaks first (RFC 3207 §4.2), but the library waits for a greeting: it gets one of ours.
const GREETING: &[u8] = b"220 TLS\r\n";

/// Octets that one connection brings at most, for the library reads a line to its end, however long it is. A mail takes some 200.
const MOST: usize = 1024 * 1024;

/// An open connection.
#[derive(Debug)]
pub(super) struct Carrier {
    /// What is read before anything else.
    first: &'static [u8],
    stream: Stream,
    /// What may still be read.
    left: usize,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Carrier {
    pub(super) const fn plain(stream: TcpStream) -> Self {
        Self { first: b"", stream: Stream::Plain(stream), left: MOST }
    }

    /// TLS from the first octet.
    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Self {
        Self { first: b"", stream: Stream::Tls(Box::new(stream)), left: MOST }
    }

    /// TLS after STARTTLS.
    pub(super) fn upgraded(stream: TlsStream<TcpStream>) -> Self {
        Self { first: GREETING, stream: Stream::Tls(Box::new(stream)), left: MOST }
    }
}

impl AsyncTokioStream for Carrier {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.stream {
            Stream::Plain(stream) => stream.peer_addr(),
            Stream::Tls(stream) => stream.get_ref().0.peer_addr(),
        }
    }
}

impl AsyncRead for Carrier {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { first, stream, left } = self.get_mut();
        let (now, rest) = first.split_at(first.len().min(buffer.remaining()));
        if !now.is_empty() {
            buffer.put_slice(now);
            *first = rest;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = match stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        };
        let count = buffer.filled().len() - before;
        if count > *left {
            return Poll::Ready(Err(io::Error::other("the server says too much")));
        }
        *left -= count;
        read
    }
}

impl AsyncWrite for Carrier {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, octets),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, octets),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
