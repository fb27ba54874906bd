//! The sample application behind the broker: it shows what it was told about the person.
//!
//! It believes only the `Vestibule-Assertion` that it verified itself (ES256, keys of the issuer); the plain
//! headers are shown beside it. It is also what proxy tests talk to: echo, stream, upload.

mod assertion;
mod chunks;
mod echo;
mod keys;
mod page;
mod told;

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::Body;

use self::keys::Keys;
use crate::sandbox::reply::{self, Reply};

/// What the application is told when it is made.
#[derive(Clone)]
pub struct Settings {
    /// What every issuer begins with, `http://accounts.vestibule.localhost:8080/o/`: an assertion of any
    /// other issuer is refused before a key is fetched.
    pub issuer_prefix: String,
    /// Where the broker listens; keys are fetched from here in clear with the issuer's host as `Host`.
    pub jwks_address: SocketAddr,
    /// Seconds since 1970 in UTC.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
}

/// The body of an answer: most are whole, `/stream` comes in pieces.
pub type ReplyBody = BoxBody<Bytes, Infallible>;

/// One application; it may stand behind any number of workspaces, since it looks at no host.
#[derive(Debug)]
pub struct Application {
    settings: Settings,
    keys: Keys,
}

impl Application {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let keys = Keys::new(settings.jwks_address);
        Self { settings, keys }
    }

    /// Answers one request; the body may be hyper's `Incoming` or a `Full` of a test. Bodies are counted as
    /// they come and never kept, so their size has no limit.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<ReplyBody>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        match parts.uri.path() {
            "/echo" => match length(body).await {
                Ok(length) => whole(echo::echo(&parts, length)),
                Err(Interrupted) => whole(interrupted()),
            },
            "/upload" if matches!(parts.method, Method::POST | Method::PUT) => match length(body).await {
                Ok(length) => whole(echo::uploaded(length)),
                Err(Interrupted) => whole(interrupted()),
            },
            "/upload" => whole(reply::method_not_allowed("POST, PUT")),
            "/stream" => chunks::stream(milliseconds(&parts, "interval_ms", 200)),
            _ => whole(self.page(&parts).await),
        }
    }

    async fn page(&self, parts: &Parts) -> Reply {
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            return reply::method_not_allowed("GET, HEAD");
        }
        match parts.uri.path() {
            "/" => page::home(parts, &self.told(parts).await, (self.settings.now)()),
            "/json" => reply::json(StatusCode::OK, &self.told(parts).await.json()),
            "/reports" => page::reports(parts, &self.told(parts).await),
            "/slow" => {
                let wait = milliseconds(parts, "ms", 3000);
                tokio::time::sleep(wait).await;
                page::slow(parts, wait)
            }
            _ => page::not_found(parts),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Settings");
        debug.field("issuer_prefix", &self.issuer_prefix).field("jwks_address", &self.jwks_address);
        debug.finish_non_exhaustive()
    }
}

/// The sender gave up before the end of the body.
struct Interrupted;

async fn length<B: Body<Data = Bytes>>(body: B) -> Result<u64, Interrupted> {
    let mut body = pin!(body);
    let mut sum: u64 = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Interrupted)?;
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        sum = sum.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
    Ok(sum)
}

fn interrupted() -> Reply {
    reply::text(StatusCode::BAD_REQUEST, "The request ended too soon.")
}

fn whole(reply: Reply) -> Response<ReplyBody> {
    reply.map(BodyExt::boxed)
}

/// A time to wait from the query, at most 30 s.
fn milliseconds(parts: &Parts, name: &str, default: u64) -> Duration {
    let query = parts.uri.query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let asked = pairs.find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    Duration::from_millis(asked.unwrap_or(default).min(30_000))
}

#[cfg(test)]
mod tests;
