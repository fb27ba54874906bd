//! The issuer's keys, fetched with a client of its own from one fixed address.
//!
//! The address never comes from a request: an assertion may name any issuer below the prefix, but what is
//! asked for it is always the broker.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{ACCEPT, HOST};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// One connection and one answer have this long together.
const PATIENCE: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: usize = 64 * 1024;
/// An unknown key id asks again, but a stream of invented ones does not ask more often than this.
const PAUSE_SECONDS: i64 = 2;
const FRESH_SECONDS: i64 = 300;
/// Issuers whose keys are kept; beyond that all are forgotten.
const ISSUERS: usize = 64;

#[derive(Debug)]
pub(super) struct Keys {
    address: SocketAddr,
    sets: Mutex<HashMap<String, KeySet>>,
}

/// The document as fetched, and when.
#[derive(Clone, Debug)]
struct KeySet {
    keys: Value,
    fetched: i64,
}

/// An uncompressed P-256 point, as ring takes it: `04 || x || y`.
#[derive(Debug)]
pub(super) struct PublicKey(pub(super) Vec<u8>);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeysError {
    #[error("the issuer's keys could not be fetched")]
    Unreachable,
    #[error("the issuer has no such key")]
    Unknown,
}

impl Keys {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, sets: Mutex::default() }
    }

    /// Fetches at most once for a question; an id that is not in a fresh set may be a rotation.
    pub(super) async fn find(&self, issuer: &str, id: &str, now: i64) -> Result<PublicKey, KeysError> {
        let known = self.sets().get(issuer).cloned();
        if let Some(set) = known {
            let age = now.saturating_sub(set.fetched);
            let found = pick(&set.keys, id).filter(|_| age < FRESH_SECONDS);
            if found.is_some() || age < PAUSE_SECONDS {
                return found.ok_or(KeysError::Unknown);
            }
        }
        let fetched = timeout(PATIENCE, self.fetch(issuer)).await.ok().flatten();
        let keys = fetched.ok_or(KeysError::Unreachable)?;
        let found = pick(&keys, id);
        let mut sets = self.sets();
        if sets.len() >= ISSUERS {
            sets.clear();
        }
        sets.insert(issuer.to_owned(), KeySet { keys, fetched: now });
        found.ok_or(KeysError::Unknown)
    }

    fn sets(&self) -> MutexGuard<'_, HashMap<String, KeySet>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No redirect is followed, nothing but 200 counts.
    async fn fetch(&self, issuer: &str) -> Option<Value> {
        let url = Url::parse(&format!("{issuer}/oauth2/jwks")).ok()?;
        let request =
            Request::get(url.path()).header(HOST, url.authority()).header(ACCEPT, "application/json");
        let request = request.body(Empty::<Bytes>::new()).ok()?;
        let stream = TcpStream::connect(self.address).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        // Ends with the sender; what it has to say is said by the answer.
        drop(tokio::spawn(connection));
        let answer = sender.send_request(request).await.ok()?;
        if answer.status() != StatusCode::OK {
            return None;
        }
        let body = Limited::new(answer.into_body(), ANSWER_LIMIT).collect().await.ok()?;
        serde_json::from_slice(&body.to_bytes()).ok()
    }
}

/// RFC 7518 section 6.2: the one key of that id on P-256.
fn pick(set: &Value, id: &str) -> Option<PublicKey> {
    let is = |key: &Value, name: &str, value: &str| key.get(name).and_then(Value::as_str) == Some(value);
    let mut keys = set.get("keys")?.as_array()?.iter().filter(|key| is(key, "kid", id));
    let key = keys.next().filter(|key| is(key, "kty", "EC") && is(key, "crv", "P-256"))?;
    if keys.next().is_some() {
        return None;
    }
    let coordinate = |name| URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok();
    let point = [vec![4], coordinate("x")?, coordinate("y")?].concat();
    (point.len() == 65).then_some(PublicKey(point))
}
