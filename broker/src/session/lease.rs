//! A request under way ends with its session: streams and long transfers hold a lease (architecture 4).
//!
//! The end of a root reaches its leases at once; limits reach them with the sweep, changed rules with the feed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::proxy::{BoxError, ProxyBody};

use super::Root;

/// What is announced to be shorter than this is under way for a moment only.
const SHORT: u64 = 64 * 1024;

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
#[error("the session ended")]
pub struct SessionEnded;

/// Runs until it is done or the session ends, whichever is first.
///
/// # Errors
/// When the session ended first.
pub async fn under<T>(root: &Arc<Root>, work: impl Future<Output = T>) -> Result<T, SessionEnded> {
    let _held = Held::new(root);
    tokio::select! {
        biased;
        done = work => Ok(done),
        () = root.ending().cancelled() => Err(SessionEnded),
    }
}

/// Puts a body under the lease of its session.
#[must_use]
pub fn leased(root: &Arc<Root>, body: ProxyBody) -> ProxyBody {
    if body.size_hint().upper().is_some_and(|upper| upper <= SHORT) {
        return body;
    }
    let ended = Box::pin(root.ending().clone().cancelled_owned());
    LeasedBody { body, ended, _held: Held::new(root) }.boxed_unsync()
}

struct LeasedBody {
    body: ProxyBody,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    _held: Held,
}

/// Counts while it lives.
struct Held(Arc<Root>);

impl Held {
    fn new(root: &Arc<Root>) -> Self {
        root.lease();
        Self(Arc::clone(root))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.release();
    }
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
