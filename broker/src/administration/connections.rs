//! The ways in: listed, read, made, replaced, deleted and tried (PRV-02, PRV-03, PRV-06, PRV-09).
//!
//! What is to stand is read by the manifest's own reader and merged as `apply` merges it. Before it stands, its provider is asked: a
//! connection that does not pass is not saved.

mod diagnoses;
pub mod pair;
mod switch;
mod test;
mod trial;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use vestibule_policies::code::Code;
use vestibule_policies::name::ConnectionName;
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::config::ProviderConfig;

use crate::app::App;
use crate::apply::{self, Addresses, change, with_connection};
use crate::config::read_connection;
use crate::http::visit::Visit;
use crate::service_provider;
use crate::store::audit::Event;
use crate::store::organizations::{ConnectionRow, OrganizationRow, Replaced};

use super::settings::ConnectionSettings;
use super::standing::{self, TRIES, Version};
use super::{Actor, FieldFault, Refusal, Stage, events, workspace};

pub use self::diagnoses::Diagnoses;
pub use self::switch::{Switched, switch};
pub use self::test::{test, test_draft};
pub use self::trial::trial;

/// A connection, and what our side of it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Connection")]
pub struct ConnectionShown {
    /// For ever; it is part of addresses that the provider knows.
    pub id: String,
    /// Whether anything depends on it.
    pub state: ConnectionState,
    /// What the provider has to be told.
    pub addresses: Addresses,
    /// The keys of a manifest.
    #[serde(flatten)]
    pub settings: ConnectionSettings,
}

/// Whether anything depends on a connection (PRV-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// It is there.
    Connected,
    /// It is the workspace's method of sign-in, or another connection fills in claims from it.
    InUse,
}

/// A connection and what it was when it was read.
pub type Versioned = (ConnectionShown, Version);

/// All of them, by name.
///
/// # Errors
/// Where the actor may not see them.
pub async fn list(visit: &Visit<'_>, actor: &Actor) -> Result<Vec<Versioned>, Refusal> {
    actor.may(Operation::ReadConnections, Stage::Sent, visit.app.session_clock.now())?;
    let row = standing::row(visit.app, actor).await?;
    let mut all: Vec<_> = row
        .organization
        .connections
        .iter()
        .map(|one| shown(visit.app, &row, one))
        .collect::<Result<_, _>>()?;
    all.sort_by(|(a, _), (b, _)| a.settings.name.cmp(&b.settings.name));
    Ok(all)
}

/// One of them.
///
/// # Errors
/// Where the actor may not see it, and where there is none of that name.
pub async fn read(visit: &Visit<'_>, actor: &Actor, name: &str) -> Result<Versioned, Refusal> {
    actor.may(Operation::ReadConnections, Stage::Sent, visit.app.session_clock.now())?;
    let row = standing::row(visit.app, actor).await?;
    shown(visit.app, &row, named(&row, name)?)
}

/// Makes a new one, if its provider passes its test.
///
/// # Errors
/// Where the actor may not, the name is taken, a setting is not allowed, or the test fails.
pub async fn create(
    visit: &Visit<'_>,
    actor: &Actor,
    members: &Map<String, Value>,
) -> Result<Versioned, Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let before = standing::row(app, actor).await?;
        let after = merged(app, &before, members)?;
        let added = added(&before, &after)?;
        test::passes(visit, actor, (&after, added)).await?;
        let target = about(added);
        let answer = shown(app, &after, added)?;
        let event = events::event(visit, actor, "connection.created", &target);
        if save(app, actor, after, vec![event]).await? == Replaced::Stands {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

/// Puts these settings in the place of what stands, if the provider passes its test with them.
///
/// # Errors
/// Where the actor may not, the version is not what stands, a setting is not allowed, the test fails, or it switches the workspace's
/// method off and does not say that this is known.
pub async fn write(
    visit: &Visit<'_>,
    actor: &Actor,
    (name, version): (&str, &Version),
    members: &Map<String, Value>,
) -> Result<Versioned, Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    let mut members = members.clone();
    let acknowledged =
        workspace::take_acknowledgement(&mut members).map_err(|fault| Refusal::settings(vec![fault]))?;
    for _ in 0..TRIES {
        let before = standing::row(app, actor).await?;
        let was = named(&before, name)?;
        let (stands, of_now) = shown(app, &before, was)?;
        version.check(&of_now)?;
        let after = merged(app, &before, &as_it_was_read(&members, &stands, name)?)?;
        let is = named(&after, name)?;
        let answer = shown(app, &after, is)?;
        let (old, new) = (connection_row(&before, was)?, connection_row(&after, is)?);
        if was == is && old == new {
            return Ok(answer);
        }
        switch::check_known(&after.organization, (was, is), acknowledged)?;
        if old != new {
            test::passes(visit, actor, (&after, is)).await?;
        }
        let events = changed(visit, actor, (&before, &after), is);
        if save(app, actor, after, events).await? == Replaced::Stands {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

/// Deletes one that nothing depends on (PRV-06).
///
/// # Errors
/// Where the actor may not, the version is not what stands, or it is in use.
pub async fn delete(
    visit: &Visit<'_>,
    actor: &Actor,
    (name, version): (&str, &Version),
) -> Result<(), Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let mut row = standing::row(app, actor).await?;
        let gone = named(&row, name)?.clone();
        version.check(&shown(app, &row, &gone)?.1)?;
        let users = users(&row, &gone);
        if !users.is_empty() {
            return Err(Refusal::Faults(Code::ConnectionInUse, users));
        }
        row.organization.connections.retain(|one| one.id != gone.id);
        row.organization.forget_administrators_of_no_connection();
        row.connections.retain(|one| one.id != gone.id);
        let event = events::event(visit, actor, "connection.removed", &about(&gone));
        if save(app, actor, row, vec![event]).await? == Replaced::Stands {
            return Ok(());
        }
    }
    Err(Code::StoreBusy.into())
}

/// The organisation with this connection in it. What is dangerous was switched on by the operator, for this very provider, or is off.
fn merged(
    app: &App,
    before: &OrganizationRow,
    members: &Map<String, Value>,
) -> Result<OrganizationRow, Refusal> {
    let (members, pair) = pair::take(app, before.organization.id, members)?;
    let manifest = read_connection(&members, &app.site(), &before.organization)?;
    let name = manifest.name.clone();
    let after = with_connection(before.clone(), (manifest, pair), &app.keys, app.wall.now())
        .map_err(|error| own_keys(error.into(), &name))?;
    // What makes it this very provider: another key, another address or other certificates are another one.
    let dangers = |row: &OrganizationRow| {
        let policy = row.organization.connection_named(&name);
        let document = row.connections.iter().find(|one| one.name == name).map(|one| &one.document);
        let saml = match document.map(|document| &document.provider) {
            Some(ProviderConfig::Saml(saml)) => Some(saml),
            _ => None,
        };
        let of = (
            policy.map(|one| one.authority.clone()),
            document.map(|document| document.trust.clone()),
            saml.map(|saml| saml.source.clone()),
        );
        (of, policy.is_some_and(|one| one.any_directory), saml.is_some_and(|saml| saml.dangerous_sha1))
    };
    let ((of, any_before, sha1_before), (is, any, sha1)) = (dangers(before), dangers(&after));
    let mut faults = Vec::new();
    if any && !(any_before && of == is) {
        faults.push(FieldFault::operators("dangerous_any_directory"));
    }
    if sha1 && !(sha1_before && of == is) {
        faults.push(FieldFault::operators("dangerous_sha1"));
    }
    if faults.is_empty() { Ok(after) } else { Err(Refusal::settings(faults)) }
}

/// The keys within the connection, as they were sent.
fn own_keys(refusal: Refusal, name: &ConnectionName) -> Refusal {
    let prefix = format!("connections.{name}.");
    let own = |fault: FieldFault| {
        let key = fault.key.strip_prefix(&prefix).unwrap_or(&fault.key).to_owned();
        FieldFault { key, ..fault }
    };
    match refusal {
        Refusal::Faults(code, faults) => Refusal::Faults(code, faults.into_iter().map(own).collect()),
        code @ Refusal::Code(_) => code,
    }
}

/// What is read can be sent back: what cannot be set is passed over where it is what stands.
fn as_it_was_read(
    members: &Map<String, Value>,
    stands: &ConnectionShown,
    name: &str,
) -> Result<Map<String, Value>, Refusal> {
    let mut members = members.clone();
    let stands = serde_json::to_value(stands).unwrap_or_default();
    for key in ["id", "state", "addresses"] {
        if members.contains_key(key) && members.get(key) == stands.get(key) {
            members.remove(key);
        }
    }
    match members.get("name") {
        Some(Value::String(sent)) if sent != name => {
            let fault = FieldFault::invalid("name", "a connection keeps its name; make a new one instead");
            Err(Refusal::settings(vec![fault]))
        }
        _ => Ok(members),
    }
}

fn added<'a>(before: &OrganizationRow, after: &'a OrganizationRow) -> Result<&'a ConnectionPolicy, Refusal> {
    let known = |one: &&ConnectionPolicy| before.organization.connection(one.id).is_none();
    after.organization.connections.iter().find(known).ok_or_else(|| Code::ConnectionKnown.into())
}

fn named<'a>(row: &'a OrganizationRow, name: &str) -> Result<&'a ConnectionPolicy, Refusal> {
    let mut all = row.organization.connections.iter();
    all.find(|one| one.name.as_str() == name).ok_or_else(|| Code::NotFound.into())
}

fn connection_row<'a>(
    row: &'a OrganizationRow,
    policy: &ConnectionPolicy,
) -> Result<&'a ConnectionRow, Refusal> {
    row.connections.iter().find(|one| one.id == policy.id).ok_or_else(|| Code::Internal.into())
}

/// What depends on a connection, each by the key that says so.
fn users(row: &OrganizationRow, connection: &ConnectionPolicy) -> Vec<FieldFault> {
    let mut users = Vec::new();
    let fault = |key: String, message: &str| FieldFault {
        key,
        code: Code::ConnectionInUse.as_str().to_owned(),
        message: message.to_owned(),
    };
    if row.organization.workspace.authentication.as_ref() == Some(&connection.name) {
        let message = "this is how subscribers sign in; choose another method first";
        users.push(fault("workspace.authentication".to_owned(), message));
    }
    if row.organization.administrator_sign_in.as_ref() == Some(&connection.name) {
        let message = "this is how administrators sign in; take it out of the manifest first";
        users.push(fault("organization.administrator_sign_in".to_owned(), message));
    }
    let resolving = |one: &&ConnectionPolicy| one.resolve_from.as_ref() == Some(&connection.name);
    for other in row.organization.connections.iter().filter(resolving) {
        let key = format!("connections.{}.resolve_from_ad", other.name);
        users.push(fault(key, "this connection fills in claims from it"));
    }
    users
}

fn shown(app: &App, row: &OrganizationRow, policy: &ConnectionPolicy) -> Result<Versioned, Refusal> {
    let connection = connection_row(row, policy)?;
    let secrets = app.loader().secrets(connection).ok();
    let shown = ConnectionShown {
        id: policy.id.to_string(),
        state: if users(row, policy).is_empty() {
            ConnectionState::Connected
        } else {
            ConnectionState::InUse
        },
        addresses: apply::addresses_of(&app.settings(), row, policy),
        settings: ConnectionSettings::of(policy, connection, secrets.as_ref()),
    };
    let version = Version::of(&shown, &[&connection.secrets]);
    Ok((shown, version))
}

fn about(policy: &ConnectionPolicy) -> Value {
    json!({
        "connection": policy.id.to_string(),
        "name": policy.name.as_str(),
        "kind": policy.kind.as_str(),
        "authority": policy.authority,
    })
}

/// Which keys are others now, and whether a secret is.
fn changed(
    visit: &Visit<'_>,
    actor: &Actor,
    (before, after): (&OrganizationRow, &OrganizationRow),
    is: &ConnectionPolicy,
) -> Vec<Event> {
    let mut keys: Vec<String> =
        change::between(Some(before), after).into_iter().map(|change| change.key).collect();
    let secret = format!("connections.{}.secrets", is.name);
    let rotated = keys.contains(&secret);
    keys.retain(|key| *key != secret);
    let mut target = about(is);
    if let Some(members) = target.as_object_mut() {
        members.insert("keys".to_owned(), json!(keys));
    }
    let mut events = vec![events::event(visit, actor, "connection.changed", &target)];
    if rotated {
        events.push(events::event(visit, actor, "secret.rotated", &about(is)));
    }
    events
}

async fn save(
    app: &App,
    actor: &Actor,
    row: OrganizationRow,
    events: Vec<Event>,
) -> Result<Replaced, Refusal> {
    if apply::has_saml(&row) {
        service_provider::ensure(&app.store, &app.keys, app.wall.now()).await?;
    }
    standing::replace(app, (actor, Operation::WriteConnections), row, events).await
}
