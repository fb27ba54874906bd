//! What a link comes to: somebody new with all that is theirs, or a membership of somebody who is known.

use std::sync::Arc;

use vestibule_certs::token::TokenHash;
use vestibule_policies::code::Code as Refused;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::Slug;
use vestibule_policies::totp::Device;
use vestibule_providers::SignInError;

use crate::audit;
use crate::http::visit::Visit;
use crate::mail::{Letter, Link, Message, Name};
use crate::person::link::{self, Errand, Invitation, Opened};
use crate::person::{self, Person, Phone, Profile, Record, UserName};
use crate::signin::built_in;
use crate::signin::built_in::steps::PersonProof;
use crate::signin::directory::tokens;
use crate::signin::ticket;
use crate::store::audit::append;
use crate::store::devices::{self, DeviceRow};
use crate::store::organizations::{self, Changed};
use crate::store::{links, persons};

use super::super::form::no_link;
use super::{Joining, Proved};

/// Everything in one: the link is spent, and there is a person with a password, a device and a membership; or nothing of it.
pub(super) async fn make(
    visit: &Visit<'_>,
    (token, invitation): (TokenHash, &Invitation),
    joining: Joining,
    phone: Phone,
) -> Result<PersonProof, SignInError> {
    let app = visit.app;
    let (id, secret) = (joining.person, joining.secret().ok_or_else(ticket::none)?);
    let Proved { step, backup, .. } = joining.proved.ok_or_else(ticket::none)?;
    let email = invitation.email.clone();
    let user_name = UserName::parse(email.as_str())
        .ok_or_else(|| SignInError::new(Refused::Internal, "an address that is no user name"))?;
    let profile = Profile { user_name, email, display_name: joining.display_name, recovery_phone: phone };
    let record = Record {
        profile,
        password: joining.password,
        backup,
        passkeys: Vec::new(),
        changes: 0,
        enrolled: Some(invitation.organization),
    };
    let fingerprint = record.fingerprint();
    let person = Person { id, record };
    let owner = person.owner();
    let device = DeviceRow {
        secret: tokens::seal(&app.keys, &owner, &secret)?,
        device: Device::registered(step),
        registered: app.wall.now(),
    };
    let events = [
        audit::about_identity(visit, "person.created", id),
        audit::about_identity(visit, "token.registered", id),
    ];
    let welcome = welcome(visit, invitation);
    let mail = app.mail.clone();
    let (keys, now) = (Arc::clone(&app.keys), app.wall.now());
    let (organization, access) = (invitation.organization, invitation.access.clone());
    let joined = audit::administrator_joined(visit, organization, id);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let row = person.to_row(&keys)?;
            // Somebody of this address may have come to be meanwhile: they sign in with the link.
            let known = persons::by_name(&mut *transaction, (&row.user_name_tag, &row.email_tag)).await?;
            if !known.is_empty() || !links::spend(transaction, &token).await? {
                return Ok(false);
            }
            if !persons::insert(transaction, &row).await?
                || !devices::register(transaction, &owner, &device, "").await?
            {
                return Err(sqlx::Error::Protocol("the person is there already".to_owned()));
            }
            let change = built_in::membership(person.id, access);
            if organizations::change(transaction, organization, now, change).await? != Changed::Stands {
                return Err(sqlx::Error::Protocol("the organisation is no longer there".to_owned()));
            }
            for event in events.iter().chain([&joined]) {
                append(transaction, event).await?;
            }
            if let Some(letter) = welcome {
                let _ = mail.enqueue(transaction, &letter).await?;
            }
            Ok(true)
        })
    });
    if !write.await? {
        return Err(no_link());
    }
    renew(visit, organization).await?;
    Ok(PersonProof::of(id, &fingerprint, "otp"))
}

/// The first mail of somebody new (ADM-22).
fn welcome(visit: &Visit<'_>, invitation: &Invitation) -> Option<Letter> {
    let settings = visit.app.settings();
    let deployment = visit.app.deployment.load();
    let tenant = deployment.tenant(invitation.organization)?;
    let console = format!("{}/go/{}", settings.origin(settings.console()), tenant.organization.slug);
    let message = Message::Welcome {
        organization: Name::new(&tenant.organization.name),
        console: Link::new(&console).ok()?,
    };
    let letter = Letter::addressed(&invitation.email, visit.language(), message)?;
    Some(Letter { organization: Some(invitation.organization), ..letter })
}

/// The link of somebody who is known already, and has just proved who they are: the membership, and nothing else.
pub(in super::super) async fn accept(
    visit: &Visit<'_>,
    link: &str,
    proof: &PersonProof,
) -> Result<Slug, SignInError> {
    let app = visit.app;
    let opened = link::open(&app.store, &app.keys, link, app.session_clock.now()).await?;
    let Some(Opened { token, errand: Errand::Invitation(invitation) }) = opened else {
        return Err(no_link());
    };
    let person = person::look(&app.store, &app.keys, proof.person()).await?.ok_or_else(no_link)?;
    let address = person.record.profile.email.as_str();
    if !address.eq_ignore_ascii_case(invitation.email.as_str()) {
        let reason = "the link is somebody else's than the person's who signed in with it";
        return Err(SignInError::new(Refused::PersonLink, reason).with_cause("another-person"));
    }
    let (id, organization, now) = (person.id, invitation.organization, app.wall.now());
    let slug = slug(visit, &invitation)?;
    let joined = audit::administrator_joined(visit, organization, id);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            if !links::spend(transaction, &token).await? {
                return Ok(false);
            }
            let change = built_in::membership(id, invitation.access);
            if organizations::change(transaction, organization, now, change).await? != Changed::Stands {
                return Err(sqlx::Error::Protocol("the organisation is no longer there".to_owned()));
            }
            append(transaction, &joined).await?;
            Ok(true)
        })
    });
    if !write.await? {
        return Err(no_link());
    }
    renew(visit, organization).await?;
    Ok(slug)
}

pub(super) fn slug(visit: &Visit<'_>, invitation: &Invitation) -> Result<Slug, SignInError> {
    let deployment = visit.app.deployment.load();
    let tenant = deployment.tenant(invitation.organization);
    let gone = || SignInError::new(Refused::PersonLink, "the organisation of the link is no longer there");
    tenant.map(|tenant| tenant.organization.slug.clone()).ok_or_else(gone)
}

/// This server need not wait for the feed to tell it what it did itself.
async fn renew(visit: &Visit<'_>, organization: OrganizationId) -> Result<(), SignInError> {
    let renewed = visit.app.renew(&[organization]).await;
    renewed.map_err(|error| SignInError::new(Refused::StoreLost, error.to_string()))
}
