//! Where a link of the mail leads: another password in place of one that was forgotten (SGN-06, PWD-14, PWD-15).
//!
//! A look at the page uses up nothing, since mail scanners follow every link; the POST that sets the password does. It signs nobody in,
//! and the second factor stays what it was.

use hyper::body::Incoming;
use vestibule_certs::secret::Secret;
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::SignInError;
use vestibule_providers::ports::Attempted;

use crate::http::reply::Reply;
use crate::http::route::{AccountsRoute, BuiltInRoute};
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{self, JoinProblem, ResetPage, Setting};
use crate::person::link::{self, Errand, Opened};
use crate::person::{self, PasswordRecord, Person};
use crate::store::{attempts, links};

use super::super::directory::{AttemptGate, attempted};
use super::super::stop::Stop;
use super::form::{self, check_shown, no_link, posted};
use super::identity::{Change, Others};
use super::passwords::choose_again;
use super::sign_in::account;

/// The parameter and the field that hold the link's token.
pub(super) const TOKEN: &str = "token";

/// A link that is of use, and whose it is.
struct Held {
    token: TokenHash,
    person: Person,
}

/// The form: `GET /reset`.
///
/// # Errors
/// When the link is of no use.
pub async fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_shown(visit)?;
    let token = visit.parameter(TOKEN).unwrap_or_default();
    let held = hold(visit, &token).await.map_err(|error| form::refuse(visit, error))?;
    Ok(page(visit, (&token, &held.person), &[]))
}

/// The new password: `POST /reset`. The token is in the form, so that the address of the page that follows has none.
///
/// # Errors
/// When the link is of no use, or the password cannot be looked at.
pub async fn set(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let token = form.only(TOKEN).unwrap_or_default();
    let held = hold(visit, token).await.map_err(|error| form::refuse(visit, error))?;
    let end = |error| form::refuse(visit, error).about(form::subject(held.person.id));
    let new = Secret::new(form.only("new_password").unwrap_or_default().to_owned());
    let problems = if form.only("new_password_again").unwrap_or_default() == new.expose() {
        let (gate, under) = (AttemptGate::built_in(visit), format!("link {}", held.token.to_hex()));
        match choose_again(visit.app, (&held.person, &new), Some((&gate, &under))).await.map_err(end)? {
            Ok(chosen) => {
                replace(visit, &held, chosen).await.map_err(end)?;
                return Ok(done(visit));
            }
            Err(shortcomings) => shortcomings.into_iter().map(JoinProblem::Policy).collect(),
        }
    } else {
        vec![JoinProblem::Differ]
    };
    Ok(page(visit, (token, &held.person), &problems))
}

/// The link, as long as password, factors and address are those that it was made for.
async fn hold(visit: &Visit<'_>, token: &str) -> Result<Held, SignInError> {
    let app = visit.app;
    form::check_canonical(visit)?;
    let opened = link::open(&app.store, &app.keys, token, app.session_clock.now()).await?;
    let Some(Opened { token, errand: Errand::Reset(reset) }) = opened else { return Err(no_link()) };
    let person = person::look(&app.store, &app.keys, reset.person).await?;
    let person = person.filter(|person| person.record.is_proved_by(&reset.proved)).ok_or_else(no_link)?;
    Ok(Held { token, person })
}

/// Everything in one: the link is spent, the password is another, and every session of the person has ended; or nothing of it.
async fn replace(
    visit: &Visit<'_>,
    Held { token, person }: &Held,
    chosen: PasswordRecord,
) -> Result<(), SignInError> {
    let app = visit.app;
    let (token, history) = (*token, app.passwords.policy().history);
    let held = attempted(app, Attempted::Name(&account(person.id)));
    let told = ("password.reset", Message::PasswordChanged);
    let change = Change::of(visit, (person, person.record.fingerprint(), None), told, Others::End);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            // Of two at once one is the first (PWD-15).
            if !links::spend(transaction, &token).await? {
                return Ok(None);
            }
            // What was guessed of the password before is no guess at this one.
            attempts::forget(transaction, ConnectionId::BUILT_IN, &held).await?;
            record.password = record.password.followed_by(chosen, history);
            change.write(transaction, record).await.map(Some)
        })
    });
    write.await?.ok_or_else(no_link)?.forget(app);
    Ok(())
}

fn page(visit: &Visit<'_>, (token, person): (&str, &Person), problems: &[JoinProblem]) -> Reply {
    let page = ResetPage {
        setting: Setting::Password,
        account: person.record.profile.user_name.as_str(),
        action: &AccountsRoute::BuiltIn(BuiltInRoute::Reset).path(),
        hidden: (TOKEN, token),
        policy: &visit.app.passwords.policy(),
        problems,
    };
    form::page(visit, None, pages::reset(&page, visit.language()))
}

fn done(visit: &Visit<'_>) -> Reply {
    let settings = visit.app.settings();
    let console = format!("{}/", settings.origin(settings.console()));
    form::page(visit, None, pages::reset_done(&console, visit.language()))
}
