//! A password that is due: its owner gives the old one and a new one, and signs in with it (AD-20, annex c.6).

use hyper::body::Incoming;
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;
use vestibule_providers::step::Proof;
use vestibule_providers::{Answer, SignInError};

use crate::audit::{self, Evidence};
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{self, Change, ChangePasswordPage, ChangeProblem};

use super::super::arrive::Arrival;
use super::super::handoff::Wanted;
use super::super::stop::Stop;
use super::form::{self, arrival, check_token, posted, refused};
use super::{AttemptGate, second};

/// What was typed: `POST /password/change`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn change(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let deployment = visit.app.deployment.load();
    let arrival = &arrival(visit, &deployment)?;
    check_token(visit.app, arrival, &form)?;
    if arrival.transaction.wanted == Wanted::Trial {
        let error = SignInError::new(Code::SignInState, "a test sign-in changes no password");
        return Err(form::ended(visit, arrival, error, arrival.particulars()));
    }
    let name = form.only("name").unwrap_or_default();
    let why = Change::of_form(form.only("why").unwrap_or_default());
    let typed = match Typed::read(&form) {
        Ok(typed) => typed,
        Err(problem) => return Ok(page(visit, arrival, (name, why), Some(problem))),
    };
    let outcome = async {
        let gate = AttemptGate::of(visit, arrival)?;
        arrival.prove(visit.app, typed.answer(name), Some(&gate)).await
    };
    match outcome.await {
        Ok(proof) => {
            written(visit, arrival, proof.value()).await?;
            second::go_on(visit, arrival, &proof).await
        }
        Err(error) => again(visit, arrival, (name, why), error).await,
    }
}

/// Writes down that the directory has another password, whatever comes of the sign-in.
async fn written(visit: &Visit<'_>, arrival: &Arrival<'_>, proof: &Proof) -> Result<(), Stop> {
    let event = audit::password_changed(visit, arrival.tenant.organization.id, proof);
    let written = visit.app.audit.write(&visit.app.store, event, Evidence::Proof).await;
    written.map_err(|error| arrival.stop(visit, error.into(), arrival.particulars(), Vec::new()))
}

/// The two passwords of a form.
pub(super) struct Typed {
    current: Secret,
    new: Secret,
}

impl Typed {
    /// Reads the three fields of a form that changes a password.
    pub(super) fn read(form: &Form) -> Result<Self, ChangeProblem> {
        let field = |name| form.only(name).ok().filter(|value| !value.is_empty());
        let fields = (field("current_password"), field("new_password"), field("new_password_again"));
        let (Some(current), Some(new), Some(again)) = fields else { return Err(ChangeProblem::Missing) };
        if new != again {
            return Err(ChangeProblem::Differ);
        }
        if new == current {
            return Err(ChangeProblem::Same);
        }
        Ok(Self { current: Secret::new(current.to_owned()), new: Secret::new(new.to_owned()) })
    }

    /// The current password alone.
    pub(super) fn current(&self, name: &str) -> Answer {
        let password = Secret::new(self.current.expose().to_owned());
        Answer::Password { name: name.to_owned(), password }
    }

    pub(super) fn answer(self, name: &str) -> Answer {
        Answer::ChangePassword { name: name.to_owned(), current: self.current, new: self.new }
    }
}

/// What a refusal of a change says on its form; nothing for one that ends it.
pub(super) const fn problem(code: Code) -> Option<ChangeProblem> {
    match code {
        Code::AdCredentials => Some(ChangeProblem::Wrong),
        Code::AdPasswordPolicy => Some(ChangeProblem::Policy),
        _ => None,
    }
}

/// The refusal behind what a form says, the other way round.
pub(super) const fn refusal(problem: ChangeProblem) -> Option<Code> {
    match problem {
        ChangeProblem::Wrong => Some(Code::AdCredentials),
        ChangeProblem::Policy => Some(Code::AdPasswordPolicy),
        ChangeProblem::Missing | ChangeProblem::Differ | ChangeProblem::Same => None,
    }
}

async fn again(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (name, why): (&str, Change),
    error: SignInError,
) -> Result<Reply, Stop> {
    let Some(problem) = problem(error.code) else {
        return Err(arrival.stop(visit, error, arrival.particulars(), Vec::new()));
    };
    refused(visit, arrival, (&error, arrival.particulars()), Evidence::Transaction).await?;
    Ok(page(visit, arrival, (name, why), Some(problem)))
}

/// The form.
pub(super) fn page(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (name, why): (&str, Change),
    problem: Option<ChangeProblem>,
) -> Reply {
    let page = ChangePasswordPage {
        organization: &arrival.tenant.organization.name,
        action: &form::address(&AccountsRoute::ChangePassword, &arrival.transaction),
        form_token: &form::token(visit.app, &arrival.transaction),
        name,
        why,
        problem,
    };
    let page = pages::change_password(&page, visit.language());
    reply::page(form::status(problem.and_then(refusal)), page, visit.app.settings().scheme)
}
