//! The connections: TLS where it belongs or where a fault lets it, and answers as they were spoiled.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

use super::fault::DirectoryFault;
use super::spoil::{Spoiled, Then, answer};
use super::state::State;
use crate::ldap::{Incoming, read_request};
use crate::sandbox::directory::{Session, disconnection};

/// What a port speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Tls,
    StartTls,
}

/// Serves until it is dropped; every connection ends with it. While nobody may be reached the port is closed, and
/// opened again after that.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>, wire: Wire) {
    let Ok(address) = listener.local_addr() else { return };
    let mut connections = JoinSet::new();
    let mut listener = Some(listener);
    loop {
        let Some(open) = listener.take() else {
            state.until_reachable(true).await;
            listener = reopen(&state, address);
            if listener.is_none() {
                // Connections of before hold the address for a moment.
                sleep(Duration::from_millis(5)).await;
            }
            continue;
        };
        tokio::select! {
            () = state.until_reachable(false) => connections.shutdown().await,
            accepted = open.accept() => {
                if let Ok((stream, _)) = accepted {
                    state.seen().connections += 1;
                    connections.spawn(connection(Arc::clone(&state), stream, wire));
                }
                while connections.try_join_next().is_some() {}
                listener = Some(open);
            }
        }
    }
}

fn reopen(state: &State, address: SocketAddr) -> Option<TcpListener> {
    let open = state.take_reopened(address).or_else(|| std::net::TcpListener::bind(address).ok())?;
    open.set_nonblocking(true).ok()?;
    TcpListener::from_std(open).ok()
}

async fn connection(state: Arc<State>, mut stream: TcpStream, wire: Wire) {
    // Delay would put faults together that are to come apart.
    let _ = stream.set_nodelay(true);
    let fault = state.fault();
    if fault == Some(DirectoryFault::NeverAnswers) {
        return listen_only(&mut stream).await;
    }
    let clear = wire == Wire::StartTls || fault == Some(DirectoryFault::PlainInsteadOfTls);
    if clear && !converse(&state, &mut stream, &mut Session::new(false)).await {
        return;
    }
    let Ok(mut encrypted) = state.acceptor().accept(stream).await else { return };
    if fault != Some(DirectoryFault::ClosesAfterTls) {
        converse(&state, &mut encrypted, &mut Session::new(true)).await;
    }
    let _ = encrypted.shutdown().await;
}

/// Answers until the end. Whether TLS is to follow on the same stream.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    state: &State,
    stream: &mut S,
    session: &mut Session,
) -> bool {
    loop {
        let request = match read_request(stream).await {
            Incoming::Request(request) => request,
            Incoming::Broken => {
                state.seen().broken += 1;
                let _ = stream.write_all(&disconnection(2)).await;
                return false;
            }
            Incoming::End => return false,
        };
        state.record(&request, session.encrypted);
        if let Some(DirectoryFault::Slow(milliseconds)) = state.fault() {
            sleep(Duration::from_millis(milliseconds.into())).await;
        }
        let Spoiled { octets, then } = answer(state, session, &request);
        if stream.write_all(&octets).await.is_err() || stream.flush().await.is_err() {
            return false;
        }
        match then {
            Then::Continue => continue,
            Then::StartTls => return true,
            Then::Close => {}
            Then::Silence => listen_only(stream).await,
            Then::Dribble => repeat(stream, &[0], Duration::from_secs(1)).await,
            Then::Repeat(octets) => repeat(stream, &octets, Duration::ZERO).await,
        }
        return false;
    }
}

/// Nothing is said until the peer goes.
async fn listen_only(stream: &mut (impl AsyncRead + Unpin)) {
    let mut dropped = [0; 1024];
    while stream.read(&mut dropped).await.is_ok_and(|count| count > 0) {}
}

/// The same octets until nobody takes them.
async fn repeat(stream: &mut (impl AsyncWrite + Unpin), octets: &[u8], pause: Duration) {
    // Without a pause as fast as it can be.
    let octets = octets.repeat(if pause.is_zero() { 64 } else { 1 });
    while stream.write_all(&octets).await.is_ok() && stream.flush().await.is_ok() {
        if pause.is_zero() {
            yield_now().await;
        } else {
            sleep(pause).await;
        }
    }
}
