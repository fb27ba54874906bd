//! User name and password (SGN-02, SGN-03). What is wrong with them is told in one way, and takes one time.

use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_policies::password::Candidate;
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Attempted, Gate, Judged};

use crate::audit::Evidence;
use crate::http::reply::{self, Reply};
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{self, SignInPage, SignInProblem};
use crate::person::{self, Person};

use super::super::directory::AttemptGate;
use super::super::stop::Stop;
use super::form::{self, Sitting, check_shown, posted, refused};
use super::join;
use super::passwords::{is_right, used};
use super::second;
use super::steps::UsedPassword;

/// The form: `GET /sign-in`. Without a sign-in of the console's there is none yet.
///
/// # Errors
/// When the address names no sign-in of this browser.
pub async fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_shown(visit)?;
    if !Sitting::is_named(visit) {
        let settings = visit.app.settings();
        let console = format!("{}/", settings.origin(settings.console()));
        return Ok(reply::see_other(&console, &[], settings.scheme));
    }
    page(visit, &Sitting::of(visit)?, "", None).await
}

/// What was typed: `POST /sign-in`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn sign_in(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    sitting.check_token(visit, &form)?;
    let (name, password) = (form.only("name").unwrap_or_default(), form.only("password").unwrap_or_default());
    if name.trim().is_empty() || password.is_empty() {
        return page(visit, sitting, name, Some(SignInProblem::Missing)).await;
    }
    match prove(visit, name, password).await {
        Ok((person, password)) => {
            let asked = second::ask(visit, sitting, (&person, password)).await;
            asked.map_err(|error| sitting.ended(visit, error))
        }
        Err((error, whose)) if error.code == Code::PersonCredentials => {
            refused(visit, &error, (Evidence::Transaction, whose)).await?;
            page(visit, sitting, name, Some(SignInProblem::Wrong)).await
        }
        Err((error, _)) => Err(form::begun(visit, error)),
    }
}

/// Whose password it is. Somebody whom nobody knows costs as much as somebody else's wrong password.
async fn prove(
    visit: &Visit<'_>,
    name: &str,
    password: &str,
) -> Result<(Person, UsedPassword), (SignInError, Option<String>)> {
    let app = visit.app;
    let nobody = |error| (error, None);
    let password =
        Candidate::read(password).map_err(|error| nobody(wrong(error.to_string(), "too-large")))?;
    let gate = AttemptGate::built_in(visit);
    gate.admits().await.map_err(nobody)?;
    let person = person::named(&app.store, &app.keys, name).await.map_err(|error| nobody(error.into()))?;
    let whose = person.as_ref().map(|person| person.id.to_string());
    let about = |error| (error, whose.clone());
    let account = person
        .as_ref()
        .map_or_else(|| format!("name {}", name.trim().to_lowercase()), |person| account(person.id));
    gate.reserve(Attempted::Name(&account)).await.map_err(|error| about(as_ours(error)))?;
    let record = person.as_ref().map(|person| &person.record.password);
    let is_right = match is_right(app, record, &password).await {
        Ok(is_right) => is_right,
        Err(error) => {
            gate.settle(Judged::ByNobody).await;
            return Err(about(error));
        }
    };
    let cause = if person.is_some() { "wrong-password" } else { "unknown" };
    let Some(person) = person.filter(|_| is_right) else {
        gate.settle(Judged::Wrong).await;
        return Err(about(wrong("the user name or the password is not right".to_owned(), cause)));
    };
    gate.settle(Judged::Right).await;
    let used = used(app, &person, &password).await;
    Ok((person, used))
}

/// What a password that is not right is, whatever the cause.
pub(super) fn wrong(reason: String, cause: &'static str) -> SignInError {
    SignInError::new(Code::PersonCredentials, reason).with_cause(cause)
}

/// Under what the attempts at somebody's password are counted.
pub(super) fn account(person: PersonId) -> String {
    format!("person {person}")
}

/// The gate speaks of directories.
pub(super) fn as_ours(error: SignInError) -> SignInError {
    if error.code != Code::AdCredentials {
        return error;
    }
    wrong("there were too many wrong passwords of this account".to_owned(), "held")
}

async fn page(
    visit: &Visit<'_>,
    sitting: &Sitting,
    name: &str,
    problem: Option<SignInProblem>,
) -> Result<Reply, Stop> {
    let settings = visit.app.settings();
    // A link that is of no use is told of before anybody types a password, and one that is says what for.
    let joins = match &sitting.link {
        Some(link) => {
            let name = join::organization_of(visit, link).await;
            Some(name.map_err(|error| sitting.ended(visit, error))?)
        }
        None => None,
    };
    let page = SignInPage {
        deployment: settings.console().as_str(),
        joins: joins.as_deref(),
        action: &sitting.address(BuiltInRoute::SignIn),
        form_token: &sitting.form_token(visit.app),
        name,
        forgotten: &sitting.address(BuiltInRoute::Forgotten),
        elsewhere: &sitting.address(BuiltInRoute::Elsewhere),
        problem,
    };
    let refused = match problem {
        Some(SignInProblem::Wrong) => Some(Code::PersonCredentials),
        Some(SignInProblem::Missing | SignInProblem::Identifier) | None => None,
    };
    Ok(form::page(visit, refused, pages::sign_in(&page, visit.language())))
}

/// The form again, because what was typed is no organisation's sign-in address.
pub(super) async fn no_identifier(visit: &Visit<'_>, sitting: &Sitting) -> Result<Reply, Stop> {
    page(visit, sitting, "", Some(SignInProblem::Identifier)).await
}
