//! From the console to a session of it: one that lives in this browser, the organisation's own provider, or the form.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::Slug;
use vestibule_policies::organization::{ConnectionPolicy, Organization};

use crate::deployment::{Deployment, Tenant};
use crate::http::cookie::{CookieName, Numbered};
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::session::{Found, Root};
use crate::store::roots::EndedBy;

use super::super::admission;
use super::super::finish::{complete_address, hand_over};
use super::super::handoff::Wanted;
use super::super::start::{Request, lives, root_of, to_provider};
use super::super::stop::Stop;
use super::super::transaction::Transaction;
use super::form::{self, Sitting};

/// Answers `/start` for the console.
///
/// # Errors
/// Where the sign-in stops.
pub(in super::super) async fn begin(visit: &Visit<'_>, request: &Request) -> Result<Reply, Stop> {
    let app = visit.app;
    let origin = app.settings().origin(&request.host);
    let deployment = app.deployment.load();
    let organization = visit.parameter(form::ORGANIZATION).and_then(|slug| Slug::parse(&slug).ok());
    let link = visit.parameter(form::LINK).filter(|link| Token::hash_of(link).is_some());
    let living = match link {
        None => living(visit, &deployment, organization.as_ref()).await?,
        Some(_) => None,
    };
    if request.wanted == Wanted::Session
        && let Some((tenant, root)) = &living
    {
        // One that may not remain goes on like anybody.
        if let Ok(grant) = admission::enter_again(tenant, request.host.clone(), Arc::clone(root)) {
            let code = hand_over(visit, grant, URL_SAFE_NO_PAD.encode(request.challenge)).await;
            let code = code.map_err(|code| Stop::because(code, "hand-over").retry(&origin))?;
            return Ok(reply::see_other(&complete_address(&origin, &code), &[], app.settings().scheme));
        }
    }
    if link.is_none()
        && let Some(tenant) = organization.as_ref().and_then(|slug| deployment.by_slug(slug))
        && let Some(connection) = way_of(&tenant.organization)
        && !is_of_the_form(request.wanted, living.as_ref())
    {
        // Whoever signed out is asked anew: the provider would bring them back unasked.
        let wanted =
            if has_signed_out(visit, tenant).await? { Wanted::FreshAuthentication } else { request.wanted };
        let request = Request { host: request.host.clone(), challenge: request.challenge, wanted };
        let leaving = to_provider(visit, tenant, connection, &request).await;
        return leaving.map_err(|error| Stop::new(error).at(tenant).retry(&origin));
    }
    // A form of ours always asks anew.
    let wanted = if link.is_some() { Wanted::Enrolment } else { Wanted::FreshAuthentication };
    let asked = (request.challenge, wanted);
    let transaction = Transaction::begin(app, (ConnectionId::BUILT_IN, &request.host), asked)
        .map_err(|error| Stop::new(error).retry(&origin))?;
    let cookies = transaction
        .keep(app, &visit.cookies())
        .map_err(|code| Stop::because(code, "the transaction's cookie").retry(&origin))?;
    let sitting = Sitting { transaction, organization, link };
    app.metrics.started();
    Ok(reply::see_other(&sitting.first_page(), &cookies, app.settings().scheme))
}

/// The connection by which administrators of an organisation come (AAD-13, SGN-04): none, or one that is switched off, is the form.
fn way_of(organization: &Organization) -> Option<&ConnectionPolicy> {
    let chosen = organization.connection_named(organization.administrator_sign_in.as_ref()?)?;
    chosen.enabled.then_some(chosen)
}

/// Whoever is in by the built-in identity proves themselves anew there.
fn is_of_the_form(wanted: Wanted, living: Option<&(&Arc<Tenant>, Arc<Root>)>) -> bool {
    wanted == Wanted::FreshAuthentication
        && living.is_some_and(|(_, root)| root.connection == ConnectionId::BUILT_IN)
}

/// Whether somebody signed out of this organisation's console in this browser, and nobody signed in since.
async fn has_signed_out(visit: &Visit<'_>, tenant: &Tenant) -> Result<bool, Stop> {
    let name = CookieName::root(tenant.organization.id, Audience::Administrator);
    let Some(token) = visit.cookies().value(&name).and_then(Token::hash_of) else { return Ok(false) };
    let found = root_of(visit, &token).await?;
    Ok(matches!(found, Found::Ended { by: EndedBy::SignOut, succeeded: false, .. }))
}

/// The one session of an administrator in this browser that is meant: of this organisation, or else the only one.
async fn living<'a>(
    visit: &Visit<'_>,
    deployment: &'a Deployment,
    organization: Option<&Slug>,
) -> Result<Option<(&'a Arc<Tenant>, Arc<Root>)>, Stop> {
    let cookies = visit.cookies();
    let tenants: Vec<_> = if let Some(slug) = organization {
        deployment.by_slug(slug).into_iter().collect()
    } else {
        let ids = cookies.numbered(Numbered::SignIn).filter_map(|(id, _)| id.strip_suffix("-admin"));
        ids.filter_map(|id| deployment.tenant(id.parse().ok()?)).collect()
    };
    let mut found = Vec::new();
    for tenant in tenants {
        let name = CookieName::root(tenant.organization.id, Audience::Administrator);
        let Some(token) = cookies.value(&name).and_then(Token::hash_of) else { continue };
        if let Some(root) = live(visit, tenant, &token).await? {
            found.push((tenant, root));
        }
    }
    // Which of several is meant the person says themselves.
    Ok(if found.len() == 1 { found.pop() } else { None })
}

async fn live(visit: &Visit<'_>, tenant: &Tenant, token: &TokenHash) -> Result<Option<Arc<Root>>, Stop> {
    Ok(match root_of(visit, token).await? {
        Found::Live(root) if root.audience == Audience::Administrator && lives(visit, tenant, &root) => {
            Some(root)
        }
        Found::Live(_) | Found::Ended { .. } | Found::Unknown => None,
    })
}
