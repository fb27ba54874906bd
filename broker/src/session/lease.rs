//! A request under way ends with its session: streams and long transfers hold a lease (architecture 4).
//!
//! The end of a root reaches its leases at once; limits reach them with the sweep, changed rules with the feed. What is
//! announced to be short is not watched once its head is there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::proxy::{BoxError, ProxyBody};

use super::Access;

/// What is announced to be shorter than this is under way for a moment only.
const SHORT: u64 = 64 * 1024;

/// Why a request broke off.
#[derive(Debug, thiserror::Error)]
#[error("the session ended")]
pub struct SessionEnded;

/// A request of a live session, from the guard's yes to the last byte.
#[derive(Debug)]
pub struct Lease {
    access: Arc<Access>,
}

impl Lease {
    /// Begins one.
    #[must_use]
    pub fn new(access: &Arc<Access>) -> Self {
        access.root.lease(&access.host);
        Self { access: Arc::clone(access) }
    }

    /// Runs until it is done or the session ends, whichever is first.
    ///
    /// # Errors
    /// When the session ended first.
    pub async fn over<T>(&self, work: impl Future<Output = T>) -> Result<T, SessionEnded> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.access.root.ending().cancelled() => Err(SessionEnded),
        }
    }

    /// Goes on with the body of the answer.
    #[must_use]
    pub fn with_body(self, body: ProxyBody) -> ProxyBody {
        if body.size_hint().upper().is_some_and(|upper| upper <= SHORT) {
            return body;
        }
        let ended = Box::pin(self.access.root.ending().clone().cancelled_owned());
        LeasedBody { body, ended, _lease: self }.boxed_unsync()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.access.root.release(&self.access.host);
    }
}

struct LeasedBody {
    body: ProxyBody,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    _lease: Lease,
}

impl Body for LeasedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        if this.ended.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(SessionEnded.into())));
        }
        Pin::new(&mut this.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
