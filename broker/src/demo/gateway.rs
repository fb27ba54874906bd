//! The sandbox Gateway's side that only the broker calls: TLS on a loopback port of its own, under an authority that the connection's
//! `ca` names. What a browser opens of it is http beside the other sandboxes, since no browser trusts that authority.

use std::path::PathBuf;
use std::sync::Arc;

use http::Request;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_conformance::sandbox::openid::Provider;
use vestibule_policies::edition::KindName;
use vestibule_policies::name::Slug;

use crate::app::StartError;
use crate::apply::Outcome;
use crate::http::listener::{self, Tls};
use crate::store::Store;
use crate::store::organizations::{self, ConnectionSecrets, binding};

use super::{Data, DataError, DemoError, manifest};

/// The Gateway before it is served.
pub(super) struct SandboxGateway {
    listener: TcpListener,
    tls: Tls,
    authority: PathBuf,
    fqdn: String,
}

/// The Gateway while it is served; it ends when this is dropped.
pub(super) struct Serving {
    task: JoinHandle<()>,
    _stop: watch::Sender<bool>,
}

/// The client id and secret that `apply` made for it.
pub(super) struct Pair {
    pub(super) id: String,
    pub(super) secret: String,
}

impl SandboxGateway {
    /// On a port that is free, with the certificate of the data directory.
    pub(super) async fn bind(data: &Data) -> Result<Self, DemoError> {
        let host = manifest::sandbox_host(KindName::Gateway)?;
        let (files, authority) = data.gateway_tls(host.as_str())?;
        let listener = super::bind(0).await?;
        let taken = |error| DemoError::Listen { port: 0, error };
        let port = listener.local_addr().map_err(taken)?.port();
        let tls = Tls::load(&files).map_err(taken)?;
        Ok(Self { listener, tls, authority, fqdn: format!("{host}:{port}") })
    }

    /// What its connection has. Its port is another one at each start, and so is the pair that is made for it.
    pub(super) fn connection(&self) -> String {
        let authority = toml::Value::from(self.authority.display().to_string());
        format!("directories = [\"corp\"]\nfqdn = \"{}\"\nca = {{ file = {authority} }}\n", self.fqdn)
    }

    pub(super) fn issuer(&self) -> String {
        format!("https://{}", self.fqdn)
    }

    pub(super) fn serve(self, provider: Arc<Provider>) -> Serving {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(listener::serve(
            self.listener,
            Some(self.tls),
            stopped,
            move |request: Request<Incoming>, _| {
                let provider = Arc::clone(&provider);
                async move { Ok(provider.handle(request).await.map(|body| body.map_err(|never| match never {}))) }
            },
        ));
        Serving { task, _stop: stop }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The pair of the connection that was applied, as an administrator types it into the Gateway.
pub(super) async fn pair(store: &Store, ring: &KeyRing, outcome: &Outcome) -> Result<Pair, DemoError> {
    let damaged = |reason: &str| DataError::Damaged("the sandbox Gateway's pair".into(), reason.to_owned());
    let applied = outcome.connections.iter().find(|one| one.kind == KindName::Gateway.as_str());
    let applied = applied.ok_or_else(|| damaged("there is no connection"))?;
    let slug = Slug::parse(&applied.organization).map_err(|fault| damaged(&fault.to_string()))?;
    let row = organizations::by_slug(store.readers(), &slug).await.map_err(StartError::from)?;
    let row = row.and_then(|row| row.connections.into_iter().find(|one| one.id.to_string() == applied.id));
    let row = row.ok_or_else(|| damaged("the connection is not in the store"))?;
    let bound = binding(row.id, &row.document.provider);
    let plain = ring.sealer(Purpose::Rows).open(&row.secrets, &bound);
    let plain = plain.map_err(|error| damaged(&error.to_string()))?;
    let secrets: ConnectionSecrets =
        serde_json::from_slice(&plain).map_err(|error| damaged(&error.to_string()))?;
    Ok(Pair { id: secrets.client_id, secret: secrets.client_secret })
}
