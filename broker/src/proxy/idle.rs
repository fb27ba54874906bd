//! A response body that ends with an error when the application falls silent in the middle of it.
//!
//! Rule kept: once the head is there a transfer may last as long as it likes, but a single read waits no
//! longer than the route's timeout. A slow reader on our side does not count: then nothing is being read.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

use super::upstream::BoxError;

/// The application sent nothing for the length of the route's timeout.
#[derive(Debug, thiserror::Error)]
#[error("the application fell silent in the middle of its answer")]
pub(super) struct Silent;

/// An upstream's body with a limit on each read.
#[derive(Debug)]
pub(super) struct IdleBody {
    inner: Incoming,
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    reading: Reading,
}

/// Whether the timer measures the read that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Fresh,
    Waiting,
}

impl IdleBody {
    pub(super) fn new(inner: Incoming, limit: Duration) -> Self {
        Self { inner, limit, timer: None, reading: Reading::Fresh }
    }

    /// The timer starts with a read that has to wait: answers that are there at once never touch it.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let fresh = self.reading == Reading::Fresh;
        self.reading = Reading::Waiting;
        let timer = match self.timer.as_mut() {
            Some(timer) => {
                if fresh {
                    timer.set(sleep(self.limit));
                }
                timer
            }
            None => self.timer.insert(Box::pin(sleep(self.limit))),
        };
        timer.as_mut().poll(cx)
    }
}

impl Body for IdleBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            self.reading = Reading::Fresh;
            return Poll::Ready(frame.map(|read| read.map_err(BoxError::from)));
        }
        ready!(self.poll_silence(cx));
        Poll::Ready(Some(Err(Silent.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
