//! A password that is due: after both factors its owner chooses another one, and only then goes on (SGN-08, PWD-06 to PWD-09).

use std::sync::Arc;

use hyper::body::Incoming;
use vestibule_certs::secret::Secret;
use vestibule_policies::password::Due;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;

use crate::audit;
use crate::http::reply::Reply;
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::mail::{Letter, Message};
use crate::pages::{self, JoinProblem, NewPasswordPage};
use crate::person::{self, Person};
use crate::session::guard;
use crate::store::audit::append;
use crate::store::persons;

use super::super::stop::Stop;
use super::super::ticket;
use super::finish::go_on;
use super::form::{self, Sitting, posted};
use super::passwords::choose_again;
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
        renew(visit, &proof, &new).await.map_err(end)?
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

/// Puts the new password in the place of the one that was proved and ends the person's sessions, or says what speaks against it.
async fn renew(
    visit: &Visit<'_>,
    proof: &PersonProof,
    new: &Secret,
) -> Result<Result<String, Vec<JoinProblem>>, SignInError> {
    let app = visit.app;
    let person = person::look(&app.store, &app.keys, proof.person()).await?.ok_or_else(ticket::none)?;
    let chosen = match choose_again(app, (&person, new), None).await? {
        Ok(chosen) => chosen,
        Err(shortcomings) => return Ok(Err(shortcomings.into_iter().map(JoinProblem::Policy).collect())),
    };
    let (id, owner, keys) = (person.id, person.owner(), Arc::clone(&app.keys));
    let (proved, history) = (proof.clone(), app.passwords.policy().history);
    let fingerprint = chosen.fingerprint();
    let event = audit::about_identity(visit, "password.changed", id);
    let at = (app.session_clock.now(), app.wall.now());
    let notice = Letter::addressed(&person.record.profile.email, visit.language(), Message::PasswordChanged);
    let mail = app.mail.clone();
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let found = person::of(transaction, &keys, id).await?;
            // Somebody else changed it since: this proof is of the password before.
            let Some(mut found) = found.filter(|one| proved.is_of(&one.record.password)) else {
                return Ok(None);
            };
            found.record.password = found.record.password.followed_by(chosen, history);
            persons::update(transaction, &Person::to_row(&found, &keys)?).await?;
            append(transaction, &event).await?;
            if let Some(notice) = notice {
                let _ = mail.enqueue(transaction, &notice).await?;
            }
            guard::end_everywhere(transaction, &owner.principal, None, at).await.map(Some)
        })
    });
    for ended in write.await?.ok_or_else(ticket::none)? {
        app.sessions.forget(ended);
    }
    Ok(Ok(fingerprint))
}
