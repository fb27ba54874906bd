//! The organisation itself: what it is called, and how long its administrators' sessions live (SES-02, SES-06, SES-08).

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use vestibule_policies::limits::ShortSessions;
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::Organization;
use vestibule_policies::{Edition, Limits};

use crate::app::App;
use crate::config::read_limits;
use crate::http::visit::Visit;
use crate::store::organizations::Replaced;
use vestibule_policies::code::Code;

use super::settings::LimitsShown;
use super::standing::{self, TRIES, Version};
use super::{Actor, FieldFault, Refusal, Stage, events};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Organization")]
pub struct OrganizationShown {
    /// For ever: what support is told.
    pub id: String,
    /// Its short name, in addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The preset of policies.
    pub edition: &'static str,
    /// Where its administrators begin to sign in.
    pub sign_in_address: String,
    /// How long administrators' sessions live.
    pub sessions: AdministratorSessions,
}

/// How long administrators' sessions live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AdministratorSessions {
    /// The limits.
    #[serde(flatten)]
    pub limits: LimitsShown,
    /// Whether `idle` can be set here: it can where the edition lets it. `maximum` is the operator's.
    pub idle_is_configurable: bool,
}

/// What stands.
///
/// # Errors
/// Where the actor may not see it.
pub async fn read(visit: &Visit<'_>, actor: &Actor) -> Result<(OrganizationShown, Version), Refusal> {
    actor.may(Operation::ReadOrganization, Stage::Sent, visit.app.session_clock.now())?;
    Ok(shown(visit.app, &standing::row(visit.app, actor).await?.organization))
}

/// The same for a whole organisation as it was read: what is not `sessions` has to be what stands.
///
/// # Errors
/// As [`write_sessions`].
pub async fn write(
    visit: &Visit<'_>,
    actor: &Actor,
    version: &Version,
    members: &Map<String, Value>,
) -> Result<(OrganizationShown, Version), Refusal> {
    const KNOWN: [&str; 6] = ["id", "slug", "name", "edition", "sign_in_address", "sessions"];
    actor.may(Operation::WriteAdministratorSessions, Stage::Sent, visit.app.session_clock.now())?;
    let (stands, _) = shown(visit.app, &standing::row(visit.app, actor).await?.organization);
    let stands = serde_json::to_value(stands).map_err(|_| Code::Internal)?;
    let mut faults = Vec::new();
    for (key, value) in members.iter().filter(|(key, _)| *key != "sessions") {
        match stands.get(key) {
            Some(own) if own == value => {}
            Some(_) => faults.push(FieldFault::operators(key)),
            None => faults.push(FieldFault::unknown(key, &KNOWN)),
        }
    }
    match members.get("sessions") {
        _ if !faults.is_empty() => Err(Refusal::settings(faults)),
        Some(Value::Object(sessions)) => write_sessions(visit, actor, version, sessions).await,
        _ => Err(Refusal::settings(vec![FieldFault::invalid("sessions", "expected idle and maximum")])),
    }
}

/// Sets the idle limit of administrators, where the edition lets it be set.
///
/// # Errors
/// Where the actor may not, the version is not what stands, or a limit is not allowed.
pub async fn write_sessions(
    visit: &Visit<'_>,
    actor: &Actor,
    version: &Version,
    members: &Map<String, Value>,
) -> Result<(OrganizationShown, Version), Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteAdministratorSessions, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let mut row = standing::row(app, actor).await?;
        version.check(&shown(app, &row.organization).1)?;
        let before = row.organization.sessions.administrator;
        let after = wanted(members, row.organization.edition, before)?;
        row.organization.sessions.administrator = after;
        let answer = shown(app, &row.organization);
        if before == after {
            return Ok(answer);
        }
        let target = json!({ "before": LimitsShown::from(before), "after": LimitsShown::from(after) });
        let event = events::event(visit, actor, "organization.sessions-changed", &target);
        if standing::replace(app, (actor, Operation::WriteAdministratorSessions), row, vec![event]).await?
            == Replaced::Stands
        {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

fn wanted(members: &Map<String, Value>, edition: Edition, before: Limits) -> Result<Limits, Refusal> {
    // What was unchanged stands, though an operator lifted the bounds for it.
    let judge = |wanted: Limits| {
        if wanted == before {
            Ok(wanted)
        } else {
            Limits::administrator(wanted.idle, wanted.maximum, ShortSessions::Refused)
        }
    };
    let mut members = members.clone();
    // It can be sent back as it was read.
    if members.get("idle_is_configurable") == Some(&edition.lets_administrators_idle_be_set().into()) {
        members.remove("idle_is_configurable");
    }
    let wanted = read_limits(&members, before, judge)?;
    let mut faults = Vec::new();
    if wanted.idle != before.idle && !edition.lets_administrators_idle_be_set() {
        faults.push(FieldFault::invalid("idle", "this edition fixes it"));
    }
    if wanted.maximum != before.maximum {
        faults.push(FieldFault::operators("maximum"));
    }
    if faults.is_empty() { Ok(wanted) } else { Err(Refusal::settings(faults)) }
}

fn shown(app: &App, organization: &Organization) -> (OrganizationShown, Version) {
    let settings = app.settings();
    let shown = OrganizationShown {
        id: organization.id.to_string(),
        slug: organization.slug.to_string(),
        name: organization.name.clone(),
        edition: organization.edition.as_str(),
        sign_in_address: format!("{}/go/{}", settings.origin(settings.console()), organization.slug),
        sessions: AdministratorSessions {
            limits: organization.sessions.administrator.into(),
            idle_is_configurable: organization.edition.lets_administrators_idle_be_set(),
        },
    };
    let version = Version::of(&shown, &[]);
    (shown, version)
}
