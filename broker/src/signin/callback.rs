//! Where a provider's answer arrives: the one way from an answer to a session.
//!
//! First the tag, then the browser; then the transaction is spent, whatever comes of it; only then is anybody called.

use http::Method;
use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::oidc::callback::Authorization;
use vestibule_providers::{Answer, SignInError};

use crate::app::App;
use crate::config::Server;
use crate::deployment::{Deployment, Tenant};
use crate::http::cookie::CookieName;
use crate::http::origin::check_destination;
use crate::http::reply::Reply;
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;

use super::arrive::{Also, Arrival, host_gone};
use super::handoff::Wanted;
use super::posted;
use super::state::State;
use super::stop::{Particulars, Stop};
use super::transaction::Transaction;
use super::trial;

/// The route that a connection's answers arrive at.
#[must_use]
pub fn route_of(connection: &ConnectionPolicy) -> AccountsRoute {
    match connection.kind {
        KindName::Okta => AccountsRoute::OktaCallback,
        KindName::AzureAd => AccountsRoute::AzureAdCallback,
        KindName::Gateway => AccountsRoute::GatewayCallback,
        // It comes over the SAML host, which sends here.
        KindName::Saml => AccountsRoute::Landing,
        // Nobody answers from elsewhere: the person types.
        KindName::ActiveDirectory | KindName::ActiveDirectoryToken => AccountsRoute::Password,
        // The others have routes of their own as soon as they are built; until then no connection is of such a kind.
        KindName::Oidc | KindName::Local => AccountsRoute::OidcCallback(connection.id),
    }
}

/// The redirect URI of a connection, which its provider has to be told.
#[must_use]
pub fn redirect_uri(server: &Server, connection: &ConnectionPolicy) -> String {
    format!("{}{}", server.origin(server.accounts()), route_of(connection).path())
}

/// Answers a callback: in the query, or posted.
///
/// # Errors
/// Where the sign-in stops.
pub async fn answer(visit: &Visit<'_>, arrived_at: &AccountsRoute, body: Incoming) -> Result<Reply, Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "an answer arrived inside another page"))?;
    if visit.parts.method == Method::POST {
        posted::receive(visit, arrived_at, body).await
    } else {
        callback(visit, arrived_at).await
    }
}

async fn callback(visit: &Visit<'_>, arrived_at: &AccountsRoute) -> Result<Reply, Stop> {
    let (state, answer) =
        Authorization::parse(visit.parts.uri.query().unwrap_or_default()).map_err(Stop::new)?;
    let state = ours(visit.app, state)?;
    let deployment = visit.app.deployment.load();
    let (tenant, connection) = addressed(&deployment, &state, arrived_at)?;
    let arrival = Arrival::new(visit.app, (tenant, connection), transaction(visit, tenant, &state)?);
    conclude(visit, arrival, answer, None).await
}

/// The `state` of an answer, if its tag holds.
pub(super) fn ours(app: &App, state: Option<String>) -> Result<State, Stop> {
    state
        .and_then(|text| State::parse(app, &text))
        .ok_or_else(|| Stop::because(Code::SignInState, "the answer's state is missing or is none of ours"))
}

/// The connection that a state names, if its answers arrive at this address.
pub(super) fn addressed<'a>(
    deployment: &'a Deployment,
    state: &State,
    arrived_at: &AccountsRoute,
) -> Result<(&'a Tenant, &'a ConnectionPolicy), Stop> {
    let tenant = deployment.by_connection(state.connection).ok_or_else(|| {
        Stop::because(Code::AdmissionConnection, "the answer is for a connection that is no longer there")
    })?;
    let connection =
        tenant.organization.connection(state.connection).filter(|one| route_of(one) == *arrived_at);
    let connection = connection.ok_or_else(|| {
        Stop::because(Code::SignInState, "the answer arrived at another kind's address").at(tenant)
    })?;
    Ok((tenant, connection))
}

/// The way on of an answer that has met its browser. `also` is used up with its transaction.
pub(super) async fn conclude(
    visit: &Visit<'_>,
    arrival: Arrival<'_>,
    answer: Authorization,
    also: Option<Also>,
) -> Result<Reply, Stop> {
    if arrival.transaction.wanted == Wanted::Trial {
        return trial::conclude(visit, &arrival, Answer::Authorization(answer), also).await;
    }
    let mut known = arrival.particulars();
    let outcome = arrive(visit, &arrival, (answer, also), &mut known).await;
    outcome.map_err(|error| arrival.stop(visit, error, known, vec![arrival.transaction.drop_cookie()]))
}

async fn arrive(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (answer, also): (Authorization, Option<Also>),
    known: &mut Particulars,
) -> Result<Reply, SignInError> {
    arrival.spend(visit.app, also).await?;
    let before = arrival.before(visit).await?;
    arrival.host().ok_or_else(host_gone)?;
    let proof = arrival.prove(visit.app, Answer::Authorization(answer), None).await?;
    known.subject = Some(proof.value().upstream.subject.clone());
    arrival.open_with(visit, &proof, before).await
}

/// The transaction of this browser that the state names. A mismatch spends nothing of the browser's.
pub(super) fn transaction(visit: &Visit<'_>, tenant: &Tenant, state: &State) -> Result<Transaction, Stop> {
    let cookies = visit.cookies();
    let value = cookies.value(&CookieName::Transaction(state.number.clone())).ok_or_else(|| {
        let stop = Stop::because(Code::SignInCookie, "the browser did not send the cookie of this sign-in")
            .at(tenant);
        match tenant.organization.workspaces.first() {
            Some(host) => stop.retry(&visit.app.settings().origin(host)),
            None => stop,
        }
    })?;
    Transaction::open(visit.app, &state.number, value)
        .filter(|transaction| state.is_of(transaction))
        .ok_or_else(|| Stop::because(Code::SignInState, "the answer belongs to another sign-in").at(tenant))
}
