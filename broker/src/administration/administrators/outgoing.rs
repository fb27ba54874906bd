//! An invitation on its way: a link that nobody knows but the mail, or whoever hands it over (ADM-17, PWD-16).

use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::ids::InvitationId;
use vestibule_policies::time::Timestamp;

use crate::administration::Actor;
use crate::http::route::ConsoleRoute;
use crate::http::visit::Visit;
use crate::mail::{Enqueued, Letter, Link, Mail, Message, Name};
use crate::pages::Language;
use crate::person::link::Invitation;
use crate::store::invitations::InvitationRow;
use crate::store::{self, Transaction};

const DAY: u64 = 24 * 60 * 60;

/// An invitation with its token, which nobody knows but the mail.
pub(super) struct Outgoing {
    token: Token,
    link: store::links::Link,
    pub(super) invitation: Invitation,
    console: String,
    /// How many days it is good for, the last one perhaps in part.
    days: u16,
    pub(super) letter: Option<Letter>,
}

impl Outgoing {
    pub(super) fn new(
        visit: &Visit<'_>,
        actor: &Actor,
        invitation: Invitation,
        expires: Timestamp,
    ) -> Result<Self, Code> {
        let app = visit.app;
        let token = Token::generate().map_err(|_| Code::Internal)?;
        let link = invitation.to_link(&app.keys, &token.hash(), expires).map_err(|_| Code::Internal)?;
        let settings = app.settings();
        let console = settings.origin(settings.console());
        let left = expires.since(app.session_clock.now()).as_secs().div_ceil(DAY);
        let days = u16::try_from(left).unwrap_or(u16::MAX);
        let mut outgoing = Self { token, link, invitation, console, days, letter: None };
        outgoing.letter = outgoing.letter(actor, visit.language());
        Ok(outgoing)
    }

    fn letter(&self, actor: &Actor, language: Language) -> Option<Letter> {
        let message = Message::Invitation {
            organization: Name::new(&actor.tenant.organization.name),
            link: Link::new(&self.address()).ok()?,
            days: self.days,
            inviter: Name::new(&actor.name()),
        };
        let letter = Letter::addressed(&self.invitation.email, language, message)?;
        Some(Letter { organization: Some(actor.tenant.organization.id), ..letter })
    }

    /// Built from the configuration, whatever host the request named (PWD-16).
    pub(super) fn address(&self) -> String {
        format!("{}{}?link={}", self.console, ConsoleRoute::Join.path(), self.token.as_str())
    }

    pub(super) fn row(&self, id: InvitationId, sent: Timestamp) -> InvitationRow {
        InvitationRow { id, token: self.token.hash(), link: self.link.clone(), sent }
    }
}

pub(super) async fn enqueue(
    mail: &Mail,
    transaction: &mut Transaction,
    letter: Option<Letter>,
) -> Result<Enqueued, sqlx::Error> {
    match letter {
        Some(letter) => mail.enqueue(transaction, &letter).await,
        None => Ok(Enqueued::NotConfigured),
    }
}
