//! The second step: a one-time code, or before the first one the registration of the device that makes them (TOK-01, TOK-05).
//!
//! The first step waits in the store under a ticket that is good for one attempt. Nothing here says anything about the password, and
//! nothing here is reached without a right one (TOK-09, PWD-11).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};
use vestibule_certs::random;
use vestibule_certs::token::Token;
use vestibule_policies::code::Code as Refused;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp::{Code, Device, SECRET_LENGTH, Secret, verify};
use vestibule_providers::SignInError;
use vestibule_providers::step::Proof;
use vestibule_providers::verified::{Kept, Verified};

use crate::audit::{self, Evidence};
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{self, RegisterPage, Registers, TokenPage, TokenProblem};
use crate::store::audit::append;
use crate::store::devices::{self, DeviceRow, Owner};
use crate::store::pending;

use super::super::admission::Proven;
use super::super::arrive::Arrival;
use super::super::dispatch::{self, Next};
use super::super::stop::Stop;
use super::super::ticket;
use super::form::{self, arrival, posted, refused};
use super::tokens::{self, Presented};

/// What waits between the two steps.
#[derive(Serialize, Deserialize)]
struct Step {
    proof: Kept,
    /// The new device's secret, before its first code; Base64.
    registering: Option<String>,
}

impl Step {
    fn secret(&self) -> Option<Secret> {
        let bytes = STANDARD.decode(self.registering.as_ref()?).ok()?;
        bytes.first_chunk::<SECRET_LENGTH>().map(|bytes| Secret::new(*bytes))
    }
}

/// From a password that was right to a session, or to the second step.
pub(super) async fn go_on(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    proof: &Verified<Proof>,
) -> Result<Reply, Stop> {
    let known = form::particulars(arrival, proof);
    let went = match dispatch::next(arrival.tenant, arrival.connection, proof, visit.app.wall.now()).await {
        Ok(Next::Finish(proven)) => form::complete(visit, arrival, proven).await,
        Ok(Next::SecondStep(proven)) => begin(visit, arrival, proof, &proven).await,
        Err(error) => Err(error),
    };
    went.map_err(|error| form::ended(visit, arrival, error, known))
}

async fn begin(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    proof: &Verified<Proof>,
    proven: &Proven,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let internal = |what: &str| SignInError::new(Refused::Internal, what);
    let owner = owner(arrival, proven);
    let registering = match tokens::look(app, &owner).await? {
        Some(row) => {
            row.device.admits(app.session_clock.now()).map_err(tokens::refusal)?;
            None
        }
        None => Some(random::bytes::<SECRET_LENGTH>().map_err(|_| internal("the system has no randomness"))?),
    };
    let kept = proof.keep().ok_or_else(|| internal("a second step after another kind's proof"))?;
    let step = Step { proof: kept, registering: registering.map(|bytes| STANDARD.encode(bytes)) };
    let deadline = app.session_clock.now().plus(pending::LIFETIME);
    show(visit, arrival, (&step, deadline, &owner), (proven, None)).await
}

fn owner(arrival: &Arrival<'_>, proven: &Proven) -> Owner {
    Owner::of(arrival.tenant.organization.id, &proven.principal)
}

/// A fresh ticket and the form that carries it.
async fn show(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (step, deadline, owner): (&Step, Timestamp, &Owner),
    (proven, problem): (&Proven, Option<TokenProblem>),
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let ticket = ticket::wait(app, &arrival.transaction, (owner, step), deadline).await?;
    let organization = arrival.tenant.organization.name.as_str();
    let page = if let Some(secret) = step.secret() {
        let account = proven.claims.principal_name().unwrap_or_default();
        let page = RegisterPage {
            organization,
            action: &form::address(&AccountsRoute::Register, &arrival.transaction),
            ticket: ticket.as_str(),
            account,
            secret: &secret.grouped(),
            uri: &secret.uri(organization, account),
            registers: Registers::SignIn,
            problem,
        };
        pages::register(&page, visit.language())
    } else {
        let page = TokenPage {
            organization,
            action: &form::address(&AccountsRoute::Token, &arrival.transaction),
            ticket: ticket.as_str(),
            problem,
        };
        pages::token(&page, visit.language())
    };
    let status = form::status(match problem {
        Some(TokenProblem::Wrong) => Some(Refused::TokenCode),
        Some(TokenProblem::Malformed) | None => None,
    });
    Ok(reply::page(status, page, app.settings().scheme))
}

/// A code for a device that is registered: `POST /token`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn token(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    attempt(visit, body, Attempt::Enter).await
}

/// The first code of a device that is to be registered: `POST /token/register`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn register(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    attempt(visit, body, Attempt::Register).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Enter,
    Register,
}

/// Codes of a device that is registered are bounded by its own rests; first codes of a new one by nothing, so that their events are.
const fn evidence(attempt: Attempt) -> Evidence {
    match attempt {
        Attempt::Enter => Evidence::Proof,
        Attempt::Register => Evidence::Transaction,
    }
}

async fn attempt(visit: &Visit<'_>, body: Incoming, attempt: Attempt) -> Result<Reply, Stop> {
    let posted = posted(visit, body).await?;
    let deployment = visit.app.deployment.load();
    let arrival = &arrival(visit, &deployment)?;
    let end = |error| form::ended(visit, arrival, error, arrival.particulars());
    let sent = Token::hash_of(posted.only("ticket").unwrap_or_default());
    let sent = sent.ok_or_else(|| end(ticket::none()))?;
    let code = Code::parse(posted.only("code").unwrap_or_default());
    let (step, deadline): (Step, Timestamp) =
        ticket::take(visit.app, &arrival.transaction, sent).await.map_err(end)?;
    if step.registering.is_some() != (attempt == Attempt::Register) {
        return Err(end(ticket::none()));
    }
    let proof = step.proof.clone().resume();
    let known = form::particulars(arrival, &proof);
    let end = |error| form::ended(visit, arrival, error, known.clone());
    let next = dispatch::next(arrival.tenant, arrival.connection, &proof, visit.app.wall.now())
        .await
        .map_err(end)?;
    let Next::SecondStep(proven) = next else {
        return Err(end(SignInError::new(
            Refused::SignInState,
            "the connection has no second step any more",
        )));
    };
    let owner = owner(arrival, &proven);
    let problem = match &code {
        None => TokenProblem::Malformed,
        Some(code) => {
            let judged = match step.secret() {
                Some(secret) => first_code(visit, &owner, (&secret, code), &proven).await,
                None => next_code(visit, &owner, code, &proven).await,
            };
            match judged.map_err(end)? {
                Presented::Right => {
                    let proven = proven.with_one_time_code();
                    return form::complete(visit, arrival, proven).await.map_err(end);
                }
                // It was reset, or registered from another browser, since the first step.
                Presented::Nothing => return Err(end(ticket::none())),
                Presented::Refused(refusal) => {
                    let error = tokens::refusal(refusal);
                    if error.code != Refused::TokenCode {
                        return Err(end(error));
                    }
                    refused(visit, arrival, (&error, known.clone()), evidence(attempt)).await?;
                    TokenProblem::Wrong
                }
            }
        }
    };
    show(visit, arrival, (&step, deadline, &owner), (&proven, Some(problem))).await.map_err(end)
}

async fn next_code(
    visit: &Visit<'_>,
    owner: &Owner,
    code: &Code,
    proven: &Proven,
) -> Result<Presented, SignInError> {
    let app = visit.app;
    let name_tag = tokens::name_tag_of(&app.keys, owner.organization, &proven.claims);
    let (keys, owner, at) = (std::sync::Arc::clone(&app.keys), owner.clone(), tokens::moment(app));
    let code = code.clone();
    let write = app.store.write(move |transaction| {
        Box::pin(async move { tokens::present(transaction, &keys, &owner, (&code, at), &name_tag).await })
    });
    write.await.map_err(SignInError::from)
}

/// Registers the device if its first code is right and the person has none by now.
async fn first_code(
    visit: &Visit<'_>,
    owner: &Owner,
    (secret, code): (&Secret, &Code),
    proven: &Proven,
) -> Result<Presented, SignInError> {
    let app = visit.app;
    let step = match verify(secret, code, app.wall.now(), None) {
        Ok(step) => step,
        Err(refusal) => return Ok(Presented::Refused(refusal)),
    };
    let row = DeviceRow {
        secret: tokens::seal(&app.keys, owner, secret)?,
        device: Device::registered(step),
        registered: app.wall.now(),
    };
    let name_tag = tokens::name_tag_of(&app.keys, owner.organization, &proven.claims);
    let event = audit::about_person(visit, owner.organization, "token.registered", &proven.claims);
    let owner = owner.clone();
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let registered = devices::register(transaction, &owner, &row, &name_tag).await?;
            if registered {
                append(transaction, &event).await?;
            }
            Ok(registered)
        })
    });
    match write.await {
        Ok(true) => Ok(Presented::Right),
        Ok(false) => Ok(Presented::Nothing),
        Err(error) => Err(error.into()),
    }
}
