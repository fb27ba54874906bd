//! The configuration: `vestibule.toml` for the server and one manifest per organisation (interface 5).
//!
//! Both are TOML. A key without a meaning is a fault, a key of a part that this version lacks is `NOT-BUILT`, and every
//! fault of every file is told at once. What comes out are types that cannot be wrong: nothing is validated later.
//! `reader` walks a file, `server` and `manifest` have a type per section, `part`
//! reads sections of a manifest that come as JSON, `address` holds the rules for addresses
//! that the broker will call. This module alone reads the environment.

mod address;
mod fault;
mod files;
mod manifest;
mod part;
mod reader;
mod secret;
mod server;
mod trust;

#[cfg(test)]
mod tests;

use std::path::Path;

pub(crate) use self::address::is_of_okta;
pub use self::{
    address::OwnListeners,
    fault::{Fault, FaultCode, Faults, Place},
    manifest::{
        AdministratorManifest, ConnectionManifest, Entry, GroupManifest, Manages, Manifest, parse_manifest,
        read_manifests,
    },
    part::{Site, read_connection, read_directories, read_limits, read_workspace},
    secret::{MasterKeySource, SecretSource},
    server::{
        CompromisedSource, HostNames, Hosts, MailCredentials, MailSecurity, MailSenders, MailServer,
        MailSettings, Outbound, Passwords, PublicScheme, Server, ServerConfig, StoreConfig, TlsFiles,
        parse_server, read_server,
    },
};

/// The folder from which the relative paths of a file count.
fn folder(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
