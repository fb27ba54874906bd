//! An application behind the broker that remembers every request it gets.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

type Answer = Arc<dyn Fn(&Received) -> Response<Full<Bytes>> + Send + Sync>;

/// The application. It ends when it is dropped.
pub struct Application {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<Answer>>,
    task: JoinHandle<()>,
}

impl Application {
    /// Starts on a free loopback port; it answers `the application` to everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let plain: Answer = Arc::new(|_| Response::new(Full::from("the application")));
        let answer = Arc::new(Mutex::new(plain));
        let (remember, reply) = (Arc::clone(&received), Arc::clone(&answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (remember, reply) = (Arc::clone(&remember), Arc::clone(&reply));
                let service =
                    service_fn(move |request| one(request, Arc::clone(&remember), Arc::clone(&reply)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, received, answer, task }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request since the start or the last [`Application::forget`].
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The latest request.
    #[must_use]
    pub fn last(&self) -> Received {
        self.received().pop().expect("the application got no request")
    }

    /// Forgets what arrived.
    pub fn forget(&self) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Answers like this from now on.
    pub fn answer_with(&self, answer: impl Fn(&Received) -> Response<Full<Bytes>> + Send + Sync + 'static) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(answer);
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn one(
    request: Request<Incoming>,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<Answer>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        let mut broken = Response::new(Full::default());
        *broken.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(broken);
    };
    let one = Received {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers,
        body: body.to_bytes(),
    };
    let answer = Arc::clone(&answer.lock().unwrap_or_else(PoisonError::into_inner));
    let reply = answer(&one);
    received.lock().unwrap_or_else(PoisonError::into_inner).push(one);
    Ok(reply)
}
