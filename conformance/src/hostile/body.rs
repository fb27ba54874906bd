//! Bodies that a well-behaved server never sends: endless, stalled, broken.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};

/// How much an endless body sends at a time.
const CHUNK: usize = 16 * 1024;

/// The body of an answer.
pub(super) enum HostileBody {
    /// All of it; `None` when it is sent.
    Whole(Option<Bytes>),
    /// White space for ever.
    Endless,
    /// The beginning, then nothing.
    Stalled(Option<Bytes>),
    /// The beginning, then the connection breaks.
    Broken(Option<Bytes>),
}

/// Why a broken body ends.
#[derive(Debug, thiserror::Error)]
#[error("the connection is broken off as the script says")]
pub(super) struct BrokenOff;

impl From<Infallible> for BrokenOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl HostileBody {
    pub(super) fn whole(body: impl Into<Bytes>) -> Self {
        Self::Whole(Some(body.into()))
    }
}

impl Body for HostileBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let sent = |bytes: Bytes| Poll::Ready(Some(Ok(Frame::data(bytes))));
        match self.get_mut() {
            Self::Whole(rest) => rest.take().map_or(Poll::Ready(None), sent),
            Self::Endless => {
                // Other tasks of the test's runtime get their turn.
                cx.waker().wake_by_ref();
                sent(Bytes::from(vec![b' '; CHUNK]))
            }
            // No waker: the task ends with its connection.
            Self::Stalled(rest) => rest.take().map_or(Poll::Pending, sent),
            Self::Broken(rest) => rest.take().map_or(Poll::Ready(Some(Err(BrokenOff))), sent),
        }
    }
}
