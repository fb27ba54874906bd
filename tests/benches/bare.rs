//! What the broker's proxy is held against: the same server and the same pooled client, and nothing in between.

use std::net::SocketAddr;

use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::figure::note;
use crate::{Outcome, until_left_alone};

type Pool = Client<HttpConnector, Incoming>;

/// The part of the bare proxy.
pub(crate) async fn serve(upstream: SocketAddr) -> Outcome<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    note(&format!("bare {}", listener.local_addr()?));
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let pool: Pool = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(256)
        .set_host(false)
        .build(connector);
    let authority: Authority = upstream.to_string().parse()?;
    tokio::select! {
        () = accept(listener, pool, authority) => {}
        () = until_left_alone() => {}
    }
    Ok(())
}

async fn accept(listener: TcpListener, pool: Pool, authority: Authority) {
    while let Ok((stream, _)) = listener.accept().await {
        drop(stream.set_nodelay(true));
        let (pool, authority) = (pool.clone(), authority.clone());
        let service = service_fn(move |request| pass(pool.clone(), authority.clone(), request));
        let connection =
            http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

async fn pass(
    pool: Pool,
    authority: Authority,
    mut request: Request<Incoming>,
) -> Outcome<Response<Incoming>> {
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts)?;
    Ok(pool.request(request).await?)
}
