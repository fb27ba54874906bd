//! The way of somebody new: a link, a name and a password, a device, backup codes and a recovery phone (MFA-04 to MFA-09, SGN-09); and
//! of somebody who lost all of it and was given a link by an operator (SGN-16).
//!
//! Nothing is kept of them until the last step, which spends the link and makes everything in one: whoever stops half-way begins anew
//! with the same link, and what somebody had works until then. Somebody who is known already signs in with an invitation, and gains the
//! membership alone.

mod again;
mod guest;
mod made;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};
use vestibule_certs::random;
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code as Refused;
use vestibule_policies::ids::PersonId;
use vestibule_policies::password::Candidate;
use vestibule_policies::time::Timestamp;
use vestibule_policies::totp::{self, Code, SECRET_LENGTH, Step};
use vestibule_providers::SignInError;
use zeroize::Zeroizing;

use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{
    self, AddressPage, AddressProblem, JoinPage, JoinProblem, PhoneField, RecoveryPage, RecoveryProblem,
    RegisterPage, Registers, TokenProblem,
};
use crate::person::link::Invitation;
use crate::person::{self, BackupCodes, DEPLOYMENT, PasswordRecord, Person, Phone, Profile};
use crate::store::devices::Owner;

use super::super::directory::AttemptGate;
use super::super::stop::Stop;
use super::super::ticket;
use super::address::{self, Judged, Sent};
use super::finish::go_on;
use super::form::{self, Sitting, check_shown, no_link, posted};
use super::passwords::{About, choose, is_right};
use super::steps::Waiting;

pub(super) use self::guest::organization_of;
use self::guest::{Guest, Whose};
pub(super) use self::made::accept;
use self::made::{make, slug};

/// What is known of somebody before the store knows them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Joining {
    /// The hash of the link's token: what was proved by one link is nothing by another.
    link: String,
    person: PersonId,
    display_name: String,
    password: PasswordRecord,
    /// The code that went to the address, until it came back.
    sent: Option<Sent>,
    /// Of the new device; Base64.
    secret: String,
    /// Once a code of the device was right.
    proved: Option<Proved>,
}

/// A device that made a right code, and the backup codes that go with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Proved {
    step: Step,
    backup: BackupCodes,
    /// As they are shown.
    codes: Vec<Zeroizing<String>>,
}

impl Joining {
    fn secret(&self) -> Option<totp::Secret> {
        let bytes = Zeroizing::new(STANDARD.decode(&self.secret).ok()?);
        bytes.first_chunk::<SECRET_LENGTH>().map(|bytes| totp::Secret::new(*bytes))
    }
}

/// What the link leads to: `GET /join`.
///
/// # Errors
/// When the address names no sign-in of this browser, or the link is of no use.
pub async fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_shown(visit)?;
    let (sitting, guest) = arrive(visit).await?;
    let invitation = match &guest.whose {
        Whose::New(invitation) => invitation,
        Whose::Back(person) => return Ok(again::page(visit, (&sitting, person), &[])),
    };
    let known = person::named(&visit.app.store, &visit.app.keys, invitation.email.as_str()).await;
    if known.map_err(|error| form::begun(visit, error.into()))?.is_some() {
        let address = sitting.address(BuiltInRoute::SignIn);
        return Ok(reply::see_other(&address, &[], visit.app.settings().scheme));
    }
    Ok(join_page(visit, (&sitting, invitation), "", &[]))
}

/// Name and password: `POST /join`.
///
/// # Errors
/// Where the enrolment stops.
pub async fn begin(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let (sitting, guest) = arrive(visit).await?;
    sitting.check_token(visit, &form)?;
    let stop = |error| form::begun(visit, error);
    let internal = |_| stop(SignInError::new(Refused::Internal, "the system has no randomness"));
    let (person, display_name, password, sent) = match &guest.whose {
        Whose::New(invitation) => {
            let name = form.only("display_name").unwrap_or_default();
            let (display_name, password) =
                match typed(visit, &form, (&guest, invitation)).await.map_err(stop)? {
                    Ok(typed) => typed,
                    Err(problems) => return Ok(join_page(visit, (&sitting, invitation), name, &problems)),
                };
            let id = Person::new_id().map_err(internal)?;
            let sent = address::send(visit, (id, &invitation.email), None).await.map_err(stop)?;
            (id, display_name, password, sent)
        }
        Whose::Back(person) => {
            let password = match again::typed(visit, &form, (&guest, person)).await.map_err(stop)? {
                Ok(password) => password,
                Err(problems) => return Ok(again::page(visit, (&sitting, person), &problems)),
            };
            // An operator knows them again by other means; their mailbox may be what they lost.
            (person.id, person.record.profile.display_name.clone(), password, None)
        }
    };
    let secret = Zeroizing::new(random::bytes::<SECRET_LENGTH>().map_err(internal)?);
    let joining = Joining {
        link: guest.token.to_hex(),
        person,
        display_name,
        password,
        sent,
        secret: STANDARD.encode(*secret),
        proved: None,
    };
    let deadline = sitting.transaction.expires();
    show(visit, (&sitting, &guest), (joining, deadline), Problem::None).await
}

/// The code that went to the address, and the password once more (MFA-04): `POST /join/address`.
///
/// # Errors
/// Where the enrolment stops.
pub async fn address(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let (sitting, guest) = arrive(visit).await?;
    let (mut joining, deadline) = resume(visit, (&sitting, &guest), &form).await?;
    let end = |error| sitting.ended(visit, error);
    let app = visit.app;
    let sent = joining.sent.take().ok_or_else(|| end(ticket::none()))?;
    let problem = if form.optional("resend").is_ok_and(|resend| resend.is_some()) {
        let to = (joining.person, guest.email());
        joining.sent = address::send(visit, to, Some(sent)).await.map_err(end)?;
        Some(AddressProblem::SentAgain)
    } else {
        let typed = form.only("code").unwrap_or_default();
        let (sent, judged) = sent.present(&app.keys, (joining.person, typed), app.session_clock.now());
        let password = Candidate::read(form.only("password").unwrap_or_default());
        // A code that is wrong costs no hashing.
        let is_owner = match password {
            Ok(password) if judged == Judged::Right => {
                is_right(app, Some(&joining.password), &password).await.map_err(end)?
            }
            _ => false,
        };
        joining.sent = (!is_owner).then_some(sent);
        match judged {
            Judged::Right if is_owner => None,
            Judged::Right => Some(AddressProblem::Password),
            Judged::Wrong => Some(AddressProblem::Code),
            Judged::Over => Some(AddressProblem::Over),
        }
    };
    let problem = problem.map_or(Problem::None, Problem::Address);
    show(visit, (&sitting, &guest), (joining, deadline), problem).await
}

/// The first code of the new device: `POST /join/device`.
///
/// # Errors
/// Where the enrolment stops.
pub async fn device(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let (sitting, guest) = arrive(visit).await?;
    let (mut joining, deadline) = resume(visit, (&sitting, &guest), &form).await?;
    let end = |error| sitting.ended(visit, error);
    let secret = joining
        .secret()
        .filter(|_| joining.proved.is_none() && joining.sent.is_none())
        .ok_or_else(|| end(ticket::none()))?;
    let step = match Code::parse(form.only("code").unwrap_or_default()) {
        None => Err(TokenProblem::Malformed),
        Some(code) => {
            totp::verify(&secret, &code, visit.app.wall.now(), None).map_err(|_| TokenProblem::Wrong)
        }
    };
    let step = match step {
        Ok(step) => step,
        Err(problem) => {
            return show(visit, (&sitting, &guest), (joining, deadline), Problem::Device(problem)).await;
        }
    };
    let made = BackupCodes::generate(&visit.app.keys, joining.person, visit.app.wall.now());
    let (backup, codes) =
        made.map_err(|_| end(SignInError::new(Refused::Internal, "the system has no randomness")))?;
    joining.proved = Some(Proved { step, backup, codes });
    show(visit, (&sitting, &guest), (joining, deadline), Problem::None).await
}

/// The recovery phone, and the end: `POST /join/recovery`.
///
/// # Errors
/// Where the enrolment stops.
pub async fn recovery(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let (sitting, guest) = arrive(visit).await?;
    let (joining, deadline) = resume(visit, (&sitting, &guest), &form).await?;
    let end = |error| sitting.ended(visit, error);
    if joining.proved.is_none() {
        return Err(end(ticket::none()));
    }
    let typed = form.only("phone").unwrap_or_default();
    let problem = match (Phone::parse(typed), form.optional("saved")) {
        (None, _) if !(guest.may_keep_phone() && typed.trim().is_empty()) => RecoveryProblem::Phone,
        (_, Ok(None) | Err(_)) => RecoveryProblem::Saved,
        (phone, Ok(Some(_))) => {
            return finish(visit, (&sitting, &guest), (joining, phone)).await.map_err(end);
        }
    };
    show(visit, (&sitting, &guest), (joining, deadline), Problem::Recovery(problem)).await
}

/// The last step: somebody is there, or is there again, and both factors are proved.
async fn finish(
    visit: &Visit<'_>,
    (sitting, guest): (&Sitting, &Guest),
    (joining, phone): (Joining, Option<Phone>),
) -> Result<Reply, SignInError> {
    let sitting = sitting.clone();
    let (sitting, proof) = match &guest.whose {
        Whose::New(invitation) => {
            let phone = phone.ok_or_else(ticket::none)?;
            let proof = make(visit, (guest.token, invitation), joining, phone).await?;
            (sitting.towards(slug(visit, invitation)?), proof)
        }
        Whose::Back(_) => {
            let proof = again::restore(visit, guest.token, (joining, phone)).await?;
            (Sitting { link: None, ..sitting }, proof)
        }
    };
    go_on(visit, sitting, proof).await
}

/// The sign-in and the link that the address names.
async fn arrive(visit: &Visit<'_>) -> Result<(Sitting, Guest), Stop> {
    let sitting = Sitting::of(visit)?;
    form::check_canonical(visit).map_err(|error| form::begun(visit, error))?;
    let link = sitting.link.as_deref().unwrap_or_default();
    let guest = Guest::of(visit.app, link).await.map_err(|error| form::begun(visit, error.into()))?;
    let guest = guest.ok_or_else(|| sitting.ended(visit, no_link()))?;
    Ok((sitting, guest))
}

async fn resume(
    visit: &Visit<'_>,
    (sitting, guest): (&Sitting, &Guest),
    form: &Form,
) -> Result<(Joining, Timestamp), Stop> {
    let sent = sitting.ticket(visit, form)?;
    let end = |error| sitting.ended(visit, error);
    let (waiting, deadline) = ticket::take(visit.app, &sitting.transaction, sent).await.map_err(end)?;
    match waiting {
        Waiting::Joining(joining) if joining.link == guest.token.to_hex() => Ok((*joining, deadline)),
        Waiting::Joining(_)
        | Waiting::Second { .. }
        | Waiting::Password { .. }
        | Waiting::Organization(_) => Err(end(ticket::none())),
    }
}

/// What was typed on the first page, or everything that is wrong with it.
async fn typed(
    visit: &Visit<'_>,
    form: &Form,
    (guest, invitation): (&Guest, &Invitation),
) -> Result<Result<(String, PasswordRecord), Vec<JoinProblem>>, SignInError> {
    let mut problems = Vec::new();
    let name = Profile::display_name(form.only("display_name").unwrap_or_default());
    if name.is_none() {
        problems.push(JoinProblem::Name);
    }
    let new = form.only("new_password").unwrap_or_default();
    if new != form.only("new_password_again").unwrap_or_default() {
        problems.push(JoinProblem::Differ);
    }
    let deployment = visit.app.deployment.load();
    let tenant = deployment.tenant(invitation.organization);
    let organizations: Vec<&str> = tenant.iter().map(|tenant| tenant.organization.name.as_str()).collect();
    let (gate, under) = (AttemptGate::built_in(visit), guest.name());
    let about = About {
        email: &invitation.email,
        names: &[name.as_deref().unwrap_or_default()],
        organizations: &organizations,
        former: Vec::new(),
        gate: Some((&gate, &under)),
    };
    let password = match choose(visit.app, &Secret::new(new.to_owned()), &about).await? {
        Ok(password) => Some(password),
        Err(shortcomings) => {
            problems.extend(shortcomings.into_iter().map(JoinProblem::Policy));
            None
        }
    };
    Ok(match (name, password) {
        (Some(name), Some(password)) if problems.is_empty() => Ok((name, password)),
        _ => Err(problems),
    })
}

/// Why a page is there again.
enum Problem {
    None,
    Address(AddressProblem),
    Device(TokenProblem),
    Recovery(RecoveryProblem),
}

/// The page of the step that comes next, with a fresh ticket.
async fn show(
    visit: &Visit<'_>,
    (sitting, guest): (&Sitting, &Guest),
    (joining, deadline): (Joining, Timestamp),
    problem: Problem,
) -> Result<Reply, Stop> {
    let app = visit.app;
    let end = |error| sitting.ended(visit, error);
    let secret = joining.secret().ok_or_else(|| end(ticket::none()))?;
    let (shown, waits) = (joining.proved.as_ref().map(|proved| proved.codes.clone()), joining.sent.is_some());
    // Of one link a few may wait, whoever opened it: nobody of them is anybody yet.
    let owner = Owner { organization: DEPLOYMENT, principal: guest.name() };
    let waiting = Waiting::Joining(Box::new(joining));
    let ticket = ticket::wait(app, &sitting.transaction, (&owner, &waiting), deadline).await.map_err(end)?;
    let account = guest.account();
    let issuer = app.settings().console().to_string();
    let (page, refused) = if waits {
        let problem = if let Problem::Address(problem) = problem { Some(problem) } else { None };
        let page = AddressPage {
            action: &sitting.address(BuiltInRoute::Address),
            ticket: ticket.as_str(),
            email: account,
            problem,
        };
        (pages::address_code(&page, visit.language()), None)
    } else if let Some(codes) = shown {
        let problem = if let Problem::Recovery(problem) = problem { Some(problem) } else { None };
        let page = RecoveryPage {
            action: &sitting.address(BuiltInRoute::Recovery),
            ticket: ticket.as_str(),
            account,
            issuer: &issuer,
            codes: &codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
            phone: if guest.may_keep_phone() { PhoneField::OrAsBefore } else { PhoneField::Needed },
            problem,
        };
        (pages::recovery(&page, visit.language()), None)
    } else {
        let problem = if let Problem::Device(problem) = problem { Some(problem) } else { None };
        let page = RegisterPage {
            organization: &issuer,
            action: &sitting.address(BuiltInRoute::Device),
            ticket: ticket.as_str(),
            account,
            secret: &secret.grouped(),
            uri: &secret.uri(&issuer, account),
            registers: Registers::Enrolment,
            problem,
        };
        let refused = (problem == Some(TokenProblem::Wrong)).then_some(Refused::TokenCode);
        (pages::register(&page, visit.language()), refused)
    };
    Ok(form::page(visit, refused, page))
}

fn join_page(
    visit: &Visit<'_>,
    (sitting, invitation): (&Sitting, &Invitation),
    name: &str,
    problems: &[JoinProblem],
) -> Reply {
    let deployment = visit.app.deployment.load();
    let tenant = deployment.tenant(invitation.organization);
    let page = JoinPage {
        organization: tenant.map_or("", |tenant| &tenant.organization.name),
        action: &sitting.address(BuiltInRoute::Join),
        form_token: &sitting.form_token(visit.app),
        email: invitation.email.as_str(),
        name,
        policy: &visit.app.passwords.policy(),
        problems,
    };
    form::page(visit, None, pages::join(&page, visit.language()))
}
