//! Passkeys of one's own: another one, or one less. The device stays whatever there is of them (MFA-13).

use vestibule_certs::webauthn::{self, Challenge, Registration};
use vestibule_policies::code::Code;
use vestibule_providers::SignInError;

use crate::audit::Evidence;
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{
    self, NewPasskeyPage, NewPasskeyProblem, PasskeyPart, ProfileAsks, ProfileNotice, ProfileProblem,
};
use crate::person::{MOST_PASSKEYS, Passkey};
use crate::signin::stop::Stop;
use crate::signin::ticket::{self, Errand};
use crate::store::pending;

use super::super::form::{self, refused};
use super::super::identity::Others;
use super::super::passkey::{self, Here};
use super::{Signed, overview, password};

fn errand(signed: &Signed<'_>) -> Errand {
    Errand::change(signed.root.id, "new passkey")
}

/// The form for another one, with a challenge of its own.
pub(super) async fn ask(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (name, problem): (&str, Option<NewPasskeyProblem>),
) -> Result<Reply, Stop> {
    let (app, stop) = (visit.app, |error| signed.stop(visit, error));
    if signed.person.record.passkeys.len() >= MOST_PASSKEYS {
        return overview::show(visit, signed, None).await;
    }
    let asked = passkey::ask_new(app, &signed.person).map_err(stop)?;
    let deadline = app.session_clock.now().plus(pending::LIFETIME);
    let owner = signed.person.owner();
    let ticket = ticket::wait(app, errand(signed), (&owner, &asked.challenge), deadline).await;
    let ticket = ticket.map_err(stop)?;
    let page = NewPasskeyPage {
        passkey: PasskeyPart {
            action: &signed.address(ProfileRoute::Passkeys),
            ticket: ticket.as_str(),
            form_token: Some(&signed.form_token(visit)),
            options: &asked.options,
            nonce: &asked.nonce,
        },
        back: &signed.address(ProfileRoute::Overview),
        name,
        problem,
    };
    let code = match problem {
        Some(NewPasskeyProblem::Refused) => Some(Code::TokenCode),
        Some(NewPasskeyProblem::Password) => Some(Code::PersonCredentials),
        Some(NewPasskeyProblem::Name) | None => None,
    };
    Ok(form::page(visit, code, pages::new_passkey(&page, visit.language())))
}

/// What the authenticator made.
pub(super) async fn add(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let field = |name| form.only(name).unwrap_or_default();
    let typed = field("passkey_name");
    if password::current(visit, &signed, form).await?.is_some() {
        return ask(visit, &signed, (typed, Some(NewPasskeyProblem::Password))).await;
    }
    let sent = signed.ticket(visit, form)?;
    let taken = ticket::take::<Challenge>(visit.app, errand(&signed), sent).await;
    let (challenge, _) = taken.map_err(|error| signed.stop(visit, error))?;
    let Some(name) = Passkey::name(typed) else {
        return ask(visit, &signed, ("", Some(NewPasskeyProblem::Name))).await;
    };
    let here = Here::of(visit.app);
    let brought = Registration { client_data: field("client_data"), attestation: field("attestation") };
    let credential = match webauthn::register(here.party(), &challenge, brought) {
        Ok(credential) => credential,
        Err(fault) => {
            let error = SignInError::new(Code::TokenCode, "the new passkey is not what was asked for");
            let whose = Some(signed.person.id.to_string());
            refused(visit, &error.with_cause(fault.as_str()), (Evidence::Proof, whose)).await?;
            return ask(visit, &signed, (&name, Some(NewPasskeyProblem::Refused))).await;
        }
    };
    let passkey = Passkey { name, credential, made: visit.app.wall.now(), used: None };
    let change = signed.change(visit, ("passkey.added", Message::PasskeyAdded), Others::Stay);
    let write = visit.app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            let known = record.passkeys.iter().any(|one| one.credential.id() == passkey.credential.id());
            if known || record.passkeys.len() >= MOST_PASSKEYS {
                return Ok(None);
            }
            record.passkeys.push(passkey);
            change.write(transaction, record).await.map(Some)
        })
    });
    let written = write.await;
    signed.changed(visit, written, ProfileNotice::PasskeyAdded).await
}

/// The question before one is removed; one that is not there leads back.
pub(super) async fn ask_remove(visit: &Visit<'_>, signed: &Signed<'_>) -> Result<Reply, Stop> {
    let id = visit.parameter("passkey").unwrap_or_default();
    remove_page(visit, signed, (&id, None)).await
}

async fn remove_page(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (id, problem): (&str, Option<ProfileProblem>),
) -> Result<Reply, Stop> {
    let passkeys = &signed.person.record.passkeys;
    let Some(passkey) = passkeys.iter().find(|one| one.credential.id() == id) else {
        return overview::show(visit, signed, None).await;
    };
    let asks = ProfileAsks::RemovePasskey { id: passkey.credential.id(), name: &passkey.name };
    Ok(signed.form(visit, (asks, ProfileRoute::RemovePasskey), (problem, None)))
}

/// "Yes, remove": it is of no use from now on, nor what was half proved.
pub(super) async fn remove(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let id = form.only("passkey").unwrap_or_default().to_owned();
    if let Some(problem) = password::current(visit, &signed, form).await? {
        return remove_page(visit, &signed, (&id, Some(problem))).await;
    }
    let change = signed.change(visit, ("passkey.removed", Message::PasskeyRemoved), Others::End);
    let write = visit.app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            let before = record.passkeys.len();
            record.passkeys.retain(|one| one.credential.id() != id);
            if record.passkeys.len() == before {
                return Ok(None);
            }
            change.write(transaction, record).await.map(Some)
        })
    });
    let written = write.await;
    signed.changed(visit, written, ProfileNotice::PasskeyRemoved).await
}
