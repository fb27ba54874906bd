//! A part of a manifest that an administrator writes as JSON, by the console or the API: the same keys, read by the same reader, so
//! that one code judges both (interface 5). Nothing of this machine is read for it: no file, no variable.

use std::net::SocketAddr;
use std::path::Path;

use ipnet::IpNet;
use serde_json::{Map, Value, json};
use vestibule_policies::{Directory, Limits, Organization, Workspace};

use super::OwnListeners;
use super::address::Addresses;
use super::fault::{Fault, FaultCode, Faults, Place};
use super::manifest::{self, ConnectionManifest, Surroundings};
use super::reader::{self, Author, Origin, Reported, Table};

/// Stands where a file is named.
const REQUEST: &str = "request";

/// Which addresses a running server lets organisations name.
#[derive(Debug, Clone)]
pub struct Site {
    /// Private networks that are open.
    pub allow_private: Vec<IpNet>,
    /// Where the server itself listens.
    pub listeners: [SocketAddr; 2],
    /// Whether an address may lead there.
    pub own_listeners: OwnListeners,
}

/// Reads the members of one connection.
///
/// # Errors
/// Every fault, by its key within the connection.
pub fn read_connection(
    members: &Map<String, Value>,
    site: &Site,
    organization: &Organization,
) -> Result<ConnectionManifest, Faults> {
    let around = Surroundings {
        addresses: site.addresses(),
        edition: Ok(organization.edition),
        directories: Some(&organization.directories),
    };
    let mut read =
        read(&json!({ "connections": [members] }), |root| manifest::read_connections(root, around))
            .map_err(|faults| without(faults, 2))?;
    let one = read.as_mut().and_then(Vec::pop);
    one.ok_or_else(|| Faults::new(vec![fault("", FaultCode::Missing, "there is no connection here")]))
}

/// Reads the directories of an organisation, all of them.
///
/// # Errors
/// Every fault, by its key.
pub fn read_directories(all: &[Map<String, Value>]) -> Result<Vec<Directory>, Faults> {
    Ok(read(&json!({ "directories": all }), manifest::read_directories)?.unwrap_or_default())
}

/// Reads the members of a workspace.
///
/// # Errors
/// Every fault, by its key within the workspace.
pub fn read_workspace(
    members: &Map<String, Value>,
    site: &Site,
    organization: &Organization,
) -> Result<Workspace, Faults> {
    let names: Vec<_> = organization.connections.iter().map(|one| &one.name).collect();
    read(&json!({ "workspace": members }), |root| {
        root.required_section("workspace", |table| {
            manifest::read_workspace(table, site.addresses(), Some(&names))
        })
    })
    .map_err(|faults| without(faults, 1))
}

/// Reads `idle` and `maximum`; what is left out stays what stands.
///
/// # Errors
/// Every fault, by its key.
pub fn read_limits(
    members: &Map<String, Value>,
    standing: Limits,
    judge: impl Fn(Limits) -> Result<Limits, vestibule_policies::LimitsFault>,
) -> Result<Limits, Faults> {
    read(&Value::Object(members.clone()), |root| manifest::read_limits(root, Ok(standing), judge))
}

impl Site {
    fn addresses(&self) -> Addresses<'_> {
        Addresses::within(&self.allow_private, self.listeners, self.own_listeners)
    }
}

/// Walks JSON as if it were a file.
fn read<T>(value: &Value, walk: impl FnOnce(&mut Table<'_>) -> Result<T, Reported>) -> Result<T, Faults> {
    let mut nulls = Vec::new();
    find_nulls(value, "", &mut nulls);
    if !nulls.is_empty() {
        let told = "null says nothing here; leave the key out";
        return Err(Faults::new(nulls.iter().map(|key| fault(key, FaultCode::Invalid, told)).collect()));
    }
    let text = toml::to_string(value)
        .map_err(|_| Faults::new(vec![fault("", FaultCode::Invalid, "a number is too large")]))?;
    reader::read(&text, Origin { file: Path::new(REQUEST), author: Author::Administrator }, walk)
}

fn find_nulls(value: &Value, key: &str, found: &mut Vec<String>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Null => found.push(key.to_owned()),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                find_nulls(value, &below(&index.to_string()), found);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                find_nulls(value, &below(name), found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn fault(key: &str, code: FaultCode, message: &str) -> Fault {
    let key = key.chars().take(200).flat_map(char::escape_debug).collect();
    Fault { place: Place { file: REQUEST.into(), line: 0, key }, code, message: message.to_owned() }
}

/// The keys without what this module put around them.
fn without(faults: Faults, levels: usize) -> Faults {
    let strip = |mut fault: Fault| {
        fault.place.key = fault.place.key.splitn(levels + 1, '.').nth(levels).unwrap_or_default().to_owned();
        fault.place.line = 0;
        fault
    };
    Faults::new(faults.into_iter().map(strip).collect())
}
