//! The one outbound client: every call that the broker makes to an address which an organisation named (architecture 6).
//!
//! No redirects, one deadline, one size, and no way into private networks unless the operator opened it (RFC 9700 §4.12,
//! OIDC-RP-41).

mod dial;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use vestibule_certs::tls::{self, TlsError};
use vestibule_certs::trust::Trust;
use vestibule_providers::ports::{Http, HttpError, Wire};

use self::dial::Refused;
pub(crate) use self::dial::{Dial, is_public, resolve};
use self::wire::DirectoryWire;

/// The whole exchange, from name resolution to the last byte.
const DEADLINE: Duration = Duration::from_secs(10);
/// The longest body that is read, in bytes.
const LARGEST: usize = 1024 * 1024;
const IDLE_CONNECTIONS: usize = 8;

/// Where calls may go.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Private networks that are open.
    pub allow_private: Vec<IpNet>,
    /// Our own listeners, which no organisation's address may reach.
    pub forbidden: Vec<SocketAddr>,
    /// Name servers for directories; the system's where there are none.
    pub dns: Vec<SocketAddr>,
}

impl Reach {
    /// Whether an address may be connected to.
    #[must_use]
    pub fn admits(&self, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        let ours = self.forbidden.iter().any(|listener| {
            let own = listener.ip().to_canonical();
            listener.port() == address.port()
                && (own == ip || (own.is_unspecified() && dial::is_this_machine(ip)))
        });
        !ours && (is_public(ip) || self.allow_private.iter().any(|network| network.contains(&ip)))
    }

    /// The same for what the operator names: any network, and our own listeners as little.
    fn of_operator(&self) -> Self {
        let everywhere = vec![Ipv4Net::default().into(), Ipv6Net::default().into()];
        Self { allow_private: everywhere, forbidden: self.forbidden.clone(), dns: self.dns.clone() }
    }
}

type Clients = HashMap<String, Weak<dyn Http>>;

/// Makes clients; connections with the same trust share one, and its pool.
#[derive(Debug, Clone)]
pub struct Outbound {
    reach: Arc<ArcSwap<Reach>>,
    of_operator: Arc<ArcSwap<Reach>>,
    clients: Arc<Mutex<Clients>>,
}

impl Outbound {
    /// Calls nobody yet.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        let of_operator = Arc::new(ArcSwap::from_pointee(reach.of_operator()));
        Self { reach: Arc::new(ArcSwap::from_pointee(reach)), of_operator, clients: Arc::default() }
    }

    /// Opens connections within the same reach, for the applications behind routes.
    #[must_use]
    pub(crate) fn dial(&self) -> Dial {
        Dial::new(Arc::clone(&self.reach))
    }

    /// Private networks that organisations' addresses may reach.
    #[must_use]
    pub(crate) fn open_networks(&self) -> Vec<IpNet> {
        self.reach.load().allow_private.clone()
    }

    /// Sets another reach, also for the clients that were made before.
    pub fn reach(&self, reach: Reach) {
        self.of_operator.store(Arc::new(reach.of_operator()));
        self.reach.store(Arc::new(reach));
    }

    /// The way to the controllers of a directory that has one of these certificates.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub fn wire(&self, trust: &Trust) -> Result<Arc<dyn Wire>, TlsError> {
        Ok(Arc::new(DirectoryWire::new(self.dial(), Arc::clone(&self.reach), trust)?))
    }

    /// A client for an address that the operator named, which may be in any network.
    ///
    /// # Errors
    /// When the system's roots cannot be read.
    pub fn for_operator(&self, trust: &Trust) -> Result<Arc<dyn Http>, TlsError> {
        Ok(Arc::new(OutboundClient::new(trust, Arc::clone(&self.of_operator))?))
    }

    /// The client that trusts these certificates.
    ///
    /// # Errors
    /// When the system's roots cannot be read.
    pub fn for_trust(&self, trust: &Trust) -> Result<Arc<dyn Http>, TlsError> {
        let fingerprint = trust.fingerprint();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&fingerprint).and_then(Weak::upgrade) {
            return Ok(client);
        }
        let client: Arc<dyn Http> = Arc::new(OutboundClient::new(trust, Arc::clone(&self.reach))?);
        // Whoever tries certificates out leaves nothing behind.
        clients.retain(|_, client| client.strong_count() > 0);
        clients.insert(fingerprint, Arc::downgrade(&client));
        Ok(client)
    }
}

/// What a connection trusts. A machine without public authorities still serves whatever needs none: its https calls fail by
/// themselves, with their reason.
///
/// # Errors
/// When the given certificates cannot be used.
pub(crate) fn tls_config(trust: &Trust) -> Result<Arc<rustls::ClientConfig>, TlsError> {
    match tls::client_config(trust) {
        Err(TlsError::NoPublicRoots) => {
            tracing::warn!("this machine has no public certificate authorities; https calls will fail");
            tls::client_config(&Trust::Only(Vec::new()))
        }
        config => config,
    }
}

/// One pool of connections, under one trust.
struct OutboundClient {
    client: Client<HttpsConnector<Dial>, Full<Bytes>>,
}

impl OutboundClient {
    fn new(trust: &Trust, reach: Arc<ArcSwap<Reach>>) -> Result<Self, TlsError> {
        let connector = HttpsConnector::from((Dial::new(reach), tls_config(trust)?));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .build(connector);
        Ok(Self { client })
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let response = self.client.request(request).await.map_err(|error| unreachable_because(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                HttpError::TooLarge(LARGEST)
            } else {
                HttpError::Broken(error.to_string())
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
    }
}

#[async_trait]
impl Http for OutboundClient {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let late = |_| Err(HttpError::Late(DEADLINE.as_secs()));
        tokio::time::timeout(DEADLINE, self.exchange(request)).await.unwrap_or_else(late)
    }
}

impl fmt::Debug for OutboundClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutboundClient")
    }
}

fn unreachable_because(error: &(dyn std::error::Error + 'static)) -> HttpError {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(refused) = current.downcast_ref::<Refused>() {
            return HttpError::Forbidden(refused.0.clone());
        }
        if is_of_the_certificate(current) {
            return HttpError::Untrusted(causes(error));
        }
        cause = current.source();
    }
    HttpError::Unreachable(causes(error))
}

/// The TLS library's errors come within those of the socket.
fn is_of_the_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let own = error.downcast_ref::<rustls::Error>();
    let found = own.or_else(|| within.and_then(|error| error.downcast_ref()));
    matches!(found, Some(rustls::Error::InvalidCertificate(_)))
}

/// The whole chain of causes: "invalid peer certificate: unknown issuer" is what an administrator needs at eight in the
/// morning, and it stands at the end.
#[must_use]
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(current) = cause {
        let text = current.to_string();
        if told.last() != Some(&text) {
            told.push(text);
        }
        cause = current.source();
    }
    told.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_operator_names_may_be_anywhere_but_at_our_own_doors() {
        let own = "127.0.0.1:8080".parse().unwrap();
        let outbound = Outbound::new(Reach { forbidden: vec![own], ..Reach::default() });
        let admits = |address: &str| outbound.of_operator.load().admits(address.parse().unwrap());
        for address in ["10.1.2.3:443", "[fd00::1]:443", "127.0.0.1:443", "93.184.216.34:443"] {
            assert!(admits(address), "{address}");
        }
        for address in ["127.0.0.1:8080", "[::ffff:127.0.0.1]:8080"] {
            assert!(!admits(address), "{address}");
        }
        outbound.reach(Reach { forbidden: vec!["127.0.0.1:443".parse().unwrap()], ..Reach::default() });
        assert!(admits("127.0.0.1:8080") && !admits("127.0.0.1:443"), "a reload holds here too");
        assert!(
            !outbound.reach.load().admits("10.1.2.3:443".parse().unwrap()),
            "organisations have their own"
        );
    }

    #[test]
    fn what_an_organisation_names_reaches_no_private_network() {
        let reach = Reach {
            allow_private: vec!["10.1.0.0/16".parse().unwrap(), "127.0.0.0/8".parse().unwrap()],
            forbidden: vec!["127.0.0.1:8080".parse().unwrap(), "0.0.0.0:9090".parse().unwrap()],
            dns: Vec::new(),
        };
        for (address, admitted) in [
            ("93.184.216.34:443", true),
            ("10.1.2.3:443", true),
            ("10.2.2.3:443", false),
            ("192.168.1.1:443", false),
            ("172.16.0.1:443", false),
            ("169.254.169.254:80", false),
            ("100.64.0.1:443", false),
            ("0.0.0.0:443", false),
            ("224.0.0.1:443", false),
            ("127.0.0.1:443", true),
            ("127.0.0.1:8080", false),
            ("127.0.0.1:9090", false),
            ("[::ffff:127.0.0.1]:8080", false),
            ("[::ffff:169.254.169.254]:80", false),
            ("[::1]:443", false),
            ("[fe80::1]:443", false),
            ("[fd00::1]:443", false),
            ("[64:ff9b::a9fe:a9fe]:80", false),
            ("[2606:4700::1111]:443", true),
        ] {
            assert_eq!(reach.admits(address.parse().unwrap()), admitted, "{address}");
        }
    }
}
