//! Somebody who lost everything, and whom an operator knew again (SGN-16): another password, another device and other backup codes in
//! place of theirs, and no passkey, all with the last step. Who they are, what they administer and their recovery phone stay.

use std::sync::Arc;

use vestibule_certs::secret::Secret;
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::totp::Device;
use vestibule_providers::SignInError;
use vestibule_providers::ports::Attempted;

use crate::administration::clients;
use crate::audit;
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::mail::{Letter, Message};
use crate::pages::{self, JoinProblem, ResetPage, Setting};
use crate::person::{self, PasswordRecord, Person, Phone};
use crate::session::guard;
use crate::signin::directory::{AttemptGate, attempted, tokens};
use crate::signin::ticket;
use crate::store::audit::{Event, append};
use crate::store::devices::{self, DeviceRow};
use crate::store::{attempts, links, persons};

use super::super::form::{self, Sitting, no_link};
use super::super::passwords::choose_again;
use super::super::sign_in::account;
use super::super::steps::PersonProof;
use super::{Guest, Joining, Proved};

/// The first page: another password.
pub(super) fn page(
    visit: &Visit<'_>,
    (sitting, person): (&Sitting, &Person),
    problems: &[JoinProblem],
) -> Reply {
    let page = ResetPage {
        setting: Setting::Everything,
        account: person.record.profile.user_name.as_str(),
        action: &sitting.address(BuiltInRoute::Join),
        hidden: ("form_token", &sitting.form_token(visit.app)),
        policy: &visit.app.passwords.policy(),
        problems,
    };
    form::page(visit, None, pages::reset(&page, visit.language()))
}

/// What was typed there, or everything that is wrong with it.
pub(super) async fn typed(
    visit: &Visit<'_>,
    form: &Form,
    (guest, person): (&Guest, &Person),
) -> Result<Result<PasswordRecord, Vec<JoinProblem>>, SignInError> {
    let new = Secret::new(form.only("new_password").unwrap_or_default().to_owned());
    if form.only("new_password_again").unwrap_or_default() != new.expose() {
        return Ok(Err(vec![JoinProblem::Differ]));
    }
    let (gate, under) = (AttemptGate::built_in(visit), guest.name());
    let chosen = choose_again(visit.app, (person, &new), Some((&gate, &under))).await?;
    Ok(chosen.map_err(|shortcomings| shortcomings.into_iter().map(JoinProblem::Policy).collect()))
}

/// Everything in one: the link is spent, password, device and backup codes are others, and every session has ended; or nothing of it.
pub(super) async fn restore(
    visit: &Visit<'_>,
    token: TokenHash,
    (joining, phone): (Joining, Option<Phone>),
) -> Result<PersonProof, SignInError> {
    let app = visit.app;
    let (id, secret) = (joining.person, joining.secret().ok_or_else(ticket::none)?);
    let Proved { step, backup, .. } = joining.proved.ok_or_else(ticket::none)?;
    let (owner, chosen) = (person::owner(id), joining.password);
    let device = DeviceRow {
        secret: tokens::seal(&app.keys, &owner, &secret)?,
        device: Device::registered(step),
        registered: app.wall.now(),
    };
    let mut happened = vec!["administrator.recovered", "password.reset", "token.registered"];
    let mut told = vec![Message::PasswordChanged, Message::DeviceChanged, Message::BackupCodesReplaced];
    if phone.is_some() {
        happened.push("recovery-phone.changed");
        told.push(Message::RecoveryPhoneChanged);
    }
    let events: Vec<_> = happened.into_iter().map(|name| audit::about_identity(visit, name, id)).collect();
    let deployment = app.deployment.load();
    let mine = deployment.tenants().filter(|tenant| tenant.organization.membership(id).is_some());
    let programs: Vec<_> = mine
        .map(|tenant| Event {
            organization: Some(tenant.organization.id),
            ..audit::about_identity(visit, "client.deleted", id)
        })
        .collect();
    let (keys, mail, language) = (Arc::clone(&app.keys), app.mail.clone(), visit.language());
    let (history, at) = (app.passwords.policy().history, (app.session_clock.now(), app.wall.now()));
    let held = attempted(app, Attempted::Name(&account(id)));
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut found) = person::of(transaction, &keys, id).await? else { return Ok(None) };
            if !links::spend(transaction, &token).await? {
                return Ok(None);
            }
            found.record.password = found.record.password.followed_by(chosen, history);
            found.record.backup = backup;
            // Whoever holds one of them is not whom the operator knew again.
            found.record.passkeys.clear();
            found.record.changes += 1;
            if let Some(phone) = phone {
                found.record.profile.recovery_phone = phone;
            }
            persons::update(transaction, &found.to_row(&keys)?).await?;
            devices::remove(transaction, &owner).await?;
            if !devices::register(transaction, &owner, &device, "").await? {
                return Err(sqlx::Error::Protocol("the device that was removed is there".to_owned()));
            }
            attempts::forget(transaction, ConnectionId::BUILT_IN, &held).await?;
            for event in &events {
                append(transaction, event).await?;
            }
            // Whoever held the account may have made some.
            for event in &programs {
                clients::end_of_maker(transaction, &keys, id, event).await?;
            }
            for message in told {
                if let Some(letter) = Letter::addressed(&found.record.profile.email, language, message) {
                    let _ = mail.enqueue(transaction, &letter).await?;
                }
            }
            let ended = guard::end_everywhere(transaction, &owner.principal, None, at).await?;
            Ok(Some((found.record.fingerprint(), ended)))
        })
    });
    let (fingerprint, ended) = write.await?.ok_or_else(no_link)?;
    for ended in ended {
        app.sessions.forget(ended);
    }
    Ok(PersonProof::of(id, &fingerprint, "otp"))
}
