//! Connecting to an address that somebody typed: the name is resolved once, every address judged, and the judged address
//! connected to, so that a name cannot mean one thing to the check and another to the connection.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use arc_swap::ArcSwap;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tower_service::Service;

use super::Reach;

/// To one address; the next is tried after it.
const CONNECT: Duration = Duration::from_secs(4);

/// An address that may not be reached.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the address {} may not be reached: see outbound.allow_private", self.0)
    }
}

impl std::error::Error for Refused {}

pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Opens TCP connections within a reach.
#[derive(Debug, Clone)]
pub(crate) struct Dial {
    reach: Arc<ArcSwap<Reach>>,
}

impl Dial {
    pub(super) fn new(reach: Arc<ArcSwap<Reach>>) -> Self {
        Self { reach }
    }

    async fn connect(self, target: Uri) -> Result<TokioIo<TcpStream>, BoxError> {
        let host = target.host().ok_or("the address names no host")?;
        let port = target.port_u16().unwrap_or(if target.scheme_str() == Some("https") { 443 } else { 80 });
        self.open(resolve(host, port).await?).await.map(TokioIo::new)
    }

    /// Connects to the first of these addresses that may be reached and answers.
    pub(super) async fn open(&self, addresses: Vec<SocketAddr>) -> Result<TcpStream, BoxError> {
        let mut last: BoxError = "the name has no address".into();
        for address in addresses {
            if !self.reach.load().admits(address) {
                last = Box::new(Refused(address.to_string()));
                continue;
            }
            match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => last = format!("{address}: {error}").into(),
                Err(_) => last = format!("{address}: no connection within {} s", CONNECT.as_secs()).into(),
            }
        }
        Err(last)
    }
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        Box::pin(self.clone().connect(target))
    }
}

/// RFC 6761 §6.3: `localhost` and whatever is under it is the loopback address, without asking anybody.
pub(crate) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    if host == "localhost" || host.ends_with(".localhost") {
        return Ok(vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)]);
    }
    Ok(lookup_host((host, port)).await?.collect())
}

/// Whether an address is one of this machine's: only then can a socket be bound to it.
pub(super) fn is_this_machine(ip: IpAddr) -> bool {
    ip.is_unspecified() || std::net::UdpSocket::bind((ip, 0)).is_ok()
}

/// Whether an address belongs to the public internet (RFC 6890), also where IPv6 wraps IPv4.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => {
            let segments = v6.segments();
            let first = segments.first().copied().unwrap_or_default();
            // Only global unicast, 2000::/3; and of it neither documentation, nor 6to4, Teredo and ORCHID, which lead elsewhere.
            (first & 0xe000) == 0x2000
                && first != 0x2002
                && !matches!(segments, [0x2001, second, ..] if second < 0x0200 || second == 0x0db8)
        }
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}
