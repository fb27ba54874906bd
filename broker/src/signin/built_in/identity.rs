//! What every change of an identity leaves behind, in the transaction that makes it: the record, its event, the mail that tells of it,
//! and the end of the person's other sessions (LOG-02, SESS-12).

use std::sync::Arc;

use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::audit;
use crate::http::visit::Visit;
use crate::mail::{Letter, Mail, Message};
use crate::person::{self, Person, Record};
use crate::session::guard;
use crate::store::audit::{Event, append};
use crate::store::roots::RootId;
use crate::store::{Transaction, persons};

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
    proved: String,
    this: Option<RootId>,
    others: Others,
    event: Event,
    notice: Option<Letter>,
    mail: Mail,
    at: (Timestamp, Timestamp),
}

impl Change {
    /// Of somebody as they were proved, whose session `this` stays. The notice goes to the address that they have before it.
    pub(super) fn of(
        visit: &Visit<'_>,
        (person, proved, this): (&Person, String, Option<RootId>),
        (event, message): (&'static str, Message),
        others: Others,
    ) -> Self {
        let app = visit.app;
        Self {
            keys: Arc::clone(&app.keys),
            person: person.id,
            proved,
            this,
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
        Ok(found.map(|found| found.record).filter(|record| record.is_proved_by(&self.proved)))
    }

    /// Writes the record with all that follows from it.
    pub(super) async fn write(
        self,
        transaction: &mut Transaction,
        mut record: Record,
    ) -> Result<Written, sqlx::Error> {
        if self.others == Others::End {
            record.changes += 1;
        }
        let person = Person { id: self.person, record };
        persons::update(transaction, &person.to_row(&self.keys)?).await?;
        append(transaction, &self.event).await?;
        if let Some(notice) = &self.notice {
            let _ = self.mail.enqueue(transaction, notice).await?;
        }
        let ended = match self.others {
            Others::Stay => Vec::new(),
            Others::End => {
                let principal = person.owner().principal;
                guard::end_everywhere(transaction, &principal, self.this, self.at).await?
            }
        };
        Ok(Written { fingerprint: person.record.fingerprint(), ended })
    }
}

/// What a change came to, once it stands in the store.
pub(super) struct Written {
    fingerprint: String,
    ended: Vec<RootId>,
}

impl Written {
    /// Forgets the sessions that it ended. What is returned tells the person from what they were before.
    pub(super) fn forget(self, app: &App) -> String {
        for id in self.ended {
            app.sessions.forget(id);
        }
        self.fingerprint
    }
}
