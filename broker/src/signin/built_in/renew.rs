//! Another password in the place of one that was proved: at a sign-in that finds it due, or because its owner wishes so (PWD-04).

use vestibule_certs::secret::Secret;
use vestibule_policies::ids::PersonId;
use vestibule_providers::SignInError;

use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::JoinProblem;
use crate::person;
use crate::store::roots::RootId;

use super::super::ticket;
use super::identity::{Change, Others};
use super::passwords::choose_again;

/// Puts the new password in the place of the one that was proved and ends the person's sessions but for `this`, or says what speaks
/// against it. What is returned tells the new one from the former.
pub(super) async fn renew(
    visit: &Visit<'_>,
    (id, proved): (PersonId, &str),
    (new, this): (&Secret, Option<RootId>),
) -> Result<Result<String, Vec<JoinProblem>>, SignInError> {
    let app = visit.app;
    let person = person::look(&app.store, &app.keys, id).await?.ok_or_else(ticket::none)?;
    let chosen = match choose_again(app, (&person, new), None).await? {
        Ok(chosen) => chosen,
        Err(shortcomings) => return Ok(Err(shortcomings.into_iter().map(JoinProblem::Policy).collect())),
    };
    let history = app.passwords.policy().history;
    let told = ("password.changed", Message::PasswordChanged);
    let change = Change::of(visit, (&person, proved.to_owned(), this), told, Others::End);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            record.password = record.password.followed_by(chosen, history);
            change.write(transaction, record).await.map(Some)
        })
    });
    Ok(Ok(write.await?.ok_or_else(ticket::none)?.forget(app)))
}
