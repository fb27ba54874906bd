//! The provider of a directory by itself: for as many sign-ins at once as no page lets through.

use std::net::SocketAddr;

use async_trait::async_trait;
use vestibule_broker::outbound::{Outbound, Reach};
use vestibule_certs::secret::Secret;
use vestibule_certs::trust::Trust;
use vestibule_policies::DirectoryName;
use vestibule_policies::security_id::DomainSid;
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{ControllerAddress, DirectoryConfig, DirectorySecurity, DomainConfig};
use vestibule_providers::directory::{AUTHORITY, DirectoryProvider};
use vestibule_providers::ports::{Attempted, Gate, Judged};
use vestibule_providers::step::{Context, Freshness, Seed};
use vestibule_providers::{Answer, DomainEquipment, Provider as _, SignInError, Step};

use crate::counterparts::samba::{Forest, SERVICE_ACCOUNT, SERVICE_PASSWORD};

/// Counts nothing.
struct Uncounted;

#[async_trait]
impl Gate for Uncounted {
    async fn admits(&self) -> Result<(), SignInError> {
        Ok(())
    }

    async fn reserve(&self, _: Attempted<'_>) -> Result<(), SignInError> {
        Ok(())
    }

    async fn settle(&self, _: Judged) {}
}

/// The forest's provider, which asks these controllers by host and port, and finds hosts at these name servers.
///
/// # Panics
/// When the forest has no usable names.
#[must_use]
pub fn provider(forest: &Forest, servers: &[(&str, u16)], dns: Vec<SocketAddr>) -> DirectoryProvider {
    let name = forest.realm().domain();
    let directory = name.split('.').next().map(DirectoryName::parse).expect("a label").expect("a name");
    let server = |(host, port): &(&str, u16)| ControllerAddress {
        security: DirectorySecurity::Tls,
        host: (*host).to_owned(),
        port: *port,
    };
    let config = DirectoryConfig {
        default_domain: Some(directory.clone()),
        recheck_ms: None,
        lockout_attempts: 5,
        lockout_window_ms: 900_000,
        domains: vec![DomainConfig {
            directory,
            name: name.to_owned(),
            netbios: None,
            enabled: true,
            servers: servers.iter().map(server).collect(),
            trust: None,
            bind_user: format!("{SERVICE_ACCOUNT}@{name}"),
        }],
    };
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let reach = Reach { allow_private: vec![loopback], forbidden: Vec::new(), dns };
    let trust = Trust::from_pem(forest.ca_pem().as_bytes()).expect("the forest's certificate");
    let equipment = DomainEquipment {
        domain_sid: DomainSid::parse(forest.domain_sid()).expect("the forest's SID"),
        upn_suffixes: Vec::new(),
        bind_password: Secret::new(SERVICE_PASSWORD.to_owned()),
        wire: Outbound::new(reach).wire(&trust).expect("a TLS client"),
    };
    DirectoryProvider::new(&config, AUTHORITY, vec![equipment])
}

/// One sign-in.
///
/// # Errors
/// As the provider's.
pub async fn sign_in(provider: &DirectoryProvider, name: &str, password: &str) -> Result<Step, SignInError> {
    let seed = Seed::from_bytes([7; Seed::LENGTH]);
    let now = Timestamp::from_seconds(1_800_000_000);
    let context = Context {
        now,
        seed: &seed,
        state: "",
        redirect_uri: "",
        entity_id: "",
        started: now,
        freshness: Freshness::Any,
        gate: Some(&Uncounted),
    };
    let answer = Answer::Password { name: name.to_owned(), password: Secret::new(password.to_owned()) };
    provider.advance(&context, answer).await
}
