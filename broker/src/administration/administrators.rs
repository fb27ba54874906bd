//! Who runs an organisation: those who do, those who were asked to, and what each may do (ADM-04, 05, 15 to 25).

mod outgoing;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::random;
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::ids::{InvitationId, OrganizationId, PersonId};
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::{AdministratorGroup, Organization, ProviderAdministrator};
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::http::visit::Visit;
use crate::mail::Enqueued;
use crate::person::{self, Person};
use crate::session::guard;
use crate::store::audit::append;
use crate::store::devices::Owner;
use crate::store::invitations::{self, InvitationRow};
use crate::store::organizations::{self, Changed};
use crate::store::{StoreError, persons};

use self::outgoing::{Outgoing, enqueue};
use super::events::event;
use super::{Actor, Stage, clients, lost};

/// How long an invitation may be followed; sending it again moves nothing (ADM-18, ADM-19).
const LIFETIME: Duration = Duration::from_hours(24 * 5);
/// Invitations of one organisation that have not been followed.
const MOST: usize = 200;

/// Somebody who runs the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    pub person: PersonId,
    pub display_name: String,
    pub user_name: String,
    pub email: Email,
    pub access: Access,
}

/// Somebody who was asked to, and has not come yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub id: InvitationId,
    pub email: Email,
    pub access: Access,
    /// When it was first sent.
    pub sent: Timestamp,
    /// Until when its link is good, by the wall.
    pub until: Timestamp,
    /// Whether that is over (ADM-20).
    pub has_expired: bool,
}

/// An invitation on its way.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: InvitationId,
    /// Where no mail could be sent, the link for somebody to hand over; it is shown this once.
    pub link: Option<String>,
}

/// Everybody who runs the organisation, by name.
///
/// # Errors
/// `ACCESS-DENIED`, or the store's.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Administrator>, Code> {
    actor.may(Operation::ReadAdministrators, Stage::Shown, app.session_clock.now())?;
    let memberships = &actor.tenant.organization.administrators;
    let mut all = Vec::with_capacity(memberships.len());
    for membership in memberships {
        let found =
            person::look(&app.store, &app.keys, membership.person).await.map_err(|error| lost(&error))?;
        // Somebody who is no longer known runs nothing; their membership is of no use to anybody.
        all.extend(found.map(|found| administrator(found, membership.access.clone())));
    }
    all.sort_by_cached_key(|one| one.display_name.to_lowercase());
    Ok(all)
}

/// Somebody whom a connection brings, or everybody of a group.
#[derive(Debug, Clone, Copy)]
pub enum ByProvider<'a> {
    /// One's own entry.
    Person(&'a ProviderAdministrator),
    /// A group's.
    Group(&'a AdministratorGroup),
}

/// Everybody who runs the organisation by way of a connection, as its manifest says.
///
/// # Errors
/// `ACCESS-DENIED`.
pub fn by_provider<'a>(app: &App, actor: &'a Actor) -> Result<impl Iterator<Item = ByProvider<'a>>, Code> {
    actor.may(Operation::ReadAdministrators, Stage::Shown, app.session_clock.now())?;
    let organization = &actor.tenant.organization;
    let people = organization.provider_administrators.iter().map(ByProvider::Person);
    Ok(people.chain(organization.administrator_groups.iter().map(ByProvider::Group)))
}

/// One of them.
///
/// # Errors
/// `NOT-FOUND`, also for somebody of another organisation; `ACCESS-DENIED`, or the store's.
pub async fn one(app: &App, actor: &Actor, id: PersonId) -> Result<Administrator, Code> {
    actor.may(Operation::ReadAdministrators, Stage::Shown, app.session_clock.now())?;
    let membership = actor.tenant.organization.membership(id).ok_or(Code::NotFound)?;
    let found = person::look(&app.store, &app.keys, id).await.map_err(|error| lost(&error))?;
    found.map(|found| administrator(found, membership.access.clone())).ok_or(Code::NotFound)
}

fn administrator(Person { id, record }: Person, access: Access) -> Administrator {
    let profile = record.profile;
    Administrator {
        person: id,
        display_name: profile.display_name,
        user_name: profile.user_name.as_str().to_owned(),
        email: profile.email,
        access,
    }
}

/// Everybody who was invited and has not come, the latest first.
///
/// # Errors
/// `ACCESS-DENIED`, or the store's.
pub async fn invited(app: &App, actor: &Actor) -> Result<Vec<Invited>, Code> {
    actor.may(Operation::ReadAdministrators, Stage::Shown, app.session_clock.now())?;
    let rows = invitations::of_organization(app.store.readers(), actor.tenant.organization.id).await;
    let rows = rows.map_err(|error| lost(&StoreError::Read(error)))?;
    rows.iter().map(|row| opened(app, row)).collect()
}

/// One of these invitations.
///
/// # Errors
/// `NOT-FOUND`, `ACCESS-DENIED`, or the store's.
pub async fn invitation(app: &App, actor: &Actor, id: InvitationId) -> Result<Invited, Code> {
    actor.may(Operation::ReadAdministrators, Stage::Shown, app.session_clock.now())?;
    opened(app, &row(app, actor, id).await?)
}

fn opened(app: &App, row: &InvitationRow) -> Result<Invited, Code> {
    let contents = contents(&app.keys, row)?;
    let (now, wall) = (app.session_clock.now(), app.wall.now());
    let has_expired = now >= row.link.expires;
    let until = if has_expired { row.sent.plus(LIFETIME) } else { wall.plus(row.link.expires.since(now)) };
    Ok(Invited {
        id: row.id,
        email: contents.email,
        access: contents.access,
        sent: row.sent,
        until,
        has_expired,
    })
}

fn contents(keys: &KeyRing, row: &InvitationRow) -> Result<person::link::Invitation, Code> {
    person::link::Invitation::of_link(keys, &row.token, &row.link.contents).map_err(|error| lost(&error))
}

async fn row(app: &App, actor: &Actor, id: InvitationId) -> Result<InvitationRow, Code> {
    let found = invitations::by_id(app.store.readers(), actor.tenant.organization.id, id).await;
    found.map_err(|error| lost(&StoreError::Read(error)))?.ok_or(Code::NotFound)
}

/// Asks somebody to run the organisation, by mail where there is mail (ADM-15, ADM-17).
///
/// # Errors
/// What [`Actor::may`] says, `ADMINISTRATOR-KNOWN` where they do so already or are asked already, or the store's.
pub async fn invite(visit: &Visit<'_>, actor: &Actor, email: Email, access: Access) -> Result<Sent, Code> {
    let app = visit.app;
    actor.may(Operation::InviteAdministrator, Stage::Sent, app.session_clock.now())?;
    let organization = actor.tenant.organization.id;
    let id = random::bytes().map(InvitationId::from_bytes).map_err(|_| Code::Internal)?;
    let invitation = person::link::Invitation { organization, email, access, inviter: actor.person() };
    let outgoing = Outgoing::new(visit, actor, invitation, app.session_clock.now().plus(LIFETIME))?;
    let row = outgoing.row(id, app.wall.now());
    let tag = person::email_tag(&app.keys, outgoing.invitation.email.as_str());
    let subject = format!("invitation {organization} {tag}");
    let event = event(
        visit,
        actor,
        "administrator.invited",
        &json!({ "invitation": id.to_string(), "email": tag, "access": outgoing.invitation.access }),
    );
    let (mail, keys, letter) = (app.mail.clone(), Arc::clone(&app.keys), outgoing.letter.clone());
    let members: Vec<PersonId> =
        actor.tenant.organization.administrators.iter().map(|one| one.person).collect();
    let write = actor.write(app, Operation::InviteAdministrator, move |transaction| {
        Box::pin(async move {
            let waiting = invitations::of_organization(&mut *transaction, organization).await?;
            if waiting.len() >= MOST {
                return Ok(Err(Code::TooMany));
            }
            if invitations::stands(transaction, &subject).await?
                || is_member(transaction, &keys, (&members, &tag)).await?
            {
                return Ok(Err(Code::AdministratorKnown));
            }
            invitations::issue(transaction, (organization, &subject), &row).await?;
            append(transaction, &event).await?;
            enqueue(&mail, transaction, letter).await.map(Ok)
        })
    });
    let queued = write.await?;
    Ok(Sent { id, link: (queued != Enqueued::Queued).then(|| outgoing.address()) })
}

/// Sends an invitation again, with another link in place of the first, which is void. Its five days go on (ADM-19).
///
/// # Errors
/// What [`Actor::may`] says, `NOT-FOUND`, `PERSON-LINK` where the five days are over, or the store's.
pub async fn resend(visit: &Visit<'_>, actor: &Actor, id: InvitationId) -> Result<Sent, Code> {
    let app = visit.app;
    let now = app.session_clock.now();
    actor.may(Operation::InviteAdministrator, Stage::Sent, now)?;
    let before = row(app, actor, id).await?;
    if now >= before.link.expires {
        return Err(Code::PersonLink);
    }
    let invitation = contents(&app.keys, &before)?;
    let outgoing = Outgoing::new(visit, actor, invitation, before.link.expires)?;
    let event = event(visit, actor, "administrator.invited-again", &json!({ "invitation": id.to_string() }));
    let organization = actor.tenant.organization.id;
    let (mail, letter, next) = (app.mail.clone(), outgoing.letter.clone(), outgoing.row(id, before.sent));
    let write = actor.write(app, Operation::InviteAdministrator, move |transaction| {
        Box::pin(async move {
            let with = (&next.token, next.link.contents.as_slice());
            if !invitations::replace(transaction, organization, &before, with).await? {
                return Ok(Err(Code::NotFound));
            }
            append(transaction, &event).await?;
            enqueue(&mail, transaction, letter).await.map(Ok)
        })
    });
    let queued = write.await?;
    Ok(Sent { id, link: (queued != Enqueued::Queued).then(|| outgoing.address()) })
}

/// Takes an invitation back, or its trace once it is over: then the same address can be invited afresh.
///
/// # Errors
/// What [`Actor::may`] says, `NOT-FOUND`, or the store's.
pub async fn withdraw(visit: &Visit<'_>, actor: &Actor, id: InvitationId) -> Result<(), Code> {
    let app = visit.app;
    actor.may(Operation::InviteAdministrator, Stage::Sent, app.session_clock.now())?;
    let event =
        event(visit, actor, "administrator.invitation-withdrawn", &json!({ "invitation": id.to_string() }));
    let organization = actor.tenant.organization.id;
    let write = actor.write(app, Operation::InviteAdministrator, move |transaction| {
        Box::pin(async move {
            if !invitations::withdraw(transaction, organization, id).await? {
                return Ok(Err(Code::NotFound));
            }
            append(transaction, &event).await.map(Ok)
        })
    });
    write.await
}

/// Says what an administrator may do from now on (ADM-05). Live sessions and clients of theirs are held to it at once.
///
/// # Errors
/// What [`Actor::may`] says, `NOT-FOUND`, `ADMINISTRATOR-LAST`, or the store's.
pub async fn change_access(
    visit: &Visit<'_>,
    actor: &Actor,
    id: PersonId,
    access: Access,
) -> Result<(), Code> {
    let app = visit.app;
    actor.may(Operation::WriteAccess, Stage::Sent, app.session_clock.now())?;
    let is_lowered = access != Access::Full;
    let target = json!({ "person": id.to_string(), "access": access });
    let event = event(visit, actor, "administrator.access-changed", &target);
    let change = move |organization: &mut Organization| {
        if is_lowered {
            is_not_last(organization, id)?;
        }
        let membership = organization.administrators.iter_mut().find(|one| one.person == id);
        membership.ok_or(Code::NotFound)?.access = access;
        Ok(())
    };
    let (organization, now) = (actor.tenant.organization.id, app.wall.now());
    let keys = Arc::clone(&app.keys);
    let write = actor.write(app, Operation::WriteAccess, move |transaction| {
        Box::pin(async move {
            let changed = organizations::change(transaction, organization, now, change).await?;
            if changed == Changed::Stands {
                append(transaction, &event).await?;
                if is_lowered {
                    withdraw_of(transaction, &keys, (organization, id)).await?;
                }
            }
            Ok(Ok(changed))
        })
    });
    settled(app, organization, write.await?).await
}

/// Takes somebody's access away; what is open of it ends with it (ADM-24, ADM-25, SES-09).
///
/// # Errors
/// What [`Actor::may`] says, `NOT-FOUND`, `ADMINISTRATOR-LAST`, or the store's.
pub async fn remove(visit: &Visit<'_>, actor: &Actor, id: PersonId) -> Result<(), Code> {
    let app = visit.app;
    actor.may(Operation::RemoveAdministrator, Stage::Sent, app.session_clock.now())?;
    let event = event(visit, actor, "administrator.removed", &json!({ "person": id.to_string() }));
    let change = move |organization: &mut Organization| {
        is_not_last(organization, id)?;
        let before = organization.administrators.len();
        organization.administrators.retain(|one| one.person != id);
        if organization.administrators.len() == before { Err(Code::NotFound) } else { Ok(()) }
    };
    let organization = actor.tenant.organization.id;
    let here = Owner::of(organization, &person::principal(id));
    let keys = Arc::clone(&app.keys);
    let (wall, now) = (app.wall.now(), app.session_clock.now());
    let write = actor.write(app, Operation::RemoveAdministrator, move |transaction| {
        Box::pin(async move {
            let changed = organizations::change(transaction, organization, wall, change).await?;
            if changed != Changed::Stands {
                return Ok(Ok((changed, Vec::new())));
            }
            append(transaction, &event).await?;
            clients::end_of_maker(transaction, &keys, id, &event).await?;
            withdraw_of(transaction, &keys, (organization, id)).await?;
            let ended = guard::end_of_person(transaction, &here, None, (now, wall)).await?;
            Ok(Ok((changed, ended)))
        })
    });
    let (changed, ended) = write.await?;
    for id in ended {
        app.sessions.forget(id);
    }
    settled(app, organization, changed).await
}

/// Whom somebody invited who may no longer invite anybody does not come in by that.
async fn withdraw_of(
    transaction: &mut crate::store::Transaction,
    keys: &KeyRing,
    (organization, inviter): (OrganizationId, PersonId),
) -> Result<(), sqlx::Error> {
    for row in invitations::of_organization(&mut *transaction, organization).await? {
        let contents = contents(keys, &row).map_err(|code| sqlx::Error::Decode(code.as_str().into()))?;
        if contents.inviter == Some(inviter) {
            invitations::withdraw(&mut *transaction, organization, row.id).await?;
        }
    }
    Ok(())
}

/// This server need not wait for the feed to tell it what it did itself.
async fn settled(app: &App, organization: OrganizationId, changed: Changed) -> Result<(), Code> {
    match changed {
        Changed::Stands => app.renew(&[organization]).await.map_err(|_| Code::StoreLost),
        Changed::Refused(code) => Err(code),
        Changed::Gone => Err(Code::NotFound),
    }
}

/// Somebody with full access stays, whoever goes.
fn is_not_last(organization: &Organization, id: PersonId) -> Result<(), Code> {
    let mut full = organization.administrators.iter().filter(|one| one.access == Access::Full);
    if full.all(|one| one.person == id) && organization.membership(id).is_some() {
        return Err(Code::AdministratorLast);
    }
    Ok(())
}

/// Whether one of the members has that address.
async fn is_member(
    transaction: &mut crate::store::Transaction,
    keys: &KeyRing,
    (members, tag): (&[PersonId], &str),
) -> Result<bool, sqlx::Error> {
    for &id in members {
        let Some(row) = persons::by_id(&mut *transaction, id).await? else { continue };
        let found = Person::of_row(&row, keys)?;
        if person::email_tag(keys, found.record.profile.email.as_str()) == tag {
            return Ok(true);
        }
    }
    Ok(false)
}
