//! The second factor: a one-time code of the person's device, a passkey, or one of their backup codes (MFA-02, MFA-17, SGN-10).
//!
//! Nothing here says anything about the password, and nothing here is reached without a right one (PWD-11).

use std::sync::Arc;

use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp;
use vestibule_providers::SignInError;

use crate::audit::{self, Evidence};
use crate::http::reply::Reply;
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{self, PasskeyPart, SecondPage, SecondProblem};
use crate::person::{self, Person, Taken};
use crate::store::audit::append;
use crate::store::{pending, persons};

use super::super::directory::tokens::{self, Presented};
use super::super::stop::Stop;
use super::super::ticket;
use super::change;
use super::finish::go_on;
use super::form::{self, Sitting, posted, refused};
use super::passkey;
use super::steps::{PersonProof, UsedPassword, Waiting};

/// From a password that was right to the form for the second factor.
pub(super) async fn ask(
    visit: &Visit<'_>,
    sitting: &Sitting,
    (person, password): (&Person, UsedPassword),
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let device = tokens::look(app, &person.owner()).await?;
    // Nobody without a device was ever finished (MFA-01).
    let device =
        device.ok_or_else(|| SignInError::new(Code::TokenDevice, "the person has no device for codes"))?;
    let deadline = app.session_clock.now().plus(pending::LIFETIME);
    // A device that rests says nothing about the backup codes.
    let problem = device.device.admits(app.session_clock.now()).err().map(|_| SecondProblem::Resting);
    show(visit, sitting, (person.id, password, deadline), problem).await
}

async fn show(
    visit: &Visit<'_>,
    sitting: &Sitting,
    (person, password, deadline): (PersonId, UsedPassword, Timestamp),
    problem: Option<SecondProblem>,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let known = person::look(&app.store, &app.keys, person).await?.ok_or_else(ticket::none)?;
    // A challenge is of one page: whatever shows the form again asks anew.
    let asked = passkey::ask(app, &known)?;
    let challenge = asked.as_ref().map(|asked| asked.challenge.clone());
    let waiting = Waiting::Second { person, password, challenge };
    let owner = person::owner(person);
    let ticket = ticket::wait(app, &sitting.transaction, (&owner, &waiting), deadline).await?;
    let passkey_action = sitting.address(BuiltInRoute::Passkey);
    let page = SecondPage {
        action: &sitting.address(BuiltInRoute::Code),
        passkey: asked.as_ref().map(|asked| PasskeyPart {
            action: &passkey_action,
            ticket: ticket.as_str(),
            form_token: None,
            options: &asked.options,
            nonce: &asked.nonce,
        }),
        backup_action: &sitting.address(BuiltInRoute::Backup),
        ticket: ticket.as_str(),
        problem,
    };
    let refused = match problem {
        Some(SecondProblem::Wrong | SecondProblem::WrongBackup | SecondProblem::WrongPasskey) => {
            Some(Code::TokenCode)
        }
        Some(SecondProblem::Resting) => Some(Code::TokenLocked),
        Some(SecondProblem::Malformed) | None => None,
    };
    Ok(form::page(visit, refused, pages::second(&page, visit.language())))
}

/// A one-time code: `POST /sign-in/code`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn code(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    attempt(visit, body, Factor::Device).await
}

/// A passkey: `POST /sign-in/passkey`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn by_passkey(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    attempt(visit, body, Factor::Passkey).await
}

/// A backup code: `POST /sign-in/backup-code`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn backup(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    attempt(visit, body, Factor::Backup).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Factor {
    Device,
    Passkey,
    Backup,
}

async fn attempt(visit: &Visit<'_>, body: Incoming, factor: Factor) -> Result<Reply, Stop> {
    let posted = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    let sent = sitting.ticket(visit, &posted)?;
    let end = |error| sitting.ended(visit, error);
    let (waiting, deadline) = ticket::take(visit.app, &sitting.transaction, sent).await.map_err(end)?;
    let Waiting::Second { person, password, challenge } = waiting else { return Err(end(ticket::none())) };
    let end = |error| sitting.ended(visit, error).about(form::subject(person));
    let typed = posted.only("code").unwrap_or_default();
    let judged = match factor {
        Factor::Device => match totp::Code::parse(typed) {
            Some(code) => one_time(visit, person, code).await,
            None => Ok(Some(Wrong::malformed())),
        },
        Factor::Passkey => {
            let challenge = challenge.ok_or_else(ticket::none).map_err(end)?;
            passkey::prove(visit, person, (challenge, &posted)).await
        }
        Factor::Backup => backup_code(visit, person, typed).await,
    };
    let Some(wrong) = judged.map_err(end)? else {
        let method = match factor {
            Factor::Device => "otp",
            Factor::Passkey => "pop",
            // RFC 8176 has no name for it; whoever holds the list has it.
            Factor::Backup => "mfa",
        };
        let proof = PersonProof::of(person, &password.fingerprint, method);
        return proved(visit, sitting, (proof, &password)).await.map_err(end);
    };
    if let Some(error) = wrong.refusal() {
        refused(visit, &error, (Evidence::Proof, Some(person.to_string()))).await?;
    }
    show(visit, sitting, (person, password, deadline), Some(wrong.problem)).await.map_err(end)
}

/// A second factor that was not right: what the page says of it, and what log and audit say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) problem: SecondProblem,
    pub(super) cause: &'static str,
}

impl Wrong {
    pub(super) const fn malformed() -> Self {
        Self { problem: SecondProblem::Malformed, cause: "malformed" }
    }

    pub(super) const fn resting() -> Self {
        Self { problem: SecondProblem::Resting, cause: "resting" }
    }

    /// For log and audit; what was no guess is nothing.
    pub(super) fn refusal(self) -> Option<SignInError> {
        let code = match self.problem {
            SecondProblem::Malformed => return None,
            SecondProblem::Wrong | SecondProblem::WrongBackup | SecondProblem::WrongPasskey => {
                Code::TokenCode
            }
            SecondProblem::Resting => Code::TokenLocked,
        };
        Some(SignInError::new(code, "the second factor is not right").with_cause(self.cause))
    }
}

/// Both factors are right: on to another password where this one is due, else to an organisation.
async fn proved(
    visit: &Visit<'_>,
    sitting: &Sitting,
    (proof, password): (PersonProof, &UsedPassword),
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let (keys, proved, record) = (Arc::clone(&app.keys), proof.clone(), password.record);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            // A password that was changed meanwhile is another one, of which this says nothing.
            let found = person::of(transaction, &keys, proved.person()).await?;
            let Some(mut found) = found.filter(|found| proved.is_of(&found.record)) else {
                return Ok(false);
            };
            found.record.password.record = record;
            persons::update(transaction, &found.to_row(&keys)?).await?;
            Ok(true)
        })
    });
    if !write.await? {
        return Err(ticket::none());
    }
    match password.due {
        Some(due) => {
            let deadline = app.session_clock.now().plus(pending::LIFETIME);
            change::ask(visit, sitting, (proof, due.into(), deadline), &[]).await
        }
        None => go_on(visit, sitting.clone(), proof).await,
    }
}

/// Holds a one-time code against the person's device, and says what is wrong with it.
pub(super) async fn one_time(
    visit: &Visit<'_>,
    person: PersonId,
    code: totp::Code,
) -> Result<Option<Wrong>, SignInError> {
    let app = visit.app;
    let (keys, owner, at) = (Arc::clone(&app.keys), person::owner(person), tokens::moment(app));
    let write = app.store.write(move |transaction| {
        Box::pin(async move { tokens::present(transaction, &keys, &owner, (&code, at), "").await })
    });
    match write.await? {
        Presented::Right => Ok(None),
        Presented::Nothing => Err(ticket::none()),
        Presented::Refused(refusal) => Ok(Some(match tokens::refusal(refusal).code {
            Code::TokenCode => Wrong { problem: SecondProblem::Wrong, cause: "wrong-code" },
            _ => Wrong::resting(),
        })),
    }
}

/// A backup code is used up in the transaction that judges it. Wrong ones count against the same rest as wrong one-time codes: they
/// are guesses at the same door.
pub(super) async fn backup_code(
    visit: &Visit<'_>,
    person: PersonId,
    typed: &str,
) -> Result<Option<Wrong>, SignInError> {
    let app = visit.app;
    let (keys, owner, at) = (Arc::clone(&app.keys), person::owner(person), tokens::moment(app));
    let event = audit::about_identity(visit, "backup-code.used", person);
    let typed = zeroize::Zeroizing::new(typed.to_owned());
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(found) = person::of(transaction, &keys, person).await? else { return Ok(Spent::Nobody) };
            if !tokens::may_try(transaction, &owner, at).await? {
                return Ok(Spent::Resting);
            }
            let (left, taken) = found.record.backup.clone().take(&keys, person, &typed);
            tokens::count(transaction, &owner, (taken == Taken::Right, at)).await?;
            if taken == Taken::Wrong {
                return Ok(Spent::Wrong);
            }
            let record = person::Record { backup: left, ..found.record };
            persons::update(transaction, &Person { id: person, record }.to_row(&keys)?).await?;
            append(transaction, &event).await?;
            Ok(Spent::Right)
        })
    });
    match write.await? {
        Spent::Right => Ok(None),
        Spent::Wrong => Ok(Some(Wrong { problem: SecondProblem::WrongBackup, cause: "wrong-backup-code" })),
        Spent::Resting => Ok(Some(Wrong::resting())),
        Spent::Nobody => Err(ticket::none()),
    }
}

/// What a backup code came to.
enum Spent {
    Right,
    Wrong,
    Resting,
    Nobody,
}
