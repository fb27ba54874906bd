//! The listener's side: connections, TLS on them, requests one after the other.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Directory;
use super::session::{After, Session};
use crate::ldap::{Answer, DISCONNECTION, Incoming, Outcome, read_request};

/// Connections at a time; one more is closed at once.
const MOST_CONNECTIONS: usize = 256;
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How a listener is protected.
#[derive(Clone)]
pub enum Door {
    /// TLS from the first octet on (`ldaps`).
    Tls(TlsAcceptor),
    /// Plain until the client asks for TLS (`ldap`, RFC 4511 §4.14); no password is taken before.
    StartTls(TlsAcceptor),
}

impl Directory {
    /// Serves until it is dropped; every connection ends with it.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, door: Door) {
        let mut connections = JoinSet::new();
        loop {
            // What fails here are single connections, and want of file descriptors, which passes.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            while connections.try_join_next().is_some() {}
            if connections.len() < MOST_CONNECTIONS {
                let (directory, door) = (Arc::clone(&self), door.clone());
                connections.spawn(async move { directory.connection(stream, door).await });
            }
        }
    }

    async fn connection(&self, mut stream: TcpStream, door: Door) {
        let _open = Open::count(self);
        let acceptor = match door {
            Door::Tls(acceptor) => acceptor,
            Door::StartTls(acceptor) => {
                let mut plain = Session::new(false);
                if self.converse(&mut stream, &mut plain).await != After::StartTls {
                    return;
                }
                acceptor
            }
        };
        if let Ok(Ok(mut encrypted)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
            self.converse(&mut encrypted, &mut Session::new(true)).await;
            // Nobody waits for an answer to the farewell.
            let _ = timeout(HANDSHAKE, encrypted.shutdown()).await;
        }
    }

    /// Answers until the peer goes, or does what ends this stage of the connection.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        session: &mut Session,
    ) -> After {
        loop {
            let request = match read_request(stream).await {
                Incoming::Request(request) => request,
                Incoming::Broken => {
                    let _ = stream.write_all(&disconnection(2)).await;
                    return After::Close;
                }
                Incoming::End => return After::Close,
            };
            let (answers, after) = self.answer(session, &request);
            let octets: Vec<_> = answers.iter().map(|answer| answer.encode(request.id)).collect();
            if stream.write_all(&octets.concat()).await.is_err() || stream.flush().await.is_err() {
                return After::Close;
            }
            if after != After::Continue {
                return after;
            }
        }
    }
}

/// The notice that the server hangs up (RFC 4511 §4.4.1), with a code that says why.
pub(crate) fn disconnection(code: u8) -> Vec<u8> {
    let outcome = Outcome { name: Some(DISCONNECTION), ..Outcome::refused(code, "") };
    Answer::result(Answer::EXTENDED, outcome).encode(0)
}

/// One open connection, counted.
struct Open<'a>(&'a Directory);

impl<'a> Open<'a> {
    fn count(directory: &'a Directory) -> Self {
        let mut connections = directory.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.0 += 1;
        connections.1 = connections.1.max(connections.0);
        drop(connections);
        Self(directory)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
    }
}
