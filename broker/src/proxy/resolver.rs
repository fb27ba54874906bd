//! Names of upstreams to addresses: `localhost` and everything below it is this machine, the rest is the system's.
//!
//! Rule kept: `*.localhost` needs no DNS (interface 2); RFC 6761 §6.3 has such names never asked of a server.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

/// Resolves the host of an upstream; the connector puts in the port.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    system: GaiResolver,
}

impl Resolver {
    pub(super) fn new() -> Self {
        Self { system: GaiResolver::new() }
    }
}

type Addresses = std::vec::IntoIter<SocketAddr>;

impl Service<Name> for Resolver {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.system.poll_ready(cx)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        if is_local(name.as_str()) {
            let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
            return Box::pin(std::future::ready(Ok(vec![address].into_iter())));
        }
        let lookup = self.system.call(name);
        Box::pin(async move { Ok(lookup.await?.collect::<Vec<_>>().into_iter()) })
    }
}

/// `localhost` or a name below it; a trailing dot only says that the name is complete.
fn is_local(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let (below, last) = name.rsplit_once('.').map_or((None, name), |(below, last)| (Some(below), last));
    last.eq_ignore_ascii_case("localhost") && below.is_none_or(|labels| !labels.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_and_names_below_it_are_local() {
        for (name, local) in [
            ("localhost", true),
            ("app.localhost", true),
            ("a.b.LOCALHOST", true),
            ("app.localhost.", true),
            ("notlocalhost", false),
            ("localhost.corp.example", false),
            ("app.localhost.evil", false),
            (".localhost", false),
            ("", false),
        ] {
            assert_eq!(is_local(name), local, "{name}");
        }
    }

    #[tokio::test]
    async fn a_local_name_is_the_loopback_address() {
        let name: Name = "app.localhost".parse().unwrap();
        let found: Vec<_> = Resolver::new().call(name).await.unwrap().collect();
        assert_eq!(found, ["127.0.0.1:0".parse::<SocketAddr>().unwrap()]);
    }
}
