//! Another address: a code goes there, and comes back (ORG-12, MFA-04). The one before is told of it.
//!
//! Whether an address is somebody's user name is said to nobody who has not proved that it is theirs.

use serde::{Deserialize, Serialize};
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Attempted, Gate as _};

use crate::audit::Evidence;
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::mail::{Address, Message};
use crate::pages::{ProfileAsks, ProfileNotice, ProfileProblem};
use crate::person::{Person, Record, UserName};
use crate::signin::directory::AttemptGate;
use crate::signin::stop::Stop;
use crate::signin::ticket::{self, Errand};
use crate::store::roots;
use crate::store::{StoreError, Transaction, persons};

use super::super::address::{self, Judged, Sent};
use super::super::form::refused;
use super::super::identity::{Change, Others};
use super::{Signed, overview, password};

/// An address whose code is on its way.
#[derive(Serialize, Deserialize)]
struct NewEmail {
    email: Email,
    sent: Sent,
    /// By what the person proved themselves when they asked for it.
    fingerprint: String,
}

/// The form, or why there is none.
pub(super) fn ask(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (typed, problem): (&str, Option<ProfileProblem>),
) -> Reply {
    let asks = ProfileAsks::Email {
        email: signed.person.record.profile.email.as_str(),
        typed,
        is_possible: visit.app.mail.is_configured(),
    };
    signed.form(visit, (asks, ProfileRoute::Email), (problem, None))
}

fn errand(signed: &Signed<'_>) -> Errand {
    Errand::change(signed.root.id, "email")
}

/// What was typed: a code goes there.
pub(super) async fn send(visit: &Visit<'_>, signed: &Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let typed = form.only("email").unwrap_or_default().trim();
    let again = |problem| Ok(ask(visit, signed, (typed, problem)));
    if !visit.app.mail.is_configured() {
        return again(None);
    }
    // Somebody who signs in by their address will do so by the new one, so it has to be fit for that, too.
    let is_fit = Address::parse(typed).is_ok() && UserName::parse(typed).is_some();
    let Some(email) = Email::parse(typed).ok().filter(|_| is_fit) else {
        return again(Some(ProfileProblem::Email));
    };
    if email == signed.person.record.profile.email {
        return again(Some(ProfileProblem::SameEmail));
    }
    if let Some(problem) = password::current(visit, signed, form).await? {
        return again(Some(problem));
    }
    count(visit, signed).await?;
    let stop = |error| signed.stop(visit, error);
    let sent = address::send(visit, (signed.person.id, &email), None).await.map_err(stop)?;
    let sent = sent.ok_or_else(|| stop(ticket::none()))?;
    let new = NewEmail { email, sent, fingerprint: signed.person.record.fingerprint() };
    // As long as the code is good, and another one after it.
    let deadline = visit.app.session_clock.now().plus(2 * address::LIFETIME);
    show(visit, signed, (new, deadline), None).await
}

/// Every mail that somebody has sent to an address of their choice is counted, so that they neither guess at codes without end nor send
/// mails to the world.
async fn count(visit: &Visit<'_>, signed: &Signed<'_>) -> Result<(), Stop> {
    let under = format!("address {}", signed.person.id);
    let counted = AttemptGate::built_in(visit).reserve(Attempted::Name(&under)).await;
    counted.map_err(|error| {
        let reason =
            format!("too many codes were sent to addresses of this person's choice: {}", error.reason);
        signed.stop(visit, SignInError::new(Code::SignInBusy, reason))
    })
}

async fn show(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (new, deadline): (NewEmail, Timestamp),
    problem: Option<ProfileProblem>,
) -> Result<Reply, Stop> {
    let ticket = ticket::wait(visit.app, errand(signed), (&signed.person.owner(), &new), deadline).await;
    let ticket = ticket.map_err(|error| signed.stop(visit, error))?;
    let asks = ProfileAsks::EmailCode { email: new.email.as_str() };
    Ok(signed.form(visit, (asks, ProfileRoute::NewEmail), (problem, Some(ticket.as_str()))))
}

/// The code, or the wish for another mail.
pub(super) async fn confirm(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    let (app, id) = (visit.app, signed.person.id);
    let sent = signed.ticket(visit, form)?;
    let stop = |error| signed.stop(visit, error);
    let taken = ticket::take::<NewEmail>(app, errand(&signed), sent).await;
    let (mut new, deadline) = taken.map_err(stop)?;
    if !signed.person.record.is_proved_by(&new.fingerprint) {
        return Err(stop(ticket::none()));
    }
    if form.optional("resend").is_ok_and(|resend| resend.is_some()) {
        count(visit, &signed).await?;
        let sent = address::send(visit, (id, &new.email), Some(new.sent)).await.map_err(stop)?;
        new.sent = sent.ok_or_else(|| stop(ticket::none()))?;
        return show(visit, &signed, (new, deadline), Some(ProfileProblem::SentAgain)).await;
    }
    let typed = form.only("code").unwrap_or_default();
    let (sent, judged) = new.sent.present(&app.keys, (id, typed), app.session_clock.now());
    new.sent = sent;
    match judged {
        Judged::Right => {}
        Judged::Wrong => {
            let error = SignInError::new(Code::TokenCode, "the code of the mail is not right");
            let whose = (Evidence::Proof, Some(id.to_string()));
            refused(visit, &error.with_cause("wrong-mail-code"), whose).await?;
            return show(visit, &signed, (new, deadline), Some(ProfileProblem::MailCode)).await;
        }
        Judged::Over => return show(visit, &signed, (new, deadline), Some(ProfileProblem::Over)).await,
    }
    match write(visit, &signed, new.email.clone()).await? {
        Changed::Made => {
            let signed = signed.anew(visit).await?;
            overview::show(visit, &signed, Some(ProfileNotice::EmailChanged)).await
        }
        Changed::Taken => Ok(ask(visit, &signed, (new.email.as_str(), Some(ProfileProblem::Taken)))),
    }
}

enum Changed {
    Made,
    /// It would be the person's user name, and is somebody else's.
    Taken,
}

async fn write(visit: &Visit<'_>, signed: &Signed<'_>, email: Email) -> Result<Changed, Stop> {
    let app = visit.app;
    let change = signed.change(visit, ("email.changed", Message::EmailChanged), Others::End);
    let mut facts = signed.root.facts.clone();
    facts.claims.email = Some(email.clone());
    let this = signed.root.id;
    let sealed = facts.seal(this, &app.keys);
    let sealed = sealed.map_err(|_| signed.stop(visit, ticket::none()))?;
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(record) = change.record(transaction).await? else { return Ok(None) };
            let Some(record) = with_address(record, email) else { return Ok(None) };
            if is_taken(transaction, &change, &record).await? {
                return Ok(Some(Err(())));
            }
            roots::keep_facts(transaction, this, &sealed).await?;
            change.write(transaction, record).await.map(|written| Some(Ok(written)))
        })
    });
    let stop = |error| signed.stop(visit, error);
    match write.await.map_err(|error: StoreError| stop(error.into()))? {
        Some(Err(())) => Ok(Changed::Taken),
        Some(Ok(written)) => {
            written.forget(app);
            Ok(Changed::Made)
        }
        None => Err(stop(ticket::none())),
    }
}

/// The user name stays, unless it was the address before.
fn with_address(mut record: Record, email: Email) -> Option<Record> {
    let profile = &mut record.profile;
    let is_name = Email::parse(profile.user_name.as_str()).is_ok_and(|name| name == profile.email);
    if is_name {
        profile.user_name = UserName::parse(email.as_str())?;
    }
    profile.email = email;
    Some(record)
}

async fn is_taken(
    transaction: &mut Transaction,
    change: &Change,
    record: &Record,
) -> Result<bool, sqlx::Error> {
    let row = Person { id: change.person, record: record.clone() }.to_row(&change.keys)?;
    let bearers = persons::by_name(transaction, (&row.user_name_tag, "")).await?;
    Ok(bearers.iter().any(|one| one.id != change.person))
}
