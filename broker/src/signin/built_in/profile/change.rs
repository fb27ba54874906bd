//! What every change leaves behind, in the transaction that makes it: the record, its event, the mail that tells of it, and the end of
//! the person's other sessions (LOG-02, SESS-12).

use std::sync::Arc;

use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::secret::same;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;

use crate::audit;
use crate::http::visit::Visit;
use crate::mail::{Letter, Mail, Message};
use crate::person::{self, Person, Record};
use crate::session::guard;
use crate::signin::ticket;
use crate::store::audit::{Event, append};
use crate::store::roots::RootId;
use crate::store::{Transaction, persons};

use super::Signed;

/// What becomes of the person's other sessions, in whatever organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// They end, with what was half proved: it was by what is another now.
    End,
    Stay,
}

/// One change that is about to be made.
pub(super) struct Change {
    pub(super) keys: Arc<KeyRing>,
    pub(super) person: PersonId,
    fingerprint: String,
    this: RootId,
    others: Others,
    event: Event,
    notice: Option<Letter>,
    mail: Mail,
    at: (Timestamp, Timestamp),
}

impl Change {
    /// Of the one who is signed in. The notice goes to the address that they have before it.
    pub(super) fn of(
        visit: &Visit<'_>,
        signed: &Signed<'_>,
        (event, message): (&'static str, Message),
        others: Others,
    ) -> Self {
        let (app, person) = (visit.app, &signed.person);
        Self {
            keys: Arc::clone(&app.keys),
            person: person.id,
            fingerprint: person.record.fingerprint(),
            this: signed.root.id,
            others,
            event: audit::about_identity(visit, event, person.id),
            notice: Letter::addressed(&person.record.profile.email, visit.language(), message),
            mail: app.mail.clone(),
            at: (app.session_clock.now(), app.wall.now()),
        }
    }

    /// The record that is to be changed; none if something by which the person proves themselves was changed meanwhile.
    pub(super) async fn record(&self, transaction: &mut Transaction) -> Result<Option<Record>, sqlx::Error> {
        let found = person::of(transaction, &self.keys, self.person).await?;
        let is_same = |record: &Record| same(record.fingerprint().as_bytes(), self.fingerprint.as_bytes());
        Ok(found.map(|found| found.record).filter(is_same))
    }

    /// Writes the record with all that follows from it, and says which sessions have to be forgotten.
    pub(super) async fn write(
        self,
        transaction: &mut Transaction,
        mut record: Record,
    ) -> Result<Vec<RootId>, sqlx::Error> {
        if self.others == Others::End {
            record.changes += 1;
        }
        let person = Person { id: self.person, record };
        persons::update(transaction, &person.to_row(&self.keys)?).await?;
        append(transaction, &self.event).await?;
        if let Some(notice) = &self.notice {
            let _ = self.mail.enqueue(transaction, notice).await?;
        }
        match self.others {
            Others::Stay => Ok(Vec::new()),
            Others::End => {
                let principal = person.owner().principal;
                guard::end_everywhere(transaction, &principal, Some(self.this), self.at).await
            }
        }
    }
}

/// Forgets what a change ended; what was changed by another one meanwhile is told as that.
pub(super) fn made(visit: &Visit<'_>, ended: Option<Vec<RootId>>) -> Result<(), SignInError> {
    for id in ended.ok_or_else(ticket::none)? {
        visit.app.sessions.forget(id);
    }
    Ok(())
}
