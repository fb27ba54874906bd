//! A manifest over what stands: sections that are there replace, sections that are absent stay.

use std::collections::BTreeMap;

use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;
use vestibule_certs::signing_key::SigningKey;
use vestibule_policies::DirectoryAuthority;
use vestibule_policies::edition::{Audience, serves};
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::name::ConnectionName;
use vestibule_policies::organization::{ConnectionPolicy, Organization, SessionPolicy, Workspace};
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{ProviderConfig, SamlSource};

use super::administrators::{self, Listed};
use super::generated::{ClientPair, Generated};
use crate::config::{ConnectionManifest, Fault, FaultCode, Manifest, Place, SecretSource};
use crate::deployment::signing_key_binding;
use crate::proxy::IdentityNames;
use crate::store::organizations::{
    ConnectionDocument, ConnectionRow, ConnectionSecrets, OrganizationRow, binding,
};

/// Why a manifest cannot be merged.
#[derive(Debug)]
pub(crate) enum MergeError {
    Faults(Vec<Fault>),
    Internal(String),
}

/// An organisation as it will stand, and what was made for it.
pub(crate) struct Merged {
    pub(crate) row: OrganizationRow,
    pub(crate) generated: Vec<Generated>,
}

/// A connection as it will stand.
struct MergedConnection {
    policy: ConnectionPolicy,
    row: ConnectionRow,
    /// The pair that was made for it now.
    made: Option<ClientPair>,
}

/// The organisation as it will stand.
pub(crate) fn merge(
    manifest: Manifest,
    before: Option<&OrganizationRow>,
    keys: &KeyRing,
    now: Timestamp,
) -> Result<Merged, MergeError> {
    let file = manifest.file.clone();
    let internal = |error: &dyn std::fmt::Display| MergeError::Internal(error.to_string());
    let fresh_id = || random::bytes().map(OrganizationId::from_bytes).map_err(|error| internal(&error));
    let id = before.map_or_else(fresh_id, |row| Ok(row.organization.id))?;
    let mut faults = Vec::new();
    let merged = merge_connections(manifest.connections, before, keys, (&file, now), &mut faults)?;
    let standing = before.map(|row| &row.organization);
    let edition = manifest.edition;
    let mut organization = Organization {
        id,
        slug: manifest.slug,
        name: manifest.name,
        edition,
        workspaces: manifest.workspaces,
        sessions: SessionPolicy {
            administrator: manifest
                .administrator_limits
                .or(standing.map(|one| one.sessions.administrator))
                .unwrap_or_else(|| edition.administrator_limits()),
            subscriber: manifest
                .subscriber_limits
                .or(standing.map(|one| one.sessions.subscriber))
                .unwrap_or_else(|| edition.subscriber_limits()),
        },
        directories: manifest
            .directories
            .or_else(|| standing.map(|one| one.directories.clone()))
            .unwrap_or_default(),
        workspace: manifest
            .workspace
            .or_else(|| standing.map(|one| one.workspace.clone()))
            .unwrap_or(Workspace { authentication: None, admit_groups: Vec::new(), routes: Vec::new() }),
        connections: merged.policies,
        administrator_sign_in: manifest.administrator_sign_in,
        administrators: standing.map(|one| one.administrators.clone()).unwrap_or_default(),
        provider_administrators: standing.map(|one| one.provider_administrators.clone()).unwrap_or_default(),
        administrator_groups: standing.map(|one| one.administrator_groups.clone()).unwrap_or_default(),
    };
    let place = |line: usize, key: &str| Place { file: file.clone(), line, key: key.to_owned() };
    let fault =
        |key: String, message: String| Fault { place: place(0, &key), code: FaultCode::Invalid, message };
    let listed = Listed {
        people: manifest.administrators,
        groups: manifest.administrator_groups,
        manages: manifest.manages,
    };
    faults.extend(
        administrators::put(listed, &mut organization, &merged.rows, &place).err().into_iter().flatten(),
    );
    faults.extend(dangling(&organization, &merged.rows, &fault));
    if let Err(reason) = IdentityNames::of(&organization.workspace.routes) {
        faults.push(fault("workspace.routes".to_owned(), reason.to_string()));
    }
    if !faults.is_empty() {
        return Err(MergeError::Faults(faults));
    }
    let signing_key = if let Some(row) = before {
        row.signing_key.clone()
    } else {
        let key = SigningKey::generate().map_err(|error| internal(&error))?;
        let sealed = keys.sealer(Purpose::Rows).seal(&key, &signing_key_binding(id));
        sealed.map_err(|error| internal(&error))?
    };
    let epoch = before.map_or(0, |row| row.epoch);
    let generated =
        merged.made.into_iter().map(|(name, pair)| Generated::of(&organization.slug, &name, pair));
    let generated = generated.collect();
    let connections = merged.rows;
    Ok(Merged { row: OrganizationRow { organization, epoch, signing_key, connections }, generated })
}

/// The connections of an organisation as they will stand.
#[derive(Default)]
struct MergedConnections {
    policies: Vec<ConnectionPolicy>,
    rows: Vec<ConnectionRow>,
    /// Pairs that were made for them now.
    made: Vec<(ConnectionName, ClientPair)>,
}

fn merge_connections(
    listed: Option<Vec<ConnectionManifest>>,
    before: Option<&OrganizationRow>,
    keys: &KeyRing,
    at: (&std::path::Path, Timestamp),
    faults: &mut Vec<Fault>,
) -> Result<MergedConnections, MergeError> {
    let mut all = MergedConnections::default();
    let Some(listed) = listed else {
        if let Some(row) = before {
            all.policies.clone_from(&row.organization.connections);
            all.rows.clone_from(&row.connections);
        }
        return Ok(all);
    };
    for one in listed {
        match merge_connection((one, None), before, keys, at) {
            Ok(MergedConnection { policy, row, made }) => {
                all.made.extend(made.map(|pair| (row.name.clone(), pair)));
                all.policies.push(policy);
                all.rows.push(row);
            }
            Err(MergeError::Faults(more)) => faults.extend(more),
            Err(internal) => return Err(internal),
        }
    }
    Ok(all)
}

/// The organisation with one connection in place of the one of its name, or beside the others. A Gateway may bring the pair that was made
/// for it.
pub(crate) fn with_connection(
    mut row: OrganizationRow,
    (manifest, pair): (ConnectionManifest, Option<ClientPair>),
    keys: &KeyRing,
    now: Timestamp,
) -> Result<OrganizationRow, MergeError> {
    let request = std::path::Path::new("request");
    let merged = merge_connection((manifest, pair), Some(&row), keys, (request, now))?;
    let MergedConnection { policy, row: connection, made } = merged;
    if made.is_some() {
        // Whoever asks here is shown no secret, and nobody could tell the Gateway of this one.
        return Err(MergeError::Faults(vec![Fault {
            place: Place {
                file: request.to_owned(),
                line: 0,
                key: format!("connections.{}.pair", policy.name),
            },
            code: FaultCode::Missing,
            message: "a Gateway needs a client id and secret of its own: make a pair, and send it along"
                .to_owned(),
        }]));
    }
    let organization = &mut row.organization;
    organization.connections.retain(|one| one.name != policy.name);
    organization.connections.push(policy);
    row.connections.retain(|one| one.name != connection.name);
    row.connections.push(connection);
    judged(row)
}

/// An organisation of which a section was replaced.
pub(crate) fn judged(row: OrganizationRow) -> Result<OrganizationRow, MergeError> {
    let fault = |key: String, message: String| Fault {
        place: Place { file: "request".into(), line: 0, key },
        code: FaultCode::Invalid,
        message,
    };
    let mut faults = dangling(&row.organization, &row.connections, &fault);
    if let Err(reason) = IdentityNames::of(&row.organization.workspace.routes) {
        faults.push(fault("workspace.routes".to_owned(), reason.to_string()));
    }
    if faults.is_empty() { Ok(row) } else { Err(MergeError::Faults(faults)) }
}

/// Whether a connection is pinned to another tenant: it could say nothing of that one's people.
fn is_of_another(row: &ConnectionRow, tenant: &str) -> bool {
    matches!(&row.document.provider, ProviderConfig::AzureAd(azure) if azure.tenant.to_string() != tenant)
}

/// References across sections, of which one may stand in the file and the other in the store.
fn dangling(
    organization: &Organization,
    rows: &[ConnectionRow],
    fault: &impl Fn(String, String) -> Fault,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(name) = &organization.workspace.authentication {
        match organization.connection_named(name) {
            None => faults.push(fault(
                "workspace.authentication".to_owned(),
                format!("the organisation has no connection {name}"),
            )),
            Some(one) if !serves(organization.edition, one.kind, Audience::Subscriber) => faults.push(fault(
                "workspace.authentication".to_owned(),
                format!("the kind {} does not serve subscribers in this edition", one.kind.as_str()),
            )),
            Some(_) => {}
        }
    }
    if let Some(name) = &organization.administrator_sign_in
        && let Some(reason) = administrators::objection(organization, name)
    {
        faults.push(fault("organization.administrator_sign_in".to_owned(), reason));
    }
    for connection in &organization.connections {
        let row = rows.iter().find(|row| row.id == connection.id);
        for name in &connection.directories {
            let directory = organization.directories.iter().find(|directory| directory.name == *name);
            let reason = match directory.map(|directory| &directory.authority) {
                None => format!("the organisation has no directory {name}"),
                Some(DirectoryAuthority::EntraTenant(tenant))
                    if row.is_some_and(|row| is_of_another(row, tenant)) =>
                {
                    format!("the directory {name} is another tenant than the connection's")
                }
                Some(_) => continue,
            };
            faults.push(fault(format!("connections.{}.directories", connection.name), reason));
        }
        if let Some(name) = &connection.resolve_from
            && !organization.connection_named(name).is_some_and(ConnectionPolicy::is_directory)
        {
            faults.push(fault(
                format!("connections.{}.resolve_from_ad", connection.name),
                format!("the organisation has no connection {name} to Active Directory"),
            ));
        }
    }
    faults
}

fn merge_connection(
    (manifest, pair): (ConnectionManifest, Option<ClientPair>),
    before: Option<&OrganizationRow>,
    keys: &KeyRing,
    (file, now): (&std::path::Path, Timestamp),
) -> Result<MergedConnection, MergeError> {
    let known = before.and_then(|row| row.connections.iter().find(|one| one.name == manifest.name));
    let internal = |error: &dyn std::fmt::Display| MergeError::Internal(error.to_string());
    let fresh_id = || random::bytes().map(ConnectionId::from_bytes).map_err(|error| internal(&error));
    // A connection's id stays, and with it the redirect URI that its provider knows.
    let id = known.map_or_else(fresh_id, |row| Ok(row.id))?;
    let policy = ConnectionPolicy {
        id,
        name: manifest.name.clone(),
        enabled: manifest.enabled,
        kind: manifest.provider.kind(),
        authority: manifest.provider.issuer(),
        directories: manifest.directories,
        any_directory: manifest.any_directory,
        required: manifest.required,
        names: manifest.names,
        resolve_from: manifest.resolve_from,
    };
    let bound = binding(id, &manifest.provider);
    let sealer = keys.sealer(Purpose::Rows);
    // Opens only if the address is still the one that the secrets were given for.
    let stored: Option<ConnectionSecrets> = known
        .and_then(|row| sealer.open(&row.secrets, &bound).ok())
        .and_then(|plain| serde_json::from_slice(&plain).ok());
    let place = |key: &str| Place {
        file: file.to_owned(),
        line: manifest.line,
        key: format!("connections.{}.{key}", manifest.name),
    };
    usable_now(&manifest.provider, now, &place)?;
    let is_gateway = matches!(manifest.provider, ProviderConfig::Gateway(_));
    let kept = pair.or_else(|| stored.as_ref().and_then(ClientPair::of)).filter(|_| is_gateway);
    let made = if is_gateway && kept.is_none() { Some(ClientPair::make()?) } else { None };
    let own = made.as_ref().or(kept.as_ref()).cloned().unwrap_or_default();
    let secrets = ConnectionSecrets {
        client_id: own.id,
        client_secret: match manifest.client_secret {
            Some(source) => {
                keep(source, stored.as_ref().map(|one| one.client_secret.clone()), place("client_secret"))?
            }
            None => own.secret,
        },
        api_token: match manifest.api_token {
            Some(source) => {
                Some(keep(source, stored.as_ref().and_then(|one| one.api_token.clone()), place("api_token"))?)
            }
            None => None,
        },
        bind_passwords: bind_passwords(
            &manifest.provider,
            manifest.bind_passwords,
            stored.as_ref(),
            &place("domains.bind_password"),
        )?,
    };
    let secrets = match known {
        Some(row) if stored.as_ref() == Some(&secrets) => row.secrets.clone(),
        _ => {
            let plain =
                zeroize::Zeroizing::new(serde_json::to_vec(&secrets).map_err(|error| internal(&error))?);
            sealer.seal(&plain, &bound).map_err(|error| internal(&error))?
        }
    };
    let document = ConnectionDocument { provider: manifest.provider, trust: manifest.trust_pem };
    let same = known.filter(|row| row.document.provider == document.provider);
    let metadata = same.and_then(|row| row.metadata.clone());
    let row = ConnectionRow { id, name: manifest.name, document, secrets, metadata };
    Ok(MergedConnection { policy, row, made })
}

/// Each password by what it is bound to: where it goes and as whom.
fn bind_passwords(
    provider: &ProviderConfig,
    given: Vec<SecretSource>,
    stored: Option<&ConnectionSecrets>,
    place: &Place,
) -> Result<BTreeMap<String, String>, MergeError> {
    let domains = provider.directory().map_or(&[][..], |directory| &directory.domains);
    let each = domains.iter().zip(given).map(|(domain, source)| {
        let address = domain.password_address();
        let stored = stored.and_then(|one| one.bind_passwords.get(&address).cloned());
        Ok((address, keep(source, stored, place.clone())?))
    });
    each.collect()
}

/// What a manifest gives has to be good today: a provider whose certificates have all ended could sign nobody in (SAML-06).
fn usable_now(
    provider: &ProviderConfig,
    now: Timestamp,
    place: &impl Fn(&str) -> Place,
) -> Result<(), MergeError> {
    let ProviderConfig::Saml(saml) = provider else { return Ok(()) };
    let SamlSource::Given(given) = &saml.source else { return Ok(()) };
    let fault = |key: &str, code: FaultCode, message: String| {
        Err(MergeError::Faults(vec![Fault { place: place(key), code, message }]))
    };
    if let Err(over) = given.check_end(now) {
        return fault("metadata", FaultCode::Invalid, over.to_string());
    }
    match given.certificates() {
        Err(reason) => fault("certificates", FaultCode::Invalid, reason.to_string()),
        Ok(all) if all.iter().any(|one| one.is_valid_at(now.seconds())) => Ok(()),
        Ok(_) => fault(
            "certificates",
            FaultCode::SamlCertificate,
            "no certificate of the provider is valid now; ask the provider for the current one".to_owned(),
        ),
    }
}

fn keep(source: SecretSource, stored: Option<String>, place: Place) -> Result<String, MergeError> {
    match (source, stored) {
        (SecretSource::Given(secret), _) => Ok(secret.expose().to_owned()),
        (SecretSource::Stored, Some(stored)) => Ok(stored),
        (SecretSource::Stored, None) => Err(MergeError::Faults(vec![Fault {
            place,
            code: FaultCode::Invalid,
            message: "nothing is stored for this address; give the secret itself".to_owned(),
        }])),
    }
}
