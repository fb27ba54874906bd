//! The way back of an administrator who lost everything (SGN-16): an operator who knows them again makes a link, and its holder chooses
//! a password and registers a device. The operator sees neither.

use std::time::Duration;

use vestibule_certs::token::Token;
use vestibule_policies::edition::Edition;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;

use crate::apply::Target;
use crate::audit;
use crate::http::route::ConsoleRoute;
use crate::mail::{Letter, Mail, Message};
use crate::pages::Language;
use crate::person::link::Errand;
use crate::person::{self, Person};
use crate::store::audit::append;
use crate::store::{Store, StoreError, links, organizations};

/// How long the link may be used.
const LIFETIME: Duration = Duration::from_hours(1);
/// People of one address: of two nobody is meant.
const MOST: u32 = 9;

/// Whom an operator names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// The one with this address.
    Email(String),
    /// The one with this user name.
    UserName(String),
}

/// A link, and whose it is.
#[derive(Debug)]
pub struct Recovery {
    pub person: PersonId,
    pub user_name: String,
    pub url: String,
}

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the system has no randomness")]
    Random,
    #[error("there is no administrator with that address or user name")]
    Nobody,
    #[error("several administrators have that address; name one by their user name")]
    Several,
}

/// Makes a link in place of an earlier one. It is good for an hour from `sessions`, the time that sessions live by. The person is told,
/// where there is mail: whoever talked an operator into it is not who reads that.
///
/// # Errors
/// When nobody or several are meant, or the store cannot be used.
pub async fn link(
    target: Target<'_>,
    mail: &Mail,
    whom: &Whom,
    (wall, sessions): (Timestamp, Timestamp),
) -> Result<Recovery, RecoveryError> {
    let person = the_one(target, whom).await?;
    let language = language(target.store, person.id).await?;
    let token = Token::generate().map_err(|_| RecoveryError::Random)?;
    let (hash, subject) = (token.hash(), format!("recovery {}", person.id));
    let link = Errand::Recovery(person.id)
        .to_link(target.keys, &hash, sessions.plus(LIFETIME))
        .map_err(StoreError::Read)?;
    let event = audit::recovery_issued(wall, person.id);
    let notice = Letter::addressed(&person.record.profile.email, language, Message::RecoveryIssued);
    let mail = mail.clone();
    let write = target.store.write(move |transaction| {
        Box::pin(async move {
            links::issue(transaction, (&hash, &subject), &link).await?;
            append(transaction, &event).await?;
            if let Some(notice) = notice {
                let _ = mail.enqueue(transaction, &notice).await?;
            }
            Ok(())
        })
    });
    write.await?;
    let console = target.server.origin(target.server.console());
    Ok(Recovery {
        person: person.id,
        user_name: person.record.profile.user_name.as_str().to_owned(),
        url: format!("{console}{}?link={}", ConsoleRoute::Join.path(), token.as_str()),
    })
}

async fn the_one(target: Target<'_>, whom: &Whom) -> Result<Person, RecoveryError> {
    let (Whom::Email(typed) | Whom::UserName(typed)) = whom;
    let found = person::bearing(target.store.readers(), target.keys, (typed, MOST)).await;
    let mut found = found.map_err(StoreError::Read)?;
    let is_typed = |value: &str| value.trim().to_lowercase() == typed.trim().to_lowercase();
    // A user name may be somebody else's address.
    found.retain(|one| match whom {
        Whom::Email(_) => is_typed(one.record.profile.email.as_str()),
        Whom::UserName(_) => is_typed(one.record.profile.user_name.as_str()),
    });
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(RecoveryError::Several),
        (None, _) => Err(RecoveryError::Nobody),
    }
}

/// Nobody has said yet in which language they read; an organisation of theirs has, by its edition.
async fn language(store: &Store, person: PersonId) -> Result<Language, StoreError> {
    for (id, _) in organizations::ids(store.readers()).await? {
        let row = organizations::by_id(store.readers(), id).await?;
        let theirs = row.filter(|row| row.organization.membership(person).is_some());
        if theirs.is_some_and(|row| row.organization.edition == Edition::Japan) {
            return Ok(Language::Japanese);
        }
    }
    Ok(Language::English)
}
