//! Another authenticator app in place of the one before (MFA-14 to MFA-16).
//!
//! The present one works until the new one has shown its first code. What is changed is the device that was proved: of two changes at
//! once one wins.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use vestibule_certs::random;
use vestibule_policies::code::Code as Refused;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp::{self, Code, Device, SECRET_LENGTH, Secret};
use vestibule_providers::SignInError;
use zeroize::Zeroizing;

use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{self, ProfileAsks, ProfileNotice, ProfileProblem, RegisterPage, Registers, TokenProblem};
use crate::signin::directory::tokens;
use crate::signin::stop::Stop;
use crate::signin::ticket::{self, Errand};
use crate::store::devices::{self, DeviceRow};
use crate::store::pending;

use super::super::form;
use super::super::identity::Others;
use super::Signed;

/// A device that has shown no code yet.
#[derive(Serialize, Deserialize)]
struct NewDevice {
    /// Base64.
    secret: Zeroizing<String>,
    /// By what the person proved themselves when they asked for it.
    fingerprint: String,
}

impl NewDevice {
    fn secret(&self) -> Option<Secret> {
        let bytes = Zeroizing::new(STANDARD.decode(self.secret.as_str()).ok()?);
        bytes.first_chunk::<SECRET_LENGTH>().map(|bytes| Secret::new(*bytes))
    }
}

/// The question.
pub(super) async fn ask(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    problem: Option<ProfileProblem>,
) -> Result<Reply, Stop> {
    signed.question(visit, (ProfileAsks::Device, ProfileRoute::Device), problem).await
}

/// "Yes, change device", with a code of the present one or a backup code: the key of the new one.
pub(super) async fn prove(visit: &Visit<'_>, signed: &Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    if let Some(problem) = signed.prove(visit, (form, true)).await? {
        return ask(visit, signed, Some(problem)).await;
    }
    let bytes = random::bytes::<SECRET_LENGTH>().map(Zeroizing::new).map_err(|_| {
        signed.stop(visit, SignInError::new(Refused::Internal, "the system has no randomness"))
    })?;
    let new = NewDevice {
        secret: Zeroizing::new(STANDARD.encode(*bytes)),
        fingerprint: signed.person.record.fingerprint(),
    };
    let deadline = visit.app.session_clock.now().plus(pending::LIFETIME);
    show(visit, signed, (new, deadline), None).await
}

fn errand(signed: &Signed<'_>) -> Errand {
    Errand::change(signed.root.id, "device")
}

async fn show(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (new, deadline): (NewDevice, Timestamp),
    problem: Option<TokenProblem>,
) -> Result<Reply, Stop> {
    let stop = |error| signed.stop(visit, error);
    let secret = new.secret().ok_or_else(|| stop(ticket::none()))?;
    let ticket = ticket::wait(visit.app, errand(signed), (&signed.person.owner(), &new), deadline).await;
    let ticket = ticket.map_err(stop)?;
    let issuer = visit.app.settings().console().to_string();
    let account = signed.person.record.profile.user_name.as_str();
    let page = RegisterPage {
        organization: &issuer,
        action: &signed.address(ProfileRoute::NewDevice),
        ticket: ticket.as_str(),
        account,
        secret: &secret.grouped(),
        uri: &secret.uri(&issuer, account),
        registers: Registers::Another { form_token: &signed.form_token(visit) },
        problem,
    };
    let refused = (problem == Some(TokenProblem::Wrong)).then_some(Refused::TokenCode);
    Ok(form::page(visit, refused, pages::register(&page, visit.language())))
}

/// The first code of the new one: from here on it is the person's only one.
pub(super) async fn confirm(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let app = visit.app;
    let sent = signed.ticket(visit, form)?;
    let taken = ticket::take::<NewDevice>(app, errand(&signed), sent).await;
    let (new, deadline) = taken.map_err(|error| signed.stop(visit, error))?;
    let secret = new.secret().filter(|_| signed.person.record.is_proved_by(&new.fingerprint));
    let secret = secret.ok_or_else(|| signed.stop(visit, ticket::none()))?;
    let step = match Code::parse(form.only("code").unwrap_or_default()) {
        None => Err(TokenProblem::Malformed),
        Some(code) => totp::verify(&secret, &code, app.wall.now(), None).map_err(|_| TokenProblem::Wrong),
    };
    let step = match step {
        Ok(step) => step,
        Err(problem) => return show(visit, &signed, (new, deadline), Some(problem)).await,
    };
    let owner = signed.person.owner();
    let row = DeviceRow {
        secret: tokens::seal(&app.keys, &owner, &secret).map_err(|error| signed.stop(visit, error))?,
        device: Device::registered(step),
        registered: app.wall.now(),
    };
    let change = signed.change(visit, ("token.changed", Message::DeviceChanged), Others::End);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(record) = change.record(transaction).await? else { return Ok(None) };
            if !devices::replace(transaction, &owner, &row).await? {
                return Ok(None);
            }
            change.write(transaction, record).await.map(Some)
        })
    });
    let written = write.await;
    signed.changed(visit, written, ProfileNotice::DeviceChanged).await
}
