//! Who came with a link, and what of it is told before they prove anything.

use vestibule_certs::token::TokenHash;
use vestibule_policies::Email;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::http::visit::Visit;
use crate::person::link::{self, Errand, Invitation, Opened};
use crate::person::{self, Person};
use crate::store::StoreError;

use super::super::form::no_link;

/// Somebody with a link.
pub(super) struct Guest {
    /// By which the link is spent.
    pub(super) token: TokenHash,
    pub(super) whose: Whose,
}

/// Whose link it is.
pub(super) enum Whose {
    /// Of somebody who becomes an administrator.
    New(Invitation),
    /// Of somebody who lost everything.
    Back(Box<Person>),
}

impl Guest {
    /// Whose the link is, if it is one for an enrolment.
    pub(super) async fn of(app: &App, link: &str) -> Result<Option<Self>, StoreError> {
        let opened = link::open(&app.store, &app.keys, link, app.session_clock.now()).await?;
        let Some(Opened { token, errand }) = opened else { return Ok(None) };
        let whose = match errand {
            Errand::Invitation(invitation) => Some(Whose::New(invitation)),
            Errand::Recovery(id) => {
                person::look(&app.store, &app.keys, id).await?.map(|person| Whose::Back(Box::new(person)))
            }
            Errand::Reset(_) => None,
        };
        Ok(whose.map(|whose| Self { token, whose }))
    }

    /// What they sign in as.
    pub(super) fn account(&self) -> &str {
        match &self.whose {
            Whose::New(invitation) => invitation.email.as_str(),
            Whose::Back(person) => person.record.profile.user_name.as_str(),
        }
    }

    pub(super) fn email(&self) -> &Email {
        match &self.whose {
            Whose::New(invitation) => &invitation.email,
            Whose::Back(person) => &person.record.profile.email,
        }
    }

    /// Under what is counted what its holder does.
    pub(super) fn name(&self) -> String {
        format!("link {}", self.token.to_hex())
    }

    /// Who gave a recovery phone before need not give one.
    pub(super) fn may_keep_phone(&self) -> bool {
        match &self.whose {
            Whose::New(_) => false,
            Whose::Back(_) => true,
        }
    }
}

/// The name of the organisation that somebody joins who signs in with this link: nobody joins anything without having read it.
pub(in super::super) async fn organization_of(visit: &Visit<'_>, link: &str) -> Result<String, SignInError> {
    let Some(Guest { whose: Whose::New(invitation), .. }) = Guest::of(visit.app, link).await? else {
        return Err(no_link());
    };
    let deployment = visit.app.deployment.load();
    let tenant = deployment.tenant(invitation.organization).ok_or_else(no_link)?;
    Ok(tenant.organization.name.clone())
}
