//! The way to a directory's controllers: name resolution, also of SRV records, TCP within reach, and what TLS trusts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use tokio::net::TcpStream;
use vestibule_certs::tls::TlsError;
use vestibule_certs::trust::Trust;
use vestibule_providers::ports::{HttpError, Wire};

use super::dial::resolve;
use super::{Dial, Reach, tls_config, unreachable_because};

/// For one question to DNS.
const DNS: Duration = Duration::from_secs(3);
/// Hosts of one record that are looked at.
const MOST: usize = 64;

/// Of one domain.
#[derive(Debug)]
pub(super) struct DirectoryWire {
    dial: Dial,
    reach: Arc<ArcSwap<Reach>>,
    tls: Arc<rustls::ClientConfig>,
}

impl DirectoryWire {
    pub(super) fn new(dial: Dial, reach: Arc<ArcSwap<Reach>>, trust: &Trust) -> Result<Self, TlsError> {
        let mut tls = (*tls_config(trust)?).clone();
        // LDAP has no name for ALPN, and a server may refuse one that is for HTTP.
        tls.alpn_protocols.clear();
        Ok(Self { dial, reach, tls: Arc::new(tls) })
    }

    /// Made anew for each use: what the operator says of name servers may have changed, and answers are kept by those who ask.
    fn resolver(&self) -> Result<TokioResolver, HttpError> {
        let unreachable = |error: &dyn std::fmt::Display| HttpError::Unreachable(format!("DNS: {error}"));
        let servers = &self.reach.load().dns;
        let mut builder = if servers.is_empty() {
            TokioResolver::builder_tokio().map_err(|error| unreachable(&error))?
        } else {
            let config = ResolverConfig::from_name_servers(servers.iter().map(name_server).collect());
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let options = builder.options_mut();
        options.timeout = DNS;
        options.attempts = 1;
        builder.build().map_err(|error| unreachable(&error))
    }

    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, HttpError> {
        let is_address = host.parse::<std::net::IpAddr>().is_ok();
        if is_address || self.reach.load().dns.is_empty() {
            let found = resolve(host, port).await;
            return found.map_err(|error| HttpError::Unreachable(format!("{host}: {error}")));
        }
        let found = self.resolver()?.lookup_ip(absolute(host)).await;
        let found = found.map_err(|error| HttpError::Unreachable(format!("{host}: {error}")))?;
        Ok(found.iter().map(|ip| SocketAddr::new(ip, port)).collect())
    }
}

/// Without the domains that the system would try to put behind it.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let at = |mut connection: ConnectionConfig| {
        connection.port = address.port();
        connection
    };
    let connections = vec![at(ConnectionConfig::udp()), at(ConnectionConfig::tcp())];
    NameServerConfig::new(address.ip(), true, connections)
}

#[async_trait]
impl Wire for DirectoryWire {
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, HttpError> {
        let addresses = self.addresses(host, port).await?;
        self.dial.open(addresses).await.map_err(|error| unreachable_because(&*error))
    }

    async fn locate(&self, record: &str) -> Result<Vec<String>, HttpError> {
        let answer = match self.resolver()?.srv_lookup(absolute(record)).await {
            Ok(answer) => answer,
            Err(error) if error.is_no_records_found() || error.is_nx_domain() => return Ok(Vec::new()),
            Err(error) => return Err(HttpError::Unreachable(format!("{record}: {error}"))),
        };
        let mut found: Vec<_> = answer
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(srv) => Some((srv.priority, u16::MAX - srv.weight, srv.target.to_utf8())),
                _ => None,
            })
            .take(MOST)
            .collect();
        // RFC 2782: by priority. Within one, the heavier first; the pool of each spreads what comes.
        found.sort();
        Ok(found.into_iter().map(|(_, _, host)| host.trim_end_matches('.').to_lowercase()).collect())
    }

    fn tls(&self) -> Arc<rustls::ClientConfig> {
        Arc::clone(&self.tls)
    }
}
