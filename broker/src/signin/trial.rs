//! A test sign-in: the second half of "Test and Finish" (SML-20, PRV-09). It goes the whole way to the provider and back, and then
//! shows what every check said. It opens no session: its transaction belongs to no workspace.
//!
//! Whoever holds the ticket may read its report, and a person says first that they mean to be reported on; `vestibule check` hands
//! tickets out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::ACCEPT;
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::time::Timestamp;
use vestibule_providers::saml::PostedResponse;
use vestibule_providers::step::Proof;
use vestibule_providers::verified::Verified;
use vestibule_providers::{Answer, SignInError};

use crate::app::App;
use crate::audit::{self, Evidence};
use crate::deployment::Tenant;
use crate::http::form::Form;
use crate::http::origin::{check_destination, check_origin};
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::store::audit::append;
use crate::store::trials::{self, Trial};
use crate::store::{Store, StoreError};

use super::arrive::{Also, Arrival};
use super::directory::AttemptGate;
use super::dispatch;
use super::handoff::Wanted;
use super::ourselves::Ourselves;
use super::start;
use super::stop::Stop;
use super::transaction::{CHALLENGE, Transaction};

mod report;
mod view;

pub use self::report::Report;

const LARGEST_FORM: usize = 16 * 1024;

/// Answers `/test`: asks whether a test is meant, or shows what came of it.
///
/// # Errors
/// When the ticket is not one.
pub async fn trial(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "a test sign-in was opened inside another page"))?;
    let ticket = visit.parameter("ticket").unwrap_or_default();
    let (hash, trial) = find(visit.app, &ticket).await?;
    let deployment = visit.app.deployment.load();
    let tenant = deployment.by_connection(trial.connection).ok_or_else(gone)?;
    let report = trial.report.as_deref().map(|sealed| open(visit.app, &hash, sealed)).transpose()?;
    if wants_json(visit) {
        let value = view::json(report.as_ref());
        return Ok(reply::json(StatusCode::OK, &value, visit.app.settings().scheme));
    }
    if let Some(report) = report.filter(|_| !visit.has_parameter("again")) {
        return Ok(view::page(visit, &report, &ticket));
    }
    let connection = tenant.organization.connection(trial.connection).ok_or_else(gone)?;
    Ok(view::question(visit, tenant, connection, &ticket))
}

/// The button: `POST /test`. Goes to the provider.
///
/// # Errors
/// When it was pressed elsewhere, the ticket is not one, or the provider cannot be asked.
pub async fn begin(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    check_origin(&visit.parts.headers, &visit.app.accounts_origin())
        .map_err(|code| Stop::because(code, "a test sign-in was begun on another origin"))?;
    let form = Form::read(visit.parts, body, LARGEST_FORM)
        .await
        .map_err(|code| Stop::because(code, "the form cannot be read"))?;
    let ticket = form.only("ticket").unwrap_or_default();
    let (_, trial) = find(visit.app, ticket).await?;
    let deployment = visit.app.deployment.load();
    let tenant = deployment.by_connection(trial.connection).ok_or_else(gone)?;
    leave(visit, tenant, &trial, ticket).await
}

fn gone() -> Stop {
    Stop::because(Code::AdmissionConnection, "the connection is no longer there")
}

/// A ticket for one test sign-in after another, for an hour.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    store: &Store,
    (organization, connection): (OrganizationId, ConnectionId),
    now: Timestamp,
) -> Result<Token, StoreError> {
    let ticket =
        Token::generate().map_err(|_| StoreError::Write("the system has no randomness".to_owned()))?;
    let (hash, expires) = (ticket.hash(), now.plus(trials::LIFETIME));
    let write = store.write(move |transaction| {
        Box::pin(async move {
            append(transaction, &audit::test_issued(now, organization, connection)).await?;
            trials::issue(transaction, &hash, connection, expires).await
        })
    });
    write.await.map(|()| ticket)
}

/// The address of a ticket.
#[must_use]
pub fn address(accounts_origin: &str, ticket: &str) -> String {
    format!("{accounts_origin}{}?ticket={ticket}", AccountsRoute::Trial.path())
}

async fn find(app: &App, ticket: &str) -> Result<(TokenHash, Trial), Stop> {
    let unknown =
        || Stop::because(Code::SignInExpired, "the ticket of a test sign-in is unknown or has ended");
    let hash = Token::hash_of(ticket).ok_or_else(unknown)?;
    let found = trials::look(app.store.readers(), &hash).await;
    let found = found.map_err(|error| Stop::because(Code::StoreLost, &error.to_string()))?;
    let trial = found.filter(|trial| app.session_clock.now() < trial.expires).ok_or_else(unknown)?;
    Ok((hash, trial))
}

fn wants_json(visit: &Visit<'_>) -> bool {
    if visit.has_parameter("json") {
        return true;
    }
    let accept = visit.parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').next().is_some_and(|first| first.trim().starts_with("application/json"))
}

async fn leave(visit: &Visit<'_>, tenant: &Tenant, trial: &Trial, ticket: &str) -> Result<Reply, Stop> {
    let at = |error: SignInError| Stop::new(error).at(tenant);
    let internal = |what: &str| at(SignInError::new(Code::Internal, what));
    let connection = tenant.organization.connection(trial.connection);
    let connection = connection.ok_or_else(|| internal("the connection is no longer there"))?;
    let ticket = raw(ticket).ok_or_else(|| internal("the ticket"))?;
    let settings = visit.app.settings();
    // Of no workspace, so that nothing can come of it but a report.
    let transaction =
        Transaction::begin(visit.app, (connection.id, settings.accounts()), (ticket, Wanted::Trial));
    let transaction = transaction.map_err(at)?;
    start::leave(visit, tenant, connection, &transaction).await.map_err(at)
}

/// The ticket travels sealed in the transaction's cookie, in the place of a hand-off's challenge.
fn raw(ticket: &str) -> Option<[u8; CHALLENGE]> {
    URL_SAFE_NO_PAD.decode(ticket).ok()?.try_into().ok()
}

/// The answer to a test sign-in: judged in full, written down, shown.
///
/// # Errors
/// When the sign-in was used before, or the report cannot be kept.
pub(super) async fn conclude(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    answer: Answer,
    also: Option<Also>,
) -> Result<Reply, Stop> {
    let app = visit.app;
    let stop = |error: SignInError| {
        arrival.stop(visit, error, arrival.particulars(), vec![arrival.transaction.drop_cookie()])
    };
    arrival.spend(app, also).await.map_err(stop)?;
    let report = judge(visit, arrival, answer).await.map_err(stop)?;
    let evidence = if report.fault.is_none() { Evidence::Proof } else { Evidence::Transaction };
    let event = audit::test_concluded(visit, arrival.tenant.organization.id, &report);
    let written = app.audit.write(&app.store, event, evidence).await;
    written.map_err(|error| stop(error.into()))?;
    let ticket = arrival.transaction.challenge_text();
    keep(app, &ticket, &report).await.map_err(stop)?;
    let scheme = app.settings().scheme;
    let location = address(&app.accounts_origin(), &ticket);
    Ok(reply::see_other(&location, &[arrival.transaction.drop_cookie()], scheme))
}

async fn judge(visit: &Visit<'_>, arrival: &Arrival<'_>, answer: Answer) -> Result<Report, SignInError> {
    let app = visit.app;
    let mut report = Report::of(app, arrival.tenant, arrival.connection);
    let outcome = match &answer {
        Answer::Response(response) => examine(app, arrival, response, &mut report)?,
        Answer::Authorization(_) => arrival.prove(app, answer, None).await,
        Answer::Password { .. } | Answer::ChangePassword { .. } => {
            let gate = AttemptGate::of(visit, arrival)?;
            arrival.prove(app, answer, Some(&gate)).await
        }
    };
    let mapped = match outcome {
        Ok(proof) => map(arrival, &proof, &mut report).await,
        Err(error) => Err(error),
    };
    report.conclude(mapped);
    Ok(report)
}

fn examine(
    app: &App,
    arrival: &Arrival<'_>,
    response: &PostedResponse,
    report: &mut Report,
) -> Result<Result<Verified<Proof>, SignInError>, SignInError> {
    let internal = |what: &str| SignInError::new(Code::Internal, what);
    let provider = arrival.tenant.provider(arrival.connection.id).ok_or_else(|| internal("no provider"))?;
    let us = Ourselves::of(app, arrival.tenant, arrival.connection, &arrival.transaction)?;
    let context = us.context(app, &arrival.transaction);
    let examination = provider.examine(&context, response).ok_or_else(|| internal("no examination"))?;
    report.examined(&examination);
    Ok(examination.outcome)
}

async fn map(arrival: &Arrival<'_>, proof: &Verified<Proof>, report: &mut Report) -> Result<(), SignInError> {
    report.proved(proof.value());
    let claims = dispatch::claims(arrival.tenant, arrival.connection, proof, report.at).await?;
    report.mapped(&claims);
    Ok(())
}

async fn keep(app: &App, ticket: &str, report: &Report) -> Result<(), SignInError> {
    let internal = |what: &str| SignInError::new(Code::Internal, what);
    let hash = Token::hash_of(ticket).ok_or_else(|| internal("the ticket"))?;
    let plain = serde_json::to_vec(report).map_err(|error| internal(&error.to_string()))?;
    let sealed =
        app.keys.sealer(Purpose::Rows).seal(&plain, &binding(&hash)).map_err(|_| internal("the report"))?;
    let write = app.store.write_one(move |transaction| {
        Box::pin(async move { trials::report(transaction, &hash, &sealed).await })
    });
    write.await.map_err(SignInError::from)
}

fn open(app: &App, hash: &TokenHash, sealed: &[u8]) -> Result<Report, Stop> {
    let broken = || Stop::because(Code::Internal, "the report of a test sign-in does not open");
    let plain = app.keys.sealer(Purpose::Rows).open(sealed, &binding(hash)).map_err(|_| broken())?;
    serde_json::from_slice(&plain).map_err(|_| broken())
}

fn binding(hash: &TokenHash) -> Vec<u8> {
    format!("trial {}", hash.to_hex()).into_bytes()
}
