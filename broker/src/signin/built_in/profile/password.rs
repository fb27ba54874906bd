//! Another password, because its owner wishes so (SGN-07, PWD-04).

use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;
use vestibule_policies::password::Candidate;
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Attempted, Gate as _, Judged};

use crate::audit::Evidence;
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::pages::{JoinProblem, ProfileAsks, ProfileNotice, ProfileProblem};
use crate::signin::directory::AttemptGate;
use crate::signin::stop::Stop;

use super::super::form::refused;
use super::super::passwords::is_right;
use super::super::renew::renew;
use super::super::sign_in::{account, as_ours, wrong};
use super::{Signed, overview};

/// The form.
pub(super) fn ask(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (problems, problem): (&[JoinProblem], Option<ProfileProblem>),
) -> Reply {
    let asks = ProfileAsks::Password {
        name: signed.person.record.profile.user_name.as_str(),
        policy: &visit.app.passwords.policy(),
        problems,
    };
    signed.form(visit, (asks, ProfileRoute::Password), (problem, None))
}

/// What was typed. The new one is judged after the current one was right: nobody else learns what it was before.
pub(super) async fn change(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let field = |name| form.only(name).unwrap_or_default();
    let (current, new, again) =
        (field("current_password"), field("new_password"), field("new_password_again"));
    if current.is_empty() || new.is_empty() || again.is_empty() {
        return Ok(ask(visit, &signed, (&[], Some(ProfileProblem::Missing))));
    }
    if let Some(problem) = self::current(visit, &signed, form).await? {
        return Ok(ask(visit, &signed, (&[], Some(problem))));
    }
    if new != again {
        return Ok(ask(visit, &signed, (&[JoinProblem::Differ], None)));
    }
    let (record, now) = (&signed.person.record, visit.app.session_clock.now());
    if visit.app.passwords.policy().may_change(&record.password.record, now).is_err() {
        return Ok(ask(visit, &signed, (&[], Some(ProfileProblem::TooYoung))));
    }
    let (new, proved) = (Secret::new(new.to_owned()), (signed.person.id, record.fingerprint()));
    let renewed = renew(visit, (proved.0, &proved.1), (&new, Some(signed.root.id))).await;
    match renewed.map_err(|error| signed.stop(visit, error))? {
        Ok(_) => {
            let signed = signed.anew(visit).await?;
            overview::show(visit, &signed, Some(ProfileNotice::PasswordChanged)).await
        }
        Err(problems) => Ok(ask(visit, &signed, (&problems, None))),
    }
}

/// The current password of a form, where a change is nobody's who only found a browser open: what is wrong with it, if anything is.
pub(super) async fn current(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    form: &Form,
) -> Result<Option<ProfileProblem>, Stop> {
    let typed = form.only("current_password").unwrap_or_default();
    if typed.is_empty() {
        return Ok(Some(ProfileProblem::Missing));
    }
    let Err(error) = prove(visit, signed, typed).await else { return Ok(None) };
    if error.code != Code::PersonCredentials {
        return Err(signed.stop(visit, error));
    }
    refused(visit, &error, (Evidence::Proof, Some(signed.person.id.to_string()))).await?;
    Ok(Some(ProfileProblem::Password))
}

/// Whether it is the current password; attempts count at the sign-in's gate.
async fn prove(visit: &Visit<'_>, signed: &Signed<'_>, typed: &str) -> Result<(), SignInError> {
    let password = Candidate::read(typed).map_err(|error| wrong(error.to_string(), "too-large"))?;
    let gate = AttemptGate::built_in(visit);
    gate.admits().await?;
    gate.reserve(Attempted::Name(&account(signed.person.id))).await.map_err(as_ours)?;
    match is_right(visit.app, Some(&signed.person.record.password), &password).await {
        Ok(true) => {
            gate.settle(Judged::Right).await;
            Ok(())
        }
        Ok(false) => {
            gate.settle(Judged::Wrong).await;
            Err(wrong("the current password is not right".to_owned(), "wrong-password"))
        }
        Err(error) => {
            gate.settle(Judged::ByNobody).await;
            Err(error)
        }
    }
}
