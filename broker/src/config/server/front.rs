//! The section `[server]`: where the broker listens, and under which names and with what transport browsers reach it
//! (interface 2 and 5).

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use vestibule_policies::HostName;

use super::{
    super::{
        fault::FaultCode,
        reader::{Item, Reported, Table},
    },
    PublicScheme,
    hosts::{Hosts, Names},
    networks,
};

/// The section `[server]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where browsers, or the proxy in front, connect.
    pub listen: SocketAddr,
    /// Where health and metrics are served; never the same as `listen`.
    pub operator_listen: SocketAddr,
    /// The domain of the broker's own hosts.
    pub base_domain: HostName,
    /// The domain in which workspaces have their labels.
    pub workspace_domain: HostName,
    /// How browsers reach the broker.
    pub scheme: PublicScheme,
    /// The port that browsers see; never 0.
    pub public_port: u16,
    /// Networks whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The broker's own hosts.
    pub hosts: Hosts,
    /// Our certificate; none when something in front ends TLS.
    pub tls: Option<TlsFiles>,
}

/// The section `[server.tls]`: PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Server {
    /// The origin under which browsers know one of our hosts: `scheme://host[:port]`, without the scheme's own port.
    #[must_use]
    pub fn origin(&self, host: &HostName) -> String {
        let scheme = self.scheme.as_str();
        if self.public_port == self.scheme.default_port() {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{}", self.public_port)
        }
    }

    /// The canonical host of sign-in pages and callbacks.
    #[must_use]
    pub fn accounts(&self) -> &HostName {
        self.hosts.accounts.canonical()
    }

    /// The canonical host of the SAML service provider.
    #[must_use]
    pub fn saml(&self) -> &HostName {
        self.hosts.saml.canonical()
    }

    /// The canonical host of the console and the API.
    #[must_use]
    pub fn console(&self) -> &HostName {
        self.hosts.console.canonical()
    }

    pub(super) fn read(table: &mut Table<'_>) -> Result<Self, Reported> {
        let listen = table.parse_or("listen", "127.0.0.1:8080", socket);
        let operator_listen = table.parse_or("operator_listen", "127.0.0.1:9090", socket);
        let scheme = table.value_or("public_scheme", PublicScheme::Http, PublicScheme::read);
        let trusted_proxies = table.value_or("trusted_proxies", Vec::new(), networks);
        let tls = table.section("tls", TlsFiles::read);
        let names = Names::read(table);
        let port = table.maybe("public_port", Item::port);
        let exposure = Exposure {
            listen: listen?,
            operator_listen: operator_listen?,
            scheme: scheme?,
            trusted_proxies: trusted_proxies?,
            tls: tls?,
        };
        let (checked, public_port) = (exposure.check(table), exposure.public_port(table, port?));
        let Names { base_domain, workspace_domain, hosts } = names?;
        checked?;
        let public_port = public_port?;
        let Exposure { listen, operator_listen, scheme, trusted_proxies, tls } = exposure;
        Ok(Self {
            listen,
            operator_listen,
            base_domain,
            workspace_domain,
            scheme,
            public_port,
            trusted_proxies,
            hosts,
            tls,
        })
    }
}

/// What decides how far the broker may be reached, and how safely.
struct Exposure {
    listen: SocketAddr,
    operator_listen: SocketAddr,
    scheme: PublicScheme,
    trusted_proxies: Vec<IpNet>,
    tls: Option<TlsFiles>,
}

impl Exposure {
    fn check(&self, table: &Table<'_>) -> Result<(), Reported> {
        let listeners = if collide(self.listen, self.operator_listen) {
            Err(table.fault(
                "operator_listen",
                FaultCode::Invalid,
                "the operator's listener needs a port of its own",
            ))
        } else {
            Ok(())
        };
        let transport = match (self.scheme, &self.tls) {
            // Without TLS a session cookie would travel in the clear, so nobody but this machine may connect.
            (PublicScheme::Http, _) if !self.on_loopback() => {
                let message = "http is for loopback listeners alone; set \"https\"";
                Err(table.fault("public_scheme", FaultCode::Invalid, message))
            }
            (PublicScheme::Http, Some(_)) => {
                Err(table.fault("tls", FaultCode::Invalid, "a certificate needs public_scheme = \"https\""))
            }
            (PublicScheme::Https, None) if !self.on_loopback() && self.trusted_proxies.is_empty() => {
                let message = "give [server.tls], or name in trusted_proxies what ends TLS in front";
                Err(table.fault("tls", FaultCode::Missing, message))
            }
            (PublicScheme::Http | PublicScheme::Https, _) => Ok(()),
        };
        listeners.and(transport)
    }

    fn public_port(&self, table: &Table<'_>, set: Option<u16>) -> Result<u16, Reported> {
        match (set, self.scheme, self.listen.port()) {
            (None, PublicScheme::Https, _) => Ok(PublicScheme::Https.default_port()),
            (None, PublicScheme::Http, 0) => {
                let message = "say which port browsers see: listen leaves the port to the system";
                Err(table.fault("public_port", FaultCode::Missing, message))
            }
            (Some(port), _, _) | (None, PublicScheme::Http, port) => Ok(port),
        }
    }

    const fn on_loopback(&self) -> bool {
        self.listen.ip().is_loopback() && self.operator_listen.ip().is_loopback()
    }
}

impl TlsFiles {
    fn read(table: &mut Table<'_>) -> Result<Self, Reported> {
        let certificate = table.value("certificate", Item::path);
        let key = table.value("key", Item::path);
        Ok(Self { certificate: certificate?, key: key? })
    }
}

fn socket(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "expected an address and a port, such as 127.0.0.1:8080")
}

/// Whether two listeners would want the same port of the same address. Port 0 leaves the choice to the system.
fn collide(one: SocketAddr, two: SocketAddr) -> bool {
    let same_address = one.ip() == two.ip() || one.ip().is_unspecified() || two.ip().is_unspecified();
    one.port() == two.port() && one.port() != 0 && same_address
}
