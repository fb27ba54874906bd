//! What the forms of a directory's sign-in share beyond every form (`signin/form`): the connection that they are of, and the way on.

use http::StatusCode;
use vestibule_policies::admission::is_on;
use vestibule_policies::code::Code;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::config::DirectoryConfig;
use vestibule_providers::step::Proof;
use vestibule_providers::verified::Verified;

use crate::app::App;
use crate::audit::Evidence;
use crate::deployment::{Deployment, Tenant};
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{self, OnwardPage};

use super::super::admission::Proven;
use super::super::arrive::Arrival;
use super::super::form::{self, SIGN_IN};
pub(super) use super::super::form::{check_shown, posted, status, token};
use super::super::handoff::Wanted;
use super::super::stop::{Particulars, Stop};
use super::super::transaction::Transaction;
use super::device::Devices;

/// Where a form of this transaction is.
pub(in super::super) fn address(route: &AccountsRoute, transaction: &Transaction) -> String {
    format!("{}?{SIGN_IN}={}", route.path(), transaction.number)
}

/// The sign-in that the address names, if this browser is in it.
pub(super) fn arrival<'a>(visit: &Visit<'_>, deployment: &'a Deployment) -> Result<Arrival<'a>, Stop> {
    let transaction = form::transaction(visit)?;
    let tenant = deployment.by_connection(transaction.connection).ok_or_else(|| {
        Stop::because(Code::AdmissionConnection, "the sign-in is for a connection that is no longer there")
    })?;
    let connection = tenant.organization.connection(transaction.connection);
    let connection = connection.filter(|one| one.is_directory()).ok_or_else(|| {
        Stop::because(Code::SignInState, "the sign-in is by another kind than a directory").at(tenant)
    })?;
    if transaction.wanted != Wanted::Trial {
        is_on(connection)
            .map_err(|refusal| Stop::because(refusal.code(), &refusal.to_string()).at(tenant))?;
    }
    let arrival = Arrival::new(visit.app, (tenant, connection), transaction);
    if arrival.transaction.has_expired(visit.app.session_clock.now()) {
        let error = SignInError::new(Code::SignInExpired, "the sign-in began too long ago");
        let dropped = vec![arrival.transaction.drop_cookie()];
        return Err(arrival.stop(visit, error, arrival.particulars(), dropped));
    }
    Ok(arrival)
}

/// Whether a form came back with its token.
pub(super) fn check_token(app: &App, arrival: &Arrival<'_>, form: &Form) -> Result<(), Stop> {
    check_sent(form, &token(app, &arrival.transaction), arrival.tenant)
}

/// Whether a form of this organisation came back with its token.
pub(super) fn check_sent(form: &Form, token: &str, tenant: &Tenant) -> Result<(), Stop> {
    form::check_token(form, token).map_err(|stop| stop.at(tenant))
}

/// A connection's part that is a directory's.
pub(super) fn config<'a>(
    tenant: &'a Tenant,
    connection: &ConnectionPolicy,
) -> Result<&'a DirectoryConfig, SignInError> {
    let row = tenant.connection_row(connection.id);
    row.and_then(|row| row.document.provider.directory())
        .ok_or_else(|| SignInError::new(Code::Internal, "the connection is no directory's"))
}

/// A refusal after which the same form is shown again: it is written down like any other.
pub(super) async fn refused(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (error, known): (&SignInError, Particulars),
    evidence: Evidence,
) -> Result<(), Stop> {
    let organization = Some(arrival.tenant.organization.id);
    let written = form::shown_again(visit, error, (organization, &known), evidence).await;
    written.map_err(|error| arrival.stop(visit, error, known, Vec::new()))
}

/// A refusal that ends the sign-in.
pub(super) fn ended(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    error: SignInError,
    known: Particulars,
) -> Stop {
    arrival.stop(visit, error, known, vec![arrival.transaction.drop_cookie()])
}

/// What is known of a sign-in whose person is proved.
pub(super) fn particulars(arrival: &Arrival<'_>, proof: &Verified<Proof>) -> Particulars {
    Particulars { subject: Some(proof.value().upstream.subject.clone()), ..arrival.particulars() }
}

/// The end: a session on what was proved, and the page that leads to the workspace.
pub(super) async fn complete(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    proven: Proven,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    arrival.spend(app, None).await?;
    let before = arrival.before(visit).await?;
    let account = proven.upstream.subject.clone();
    let mut opened = arrival.open(visit, proven, before).await?;
    opened.cookies.extend(Devices::after_sign_in(visit, arrival.connection.id, &account));
    let page = OnwardPage { url: &opened.location, organization: &arrival.tenant.organization.name };
    let scheme = app.settings().scheme;
    let mut reply = reply::page(StatusCode::OK, pages::onward(&page, visit.language()), scheme);
    reply::set_cookies(&mut reply, &opened.cookies, scheme);
    Ok(reply)
}
