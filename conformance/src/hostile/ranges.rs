//! A service of compromised passwords that is asked by range, after the documentation of the one at Have I Been Pwned and not
//! after a recording: `GET /range/<first five digits of the SHA-1>`, a line `SUFFIX:COUNT` for each hash, and with
//! `Add-Padding: true` so many with the count 0 that all answers are alike in length. It misbehaves to order.

use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::body::HostileBody;
use super::fault::Misbehaviour;
use super::misbehaviour::spoil;

/// Hashes that every range has beside those of the test.
const OTHERS: usize = 12;
/// Lines of an answer that is padded, at least.
const PADDED: usize = 800;

/// The service on a port of its own. It ends when it is dropped.
pub struct HashRanges {
    origin: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

/// What reached the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeCall {
    /// Path and query.
    pub target: String,
    /// The header `Add-Padding`.
    pub padding: Option<String>,
}

struct State {
    listed: Vec<(String, u64)>,
    misbehaviour: Mutex<Option<Misbehaviour>>,
    calls: Mutex<Vec<RangeCall>>,
}

impl HashRanges {
    /// Starts a service that lists these passwords, each with its count, on 127.0.0.1 and a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(listed: &[(&str, u64)]) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let listed = listed.iter().map(|(password, count)| (hash(password), *count)).collect();
        let state = Arc::new(State { listed, misbehaviour: Mutex::default(), calls: Mutex::default() });
        let task = tokio::spawn(serve(listener, Arc::clone(&state)));
        Ok(Self { origin, state, task })
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on every answer is spoiled like this.
    pub fn misbehave(&self, misbehaviour: Misbehaviour) {
        *self.state.misbehaviour.lock().unwrap_or_else(PoisonError::into_inner) = Some(misbehaviour);
    }

    /// Every answer is good again.
    pub fn behave(&self) {
        *self.state.misbehaviour.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was asked so far.
    #[must_use]
    pub fn calls(&self) -> Vec<RangeCall> {
        self.state.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for HashRanges {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(respond(&state, &request).await) }
        });
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        while connections.try_join_next().is_some() {}
    }
}

async fn respond(state: &State, request: &Request<Incoming>) -> Response<HostileBody> {
    let padding = request.headers().get("add-padding");
    let padding = padding.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let pads = padding.as_deref() == Some("true");
    let call = RangeCall { target: request.uri().to_string(), padding };
    state.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    let good = match request.uri().path().strip_prefix("/range/") {
        Some(prefix) if is_prefix(prefix) => text(StatusCode::OK, range(state, prefix, pads)),
        Some(_) => text(StatusCode::BAD_REQUEST, "The hash prefix was not in a valid format".to_owned()),
        None => text(StatusCode::NOT_FOUND, String::new()),
    };
    let misbehaviour = *state.misbehaviour.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(Misbehaviour::Slow(milliseconds)) = misbehaviour {
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }
    match misbehaviour {
        None => good.map(HostileBody::whole),
        Some(misbehaviour) => match spoil(good, misbehaviour, "/range/00000") {
            Some(spoiled) => spoiled,
            None => pending().await,
        },
    }
}

fn is_prefix(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The lines of a range, in the order of their hashes, with CRLF between them.
fn range(state: &State, prefix: &str, pads: bool) -> String {
    let prefix = prefix.to_ascii_uppercase();
    let suffix = |hash: &str| hash.get(5..).unwrap_or_default().to_owned();
    let of_test = state.listed.iter().filter(|(hash, _)| hash.starts_with(&prefix));
    let others = (1..).take(OTHERS).map(|number| (suffix(&hash(&format!("{prefix} {number}"))), number));
    let mut lines: Vec<_> = of_test.map(|(hash, count)| (suffix(hash), *count)).chain(others).collect();
    let lacking = if pads { PADDED.saturating_sub(lines.len()) } else { 0 };
    lines.extend((0..lacking).map(|number| (suffix(&hash(&format!("{prefix} pad {number}"))), 0)));
    lines.sort_unstable();
    let lines: Vec<_> = lines.iter().map(|(suffix, count)| format!("{suffix}:{count}")).collect();
    lines.join("\r\n")
}

fn hash(text: &str) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat()
}

fn text(status: StatusCode, body: String) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_the_documented_shape() {
        let state = State {
            listed: vec![(hash("password"), 7), (hash("padded"), 0)],
            misbehaviour: Mutex::default(),
            calls: Mutex::default(),
        };
        let plain = range(&state, "5baa6", false);
        assert!(plain.contains("1E4C9B93F3F0682250B6CF8331B7EE68FD8:7"), "the vector of the documentation");
        assert_eq!(plain.split("\r\n").count(), OTHERS + 1);
        let padded = range(&state, "5BAA6", true);
        assert_eq!(padded.split("\r\n").count(), PADDED);
        let is_line = |line: &str| line.split_once(':').is_some_and(|(suffix, _)| suffix.len() == 35);
        assert!(padded.split("\r\n").all(is_line));
        assert_eq!(padded.matches(":0").count(), PADDED - OTHERS - 1);
        assert!(!range(&state, "00000", true).contains("1E4C9B93F3F0682250B6CF8331B7EE68FD8"));
        assert!(is_prefix("5BAA6") && !is_prefix("5BAA") && !is_prefix("5BAA61") && !is_prefix("5BAAG"));
    }
}
