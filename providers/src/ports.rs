//! What an adapter needs of the world. The broker implements it; tests may too.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::TcpStream;
use vestibule_policies::security_id::SecurityId;

use crate::error::SignInError;

/// The one outbound client, bound to one connection: it knows which certificates that connection trusts and which
/// addresses it may reach. It follows no redirect, and bounds time and size (OIDC-RP-41).
#[async_trait]
pub trait Http: fmt::Debug + Send + Sync {
    /// One exchange; the whole body is in memory when it returns.
    ///
    /// # Errors
    /// See [`HttpError`]. Any status is an answer, not an error.
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError>;
}

/// Why an outbound exchange gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The operator does not let this connection reach that address.
    #[error("the address {0} may not be reached: see outbound.allow_private")]
    Forbidden(String),
    /// Name resolution, connection or TLS failed.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// Whoever answers has no certificate for that name which this connection trusts.
    #[error("no connection: {0}")]
    Untrusted(String),
    /// The deadline passed.
    #[error("no answer within {0} s")]
    Late(u64),
    /// The answer was longer than the bound.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
    /// The answer broke off or was no HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
}

/// How a directory's controllers are reached: bound to one domain, it knows which certificates that domain trusts and which
/// addresses it may reach.
#[async_trait]
pub trait Wire: fmt::Debug + Send + Sync {
    /// A TCP connection to a host, by its name or address.
    ///
    /// # Errors
    /// `Forbidden` or `Unreachable`.
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, HttpError>;

    /// The hosts of an SRV record in the order in which they are to be asked (RFC 2782); none where there is no such record.
    ///
    /// # Errors
    /// `Unreachable` when no name server answers.
    async fn locate(&self, record: &str) -> Result<Vec<String>, HttpError>;

    /// What TLS trusts.
    fn tls(&self) -> Arc<rustls::ClientConfig>;
}

/// Counts attempts at passwords, before a directory counts them and locks its accounts.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Whether anything is tried for this browser at all, before anybody is looked for.
    ///
    /// # Errors
    /// When there were too many attempts from there, or of everybody.
    async fn admits(&self) -> Result<(), SignInError>;

    /// Counts one more attempt at this account.
    ///
    /// # Errors
    /// When there were too many: nobody is asked then.
    async fn reserve(&self, account: Attempted<'_>) -> Result<(), SignInError>;

    /// What came of the attempt that was counted last.
    async fn settle(&self, judged: Judged);
}

/// Whose password is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted<'a> {
    /// Somebody's.
    Account(&'a SecurityId),
    /// Nobody's: a name that no account has, in one spelling for all that mean the same.
    Name(&'a str),
}

/// What a directory made of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is right, whatever the account may do with it.
    Right,
    /// It is not, or the directory does not say.
    Wrong,
    /// No controller answered.
    ByNobody,
}
