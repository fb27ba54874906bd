//! The first administrator of an organisation: an operator makes a link, and whoever opens it enrols (ADM-01).

use std::path::PathBuf;
use std::time::Duration;

use vestibule_certs::random;
use vestibule_certs::token::Token;
use vestibule_policies::Email;
use vestibule_policies::edition::Edition;
use vestibule_policies::ids::{InvitationId, OrganizationId};
use vestibule_policies::name::Slug;
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::apply::{ApplyError, Mode, Target, apply};
use crate::audit;
use crate::config::{Manages, Manifest};
use crate::http::route::ConsoleRoute;
use crate::person;
use crate::person::link::Invitation;
use crate::store::audit::append;
use crate::store::invitations::{self, InvitationRow};
use crate::store::{StoreError, organizations};

/// How long the link may be used.
const LIFETIME: Duration = Duration::from_hours(1);

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error(transparent)]
    Apply(#[from] ApplyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the system has no randomness")]
    Random,
    #[error("the organisation {0} was not made")]
    Organization(Slug),
}

/// Makes a link in place of an earlier one, and the organisation where there is none. It is good for an hour from `sessions`, the
/// time that sessions live by.
///
/// # Errors
/// When the store cannot be used.
pub async fn link(
    target: Target<'_>,
    (slug, email): (&Slug, Email),
    (wall, sessions): (Timestamp, Timestamp),
) -> Result<String, BootstrapError> {
    let organization = organization(target, slug, wall).await?;
    let token = Token::generate().map_err(|_| BootstrapError::Random)?;
    let event = audit::bootstrapped(wall, organization, &person::email_tag(target.keys, email.as_str()));
    let invitation = Invitation { organization, email, access: Access::Full, inviter: None };
    let hash = token.hash();
    let link = invitation.to_link(target.keys, &hash, sessions.plus(LIFETIME)).map_err(StoreError::Read)?;
    let id = random::bytes().map(InvitationId::from_bytes).map_err(|_| BootstrapError::Random)?;
    let row = InvitationRow { id, token: hash, link, sent: wall };
    let subject = format!("bootstrap {organization}");
    let write = target.store.write(move |transaction| {
        Box::pin(async move {
            invitations::issue(transaction, (organization, &subject), &row).await?;
            append(transaction, &event).await
        })
    });
    write.await?;
    let console = target.server.origin(target.server.console());
    Ok(format!("{console}{}?link={}", ConsoleRoute::Join.path(), token.as_str()))
}

/// The organisation's id; one with nothing but a name is made where there is none.
async fn organization(
    target: Target<'_>,
    slug: &Slug,
    wall: Timestamp,
) -> Result<OrganizationId, BootstrapError> {
    if let Some(row) = organizations::by_slug(target.store.readers(), slug).await? {
        return Ok(row.organization.id);
    }
    apply(target, vec![empty(slug)], wall, Mode::Write).await?;
    let made = organizations::by_slug(target.store.readers(), slug).await?;
    made.map(|row| row.organization.id).ok_or_else(|| BootstrapError::Organization(slug.clone()))
}

fn empty(slug: &Slug) -> Manifest {
    Manifest {
        file: PathBuf::from("bootstrap"),
        slug: slug.clone(),
        name: slug.to_string(),
        edition: Edition::Global,
        workspaces: Vec::new(),
        administrator_limits: None,
        subscriber_limits: None,
        directories: None,
        workspace: None,
        connections: None,
        administrator_sign_in: None,
        administrators: None,
        administrator_groups: None,
        manages: Manages::default(),
        dangers: Vec::new(),
    }
}
