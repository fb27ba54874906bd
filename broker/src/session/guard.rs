//! The guard: is this request of a live session? Every clause of it is here.
//!
//! A live session costs a hash, a look-up and a few comparisons. Whatever is not plainly live is looked up in the store
//! before anybody is turned away.

use std::sync::Arc;

use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::admission::{Question, Refusal};
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::limits::{Standing, standing};
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::audit;
use crate::deployment::Tenant;
use crate::store::audit::append;
use crate::store::devices::Owner;
use crate::store::roots::{self, EndedBy, RootId};
use crate::store::{StoreError, Transaction};

use super::{Access, Found, Root};

/// What the guard found.
#[derive(Debug)]
pub enum Guarded {
    /// A live session of this organisation on this host.
    Live(Arc<Access>),
    /// The session that this cookie opened was ended by its person, who has not signed in afresh since.
    SignedOut(RootId),
    /// Nobody.
    Anonymous,
}

/// Judges the value of a host's access cookie.
///
/// # Errors
/// `STORE-LOST` when this server does not know any more what is true: it neither lets pass nor signs anyone out.
pub async fn guard(
    app: &App,
    tenant: &Tenant,
    host: &HostName,
    cookie: Option<&str>,
) -> Result<Guarded, Code> {
    let Some((token, found)) = find(app, cookie).await? else { return Ok(Guarded::Anonymous) };
    match found {
        Found::Live(access) if is_for(&access, host, Audience::Subscriber, tenant) => {
            judge(app, tenant, &token, access).await
        }
        Found::Ended { root, by: EndedBy::SignOut, succeeded: false, .. } => Ok(Guarded::SignedOut(root)),
        // Also an access of another host or organisation: it means nothing here (HTTP-16).
        Found::Live(_) | Found::Ended { .. } | Found::Unknown => Ok(Guarded::Anonymous),
    }
}

/// Judges the value of the console's cookie. The console is every organisation's: whose session it is says the session.
///
/// # Errors
/// As [`guard`].
pub async fn guard_console(
    app: &App,
    host: &HostName,
    cookie: Option<&str>,
) -> Result<Option<(Arc<Access>, Arc<Tenant>)>, Code> {
    let Some((token, Found::Live(access))) = find(app, cookie).await? else { return Ok(None) };
    let deployment = app.deployment.load();
    let Some(tenant) = deployment.tenant(access.root.organization) else { return Ok(None) };
    if !is_for(&access, host, Audience::Administrator, tenant) {
        return Ok(None);
    }
    match judge(app, tenant, &token, access).await? {
        Guarded::Live(access) => Ok(Some((access, Arc::clone(tenant)))),
        Guarded::SignedOut(_) | Guarded::Anonymous => Ok(None),
    }
}

/// What a cookie's value leads to.
async fn find(app: &App, cookie: Option<&str>) -> Result<Option<(TokenHash, Found<Arc<Access>>)>, Code> {
    if !app.freshness.holds() {
        return Err(Code::StoreLost);
    }
    let Some(token) = cookie.and_then(Token::hash_of) else { return Ok(None) };
    let found = match app.sessions.known_access(&token) {
        Some(access) => Found::Live(access),
        None => app.sessions.access(&app.store, &app.keys, &token).await.map_err(|error| lost(&error))?,
    };
    Ok(Some((token, found)))
}

/// An administrator's session opens no application, and a subscriber's no console.
fn is_for(access: &Access, host: &HostName, audience: Audience, tenant: &Tenant) -> bool {
    access.host == *host
        && access.root.audience == audience
        && access.root.organization == tenant.organization.id
}

/// Whether the rules that the guard judged by are still in force; if not, the new ones are asked.
///
/// # Errors
/// `SIGN-IN-REQUIRED` when they say no.
pub fn still(app: &App, judged_by: &Tenant, access: &Access) -> Result<(), Code> {
    let deployment = app.deployment.load();
    let tenant = deployment.tenant(judged_by.organization.id).ok_or(Code::SignInRequired)?;
    if tenant.epoch == judged_by.epoch {
        return Ok(());
    }
    remains(tenant, &access.root, Some(&access.host)).map_err(|_| Code::SignInRequired)
}

/// After a change of an organisation's rules: ends what is under way and may not go on. Without a tenant nothing may.
pub async fn judge_leases(app: &App, organization: OrganizationId, tenant: Option<&Arc<Tenant>>) {
    for root in app.sessions.leased(organization) {
        let verdict = match tenant {
            Some(tenant) => verdict_on_leases(app, tenant, &root),
            None => Err((EndedBy::Admission, None)),
        };
        let Err((reason, code)) = verdict else { continue };
        // First what flows, then the store: should it be away, the guard judges whatever comes next all the same.
        root.cut();
        if tenant.is_some()
            && let Err(code) = end(app, organization, root.id, reason, code).await
        {
            tracing::error!(store.code = %code, session.id = %root.id, "a session could not be ended");
        }
    }
}

fn verdict_on_leases(app: &App, tenant: &Tenant, root: &Root) -> Result<(), (EndedBy, Option<Code>)> {
    if standing(app.session_clock.now(), &root.span(&tenant.organization)) == Standing::Expired {
        return Err((EndedBy::Maximum, None));
    }
    for host in root.leased_hosts() {
        crate::signin::admission::ask(Question::Remain, tenant, root, Some(&host))
            .map_err(|refusal| (EndedBy::Admission, Some(refusal.code())))?;
    }
    Ok(())
}

async fn judge(app: &App, tenant: &Tenant, token: &TokenHash, access: Arc<Access>) -> Result<Guarded, Code> {
    if !access.root.is_admitted_under(tenant.epoch) {
        // The rules changed, perhaps more than once: the store has the lowest limits of all that time.
        let found = app.sessions.root_by_id(&app.store, &app.keys, access.root.id).await;
        match found.map_err(|error| lost(&error))? {
            Found::Live(_) => {}
            Found::Ended { .. } | Found::Unknown => return Ok(Guarded::Anonymous),
        }
    }
    if access.root.has_ended() {
        return Ok(Guarded::Anonymous);
    }
    let ended = match standing(app.session_clock.now(), &access.root.span(&tenant.organization)) {
        Standing::Live => None,
        Standing::Idle => idle_for_good(app, tenant, &access.root).await?.then_some(EndedBy::Idle),
        Standing::Expired => Some(EndedBy::Maximum),
    };
    if let Some(reason) = ended {
        end(app, access.root.organization, access.root.id, reason, None).await?;
        app.sessions.drop_access(token);
        return Ok(Guarded::Anonymous);
    }
    match remains(tenant, &access.root, Some(&access.host)) {
        Ok(()) => Ok(Guarded::Live(access)),
        Err(refusal) => {
            end(app, access.root.organization, access.root.id, EndedBy::Admission, Some(refusal.code()))
                .await?;
            Ok(Guarded::Anonymous)
        }
    }
}

/// Whether the organisation's rules still let this root in. Asked once for each state of the rules.
///
/// # Errors
/// The clause that no longer holds.
pub fn remains(tenant: &Tenant, root: &Root, host: Option<&HostName>) -> Result<(), Refusal> {
    if root.is_admitted_under(tenant.epoch) {
        return Ok(());
    }
    crate::signin::admission::ask(Question::Remain, tenant, root, host)?;
    root.admit_under(tenant.epoch);
    Ok(())
}

/// Another server may have seen activity that this one has not: the store decides.
async fn idle_for_good(app: &App, tenant: &Tenant, root: &Root) -> Result<bool, Code> {
    let row = roots::by_id(app.store.readers(), root.id).await.map_err(|error| lost(&error))?;
    if let Some(row) = row.filter(|row| row.ended.is_none()) {
        root.active_at(row.last_activity);
    }
    Ok(standing(app.session_clock.now(), &root.span(&tenant.organization)) != Standing::Live)
}

/// Ends a root everywhere. A person's sign-out counts also where a limit or a rule was quicker.
///
/// # Errors
/// When the store cannot be written: nobody passes, and the session is judged again with the next request.
pub async fn end(
    app: &App,
    organization: OrganizationId,
    id: RootId,
    reason: EndedBy,
    code: Option<Code>,
) -> Result<(), Code> {
    let event = audit::session_ended(app.wall.now(), organization, id, reason, code);
    let now = app.session_clock.now();
    app.store
        .write(move |transaction| {
            Box::pin(async move {
                if roots::end(transaction, id, reason, now).await?
                    || (reason == EndedBy::SignOut && roots::mark_signed_out(transaction, id, now).await?)
                {
                    append(transaction, &event).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error| error.code())?;
    app.sessions.forget(id);
    Ok(())
}

/// Ends the sessions of a person in this transaction, each with its event, but for the one in which it was asked for. Whoever asks
/// has to forget them once they are written.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn end_of_person(
    transaction: &mut Transaction,
    person: &Owner,
    this: Option<RootId>,
    (now, wall): (Timestamp, Timestamp),
) -> Result<Vec<RootId>, sqlx::Error> {
    let mut ended = roots::of_principal(transaction, person.organization, &person.principal).await?;
    ended.retain(|id| Some(*id) != this);
    for id in &ended {
        if roots::end(transaction, *id, EndedBy::Elsewhere, now).await? {
            let event = audit::session_ended(wall, person.organization, *id, EndedBy::Elsewhere, None);
            append(transaction, &event).await?;
        }
    }
    Ok(ended)
}

/// Ends every session of somebody, in whatever organisation, each with its event, but for the one in which it was asked for.
/// Whoever asks has to forget them once they are written.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn end_everywhere(
    transaction: &mut Transaction,
    principal: &str,
    this: Option<RootId>,
    (now, wall): (Timestamp, Timestamp),
) -> Result<Vec<RootId>, sqlx::Error> {
    let mut live = roots::everywhere(transaction, principal).await?;
    live.retain(|(id, _)| Some(*id) != this);
    for (id, organization) in &live {
        if roots::end(transaction, *id, EndedBy::Elsewhere, now).await? {
            append(transaction, &audit::session_ended(wall, *organization, *id, EndedBy::Elsewhere, None))
                .await?;
        }
    }
    Ok(live.into_iter().map(|(id, _)| id).collect())
}

fn lost(error: &StoreError) -> Code {
    tracing::error!(session.error = %error, "a session cannot be read");
    Code::StoreLost
}
