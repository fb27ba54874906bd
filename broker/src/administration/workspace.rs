//! The workspace: how subscribers sign in, who of them, for how long, and to what (WSP-01, PRV-15, PRV-16).

use serde_json::{Map, Value, json};
use vestibule_policies::Limits;
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::apply::judged;
use crate::config::{read_limits, read_workspace};
use crate::http::visit::Visit;
use crate::store::organizations::{OrganizationRow, Replaced};

use super::settings::WorkspaceSettings;
use super::standing::{self, TRIES, Version};
use super::{Actor, FieldFault, Refusal, Stage, events};

/// Says that whoever changes the method knows what it means for subscribers (PRV-15).
pub const ACKNOWLEDGEMENT: &str = "acknowledge_subscriber_impact";

/// What stands.
///
/// # Errors
/// Where the actor may not see it.
pub async fn read(visit: &Visit<'_>, actor: &Actor) -> Result<(WorkspaceSettings, Version), Refusal> {
    actor.may(Operation::ReadWorkspace, Stage::Sent, visit.app.session_clock.now())?;
    Ok(shown(&standing::row(visit.app, actor).await?))
}

/// Puts these settings in the place of those that stand. The method of sign-in changes only with the acknowledgement.
///
/// # Errors
/// Where the actor may not, the version is not what stands, or a setting is not allowed.
pub async fn write(
    visit: &Visit<'_>,
    actor: &Actor,
    version: &Version,
    members: &Map<String, Value>,
) -> Result<(WorkspaceSettings, Version), Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteWorkspace, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let before = standing::row(app, actor).await?;
        version.check(&shown(&before).1)?;
        let after = replaced(visit, &before, members)?;
        let answer = shown(&after);
        if after.organization == before.organization {
            return Ok(answer);
        }
        let (was, is) = (&before.organization, &after.organization);
        let target = json!({
            "authentication": { "before": was.workspace.authentication, "after": is.workspace.authentication },
            "admit_groups": is.workspace.admit_groups != was.workspace.admit_groups,
            "routes": is.workspace.routes != was.workspace.routes,
            "sessions": is.sessions != was.sessions,
        });
        let event = events::event(visit, actor, "workspace.changed", &target);
        if standing::replace(app, (actor, Operation::WriteWorkspace), after, vec![event]).await?
            == Replaced::Stands
        {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

fn replaced(
    visit: &Visit<'_>,
    before: &OrganizationRow,
    members: &Map<String, Value>,
) -> Result<OrganizationRow, Refusal> {
    let mut after = before.clone();
    let mut members = members.clone();
    let mut faults = Vec::new();
    if let Some(hosts) = members.remove("hosts")
        && hosts != json!(before.organization.workspaces)
    {
        faults.push(FieldFault::operators("hosts"));
    }
    let acknowledged = take_acknowledgement(&mut members).unwrap_or_else(|fault| {
        faults.push(fault);
        false
    });
    match members.remove("sessions") {
        None => {}
        Some(Value::Object(limits)) => {
            let judge = |wanted: Limits| Limits::subscriber(wanted.idle, wanted.maximum);
            match read_limits(&limits, before.organization.sessions.subscriber, judge) {
                Ok(limits) => after.organization.sessions.subscriber = limits,
                Err(found) => faults.extend(found.into_iter().map(|fault| {
                    let fault = FieldFault::from(fault);
                    FieldFault { key: format!("sessions.{}", fault.key), ..fault }
                })),
            }
        }
        Some(_) => faults.push(FieldFault::invalid("sessions", "expected idle and maximum")),
    }
    match read_workspace(&members, &visit.app.site(), &before.organization) {
        Ok(workspace) => after.organization.workspace = workspace,
        Err(found) => faults.extend(found.into_iter().map(FieldFault::from)),
    }
    if !faults.is_empty() {
        return Err(Refusal::settings(faults));
    }
    let after = judged(after).map_err(|error| match Refusal::from(error) {
        Refusal::Faults(code, faults) => Refusal::Faults(code, faults.into_iter().map(own_key).collect()),
        code @ Refusal::Code(_) => code,
    })?;
    let method = |row: &OrganizationRow| row.organization.workspace.authentication.clone();
    if method(&after) != method(before) && !acknowledged {
        let message = "subscribers sign in in another way from then on; confirm that you know";
        let fault = FieldFault::invalid(ACKNOWLEDGEMENT, message);
        return Err(Refusal::Faults(Code::SubscriberImpact, vec![fault]));
    }
    Ok(after)
}

/// Whether a change says that its impact on subscribers is known. It is no setting, so it does not stay among them.
pub(super) fn take_acknowledgement(members: &mut Map<String, Value>) -> Result<bool, FieldFault> {
    match members.remove(ACKNOWLEDGEMENT) {
        None => Ok(false),
        Some(Value::Bool(acknowledged)) => Ok(acknowledged),
        Some(_) => Err(FieldFault::invalid(ACKNOWLEDGEMENT, "expected true or false")),
    }
}

fn own_key(fault: FieldFault) -> FieldFault {
    let key = fault.key.strip_prefix("workspace.").unwrap_or(&fault.key).to_owned();
    FieldFault { key, ..fault }
}

fn shown(row: &OrganizationRow) -> (WorkspaceSettings, Version) {
    let shown = WorkspaceSettings::of(&row.organization);
    let version = Version::of(&shown, &[]);
    (shown, version)
}
