//! A person's browser, as little of one as a sign-in needs: connections that are kept, redirects, and a jar a person.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use http::header::{ACCEPT, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Outcome;
use crate::deployment::WORKSPACE;

/// Redirects of one sign-in, with room.
const MOST_STEPS: usize = 8;

/// Two kept connections: to the broker, and to the provider.
pub(crate) struct Browser {
    broker: Connection,
    provider: Connection,
    port: u16,
}

type Jar = BTreeMap<String, BTreeMap<String, String>>;

impl Browser {
    /// Connects.
    pub(crate) async fn open(broker: SocketAddr, provider: SocketAddr) -> Outcome<Self> {
        let (port, broker) = (broker.port(), Connection::to(broker).await?);
        Ok(Self { broker, provider: Connection::to(provider).await?, port })
    }

    /// Somebody who was never here signs in: from the first request to the redirect into the workspace, which is not
    /// followed. Gives the cookies of the workspace.
    pub(crate) async fn sign_in(&mut self) -> Outcome<String> {
        let mut jar = Jar::new();
        let mut at: Uri = format!("http://{WORKSPACE}:{}/", self.port).parse()?;
        for _ in 0..MOST_STEPS {
            let headers = self.get(&at, &jar).await?;
            keep(jar.entry(host(&at)).or_default(), &headers);
            at = headers.get(LOCATION).ok_or("a sign-in ended in a page")?.to_str()?.parse()?;
            let arrived = at.host() == Some(WORKSPACE) && at.path() == "/";
            if arrived && let Some(cookies) = jar.get(WORKSPACE).filter(|cookies| !cookies.is_empty()) {
                return Ok(line(cookies));
            }
        }
        Err("a sign-in went round in circles".into())
    }

    async fn get(&mut self, at: &Uri, jar: &Jar) -> Outcome<HeaderMap> {
        let ours = at.host().is_some_and(|host| host.ends_with(".vestibule.localhost"));
        let connection = if ours { &mut self.broker } else { &mut self.provider };
        let target = at.path_and_query().map_or("/", |target| target.as_str());
        let authority = at.authority().ok_or("a redirect without a host")?.as_str();
        let mut request = Request::get(target).header(HOST, authority).header(ACCEPT, "text/html");
        if let Some(cookies) = jar.get(&host(at)).filter(|cookies| !cookies.is_empty()) {
            request = request.header(COOKIE, line(cookies));
        }
        connection.send(request.body(Empty::new())?).await
    }
}

/// One kept connection.
struct Connection(SendRequest<Empty<Bytes>>);

impl Connection {
    async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    async fn send(&mut self, request: Request<Empty<Bytes>>) -> Outcome<HeaderMap> {
        self.0.ready().await?;
        let (head, body) = self.0.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        if head.status.is_redirection() {
            Ok(head.headers)
        } else {
            Err(format!("{}: {}", head.status, String::from_utf8_lossy(&body)).into())
        }
    }
}

fn host(at: &Uri) -> String {
    at.host().unwrap_or_default().to_owned()
}

fn keep(cookies: &mut BTreeMap<String, String>, headers: &HeaderMap) {
    for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
        let pair = line.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn line(cookies: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}
