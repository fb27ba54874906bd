//! Name and password (AD-16). What is wrong with them is told in one way; a right password leads on.

use hyper::body::Incoming;
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;
use vestibule_providers::config::DomainConfig;
use vestibule_providers::{Answer, SignInError};

use crate::audit::Evidence;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{self, Change, DomainExample, Opens, PasswordPage, PasswordProblem};

use super::super::arrive::Arrival;
use super::super::handoff::Wanted;
use super::super::stop::Stop;
use super::super::trial;
use super::form::{self, arrival, check_shown, check_token, posted, refused};
use super::{AttemptGate, change, second};

/// The form: `GET /password`.
///
/// # Errors
/// When the address names no sign-in of this browser.
pub async fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_shown(visit)?;
    let deployment = visit.app.deployment.load();
    let arrival = arrival(visit, &deployment)?;
    page(visit, &arrival, "", None)
}

/// What was typed: `POST /password`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn password(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let deployment = visit.app.deployment.load();
    let arrival = &arrival(visit, &deployment)?;
    check_token(visit.app, arrival, &form)?;
    let (name, password) = (form.only("name").unwrap_or_default(), form.only("password").unwrap_or_default());
    if name.trim().is_empty() || password.is_empty() {
        return page(visit, arrival, name, Some(PasswordProblem::Missing));
    }
    let answer = Answer::Password { name: name.to_owned(), password: Secret::new(password.to_owned()) };
    if arrival.transaction.wanted == Wanted::Trial {
        return trial::conclude(visit, arrival, answer, None).await;
    }
    let outcome = async {
        let gate = AttemptGate::of(visit, arrival)?;
        arrival.prove(visit.app, answer, Some(&gate)).await
    };
    match outcome.await {
        Ok(proof) => second::go_on(visit, arrival, &proof).await,
        Err(error) => turned_away(visit, arrival, name, error).await,
    }
}

/// The form again, the one for a new password, or the end.
async fn turned_away(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    name: &str,
    error: SignInError,
) -> Result<Reply, Stop> {
    match error.code {
        Code::AdCredentials => {
            refused(visit, arrival, (&error, arrival.particulars()), Evidence::Transaction).await?;
            page(visit, arrival, name, Some(PasswordProblem::Wrong))
        }
        Code::AdPasswordDue => {
            refused(visit, arrival, (&error, arrival.particulars()), Evidence::Transaction).await?;
            let why = if error.cause == Some("must-change") { Change::MustChange } else { Change::Expired };
            Ok(change::page(visit, arrival, (name, why), None))
        }
        _ => Err(arrival.stop(visit, error, arrival.particulars(), Vec::new())),
    }
}

fn page(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    name: &str,
    problem: Option<PasswordProblem>,
) -> Result<Reply, Stop> {
    let config = form::config(arrival.tenant, arrival.connection)
        .map_err(|error| arrival.stop(visit, error, arrival.particulars(), Vec::new()))?;
    let is_default = |domain: &&DomainConfig| Some(&domain.directory) == config.default_domain.as_ref();
    let mut enabled = config.domains.iter().filter(|domain| domain.enabled);
    let default = enabled.clone().find(is_default);
    let other = enabled.find(|domain| !is_default(domain));
    let page = PasswordPage {
        organization: &arrival.tenant.organization.name,
        action: &form::address(&AccountsRoute::Password, &arrival.transaction),
        form_token: &form::token(visit.app, &arrival.transaction),
        name,
        default_domain: default.map(|domain| domain.name.as_str()),
        typed_domain: other
            .map(|domain| DomainExample { name: domain.name.as_str(), netbios: domain.netbios.as_deref() }),
        opens: if arrival.transaction.wanted == Wanted::Trial { Opens::Report } else { Opens::Session },
        problem,
    };
    let status = form::status(match problem {
        Some(PasswordProblem::Wrong) => Some(Code::AdCredentials),
        Some(PasswordProblem::Missing) | None => None,
    });
    Ok(reply::page(status, pages::password(&page, visit.language()), visit.app.settings().scheme))
}
