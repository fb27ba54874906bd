//! What lies between us and a directory's octets: TLS first, then a guard that the LDAP library sits behind.

mod ber;
mod guard;
mod message;
mod starttls;

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::task::AbortHandle;

pub(super) use self::guard::Cause;
pub(super) use self::starttls::start_tls;

/// Whether the LDAP library may read this message, for the fuzz target.
#[must_use]
pub fn admits(message: &[u8]) -> bool {
    matches!(message::length(message), Ok(Some(length)) if length == message.len())
        && message::response(message).is_ok()
}

/// Puts the guard before a stream, and gives the end for the LDAP library. The library takes a socket of the system, so that it
/// gets one that leads to the guard.
pub(super) fn guarded(
    directory: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> std::io::Result<(std::os::unix::net::UnixStream, Cause, AbortHandle)> {
    let (library, ours) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let ours = UnixStream::from_std(ours)?;
    let cause = Cause::default();
    let task = tokio::spawn(guard::pass(directory, ours, Arc::clone(&cause)));
    Ok((library, cause, task.abort_handle()))
}
