//! "Test and Finish": what `vestibule check` says of a connection, of one that stands or of one that is not saved yet (PRV-09).

use std::time::Duration;

use serde_json::{Map, Value, json};
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::ConnectionPolicy;

use crate::app::App;
use crate::audit;
use crate::check::{self, Finding};
use crate::http::visit::Visit;
use crate::store::audit::Event;
use crate::store::organizations::OrganizationRow;

use super::super::{Actor, FieldFault, Refusal, Stage, events, standing};
use super::{about, connection_row, merged, named};

/// All addresses of one connection.
const DEADLINE: Duration = Duration::from_mins(1);

/// Asks the provider of a connection that stands.
///
/// # Errors
/// Where the actor may not, there is none of that name, or too many are asked at once. A fault of the provider is none of ours.
pub async fn test(visit: &Visit<'_>, actor: &Actor, name: &str) -> Result<Vec<Finding>, Refusal> {
    let app = visit.app;
    actor.may(Operation::TestConnection, Stage::Sent, app.session_clock.now())?;
    let row = standing::row(app, actor).await?;
    let policy = named(&row, name)?;
    asked(visit, actor, (&row, policy)).await
}

/// Asks the provider of a connection that is not saved, or not like this. It makes the broker call whom the actor names: so only
/// those do who could save it.
///
/// # Errors
/// As [`test`], and where a setting is not allowed.
pub async fn test_draft(
    visit: &Visit<'_>,
    actor: &Actor,
    members: &Map<String, Value>,
) -> Result<Vec<Finding>, Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    let row = standing::row(app, actor).await?;
    let name = members.get("name").and_then(Value::as_str).unwrap_or_default();
    let after = merged(app, &row, members)?;
    let policy = named(&after, name)?;
    asked(visit, actor, (&after, policy)).await
}

/// Lets pass what is without fault.
pub(super) async fn passes(
    visit: &Visit<'_>,
    actor: &Actor,
    of: (&OrganizationRow, &ConnectionPolicy),
) -> Result<(), Refusal> {
    Refusal::of_findings(&asked(visit, actor, of).await?)
}

/// What the provider says. Whatever comes of it, that it was asked is written down.
async fn asked(
    visit: &Visit<'_>,
    actor: &Actor,
    (row, policy): (&OrganizationRow, &ConnectionPolicy),
) -> Result<Vec<Finding>, Refusal> {
    let app = visit.app;
    let _permit = app.diagnoses.begin(row.organization.id).ok_or(Code::TestBusy)?;
    let connection = connection_row(row, policy)?.clone();
    let draft = check::draft(app.loader(), connection, &row.organization.directories, app.wall.now());
    let of = (&row.organization.slug, &policy.name);
    let Ok(checks) = tokio::time::timeout(DEADLINE, draft).await else {
        told(app, tested(visit, actor, policy, &[Code::ConnectionTest.as_str()])).await?;
        let message = format!("its addresses did not answer within {} s", DEADLINE.as_secs());
        let code = Code::ConnectionTest.as_str().to_owned();
        let late = FieldFault { key: String::new(), code, message };
        return Err(Refusal::Faults(Code::ConnectionTest, vec![late]));
    };
    let findings: Vec<_> = checks.into_iter().map(|check| Finding::of(of, check)).collect();
    let codes: Vec<&str> = findings.iter().filter_map(|finding| finding.code).collect();
    told(app, tested(visit, actor, policy, &codes)).await?;
    Ok(findings)
}

fn tested(visit: &Visit<'_>, actor: &Actor, policy: &ConnectionPolicy, codes: &[&str]) -> Event {
    let mut target = about(policy);
    if let Some(members) = target.as_object_mut() {
        members.insert("codes".to_owned(), json!(codes));
    }
    events::event(visit, actor, "connection.tested", &target)
}

/// Written down before anything is answered.
pub(super) async fn told(app: &App, event: Event) -> Result<(), Refusal> {
    let written = app.audit.write(&app.store, event, audit::Evidence::Proof);
    Ok(written.await?)
}
