//! Another password in the place of one that was proved: at a sign-in that finds it due, or because its owner wishes so (PWD-04).

use std::sync::Arc;

use vestibule_certs::secret::{Secret, same};
use vestibule_policies::ids::PersonId;
use vestibule_providers::SignInError;

use crate::audit;
use crate::http::visit::Visit;
use crate::mail::{Letter, Message};
use crate::pages::JoinProblem;
use crate::person::{self, Person};
use crate::session::guard;
use crate::store::audit::append;
use crate::store::persons;
use crate::store::roots::RootId;

use super::super::ticket;
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
    let (owner, keys) = (person.owner(), Arc::clone(&app.keys));
    let (proved, history) = (proved.to_owned(), app.passwords.policy().history);
    let event = audit::about_identity(visit, "password.changed", id);
    let at = (app.session_clock.now(), app.wall.now());
    let notice = Letter::addressed(&person.record.profile.email, visit.language(), Message::PasswordChanged);
    let mail = app.mail.clone();
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let found = person::of(transaction, &keys, id).await?;
            // Somebody else changed it since: this proof is of the password before.
            let Some(mut found) =
                found.filter(|one| same(one.record.fingerprint().as_bytes(), proved.as_bytes()))
            else {
                return Ok(None);
            };
            found.record.password = found.record.password.followed_by(chosen, history);
            persons::update(transaction, &Person::to_row(&found, &keys)?).await?;
            append(transaction, &event).await?;
            if let Some(notice) = notice {
                let _ = mail.enqueue(transaction, &notice).await?;
            }
            let ended = guard::end_everywhere(transaction, &owner.principal, this, at).await?;
            Ok(Some((found.record.fingerprint(), ended)))
        })
    });
    let (fingerprint, ended) = write.await?.ok_or_else(ticket::none)?;
    for ended in ended {
        app.sessions.forget(ended);
    }
    Ok(Ok(fingerprint))
}
