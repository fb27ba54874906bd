//! An administrator's own page: their password, their factors, and how they are reached (SGN-07, MFA-08 to MFA-23, PWD-15).
//!
//! Whoever holds the browser's session sees what there is. To change any of it they proved both factors a moment ago (PWD-19). Another
//! device or other backup codes need the present factor once more: a second factor is never enrolled over another one without it
//! (PWD-11). A passkey, an address and a password need the current password. The session that changed something stays; what else the
//! person is signed in to ends.

mod backup;
mod device;
mod email;
mod overview;
mod passkeys;
mod password;
mod phone;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_certs::webauthn::Challenge;
use vestibule_policies::admission::Question;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::Slug;
use vestibule_policies::totp;
use vestibule_providers::SignInError;

use crate::audit::Evidence;
use crate::deployment::{Deployment, Tenant};
use crate::http::cookie::CookieName;
use crate::http::form::Form;
use crate::http::host::is_canonical;
use crate::http::reply::{self, Reply};
use crate::http::route::{AccountsRoute, ConsoleRoute, ProfileRoute};
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{
    self, OnwardPage, PasskeyPart, ProfileAsks, ProfileFormPage, ProfileNotice, ProfileProblem, SecondProblem,
};
use crate::person::{self, Person};
use crate::session::step_up::{is_in_grace, is_recent};
use crate::session::{Found, Root};
use crate::signin::admission;
use crate::signin::handoff::FRESH;
use crate::signin::start::{lives, root_of};
use crate::signin::stop::Stop;
use crate::signin::ticket::{self, Errand};
use crate::store::{StoreError, pending};

use super::form::{self, begun, check_shown, posted, refused, stop, subject};
use super::identity::{Change, Others, Written};
use super::passkey;
use super::second::{self, Wrong};

/// Where the console leads to this page, and where whoever proved themselves anew comes back to.
const AT_CONSOLE: &str = "/profile";

/// An administrator who is signed in here.
struct Signed<'a> {
    tenant: &'a Tenant,
    root: Arc<Root>,
    person: Person,
}

/// Answers `/profile/<slug>` and what is below it.
///
/// # Errors
/// When the page is not shown to a person, a form is not ours, or the store is away.
pub async fn answer(
    visit: &Visit<'_>,
    (slug, route): (&Slug, ProfileRoute),
    body: Incoming,
) -> Result<Reply, Stop> {
    let sent = if visit.parts.method == Method::POST {
        Some(posted(visit, body).await?)
    } else {
        check_shown(visit)?;
        None
    };
    if !is_canonical(visit.app, visit.parts) {
        let reason = "somebody opened their profile under another name of the accounts host than its first";
        return Err(begun(visit, SignInError::new(Code::PersonHost, reason)));
    }
    let deployment = visit.app.deployment.load();
    let Some(signed) = signed(visit, &deployment, slug).await? else {
        return match sent {
            None => Ok(to_console(visit, "/")),
            Some(_) => Err(stop(visit, Code::SignInRequired, "nobody is signed in who has a profile")),
        };
    };
    if let Some(form) = &sent {
        form::check_token(visit, form, &signed.form_token(visit))?;
    }
    if !signed.is_proved(visit, route, sent.is_some()) {
        return Ok(signed.step_up(visit));
    }
    match (route, sent) {
        (ProfileRoute::Overview, _) => overview::show(visit, &signed, None).await,
        (ProfileRoute::Password, None) => Ok(password::ask(visit, &signed, (&[], None))),
        (ProfileRoute::Password, Some(form)) => password::change(visit, signed, &form).await,
        (ProfileRoute::Device, None) => device::ask(visit, &signed, None).await,
        (ProfileRoute::Device, Some(form)) => device::prove(visit, &signed, &form).await,
        (ProfileRoute::BackupCodes, None) => backup::ask(visit, &signed, None).await,
        (ProfileRoute::BackupCodes, Some(form)) => backup::replace(visit, &signed, &form).await,
        (ProfileRoute::Passkeys, None) => passkeys::ask(visit, &signed, ("", None)).await,
        (ProfileRoute::Passkeys, Some(form)) => passkeys::add(visit, signed, &form).await,
        (ProfileRoute::RemovePasskey, None) => passkeys::ask_remove(visit, &signed).await,
        (ProfileRoute::RemovePasskey, Some(form)) => passkeys::remove(visit, signed, &form).await,
        (ProfileRoute::Phone, None) => Ok(phone::ask(visit, &signed, None)),
        (ProfileRoute::Phone, Some(form)) => phone::change(visit, signed, &form).await,
        (ProfileRoute::Email, None) => Ok(email::ask(visit, &signed, ("", None))),
        (ProfileRoute::Email, Some(form)) => email::send(visit, &signed, &form).await,
        (ProfileRoute::NewDevice, Some(form)) => device::confirm(visit, signed, &form).await,
        (ProfileRoute::NewEmail, Some(form)) => email::confirm(visit, signed, &form).await,
        (ProfileRoute::NewDevice | ProfileRoute::NewEmail, None) => {
            Err(stop(visit, Code::MethodNotAllowed, "a step of a change was opened without its form"))
        }
    }
}

/// The administrator of the built-in identity who is signed in at this organisation in this browser.
async fn signed<'a>(
    visit: &Visit<'_>,
    deployment: &'a Deployment,
    slug: &Slug,
) -> Result<Option<Signed<'a>>, Stop> {
    let app = visit.app;
    let Some(tenant) = deployment.by_slug(slug) else { return Ok(None) };
    let name = CookieName::root(tenant.organization.id, Audience::Administrator);
    let Some(token) = visit.cookies().value(&name).and_then(Token::hash_of) else { return Ok(None) };
    let Found::Live(root) = root_of(visit, &token).await? else { return Ok(None) };
    let is_here = root.audience == Audience::Administrator
        && lives(visit, tenant, &root)
        && admission::ask(Question::Remain, tenant, &root, None).is_ok();
    let Some(id) = root.person().filter(|_| is_here) else { return Ok(None) };
    let person = person::look(&app.store, &app.keys, id).await;
    let person = person.map_err(|error| begun(visit, error.into()))?;
    Ok(person.map(|person| Signed { tenant, root, person }))
}

fn to_console(visit: &Visit<'_>, path: &str) -> Reply {
    reply::see_other(&console(visit, path), &[], visit.app.settings().scheme)
}

fn console(visit: &Visit<'_>, path: &str) -> String {
    let settings = visit.app.settings();
    format!("{}{path}", settings.origin(settings.console()))
}

impl Signed<'_> {
    /// Whether its person proved themselves recently enough for this (PWD-19). A step that has a ticket was asked for by somebody who did.
    fn is_proved(&self, visit: &Visit<'_>, route: ProfileRoute, is_posted: bool) -> bool {
        let now = visit.app.session_clock.now();
        match route {
            ProfileRoute::Overview | ProfileRoute::NewDevice | ProfileRoute::NewEmail => true,
            ProfileRoute::Password
            | ProfileRoute::Device
            | ProfileRoute::BackupCodes
            | ProfileRoute::Passkeys
            | ProfileRoute::RemovePasskey
            | ProfileRoute::Phone
            | ProfileRoute::Email => {
                if is_posted {
                    is_in_grace(&self.root, now)
                } else {
                    is_recent(&self.root, now)
                }
            }
        }
    }

    /// To both factors anew, and back to the overview. After a form it is a page: browsers apply `form-action` to redirects.
    fn step_up(&self, visit: &Visit<'_>) -> Reply {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair(FRESH, "1").append_pair("to", AT_CONSOLE).finish();
        let path = format!("{}?{query}", ConsoleRoute::SignIn.path());
        if visit.parts.method != Method::POST {
            return to_console(visit, &path);
        }
        let (url, scheme) = (console(visit, &path), visit.app.settings().scheme);
        let page = OnwardPage { url: &url, organization: &self.tenant.organization.name };
        reply::page(StatusCode::OK, pages::onward(&page, visit.language()), scheme)
    }

    fn address(&self, route: ProfileRoute) -> String {
        AccountsRoute::Profile(self.tenant.organization.slug.clone(), route).path()
    }

    fn form_token(&self, visit: &Visit<'_>) -> String {
        let id = self.root.id.to_string();
        URL_SAFE_NO_PAD.encode(visit.app.keys.mac(Purpose::Cookies).tag(&[b"profile", id.as_bytes()]))
    }

    /// A change of theirs, by which this session stays.
    fn change(&self, visit: &Visit<'_>, told: (&'static str, Message), others: Others) -> Change {
        let proved = self.person.record.fingerprint();
        Change::of(visit, (&self.person, proved, Some(self.root.id)), told, others)
    }

    /// Takes in what a change came to. One that another one forestalled is told as that.
    fn settle(&self, visit: &Visit<'_>, written: Result<Option<Written>, StoreError>) -> Result<(), Stop> {
        let written = written.map_err(|error| self.stop(visit, error.into()))?;
        written.ok_or_else(|| self.stop(visit, ticket::none()))?.forget(visit.app);
        Ok(())
    }

    /// The overview after a change, with what is theirs by now.
    async fn changed(
        self,
        visit: &Visit<'_>,
        written: Result<Option<Written>, StoreError>,
        notice: ProfileNotice,
    ) -> Result<Reply, Stop> {
        self.settle(visit, written)?;
        let signed = self.anew(visit).await?;
        overview::show(visit, &signed, Some(notice)).await
    }

    /// The same person as they are in the store by now.
    async fn anew(self, visit: &Visit<'_>) -> Result<Self, Stop> {
        let app = visit.app;
        let person = person::look(&app.store, &app.keys, self.person.id).await;
        let person = person.map_err(|error| self.stop(visit, error.into()))?;
        let person = person.ok_or_else(|| self.stop(visit, ticket::none()))?;
        Ok(Self { person, ..self })
    }

    /// A question that the present factor answers: a code, or one of the person's passkeys, whose challenge waits with it.
    async fn question(
        &self,
        visit: &Visit<'_>,
        (asks, route): (ProfileAsks<'_>, ProfileRoute),
        problem: Option<ProfileProblem>,
    ) -> Result<Reply, Stop> {
        let (app, stop) = (visit.app, |error| self.stop(visit, error));
        let Some(asked) = passkey::ask(app, &self.person).map_err(stop)? else {
            return Ok(self.form(visit, (asks, route), (problem, None)));
        };
        let deadline = app.session_clock.now().plus(pending::LIFETIME);
        let waits = (&self.person.owner(), &asked.challenge);
        let ticket = ticket::wait(app, self.proof(), waits, deadline).await.map_err(stop)?;
        let (action, form_token) = (self.address(route), self.form_token(visit));
        let part = PasskeyPart {
            action: &action,
            ticket: ticket.as_str(),
            form_token: Some(&form_token),
            options: &asked.options,
            nonce: &asked.nonce,
        };
        Ok(self.form_with(visit, (asks, route), (problem, None), Some(part)))
    }

    fn proof(&self) -> Errand {
        Errand::change(self.root.id, "passkey")
    }

    /// A form of the profile, with the status of the refusal that shows it again.
    fn form(
        &self,
        visit: &Visit<'_>,
        asked: (ProfileAsks<'_>, ProfileRoute),
        shown: (Option<ProfileProblem>, Option<&str>),
    ) -> Reply {
        self.form_with(visit, asked, shown, None)
    }

    fn form_with(
        &self,
        visit: &Visit<'_>,
        (asks, route): (ProfileAsks<'_>, ProfileRoute),
        (problem, ticket): (Option<ProfileProblem>, Option<&str>),
        passkey: Option<PasskeyPart<'_>>,
    ) -> Reply {
        let page = ProfileFormPage {
            asks,
            action: &self.address(route),
            back: &self.address(ProfileRoute::Overview),
            form_token: &self.form_token(visit),
            ticket,
            passkey,
            problem,
        };
        let code = match problem {
            Some(ProfileProblem::Password) => Some(Code::PersonCredentials),
            Some(ProfileProblem::Code | ProfileProblem::BackupCode | ProfileProblem::Passkey) => {
                Some(Code::TokenCode)
            }
            Some(ProfileProblem::Resting) => Some(Code::TokenLocked),
            Some(
                ProfileProblem::Missing
                | ProfileProblem::TooYoung
                | ProfileProblem::Malformed
                | ProfileProblem::Phone
                | ProfileProblem::Email
                | ProfileProblem::SameEmail
                | ProfileProblem::MailCode
                | ProfileProblem::Over
                | ProfileProblem::SentAgain
                | ProfileProblem::Taken,
            )
            | None => None,
        };
        form::page(visit, code, pages::profile_form(&page, visit.language()))
    }

    /// Holds a one-time code or a passkey, or a backup code where one may take their place, against the person's own, or says what is wrong with it.
    /// Guesses here are guesses at the sign-in's door, and written down like those.
    async fn prove(
        &self,
        visit: &Visit<'_>,
        (form, takes_backup): (&Form, bool),
    ) -> Result<Option<ProfileProblem>, Stop> {
        let (typed, id) = (form.only("code").unwrap_or_default(), self.person.id);
        let is_backup = takes_backup && form.optional("backup").is_ok_and(|field| field.is_some());
        let judged = if form.optional("credential").is_ok_and(|field| field.is_some()) {
            let sent = self.ticket(visit, form)?;
            let taken = ticket::take::<Challenge>(visit.app, self.proof(), sent).await;
            let (challenge, _) = taken.map_err(|error| self.stop(visit, error))?;
            passkey::prove(visit, id, (challenge, form)).await
        } else if is_backup {
            second::backup_code(visit, id, typed).await
        } else {
            match totp::Code::parse(typed) {
                Some(code) => second::one_time(visit, id, code).await,
                None => Ok(Some(Wrong::malformed())),
            }
        };
        let Some(wrong) = judged.map_err(|error| self.stop(visit, error))? else { return Ok(None) };
        if let Some(error) = wrong.refusal() {
            refused(visit, &error, (Evidence::Proof, Some(id.to_string()))).await?;
        }
        Ok(Some(match wrong.problem {
            SecondProblem::Malformed => ProfileProblem::Malformed,
            SecondProblem::Wrong => ProfileProblem::Code,
            SecondProblem::WrongBackup => ProfileProblem::BackupCode,
            SecondProblem::WrongPasskey => ProfileProblem::Passkey,
            SecondProblem::Resting => ProfileProblem::Resting,
        }))
    }

    /// The ticket that a form carries.
    fn ticket(&self, visit: &Visit<'_>, form: &Form) -> Result<TokenHash, Stop> {
        let sent = Token::hash_of(form.only("ticket").unwrap_or_default());
        sent.ok_or_else(|| self.stop(visit, ticket::none()))
    }

    fn stop(&self, visit: &Visit<'_>, error: SignInError) -> Stop {
        begun(visit, error).at(self.tenant).about(subject(self.person.id))
    }
}
