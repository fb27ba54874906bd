//! Who is signed in: a person's own sessions, and those of the organisation (SESS-12).

use serde_json::json;
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::{ConnectionId, PersonId};
use vestibule_policies::limits::{Span, Standing, idle_expires_at, maximum_expires_at, standing};
use vestibule_policies::operation::Operation;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::http::visit::Visit;
use crate::person;
use crate::session::facts::Facts;
use crate::session::guard;
use crate::store::audit::append;
use crate::store::roots::{self, EndedBy, RootId, RootRow, listed};

use super::events::event;
use super::{Actor, Stage, lost};

/// A live session, with its times by the wall.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: RootId,
    pub audience: Audience,
    /// The organisation's name.
    pub organization: String,
    pub person: Option<String>,
    pub email: Option<Email>,
    /// The connection by which they came; none of the built-in identity.
    pub connection: Option<String>,
    pub began: Timestamp,
    pub last_activity: Timestamp,
    /// When it ends if nothing is done.
    pub ends: Timestamp,
}

/// The person's own sessions as an administrator, in whatever organisation, the latest first.
///
/// # Errors
/// The store's.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<Listed>, Code> {
    let Some(person) = signed_in(actor) else { return Ok(Vec::new()) };
    let rows = listed::of_person(app.store.readers(), &person::owner(person).principal).await;
    Ok(rows.map_err(|error| lost(&error))?.iter().filter_map(|row| described(app, row)).collect())
}

/// Sessions of the organisation, subscribers' and administrators', in the order of their ids: after `after`, at most `limit`. There
/// are more where as many come back, those that nobody can use among them.
///
/// # Errors
/// What [`Actor::may`] says, or the store's.
pub async fn all(
    app: &App,
    actor: &Actor,
    (after, limit): (Option<RootId>, u32),
) -> Result<(Vec<Listed>, Option<RootId>), Code> {
    actor.may(Operation::ReadSessions, Stage::Shown, app.session_clock.now())?;
    let id = actor.tenant.organization.id;
    let rows = listed::of_organization(app.store.readers(), id, (after, limit)).await;
    let rows = rows.map_err(|error| lost(&error))?;
    let more = u32::try_from(rows.len()).is_ok_and(|found| found == limit);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok((rows.iter().filter_map(|row| described(app, row)).collect(), next))
}

/// Ends a session of the organisation, or one of the person's own.
///
/// # Errors
/// What [`Actor::may`] says of somebody else's, `NOT-FOUND`, or the store's.
pub async fn end(visit: &Visit<'_>, actor: &Actor, id: RootId) -> Result<(), Code> {
    let app = visit.app;
    let found = roots::by_id(app.store.readers(), id).await.map_err(|error| lost(&error))?;
    let row = found.filter(|row| row.ended.is_none());
    let is_own = row.as_ref().is_some_and(|row| is_own(actor, row));
    if !is_own {
        // Whether there is such a session is told only to those who may end it.
        actor.may(Operation::EndSessions, Stage::Sent, app.session_clock.now())?;
    }
    let row = row.filter(|row| is_own || row.organization == actor.tenant.organization.id);
    let row = row.ok_or(Code::NotFound)?;
    let event = event(visit, actor, "session.end-asked", &json!({ "session": id.to_string() }));
    let by = actor.clone();
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            if !is_own && let Err(code) = by.still(transaction, Operation::EndSessions).await? {
                return Ok(Err(code));
            }
            append(transaction, &event).await.map(Ok)
        })
    });
    write.await.map_err(|error| error.code())??;
    guard::end(app, row.organization, id, EndedBy::Elsewhere, None).await
}

/// Ends every session of the person's own but the one in which it is asked for.
///
/// # Errors
/// The store's.
pub async fn end_own(visit: &Visit<'_>, actor: &Actor) -> Result<(), Code> {
    let app = visit.app;
    let (Some(person), Some(this)) = (signed_in(actor), actor.session()) else { return Err(Code::NotFound) };
    let (principal, times) = (person::owner(person).principal, (app.session_clock.now(), app.wall.now()));
    let event = event(visit, actor, "session.end-asked", &json!({ "person": person.to_string() }));
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            append(transaction, &event).await?;
            guard::end_everywhere(transaction, &principal, Some(this), times).await
        })
    });
    for id in write.await.map_err(|error| error.code())? {
        app.sessions.forget(id);
    }
    Ok(())
}

/// Whoever acts by a session of their own; a program has none, though its access is somebody's.
fn signed_in(actor: &Actor) -> Option<PersonId> {
    actor.session().and_then(|_| actor.person())
}

fn is_own(actor: &Actor, row: &RootRow) -> bool {
    signed_in(actor).is_some_and(|person| person::owner(person).principal == row.principal)
}

/// What is told of it; nothing of one that cannot be read, or whose limits have passed and which is about to be swept.
fn described(app: &App, row: &RootRow) -> Option<Listed> {
    let deployment = app.deployment.load();
    let organization = &deployment.tenant(row.organization)?.organization;
    let facts = Facts::open(&row.facts, row.id, &app.keys).ok()?;
    let in_memory = app.sessions.held(row.id).map(|root| root.last_activity());
    let last_activity = in_memory.map_or(row.last_activity, |at| at.max(row.last_activity));
    let current = organization.sessions.of(row.audience);
    let span = Span { started: row.started, last_activity, granted: row.granted, current };
    let (now, wall) = (app.session_clock.now(), app.wall.now());
    if standing(now, &span) != Standing::Live {
        return None;
    }
    let maximum = maximum_expires_at(&span);
    let ends = idle_expires_at(&span).map_or(maximum, |idle| idle.min(maximum));
    let claims = facts.claims;
    Some(Listed {
        id: row.id,
        audience: row.audience,
        organization: organization.name.clone(),
        person: claims.display_name.clone().or_else(|| claims.principal_name().map(str::to_owned)),
        email: claims.email,
        connection: (row.connection != ConnectionId::BUILT_IN).then(|| facts.connection.to_string()),
        began: wall.minus(now.since(row.started)),
        last_activity: wall.minus(now.since(last_activity)),
        ends: wall.plus(ends.since(now)),
    })
}
