//! The sandbox providers that a browser meets: one for each kind, on another site than the workspaces, as real ones are.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use vestibule_conformance::sandbox::openid::{self, Provider};
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::sandbox::saml::{self, EntityIds, SamlProvider, ServiceProvider};
use vestibule_policies::edition::KindName;
use vestibule_policies::name::HostName;

use crate::apply::{Outcome, ServiceProviderAddresses};
use crate::clock::{Clock as _, SystemClock};

use super::gateway::{self, Pair, SandboxGateway};
use super::{Data, DemoError, KINDS, manifest};

/// All of them, by host.
pub(super) struct Sandboxes {
    by_host: HashMap<HostName, Sandbox>,
    _gateway: Option<gateway::Serving>,
}

enum Sandbox {
    OpenId(Arc<Provider>),
    Saml(Box<SamlProvider>),
}

impl Sandboxes {
    pub(super) fn new(
        data: &Data,
        people: &Arc<People>,
        (port, outcome): (u16, &Outcome),
        (gateway, pair): (SandboxGateway, Pair),
    ) -> Result<Self, DemoError> {
        let (mut by_host, mut serving) = (HashMap::new(), None);
        let mut gateway = Some((gateway, pair));
        for kind in KINDS.into_iter().filter(|kind| !kind.is_directory()) {
            let sandbox = match kind {
                KindName::Saml => {
                    let ours =
                        outcome.connections.iter().find_map(|one| one.addresses.service_provider.as_ref());
                    Sandbox::Saml(Box::new(saml(data, people, port, ours)?))
                }
                KindName::Gateway => {
                    let Some((gateway, pair)) = gateway.take() else { continue };
                    let settings = openid::Settings {
                        issuer: gateway.issuer(),
                        browsers: Some(manifest::origin(kind, port)),
                        second_key: data.retired_key()?,
                        ..settings(kind, data, people, (port, outcome), pair)?
                    };
                    let provider = Arc::new(Provider::new(settings)?);
                    serving = Some(gateway.serve(Arc::clone(&provider)));
                    Sandbox::OpenId(provider)
                }
                _ => {
                    let pair =
                        Pair { id: manifest::CLIENT_ID.to_owned(), secret: data.client_secret().to_owned() };
                    let settings = settings(kind, data, people, (port, outcome), pair)?;
                    Sandbox::OpenId(Arc::new(Provider::new(settings)?))
                }
            };
            by_host.insert(manifest::sandbox_host(kind)?, sandbox);
        }
        Ok(Self { by_host, _gateway: serving })
    }

    pub(super) fn serve(&self, host: &HostName) -> bool {
        self.by_host.contains_key(host)
    }

    pub(super) fn hosts(&self) -> impl Iterator<Item = &HostName> {
        self.by_host.keys()
    }

    pub(super) async fn handle(
        &self,
        host: &HostName,
        request: Request<Incoming>,
    ) -> Option<Response<Full<Bytes>>> {
        Some(match self.by_host.get(host)? {
            Sandbox::OpenId(provider) => provider.handle(request).await,
            Sandbox::Saml(provider) => provider.handle(request).await,
        })
    }

    /// From now on the SAML sandbox encrypts its assertions, as many providers do.
    pub(super) fn encrypt_to(&self, certificate: &[u8]) {
        for sandbox in self.by_host.values() {
            if let Sandbox::Saml(provider) = sandbox {
                provider.set_encryption_certificate(Some(certificate.to_vec()));
            }
        }
    }
}

fn settings(
    kind: KindName,
    data: &Data,
    people: &Arc<People>,
    (port, outcome): (u16, &Outcome),
    client: Pair,
) -> Result<openid::Settings, DemoError> {
    let of_kind = || outcome.connections.iter().filter(|one| one.kind == kind.as_str());
    Ok(openid::Settings {
        issuer: manifest::issuer(kind, port),
        shape: manifest::shape(kind),
        clients: vec![openid::Client {
            id: client.id,
            secret: client.secret,
            redirect_uris: of_kind().filter_map(|one| one.addresses.redirect_uri.clone()).collect(),
            sign_out_uris: of_kind().flat_map(|one| one.addresses.sign_out_redirect_uris.clone()).collect(),
            name: "Vestibule".to_owned(),
        }],
        people: Arc::clone(people),
        signing_key: data.signing_key()?,
        second_key: None,
        browsers: None,
        now: Arc::new(|| SystemClock.now().seconds()),
    })
}

/// The SAML sandbox. Before `apply` has said who we are it serves nobody, and is asked for its metadata alone.
pub(super) fn saml(
    data: &Data,
    people: &Arc<People>,
    port: u16,
    ours: Option<&ServiceProviderAddresses>,
) -> Result<SamlProvider, DemoError> {
    let nowhere = manifest::saml_origin(port);
    let settings = saml::Settings {
        origin: manifest::saml_origin(port),
        name: "Sandbox SAML provider".to_owned(),
        service: ServiceProvider {
            entity_ids: EntityIds::Listed(ours.iter().map(|one| one.entity_id.clone()).collect()),
            acs_url: ours.map_or(nowhere, |one| one.acs.clone()),
            logout_callback: ours.map(|one| one.logout.clone()),
            encryption_certificate: None,
            name: "Vestibule".to_owned(),
        },
        people: Arc::clone(people),
        signing_key: data.signing_key()?,
        retired_key: data.retired_key()?,
        now: Arc::new(|| SystemClock.now().seconds()),
    };
    Ok(SamlProvider::new(settings)?)
}
