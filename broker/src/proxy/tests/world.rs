//! A broker's front that only forwards, applications behind it, and a client that writes bytes as it likes.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use vestibule_certs::trust::Trust;

use crate::outbound::{Outbound, Reach};
use vestibule_policies::organization::{Access, HeaderRule, Route, RoutePath};
use vestibule_policies::path::CanonicalPath;

use crate::proxy::{
    IdentityHeaders, IdentityNames, Passage, PoolLimits, ProxyBody, PublicOrigin, UpstreamPool, forward,
};

pub(super) const HOST: &str = "acme.vestibule.localhost:8080";

pub(super) async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

pub(super) fn route_to(upstream: SocketAddr) -> Route {
    Route {
        path: RoutePath::parse("/").unwrap(),
        upstream: format!("http://{upstream}").parse().unwrap(),
        access: Access::Session,
        headers: HeaderRule::Default,
        timeout: Duration::from_secs(20),
        websocket_activity: true,
    }
}

/// The broker's front, with one route.
pub(super) struct Front {
    pub(super) address: SocketAddr,
}

struct Setting {
    pool: UpstreamPool,
    route: Route,
    names: IdentityNames,
    identity: Option<IdentityHeaders>,
}

impl Front {
    pub(super) async fn before(upstream: SocketAddr) -> Self {
        Self::start(route_to(upstream), None).await
    }

    pub(super) async fn start(route: Route, identity: Option<IdentityHeaders>) -> Self {
        let pool = {
            let reach = Reach { allow_private: vec!["127.0.0.0/8".parse().unwrap()], ..Reach::default() };
            let dial = Outbound::new(reach).dial();
            UpstreamPool::new(dial, &Trust::Only(Vec::new()), PoolLimits::default()).unwrap()
        };
        let names = IdentityNames::of(std::slice::from_ref(&route)).unwrap();
        let setting = Arc::new(Setting { pool, route, names, identity });
        let (listener, address) = listener().await;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let setting = Arc::clone(&setting);
                let service = service_fn(move |request| answer(Arc::clone(&setting), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address }
    }

    /// One exchange on a connection of its own, until the broker closes it.
    pub(super) async fn exchange(&self, request: &str) -> String {
        let mut stream = self.open(request).await;
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer).await {
            Ok(_) => {}
            // The broker closed while bytes of ours were on the way; what it said before stands.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(error) => panic!("{error}"),
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(super) async fn open(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}

async fn answer(
    setting: Arc<Setting>,
    request: Request<Incoming>,
) -> Result<Response<ProxyBody>, Infallible> {
    let uri = request.uri().clone();
    let path = CanonicalPath::parse(uri.path()).unwrap();
    let passage = Passage {
        route: &setting.route,
        path: &path,
        query: uri.query(),
        identity: setting.identity.as_ref(),
        names: &setting.names,
        public: PublicOrigin { scheme: "http", host_with_port: HOST },
        client: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
        own_cookies: &|_| false,
    };
    Ok(forward(&setting.pool, request, passage).await.unwrap_or_else(|error| {
        let text = Full::new(Bytes::from_static(error.code().as_str().as_bytes()));
        let body = text.map_err(|never| match never {}).boxed_unsync();
        Response::builder().status(error.status()).body(body).unwrap()
    }))
}

/// An application that keeps the bytes of each request and answers all alike.
pub(super) struct Recorder {
    pub(super) address: SocketAddr,
    seen: mpsc::UnboundedReceiver<String>,
    connections: Arc<AtomicUsize>,
}

impl Recorder {
    pub(super) async fn answering(answer: &'static str) -> Self {
        let (listener, address) = listener().await;
        let (sender, seen) = mpsc::unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(record(stream, answer, sender.clone()));
            }
        });
        Self { address, seen, connections }
    }

    pub(super) async fn next(&mut self) -> String {
        self.seen.recv().await.unwrap()
    }

    /// What came beside the requests that were taken already.
    pub(super) fn rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn record(mut stream: TcpStream, answer: &str, seen: mpsc::UnboundedSender<String>) {
    let mut buffer = [0; 16 * 1024];
    let mut request = Vec::new();
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        request.extend_from_slice(&buffer[..length]);
        if is_whole(&request) {
            let text = String::from_utf8_lossy(&request).into_owned();
            request.clear();
            if seen.send(text).is_err() || stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// Whatever follows a whole message in the same read is kept with it, so that a test sees it.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    match length {
        Some(length) => body.len() >= length.parse().unwrap(),
        None => !head.contains("transfer-encoding: chunked") || body.ends_with("0\r\n\r\n"),
    }
}

/// The lines of a head, sorted, without the request or status line.
pub(super) fn head_lines(message: &str) -> Vec<&str> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().skip(1).collect();
    lines.sort_unstable();
    lines
}
