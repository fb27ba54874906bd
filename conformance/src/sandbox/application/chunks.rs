//! `/stream`: five pieces with a pause before each but the first, to see that a proxy passes them on.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use tokio::time::{Interval, interval};

use super::ReplyBody;

const PIECES: u8 = 5;

#[derive(Debug)]
struct Chunks {
    sent: u8,
    pace: Interval,
}

pub(super) fn stream(pause: Duration) -> Response<ReplyBody> {
    // An interval of nothing is refused by the timer.
    let pace = interval(pause.max(Duration::from_millis(1)));
    let mut reply = Response::new(Chunks { sent: 0, pace }.boxed());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.sent == PIECES {
            return Poll::Ready(None);
        }
        ready!(self.pace.poll_tick(cx));
        self.sent = self.sent.saturating_add(1);
        let line = format!("chunk {} of {PIECES}\n", self.sent);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(line)))))
    }
}
