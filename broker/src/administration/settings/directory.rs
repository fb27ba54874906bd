//! A connection to Active Directory.

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_providers::config::{DirectoryConfig, DomainConfig};

use super::{Pem, SecretShown, written_millis};

/// One or several domains of Active Directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DirectorySettings {
    /// The directory of a bare name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_domain: Option<String>,
    /// How often people who are signed in are looked up; or `off`.
    pub recheck: String,
    /// Wrong passwords of one account before the directory is no longer asked.
    pub lockout_attempts: u32,
    /// Within how long.
    pub lockout_window: String,
    /// The domains.
    pub domains: Vec<DomainSettings>,
}

/// One domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DomainSettings {
    /// The organisation's directory that it is.
    pub directory: String,
    /// Its DNS name.
    pub name: String,
    /// Its NetBIOS name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub netbios: Option<String>,
    /// Whether people of it may sign in.
    pub enabled: bool,
    /// Its controllers; found by DNS where there are none.
    pub servers: Vec<String>,
    /// Trust these certificates alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<Pem>,
    /// The account that reads.
    pub bind_user: String,
    /// Its password.
    pub bind_password: SecretShown,
}

impl DirectorySettings {
    pub(super) fn of(config: &DirectoryConfig) -> Self {
        Self {
            default_domain: config.default_domain.as_ref().map(ToString::to_string),
            recheck: config.recheck_ms.map_or_else(|| "off".to_owned(), written_millis),
            lockout_attempts: config.lockout_attempts,
            lockout_window: written_millis(config.lockout_window_ms),
            domains: config.domains.iter().map(domain).collect(),
        }
    }
}

fn domain(domain: &DomainConfig) -> DomainSettings {
    DomainSettings {
        directory: domain.directory.to_string(),
        name: domain.name.clone(),
        netbios: domain.netbios.clone(),
        enabled: domain.enabled,
        servers: domain.servers.iter().map(ToString::to_string).collect(),
        ca: domain.trust.clone().map(|pem| Pem { pem }),
        bind_user: domain.bind_user.clone(),
        bind_password: SecretShown::stored(),
    }
}
