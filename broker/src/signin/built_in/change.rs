//! A password that is due: after both factors its owner chooses another one, and only then goes on (SGN-08, PWD-06 to PWD-09).

use hyper::body::Incoming;
use vestibule_certs::secret::Secret;
use vestibule_policies::password::Due;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;

use crate::http::reply::Reply;
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{self, JoinProblem, NewPasswordPage};
use crate::person;

use super::super::stop::Stop;
use super::super::ticket;
use super::finish::go_on;
use super::form::{self, Sitting, posted};
use super::renew::renew;
use super::steps::{PersonProof, Waiting};

/// The form for another password, with a fresh ticket.
pub(super) async fn ask(
    visit: &Visit<'_>,
    sitting: &Sitting,
    (proof, due, deadline): (PersonProof, Due, Timestamp),
    problems: &[JoinProblem],
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let owner = person::owner(proof.person());
    let waiting = Waiting::Password { proof, due: due.into() };
    let ticket = ticket::wait(app, &sitting.transaction, (&owner, &waiting), deadline).await?;
    let page = NewPasswordPage {
        action: &sitting.address(BuiltInRoute::Password),
        ticket: ticket.as_str(),
        due,
        policy: &app.passwords.policy(),
        problems,
    };
    Ok(form::page(visit, None, pages::new_password(&page, visit.language())))
}

/// Another password: `POST /sign-in/password`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn change(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    let sent = sitting.ticket(visit, &form)?;
    let end = |error| sitting.ended(visit, error);
    let (waiting, deadline) = ticket::take(visit.app, &sitting.transaction, sent).await.map_err(end)?;
    let Waiting::Password { proof, due } = waiting else { return Err(end(ticket::none())) };
    let end = |error| sitting.ended(visit, error).about(form::subject(proof.person()));
    let new = Secret::new(form.only("new_password").unwrap_or_default().to_owned());
    let again = form.only("new_password_again").unwrap_or_default();
    let renewed = if again == new.expose() {
        renew(visit, (proof.person(), proof.fingerprint()), (&new, None)).await.map_err(end)?
    } else {
        Err(vec![JoinProblem::Differ])
    };
    match renewed {
        Ok(fingerprint) => {
            let proof = proof.clone().with_password(fingerprint);
            go_on(visit, sitting.clone(), proof).await.map_err(end)
        }
        Err(problems) => {
            let again = (proof.clone(), due.into(), deadline);
            ask(visit, sitting, again, &problems).await.map_err(end)
        }
    }
}
