//! Which directories an organisation's connections may speak for (CLM-15): who they are, and whose suffixes.

use serde_json::{Map, Value, json};
use vestibule_policies::operation::Operation;

use crate::apply::judged;
use crate::config::read_directories;
use crate::http::visit::Visit;
use crate::store::organizations::{OrganizationRow, Replaced};
use vestibule_policies::code::Code;

use super::settings::DeclaredDirectory;
use super::standing::{self, TRIES, Version};
use super::{Actor, Refusal, Stage, events};

/// All of them, in their order.
///
/// # Errors
/// Where the actor may not see them.
pub async fn list(visit: &Visit<'_>, actor: &Actor) -> Result<(Vec<DeclaredDirectory>, Version), Refusal> {
    actor.may(Operation::ReadConnections, Stage::Sent, visit.app.session_clock.now())?;
    Ok(shown(&standing::row(visit.app, actor).await?))
}

/// Puts these in the place of those that stand. One that a connection speaks for cannot go.
///
/// # Errors
/// Where the actor may not, the version is not what stands, or one is not allowed.
pub async fn write(
    visit: &Visit<'_>,
    actor: &Actor,
    version: &Version,
    all: &[Map<String, Value>],
) -> Result<(Vec<DeclaredDirectory>, Version), Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let mut row = standing::row(app, actor).await?;
        let (before, standing_version) = shown(&row);
        version.check(&standing_version)?;
        row.organization.directories = read_directories(all)?;
        let row = judged(row)?;
        let answer = shown(&row);
        if answer.0 == before {
            return Ok(answer);
        }
        let event = events::event(
            visit,
            actor,
            "directories.changed",
            &json!({ "before": before, "after": answer.0 }),
        );
        if standing::replace(app, (actor, Operation::WriteConnections), row, vec![event]).await?
            == Replaced::Stands
        {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

fn shown(row: &OrganizationRow) -> (Vec<DeclaredDirectory>, Version) {
    let shown: Vec<DeclaredDirectory> =
        row.organization.directories.iter().map(DeclaredDirectory::from).collect();
    let version = Version::of(&shown, &[]);
    (shown, version)
}
