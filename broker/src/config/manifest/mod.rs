//! An organisation's manifest (interface 5): a type per section, references checked within the file.
//!
//! A section that is absent is left alone when the manifest is applied, so absence is `None` and never a default.

mod administrators;
mod connection;
mod directory;
mod headers;
mod organization;
mod sessions;
mod workspace;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use vestibule_policies::{ConnectionName, Directory, Edition, HostName, Limits, Slug, Workspace};

pub use self::administrators::{AdministratorManifest, Entry, GroupManifest};
pub use self::connection::ConnectionManifest;
pub use self::organization::Manages;
pub(super) use self::{
    connection::{Surroundings, read as read_connections},
    directory::read as read_directories,
    sessions::limits as read_limits,
    workspace::read as read_workspace,
};
use self::{
    organization::{Heading, Identity},
    sessions::Sessions,
};
use super::{
    address::{Addresses, OwnListeners},
    fault::{Fault, FaultCode, Faults, Place},
    files::read_text,
    reader::{self, Author, Origin, Reported, TEXT_LIMIT, Table, Usual},
    server::ServerConfig,
};

/// What a manifest says about one organisation.
#[derive(Debug)]
pub struct Manifest {
    /// The file, as the operator named it.
    pub file: PathBuf,
    /// The organisation's short name, by which it is found (PRV-17).
    pub slug: Slug,
    /// Its name for people; the slug when the file gives none.
    pub name: String,
    /// Its preset of policies.
    pub edition: Edition,
    /// Every host of the organisation.
    pub workspaces: Vec<HostName>,
    /// `[sessions.administrator]`.
    pub administrator_limits: Option<Limits>,
    /// `[sessions.subscriber]`.
    pub subscriber_limits: Option<Limits>,
    /// `[[directories]]`.
    pub directories: Option<Vec<Directory>>,
    /// `[workspace]`.
    pub workspace: Option<Workspace>,
    /// `[[connections]]`.
    pub connections: Option<Vec<ConnectionManifest>>,
    /// `[organization] administrator_sign_in`.
    pub administrator_sign_in: Option<ConnectionName>,
    /// `[[administrators]]`.
    pub administrators: Option<Vec<AdministratorManifest>>,
    /// `[[administrator_groups]]`.
    pub administrator_groups: Option<Vec<GroupManifest>>,
    /// Which of the two lists are the file's own.
    pub manages: Manages,
    /// The dangerous settings that are on, as dotted keys, for the log of every start.
    pub dangers: Vec<String>,
}

/// Reads manifests, which may not claim the same slug or host.
///
/// # Errors
/// Every fault of every file.
pub fn read_manifests(paths: &[PathBuf], server: &ServerConfig) -> Result<Vec<Manifest>, Faults> {
    let mut faults = Vec::new();
    let mut readings = Vec::new();
    for path in paths {
        match read_one(path, server) {
            Ok(reading) => readings.push(reading),
            Err(found) => faults.extend(found),
        }
    }
    faults.extend(claimed_twice(&readings));
    if faults.is_empty() {
        Ok(readings.into_iter().map(|reading| reading.manifest).collect())
    } else {
        Err(Faults::new(faults))
    }
}

/// Reads the text of one manifest; relative paths count from `base`. Any text is safe to give.
///
/// # Errors
/// Every fault of the text.
pub fn parse_manifest(
    text: &str,
    file: &Path,
    base: &Path,
    server: &ServerConfig,
    own_listeners: OwnListeners,
) -> Result<Manifest, Faults> {
    let sight = Sight { server, addresses: Addresses::of(server, own_listeners) };
    parse(text, Origin { file, author: Author::Operator(base) }, sight).map(|reading| reading.manifest)
}

/// A manifest with the places of what no other file may claim.
struct Reading {
    manifest: Manifest,
    claims: Vec<(String, Place)>,
}

/// What a manifest is judged against.
#[derive(Clone, Copy)]
struct Sight<'a> {
    server: &'a ServerConfig,
    addresses: Addresses<'a>,
}

fn read_one(path: &Path, server: &ServerConfig) -> Result<Reading, Faults> {
    let text = read_text(path, TEXT_LIMIT)
        .map_err(|fault| Faults::of_file(path, FaultCode::Unreadable, fault.to_string()))?;
    let sight = Sight { server, addresses: Addresses::of(server, OwnListeners::Refused) };
    parse(&text, Origin { file: path, author: Author::Operator(super::folder(path)) }, sight)
}

fn parse(text: &str, origin: Origin<'_>, sight: Sight<'_>) -> Result<Reading, Faults> {
    reader::read(text, origin, |root| {
        let heading = root.required_section("organization", |table| Ok(Heading::read(table, sight.server)));
        let edition = heading.as_ref().map_or_else(|reported| Err(*reported), |heading| heading.edition);
        let sessions = root.section_or_empty("sessions", |table| Sessions::read(table, edition));
        let directories = directory::read(root);
        let connections = connections(root, sight.addresses, edition, &directories);
        let workspace = workspace(root, sight.addresses, &connections);
        let (people, groups) = (administrators::people(root), administrators::groups(root));
        root.not_built(&[("clients", Usual::Empty)])?;
        let (identity, sessions, connections) = (heading?.identity?, sessions?, connections?);
        let Identity { slug, name, workspaces, administrator_sign_in, manages, claims } = identity;
        let manifest = Manifest {
            file: origin.file.to_owned(),
            slug,
            name,
            edition: edition?,
            workspaces,
            administrator_limits: sessions.administrator,
            subscriber_limits: sessions.subscriber,
            directories: directories?,
            workspace: workspace?,
            administrator_sign_in,
            administrators: people?,
            administrator_groups: groups?,
            manages,
            dangers: dangers(connections.as_deref(), sessions.dangerously_short),
            connections,
        };
        Ok(Reading { manifest, claims })
    })
}

/// References to directories are judged only when the file itself says which there are.
fn connections(
    root: &mut Table<'_>,
    addresses: Addresses<'_>,
    edition: Result<Edition, Reported>,
    directories: &Result<Option<Vec<Directory>>, Reported>,
) -> Result<Option<Vec<ConnectionManifest>>, Reported> {
    let directories = directories.as_ref().ok().and_then(Option::as_deref);
    connection::read(root, Surroundings { addresses, edition, directories })
}

fn workspace(
    root: &mut Table<'_>,
    addresses: Addresses<'_>,
    connections: &Result<Option<Vec<ConnectionManifest>>, Reported>,
) -> Result<Option<Workspace>, Reported> {
    let names: Option<Vec<&ConnectionName>> = match connections {
        Ok(Some(connections)) => Some(connections.iter().map(|connection| &connection.name).collect()),
        Ok(None) | Err(_) => None,
    };
    root.section("workspace", |table| workspace::read(table, addresses, names.as_deref()))
}

fn dangers(connections: Option<&[ConnectionManifest]>, short_sessions: bool) -> Vec<String> {
    let open = connections.unwrap_or_default().iter().filter(|connection| connection.any_directory);
    let open = open.map(|connection| format!("connections.{}.dangerous_any_directory", connection.name));
    open.chain(short_sessions.then(|| "sessions.administrator.dangerous_short_sessions".to_owned())).collect()
}

/// A slug names one organisation and a host belongs to one, so two files of one call must not share either.
fn claimed_twice(readings: &[Reading]) -> Vec<Fault> {
    let mut taken: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut faults = Vec::new();
    for (value, place) in readings.iter().flat_map(|reading| &reading.claims) {
        if let Some(first) = taken.insert(value, place) {
            let message = format!("{value} belongs to {} already, line {}", first.file.display(), first.line);
            faults.push(Fault { place: place.clone(), code: FaultCode::Invalid, message });
        }
    }
    faults
}
