//! One HTTP/1.1 exchange with a listener on loopback: a connection each, a deadline, a cap.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url};

use super::page::Page;

/// An exchange that takes longer has failed.
pub(super) const DEADLINE: Duration = Duration::from_secs(30);
/// The largest body that is read, in octets.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Why the browser shows nothing.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not an address of http or https.
    #[error("{0} is no address that this browser opens")]
    Address(String),
    /// A host that is neither loopback nor mapped to a listener.
    #[error("{0} is neither loopback nor mapped to a listener")]
    UnknownHost(String),
    /// A header that cannot stand in HTTP/1.1.
    #[error("the header {0} cannot be sent")]
    Header(String),
    /// The connection failed or broke.
    #[error("{url}: {reason}")]
    Network {
        /// The address that was asked.
        url: String,
        /// What happened.
        reason: String,
    },
    /// No answer within 30 seconds.
    #[error("{0}: no answer within 30 seconds")]
    Deadline(String),
    /// More than 20 redirects.
    #[error("more than 20 redirects, the last to {0}")]
    TooManyRedirects(String),
    /// A browser would stop here: the submitting page's `form-action` forbids the target.
    #[error("form-action '{list}' forbids {target}")]
    FormAction {
        /// Where the submission or its redirect led.
        target: String,
        /// The list that forbids it.
        list: String,
    },
    /// The page has no such form, button, link or refresh.
    #[error("no {what} '{name}' on {page}")]
    Missing {
        /// The kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
        /// Status, address and text of the page.
        page: String,
    },
}

impl WireError {
    pub(super) fn missing(what: &'static str, name: &str, page: &Page) -> Self {
        let page = format!("{} {}: {}", page.status.as_u16(), page.url, page.text());
        Self::Missing { what, name: name.to_owned(), page }
    }

    pub(super) fn network(url: &impl ToString, reason: &impl ToString) -> Self {
        Self::Network { url: url.to_string(), reason: reason.to_string() }
    }
}

/// The listener behind a host of loopback. Every name below `.localhost` is 127.0.0.1, as in Chromium.
pub(super) fn resolve(url: &Url) -> Result<SocketAddr, WireError> {
    let unknown = || WireError::UnknownHost(url.to_string());
    let port = url.port_or_known_default().ok_or_else(unknown)?;
    let address = match url.host().ok_or_else(unknown)? {
        Host::Domain(name) if name == "localhost" || name.ends_with(".localhost") => {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        }
        Host::Ipv4(address) if address.is_loopback() => IpAddr::V4(address),
        Host::Ipv6(address) if address.is_loopback() => IpAddr::V6(address),
        Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => return Err(unknown()),
    };
    Ok(SocketAddr::new(address, port))
}

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends one request and reads the whole answer.
pub(super) async fn send(
    listener: SocketAddr,
    url: &Url,
    mut request: http::Request<Full<Bytes>>,
) -> Result<Answer, WireError> {
    if !request.headers().contains_key(HOST) {
        let authority = url.authority().rsplit('@').next().unwrap_or_default();
        let host = HeaderValue::from_str(authority).map_err(|_| WireError::Header("host".to_owned()))?;
        request.headers_mut().insert(HOST, host);
    }
    let exchange = tokio::time::timeout(DEADLINE, exchange(listener, request));
    let answer = exchange.await.map_err(|_| WireError::Deadline(url.to_string()))?;
    answer.map_err(|reason| WireError::network(url, &reason))
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn exchange(listener: SocketAddr, request: http::Request<Full<Bytes>>) -> Result<Answer, Cause> {
    let stream = TcpStream::connect(listener).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // The task ends with the connection, which ends with its sender.
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await?.to_bytes();
    driver.abort();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}
