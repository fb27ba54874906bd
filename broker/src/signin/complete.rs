//! `/.vestibule/complete`: the workspace takes the hand-over and opens its access (architecture 2, step 9).

use std::sync::Arc;

use vestibule_certs::secret::same;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::limits::{Standing, standing};
use vestibule_policies::name::HostName;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::cookie::{CookieName, SetCookie};
use crate::http::origin::check_destination;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::session::{Access, Found, Root};
use crate::store::accesses;
use crate::store::handovers::{self, Handover};
use crate::store::roots::EndedBy;

use super::admission::{self, AccessGrant};
use super::handoff::{self, Handoff, Wanted};
use super::stop::Stop;

/// Answers `/.vestibule/complete`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn complete(visit: &Visit<'_>, tenant: &Tenant, host: &HostName) -> Result<Reply, Stop> {
    arrive(visit, Some(tenant), host).await
}

/// The same on the console, which is every organisation's.
///
/// # Errors
/// Where the sign-in stops.
pub async fn complete_console(visit: &Visit<'_>, host: &HostName) -> Result<Reply, Stop> {
    arrive(visit, None, host).await
}

async fn arrive(visit: &Visit<'_>, tenant: Option<&Tenant>, host: &HostName) -> Result<Reply, Stop> {
    let origin = visit.app.settings().origin(host);
    let stop = |error: SignInError| {
        let stop = Stop::new(error).retry(&origin);
        match tenant {
            Some(tenant) => stop.at(tenant),
            None => stop,
        }
    };
    check_destination(&visit.parts.headers)
        .map_err(|code| stop(SignInError::new(code, "a hand-over arrived inside another page")))?;
    let code = visit.parameter("code").as_deref().and_then(Token::hash_of);
    let code = code.ok_or_else(|| stop(refusal("the hand-over code is missing or is none")))?;
    if !visit.app.freshness.holds() {
        return Err(stop(SignInError::new(Code::StoreLost, "the change feed was not read for too long")));
    }
    let handover = take(visit.app, code).await.map_err(stop)?;
    let handoff = Handoff::all(visit.app, host, &visit.cookies())
        .into_iter()
        .find(|handoff| same(handoff.challenge().as_bytes(), handover.challenge.as_bytes()));
    let of_a_transaction = |error: SignInError| stop(error).of_a_transaction();
    let arrived = granted(visit.app, tenant, host, &handover).await.map_err(of_a_transaction)?;
    let handoff = handoff.ok_or_else(|| {
        of_a_transaction(refusal("the sign-in was begun in another browser, or its cookie did not come back"))
    })?;
    let Arrived::Granted(grant) = arrived else {
        // Another tab of this browser finished meanwhile: its root is the one now, and opens this host too.
        let landing = handoff.landing().clone();
        let mut reply = handoff::send(visit.app, host, &visit.cookies(), landing, Wanted::Session)
            .map_err(|code| of_a_transaction(SignInError::new(code, "the system has no randomness")))?;
        reply::set_cookies(&mut reply, &[handoff.drop_cookie()], visit.app.settings().scheme);
        return Ok(reply);
    };
    let mut cookies = open(visit, grant).await.map_err(of_a_transaction)?;
    cookies.push(handoff.drop_cookie());
    cookies.push(SetCookie::Drop(CookieName::SignedOut));
    let landing = format!("{origin}{}", handoff.landing().as_str());
    Ok(reply::see_other(&landing, &cookies, visit.app.settings().scheme))
}

/// What a hand-over leads to.
enum Arrived {
    /// Leave to open an access.
    Granted(AccessGrant),
    /// A newer sign-in of the same browser took the root's place.
    Replaced,
}

fn refusal(reason: &str) -> SignInError {
    SignInError::new(Code::SignInHandover, reason)
}

/// Whoever presents a code uses it up.
async fn take(app: &App, code: TokenHash) -> Result<Handover, SignInError> {
    let taken = app
        .store
        .write_one(move |transaction| Box::pin(async move { handovers::take(transaction, &code).await }));
    let taken = taken.await?;
    taken.ok_or_else(|| refusal("the hand-over code is unknown or was used before"))
}

/// The rules may have changed since the code was made.
async fn granted(
    app: &App,
    tenant: Option<&Tenant>,
    host: &HostName,
    handover: &Handover,
) -> Result<Arrived, SignInError> {
    if handover.host != *host {
        return Err(refusal("the hand-over code is for another host"));
    }
    let now = app.session_clock.now();
    if now >= handover.expires {
        return Err(refusal("the hand-over code has expired"));
    }
    // Usually it was made a moment ago. Should it have ended elsewhere meanwhile, the store takes no access of it.
    let found = if let Some(root) = app.sessions.held(handover.root) {
        Found::Live(root)
    } else {
        let found = app.sessions.root_by_id(&app.store, &app.keys, handover.root).await;
        found.map_err(|error| SignInError::new(Code::StoreLost, error.to_string()))?
    };
    let root: Arc<Root> = match found {
        Found::Live(root) if !root.has_ended() => root,
        Found::Ended { by: EndedBy::NewSignIn, .. } => return Ok(Arrived::Replaced),
        Found::Live(_) | Found::Ended { .. } | Found::Unknown => {
            return Err(refusal("the session of this hand-over has ended"));
        }
    };
    let audience = if tenant.is_some() { Audience::Subscriber } else { Audience::Administrator };
    let deployment = app.deployment.load();
    let own = deployment.tenant(root.organization).filter(|own| {
        root.audience == audience && tenant.is_none_or(|tenant| tenant.organization.id == own.organization.id)
    });
    let tenant = own.ok_or_else(|| refusal("the session of this hand-over is of no use here"))?;
    // Limits are exact: the way here took time too.
    if standing(now, &root.span(&tenant.organization)) != Standing::Live {
        return Err(refusal("the session of this hand-over has ended"));
    }
    admission::enter_again(tenant, host.clone(), root)
        .map(Arrived::Granted)
        .map_err(|refusal| SignInError::new(refusal.code(), format!("admission: {refusal:?}")))
}

/// A new access with a token of its own; whatever this browser held on this host before is gone (SESS-02).
async fn open(visit: &Visit<'_>, grant: AccessGrant) -> Result<Vec<SetCookie>, SignInError> {
    let app = visit.app;
    let token =
        Token::generate().map_err(|_| SignInError::new(Code::Internal, "the system has no randomness"))?;
    let name = CookieName::access(grant.root().audience);
    let before: Option<TokenHash> = visit.cookies().value(&name).and_then(Token::hash_of);
    let (hash, root, host, now) =
        (token.hash(), grant.root().id, grant.host().clone(), app.session_clock.now());
    let opened = match before {
        // One statement, the usual case.
        None => {
            let write = app.store.write_one(move |transaction| {
                Box::pin(async move { accesses::insert(transaction, &hash, root, &host, now).await })
            });
            write.await
        }
        Some(before) => {
            let write = app.store.write(move |transaction| {
                Box::pin(async move {
                    accesses::delete(transaction, &before).await?;
                    accesses::insert(transaction, &hash, root, &host, now).await
                })
            });
            write.await
        }
    };
    if !opened? {
        return Err(refusal("the session of this hand-over has ended"));
    }
    if let Some(before) = before {
        app.sessions.drop_access(&before);
    }
    app.sessions
        .remember(token.hash(), Arc::new(Access::new(grant.host().clone(), Arc::clone(grant.root()))));
    Ok(vec![SetCookie::Keep(name, token.as_str().to_owned())])
}
