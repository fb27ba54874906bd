//! What an adapter needs of the world. The broker implements it; tests may too.

use std::fmt;

use async_trait::async_trait;

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
