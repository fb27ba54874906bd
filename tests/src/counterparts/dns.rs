//! dnsmasq as the name server of a forest: it knows the records that it is told, and of every other name that it does not exist.

use std::net::SocketAddr;
use std::path::Path;

use tokio::process::Command;

use super::samba::Forest;
use super::served::{Place, Ready, Served};
use super::{CounterpartError, samba};

const PROGRAM: &str = "/usr/sbin/dnsmasq";

/// A record of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Where a service is (RFC 2782).
    Srv {
        /// `_service._protocol.domain`.
        name: String,
        /// The host.
        target: String,
        /// Its port.
        port: u16,
        /// The lowest is asked first.
        priority: u16,
        /// Among equals, how often it is asked.
        weight: u16,
    },
    /// The address of a host.
    A {
        /// The host.
        name: String,
        /// An IPv4 address.
        address: String,
    },
}

impl Record {
    /// The records by which the members of a domain find its controllers, each with the port that Windows names there.
    #[must_use]
    pub fn of_forest(forest: &Forest) -> Vec<Self> {
        let domain = forest.realm().domain();
        let mut records = Vec::new();
        for controller in forest.controllers() {
            for (name, port) in [
                (format!("_ldap._tcp.dc._msdcs.{domain}"), samba::LDAP),
                (format!("_gc._tcp.{domain}"), samba::GLOBAL_CATALOGUE),
            ] {
                let target = controller.host().to_owned();
                records.push(Self::Srv { name, target, port, priority: 0, weight: 100 });
            }
            let (name, address) = (controller.host().to_owned(), controller.address().to_owned());
            records.push(Self::A { name, address });
        }
        records
    }

    fn argument(&self) -> String {
        match self {
            Self::Srv { name, target, port, priority, weight } => {
                format!("--srv-host={name},{target},{port},{priority},{weight}")
            }
            Self::A { name, address } => format!("--host-record={name},{address}"),
        }
    }
}

/// A running name server, for UDP and TCP. It ends when this is dropped.
#[derive(Debug)]
pub struct Dns {
    served: Served,
}

impl Dns {
    /// Starts one on a free port of loopback, and waits until it answers.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(records: &[Record]) -> Result<Self, CounterpartError> {
        if !Path::new(PROGRAM).is_file() {
            return Err(CounterpartError::NotInstalled("dnsmasq"));
        }
        let place = Place::new(PROGRAM)?;
        let mut command = Command::new("./beside.sh");
        command
            // Nothing of this machine's own configuration, hosts and servers.
            .args([PROGRAM, "--no-daemon", "--conf-file=/dev/null", "--no-hosts", "--no-resolv"])
            .args(["--listen-address=127.0.0.1", "--bind-interfaces", "--local=/#/"])
            .arg(format!("--port={}", place.port()))
            .args(records.iter().map(Record::argument));
        Ok(Self { served: Served::start(PROGRAM, place, command, Ready::Connections).await? })
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.served.place().port()))
    }
}
