//! A client that sends what it is told and keeps what comes, octet by octet.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::*;
use crate::ldap::ber::{self, BOOLEAN, ENUMERATED, INTEGER, Reader, SEQUENCE, SET};
use crate::ldap::{Answer, START_TLS};

/// Silence that is taken for the end of an answer that does not end.
const QUIET: Duration = Duration::from_millis(400);
/// Octets after which an endless answer is endless enough.
const ENOUGH: usize = 256 * 1024;
const ALICE: &str = "CN=Alice Andersen,CN=Users,DC=corp,DC=example";

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

pub(super) struct Peer {
    stream: Option<Box<dyn Stream>>,
    id: i64,
}

impl Peer {
    pub(super) async fn plain(directory: &HostileDirectory) -> Self {
        let stream = TcpStream::connect(directory.start_tls_address()).await;
        Self { stream: stream.ok().map(|stream| Box::new(stream) as Box<dyn Stream>), id: 0 }
    }

    /// TLS from the first octet on.
    pub(super) async fn connect(directory: &HostileDirectory, name: &str) -> Self {
        let stream = TcpStream::connect(directory.address()).await;
        let plain = Self { stream: stream.ok().map(|stream| Box::new(stream) as Box<dyn Stream>), id: 0 };
        plain.encrypted(directory, name).await
    }

    /// TLS over what is there; a peer without a stream if it fails.
    pub(super) async fn encrypted(mut self, directory: &HostileDirectory, name: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(directory.ca_pem().as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let Some(stream) = self.stream.take() else { return self };
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let handshake = timeout(QUIET * 5, TlsConnector::from(Arc::new(config)).connect(name, stream));
        if let Ok(Ok(encrypted)) = handshake.await {
            self.stream = Some(Box::new(encrypted));
        }
        self
    }

    pub(super) fn is_connected(&self) -> bool {
        self.stream.is_some()
    }

    /// Everything that comes until this kind of answer, the end, silence, or too much.
    async fn exchange(&mut self, operation: &[u8], last: u8) -> Vec<u8> {
        self.id += 1;
        let request = ber::nested(SEQUENCE, &[ber::number(INTEGER, self.id), operation.to_vec()]);
        let Some(stream) = &mut self.stream else { return vec![] };
        let mut answer = Vec::new();
        if stream.write_all(&request).await.is_err() {
            return answer;
        }
        while answer.len() < ENOUGH && !ends_with(&answer, last) {
            match timeout(QUIET, stream.read_buf(&mut answer)).await {
                Ok(Ok(count)) if count > 0 => {}
                _ => break,
            }
        }
        answer
    }

    pub(super) async fn bind(&mut self, name: &str, password: &str) -> Vec<u8> {
        let parts = [ber::number(INTEGER, 3), ber::octets(name), ber::element(0x80, password.as_bytes())];
        self.exchange(&ber::nested(0x60, &parts), Answer::BOUND).await
    }

    pub(super) async fn bind_service(&mut self, directory: &HostileDirectory) -> Vec<u8> {
        let (name, password) = directory.directory().service_account();
        self.bind(&name, &password).await
    }

    /// Alice's entry with all that can be had.
    pub(super) async fn search(&mut self) -> Vec<u8> {
        let zero = |tag| ber::number(tag, 0);
        let names = ["*", "tokenGroups", "memberOf;range=5-*"].map(ber::octets);
        let parts = [
            ber::octets(ALICE),
            zero(ENUMERATED),
            zero(ENUMERATED),
            zero(INTEGER),
            zero(INTEGER),
            ber::element(BOOLEAN, &[0]),
            ber::nested(0xa3, &[ber::octets("userPrincipalName"), ber::octets("alice@corp.example")]),
            ber::nested(SEQUENCE, &names),
        ];
        self.exchange(&ber::nested(0x63, &parts), Answer::SEARCHED).await
    }

    /// Alice's password, by the old one.
    pub(super) async fn change(&mut self, old: &str, new: &str) -> Vec<u8> {
        let change = |kind, password: &str| {
            let quoted: Vec<_> =
                format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
            let attribute = [ber::octets("unicodePwd"), ber::nested(SET, &[ber::octets(quoted)])];
            ber::nested(SEQUENCE, &[ber::number(ENUMERATED, kind), ber::nested(SEQUENCE, &attribute)])
        };
        let changes = ber::nested(SEQUENCE, &[change(1, old), change(0, new)]);
        self.exchange(&ber::nested(0x66, &[ber::octets(ALICE), changes]), Answer::MODIFIED).await
    }

    pub(super) async fn start_tls(&mut self) -> Vec<u8> {
        let name = ber::element(0x80, START_TLS.as_bytes());
        self.exchange(&ber::element(0x77, &name), Answer::EXTENDED).await
    }
}

/// Whether whole messages have come and the last is of this kind.
fn ends_with(octets: &[u8], kind: u8) -> bool {
    let (mut reader, mut last) = (Reader::new(octets), None);
    while !reader.is_empty() {
        let Some(mut message) = reader.inside(SEQUENCE) else { return false };
        let _id = message.any();
        last = message.peek();
    }
    last == Some(kind)
}

pub(super) fn password(directory: &HostileDirectory, name: &str) -> String {
    let accounts = directory.directory().accounts();
    accounts.into_iter().find(|account| account.username == name).unwrap().password
}

/// What is answered to `StartTLS`, and over TLS from the first octet on to a bind of the service, a search, a bind with
/// the password, one with another, and a change of the password that is taken back.
pub(super) async fn transcript(directory: &HostileDirectory) -> Vec<Vec<u8>> {
    let secret = password(directory, "alice");
    let mut plain = Peer::plain(directory).await;
    let started = plain.start_tls().await;
    let upgraded = plain.encrypted(directory, "localhost").await;
    let started = [started, vec![u8::from(upgraded.is_connected())]].concat();
    let mut peer = Peer::connect(directory, "localhost").await;
    if !peer.is_connected() {
        return vec![started];
    }
    let looked_up = [peer.bind_service(directory).await, peer.search().await];
    // A bind that ends the connection must not hide what comes after it.
    let mut own = Peer::connect(directory, "localhost").await;
    let right = own.bind("alice@corp.example", &secret).await;
    let mut own = Peer::connect(directory, "localhost").await;
    let wrong = own.bind("alice@corp.example", "wrong").await;
    let mut service = Peer::connect(directory, "localhost").await;
    service.bind_service(directory).await;
    let changed = service.change(&secret, "Another one 2027").await;
    let changed = [changed, service.bind("alice@corp.example", &secret).await].concat();
    directory.directory().set_password("alice", &secret);
    directory.directory().unlock("alice");
    [started].into_iter().chain(looked_up).chain([right, wrong, changed]).collect()
}
