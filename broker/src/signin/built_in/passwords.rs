//! Passwords on the way of a sign-in: held against somebody's, judged when one is chosen, and looked at again when it is used.

use vestibule_certs::secret::Secret;
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::password::{Candidate, Context, Flaw, Listing, Record, Shortcoming};
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Attempted, Gate as _};

use crate::app::App;
use crate::passwords::hash::{HashError, PasswordHash, Verdict};
use crate::person::{PasswordRecord, Person};

use super::super::directory::AttemptGate;
use super::steps::UsedPassword;

/// The names that no password of an administrator has in it (PWD-05).
const PRODUCT: &[&str] = &["vestibule"];

/// Whether a password is the one of a record; where there is none, the answer costs as much.
pub(super) async fn is_right(
    app: &App,
    record: Option<&PasswordRecord>,
    password: &Candidate,
) -> Result<bool, SignInError> {
    let known = record.map(|record| PasswordHash::parse(&record.hash)).transpose();
    let known = known.map_err(|error| SignInError::new(Code::Internal, error.to_string()))?;
    let verdict = app.passwords.hasher.verify(password, known.as_ref()).await.map_err(failed)?;
    Ok(verdict == Verdict::Right)
}

/// Beside what a new password is judged.
pub(super) struct About<'a> {
    pub(super) email: &'a Email,
    pub(super) names: &'a [&'a str],
    pub(super) organizations: &'a [&'a str],
    /// The passwords that it must not be.
    pub(super) former: Vec<PasswordHash>,
    /// Counts what costs something, where whoever chooses has proved nothing yet.
    pub(super) gate: Option<(&'a AttemptGate<'a>, &'a str)>,
}

/// The current password and the former ones that a policy does not let come back.
fn former(record: &PasswordRecord, history: usize) -> Result<Vec<PasswordHash>, SignInError> {
    let all = std::iter::once(&record.hash).chain(record.earlier.iter().take(history));
    let parsed = all.map(|hash| PasswordHash::parse(hash)).collect::<Result<_, _>>();
    parsed.map_err(|error| SignInError::new(Code::Internal, error.to_string()))
}

/// The record of a password that somebody chose, or everything that speaks against it.
pub(super) async fn choose(
    app: &App,
    password: &Secret,
    about: &About<'_>,
) -> Result<Result<PasswordRecord, Vec<Shortcoming>>, SignInError> {
    let policy = app.passwords.policy();
    let Ok(candidate) = Candidate::read(password.expose()) else {
        return Ok(Err(vec![Shortcoming::TooLong(policy.length.most())]));
    };
    let context = Context {
        email: Some(about.email),
        names: about.names,
        organizations: about.organizations,
        product: PRODUCT,
        ..Context::default()
    };
    // First without what costs a look-up.
    if let Err(shortcomings) = policy.judge(&candidate, &context) {
        return Ok(Err(shortcomings));
    }
    if let Some((gate, under)) = about.gate {
        gate.reserve(Attempted::Name(under)).await.map_err(|error| {
            SignInError::new(
                Code::SignInBusy,
                format!("too many passwords were chosen by one link: {}", error.reason),
            )
        })?;
    }
    let listing = app.passwords.listing(&candidate).await;
    let reuse = app.passwords.hasher.reuse(&candidate, &about.former).await.map_err(failed)?;
    if let Err(shortcomings) = policy.judge(&candidate, &Context { listing, reuse, ..context }) {
        return Ok(Err(shortcomings));
    }
    let hash = app.passwords.hasher.hash(&candidate).await.map_err(failed)?;
    Ok(Ok(PasswordRecord::chosen(hash.to_string(), app.session_clock.now())))
}

/// The record of another password that somebody known chose in place of theirs (PWD-04), or everything that speaks against it.
pub(super) async fn choose_again(
    app: &App,
    (person, password): (&Person, &Secret),
    gate: Option<(&AttemptGate<'_>, &str)>,
) -> Result<Result<PasswordRecord, Vec<Shortcoming>>, SignInError> {
    let profile = &person.record.profile;
    let deployment = app.deployment.load();
    let mine = deployment.tenants().filter(|one| one.organization.membership(person.id).is_some());
    let organizations: Vec<&str> = mine.map(|one| one.organization.name.as_str()).collect();
    let about = About {
        email: &profile.email,
        names: &[profile.display_name.as_str(), profile.user_name.as_str()],
        organizations: &organizations,
        former: former(&person.record.password, app.passwords.policy().history)?,
        gate,
    };
    choose(app, password, &about).await
}

/// What a right password's use finds, and whether another one has to be chosen before anything else (PWD-06 to PWD-10).
pub(super) async fn used(app: &App, person: &Person, password: &Candidate) -> UsedPassword {
    let (policy, now) = (app.passwords.policy(), app.session_clock.now());
    let (kept, listing) = (&person.record.password, app.passwords.listing(password).await);
    // What was found before is not forgotten because nobody can say it now.
    let known = kept.record.flaw.filter(|flaw| listing == Listing::Unknown && *flaw == Flaw::Compromised);
    let mut record = Record { flaw: known.or_else(|| policy.flaw(password, listing)), ..kept.record };
    let due = policy.due(&record, now);
    if due.is_none() {
        record.signed_in = Some(now);
    }
    UsedPassword { fingerprint: person.record.fingerprint(), record, due: due.map(Into::into) }
}

fn failed(error: HashError) -> SignInError {
    SignInError::new(error.code(), error.to_string())
}
