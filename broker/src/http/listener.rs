//! The front door: accepts connections, ends TLS where it is configured, and drains when the server stops.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::{Request, Response};
use http_body::Body;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use vestibule_certs::tls;

use crate::config::TlsFiles;
use crate::proxy::BoxError;

/// A client that sends its head slower than this is let go (OPS-07).
const HEAD: Duration = Duration::from_secs(10);
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The longest head of a request, in bytes (HTTP-14).
pub(super) const LARGEST_HEAD: usize = 64 * 1024;
/// The most header lines of a request.
const MOST_HEADERS: usize = 128;
/// Connections at once, where the process may have as many; the next wait in the kernel.
const MOST_CONNECTIONS: usize = 16 * 1024;
/// Descriptors for everything that is no connection of a browser: store, log, providers, the operator's listener.
const OTHER_DESCRIPTORS: u64 = 128;
/// Requests under way have this long once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// When the process has no descriptor left, trying again at once helps nobody.
const AFTER_ACCEPT_ERROR: Duration = Duration::from_millis(100);
const RELOAD: Duration = Duration::from_secs(5);

/// The certificate that is served, read anew when its files change.
#[derive(Clone)]
pub struct Tls {
    current: Arc<ArcSwap<rustls::ServerConfig>>,
    files: (PathBuf, PathBuf),
}

impl Tls {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// When they cannot be read, or do not fit each other.
    pub fn load(files: &TlsFiles) -> io::Result<Self> {
        let files = (files.certificate.clone(), files.key.clone());
        Ok(Self { current: Arc::new(ArcSwap::new(read(&files)?)), files })
    }

    /// Watches the files; a pair that does not fit is told and the old one stays.
    pub async fn reload(self) {
        let mut known = stamps(&self.files);
        let mut interval = tokio::time::interval(RELOAD);
        loop {
            interval.tick().await;
            let now = stamps(&self.files);
            if now == known {
                continue;
            }
            match read(&self.files) {
                Ok(config) => {
                    self.current.store(config);
                    known = now;
                    tracing::info!("the TLS certificate was read anew");
                }
                Err(error) => {
                    tracing::error!(tls.error = %error, "the TLS files changed and cannot be used; the old certificate stays");
                }
            }
        }
    }

    async fn accept(&self, stream: TcpStream) -> io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.current.load_full());
        tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await.map_err(|_| io::ErrorKind::TimedOut)?
    }
}

fn read((certificate, key): &(PathBuf, PathBuf)) -> io::Result<Arc<rustls::ServerConfig>> {
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    };
    tls::server_config(&read(certificate)?, &read(key)?).map_err(io::Error::other)
}

fn stamps((certificate, key): &(PathBuf, PathBuf)) -> [Option<std::time::SystemTime>; 2] {
    [certificate, key].map(|path| std::fs::metadata(path).and_then(|data| data.modified()).ok())
}

/// Each connection of a browser may need one to an application: without room for both, new connections would take away the
/// descriptors of those that are served, and of the operator's listener (OPS-07).
fn most_connections() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let fit = limit.saturating_sub(OTHER_DESCRIPTORS) / 2;
    usize::try_from(fit).unwrap_or(MOST_CONNECTIONS).clamp(16, MOST_CONNECTIONS)
}

/// Takes as many descriptors as the system gives; the usual soft limit is a thousand.
pub fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    if let Err(error) = raised {
        tracing::warn!(limit.error = %error, "the limit of open files could not be raised");
    }
}

/// Serves until `stop` turns true, then drains.
pub async fn serve<S, F, B>(
    listener: TcpListener,
    tls: Option<Tls>,
    mut stop: watch::Receiver<bool>,
    service: S,
) where
    S: Fn(Request<Incoming>, IpAddr) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Response<B>, Infallible>> + Send + 'static,
    B: Body<Data = Bytes, Error = BoxError> + Send + 'static,
{
    let connections = Arc::new(Semaphore::new(most_connections()));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let (watcher, tls, service) = (graceful.watcher(), tls.clone(), service.clone());
        tokio::spawn(async move {
            let _permit = permit;
            drop(stream.set_nodelay(true));
            match tls {
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => connection(stream, peer.ip(), watcher, service).await,
                    Err(error) => tracing::debug!(tls.error = %error, "a TLS handshake failed"),
                },
                None => connection(stream, peer.ip(), watcher, service).await,
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the server stopped");
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            tracing::warn!(listener.error = %error, "a connection could not be accepted");
            tokio::time::sleep(AFTER_ACCEPT_ERROR).await;
            None
        }
    }
}

async fn connection<S, F, B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    watcher: hyper_util::server::graceful::Watcher,
    service: S,
) where
    S: Fn(Request<Incoming>, IpAddr) -> F + Send + 'static,
    F: Future<Output = Result<Response<B>, Infallible>> + Send + 'static,
    B: Body<Data = Bytes, Error = BoxError> + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| service(request, peer)));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(connection.error = %error, "a connection ended badly");
    }
}
