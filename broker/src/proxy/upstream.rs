//! The pooled connections to the applications behind all routes.
//!
//! Rules kept: HTTP/1.1 only, TLS on the public roots, no redirect is followed, and nothing that reached the
//! wire is sent twice (RFC 9110 §9.2.2).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use vestibule_certs::tls::TlsError;
use vestibule_certs::trust::Trust;

use crate::outbound::{Dial, tls_config};

/// What a streaming body can fail with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body on its way through, in either direction; read frame by frame.
pub type ProxyBody = UnsyncBoxBody<Bytes, BoxError>;

/// How connections to one application are opened and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLimits {
    /// How long an unused connection is kept.
    pub idle: Duration,
    /// Unused connections kept for one scheme, host and port.
    pub idle_per_upstream: usize,
}

impl Default for PoolLimits {
    /// Unused connections for 4 s, 256 an upstream. Common application servers close theirs
    /// after 5 s: letting go first avoids writing a request into a connection that is just being closed.
    fn default() -> Self {
        Self { idle: Duration::from_secs(4), idle_per_upstream: 256 }
    }
}

/// One client for every upstream; cheap to clone, the connections are shared.
#[derive(Clone)]
pub struct UpstreamPool {
    client: Client<HttpsConnector<Dial>, ProxyBody>,
}

impl UpstreamPool {
    /// Opens no connection yet. `dial` says which addresses an application may have.
    ///
    /// # Errors
    /// When the roots that `trust` names cannot be loaded.
    pub(crate) fn new(dial: Dial, trust: &Trust, limits: PoolLimits) -> Result<Self, TlsError> {
        let connector = HttpsConnector::from((dial, tls_config(trust)?));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(limits.idle)
            .pool_max_idle_per_host(limits.idle_per_upstream)
            // Takes another connection only when not a byte was written yet, so it repeats no request.
            .retry_canceled_requests(true)
            // The public host stands in Host already.
            .set_host(false)
            .build(connector);
        Ok(Self { client })
    }

    /// Sends one request; resolves when the response head is there.
    pub(super) async fn send(
        &self,
        request: Request<ProxyBody>,
    ) -> Result<Response<Incoming>, legacy::Error> {
        self.client.request(request).await
    }
}

impl fmt::Debug for UpstreamPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpstreamPool").finish_non_exhaustive()
    }
}
