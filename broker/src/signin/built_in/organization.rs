//! Which organisation's console is opened (SGN-04, SGN-12): of several, the person says it; of an organisation with another way in,
//! its address does.

use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::name::Slug;
use vestibule_providers::SignInError;

use crate::deployment::Tenant;
use crate::http::reply::Reply;
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{self, Choice, OnwardPage, OrganizationPage};
use crate::person;
use crate::store::pending;

use super::super::stop::Stop;
use super::super::ticket;
use super::finish::open;
use super::form::{self, Sitting, posted};
use super::sign_in::no_identifier;
use super::steps::{PersonProof, Waiting};

/// The question which of several organisations is meant.
pub(super) async fn ask(
    visit: &Visit<'_>,
    sitting: &Sitting,
    (proof, tenants): (PersonProof, &[&std::sync::Arc<Tenant>]),
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let owner = person::owner(proof.person());
    let deadline = app.session_clock.now().plus(pending::LIFETIME);
    let waiting = Waiting::Organization(proof);
    let ticket = ticket::wait(app, &sitting.transaction, (&owner, &waiting), deadline).await?;
    let choices: Vec<Choice<'_>> = tenants
        .iter()
        .map(|tenant| Choice { slug: tenant.organization.slug.as_str(), name: &tenant.organization.name })
        .collect();
    let page = OrganizationPage {
        action: &sitting.address(BuiltInRoute::Choose),
        ticket: ticket.as_str(),
        is_elsewhere: sitting.organization.is_some(),
        choices: &choices,
    };
    Ok(form::page(visit, None, pages::organization(&page, visit.language())))
}

/// The one that was chosen: `POST /sign-in/choose`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn choose(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let posted = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    let sent = sitting.ticket(visit, &posted)?;
    let end = |error| sitting.ended(visit, error);
    let (waiting, _) = ticket::take(visit.app, &sitting.transaction, sent).await.map_err(end)?;
    let Waiting::Organization(proof) = waiting else { return Err(end(ticket::none())) };
    let end = |error| sitting.ended(visit, error).about(form::subject(proof.person()));
    let deployment = visit.app.deployment.load();
    let chosen = posted.only("organization").ok().and_then(|slug| Slug::parse(slug).ok());
    // Admission is asked whether the person may; what is no organisation of theirs looks like one that is not there.
    let tenant = chosen
        .and_then(|slug| deployment.by_slug(&slug))
        .filter(|tenant| tenant.organization.membership(proof.person()).is_some());
    let tenant = tenant.ok_or_else(|| {
        end(SignInError::new(Code::AdmissionMembership, "the person is no administrator of what they chose"))
    })?;
    open(visit, sitting, tenant, &proof).await.map_err(end)
}

/// "Sign in with my organization": its identifier or its sign-in address leads to its own way in (SGN-04, AMB-17).
///
/// # Errors
/// Where the sign-in stops.
pub async fn elsewhere(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    sitting.check_token(visit, &form)?;
    let settings = visit.app.settings();
    let typed = form.only("organization").unwrap_or_default();
    let Some(slug) = identifier(typed) else { return no_identifier(visit, sitting).await };
    let url = format!("{}/go/{slug}", settings.origin(settings.console()));
    // The name is the one that was typed: nobody learns here which organisations there are (SGN-15).
    let page = OnwardPage { url: &url, organization: slug.as_str() };
    Ok(form::page(visit, None, pages::onward(&page, visit.language())))
}

/// `acme`, or an address that ends in `/go/acme`, whatever its host: no other host is ever gone to.
#[must_use]
pub fn identifier(typed: &str) -> Option<Slug> {
    let typed = typed.trim().trim_end_matches('/');
    let last = match typed.rsplit_once("/go/") {
        Some((_, last)) => last,
        None => typed,
    };
    Slug::parse(&last.to_lowercase()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_or_the_address_that_holds_it() {
        for (typed, slug) in [
            ("acme", Some("acme")),
            (" Acme ", Some("acme")),
            ("https://console.vestibule.example/go/acme", Some("acme")),
            ("console.vestibule.example/go/acme/", Some("acme")),
            ("/go/acme", Some("acme")),
            ("https://evil.example/acme", None),
            ("https://console.vestibule.example/go/acme/x", None),
            ("../acme", None),
            ("", None),
            ("a", None),
        ] {
            assert_eq!(identifier(typed).as_ref().map(Slug::as_str), slug, "{typed}");
        }
    }
}
