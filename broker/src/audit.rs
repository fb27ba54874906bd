//! What is written down of every sign-in, so that somebody can prove later who came in, how, and why (LOG-12).
//!
//! Strangers cannot fill the store: their refusals have a budget a minute, and what is beyond is counted (OPS-16).

mod logout;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use vestibule_policies::ClaimNames;
use vestibule_policies::claims::{ClaimName, Claims};
use vestibule_policies::code::Code;
use vestibule_policies::ids::{ConnectionId, OrganizationId, PersonId};
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::step::Proof;

use crate::http::visit::Visit;
use crate::mail::Dropped;
use crate::session::Root;
use crate::signin::finish::NewRoot;
use crate::signin::stop::Particulars;
use crate::signin::trial::Report;
use crate::store::audit::{Event, append};
use crate::store::mails::MailRow;
use crate::store::roots::{EndedBy, RootId};
use crate::store::{Store, StoreError};

pub(crate) use self::logout::{logout_received, logout_refused};

/// Events of strangers in a window, all together.
const STRANGERS: u32 = 120;
/// Events of transactions that proved nobody in a window, for each organisation: whoever likes can begin one.
const TRANSACTIONS: u32 = 600;
/// Dropped groups that an event names; it counts all.
const MOST_GROUPS: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);

/// What stands behind an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A provider proved somebody: its event is always written.
    Proof,
    /// A transaction or a hand-over of ours, which anybody can have.
    Transaction,
    /// Nothing that we made.
    Stranger,
}

/// Writes events that somebody can cause at will, within a budget.
#[derive(Debug, Default)]
pub struct Audit {
    windows: Mutex<HashMap<Option<OrganizationId>, Window>>,
}

#[derive(Debug, Default)]
struct Window {
    began: Option<Timestamp>,
    written: u32,
    beyond: u64,
}

impl Audit {
    /// Writes an event, or counts it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn write(&self, store: &Store, event: Event, evidence: Evidence) -> Result<(), StoreError> {
        if !self.within_budget(&event, evidence) {
            return Ok(());
        }
        store.write_one(move |transaction| Box::pin(async move { append(transaction, &event).await })).await
    }

    fn within_budget(&self, event: &Event, evidence: Evidence) -> bool {
        let (key, budget) = match evidence {
            Evidence::Proof => return true,
            Evidence::Transaction => (event.organization, TRANSACTIONS),
            Evidence::Stranger => (None, STRANGERS),
        };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_default();
        if window.began.is_none_or(|began| event.at.since(began) >= WINDOW) {
            window.began = Some(event.at);
            window.written = 0;
        }
        if window.written < budget {
            window.written += 1;
            return true;
        }
        window.beyond += 1;
        false
    }

    /// Writes what was only counted, one event for each organisation.
    ///
    /// # Errors
    /// When the store cannot be written; then it is counted on.
    pub async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let counted = self.take_beyond();
        let event = |(organization, count): &(Option<OrganizationId>, u64)| Event {
            at: now,
            organization: *organization,
            name: "sign-in.refusals-counted",
            code: None,
            correlation: String::new(),
            details: json!({ "count": count }),
        };
        let events: Vec<Event> = counted.iter().map(event).collect();
        if events.is_empty() {
            return Ok(());
        }
        let written = store.write(move |transaction| {
            Box::pin(async move {
                for event in &events {
                    append(transaction, event).await?;
                }
                Ok(())
            })
        });
        let written = written.await;
        if written.is_err() {
            let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
            for (organization, count) in counted {
                windows.entry(organization).or_default().beyond += count;
            }
        }
        written
    }

    fn take_beyond(&self) -> Vec<(Option<OrganizationId>, u64)> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let beyond = windows.iter_mut().map(|(key, window)| (*key, std::mem::take(&mut window.beyond)));
        beyond.filter(|(_, count)| *count > 0).collect()
    }
}

/// Somebody came in: who, how, and on what evidence; and which groups were not believed.
#[must_use]
pub(crate) fn signed_in(visit: &Visit<'_>, root: &NewRoot, host: &HostName) -> Vec<Event> {
    let NewRoot { row, facts, evidence, dropped_groups, upstream: _ } = root;
    let event = |name, code, details| Event {
        at: visit.app.wall.now(),
        organization: Some(row.organization),
        name,
        code,
        correlation: visit.correlation().to_owned(),
        details,
    };
    let session = row.id.to_string();
    let mut events = vec![event(
        "sign-in.succeeded",
        None,
        json!({
            "session": session,
            "subject": facts.subject,
            "upn": facts.claims.principal_name(),
            "security_id": facts.claims.security_id.as_ref().map(vestibule_policies::SecurityId::as_str),
            "provenance": facts.claims.provenance,
            "connection": facts.connection.as_str(),
            "host": host.as_str(),
            "issuer": evidence.issuer,
            "key": evidence.key_id,
            "algorithm": evidence.algorithm,
            "amr": facts.upstream.methods,
            "client": visit.client().to_string(),
        }),
    )];
    if !dropped_groups.is_empty() {
        let some: Vec<&String> = dropped_groups.iter().take(MOST_GROUPS).collect();
        let details = json!({ "session": session, "count": dropped_groups.len(), "groups": some });
        events.push(event("sign-in.groups-dropped", Some(Code::ClaimScope), details));
    }
    events
}

/// A session that lives already opened one more host.
#[must_use]
pub fn entered(visit: &Visit<'_>, root: &Root, host: &HostName) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization: Some(root.organization),
        name: "session.entered",
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({
            "session": root.id.to_string(),
            "subject": root.facts.subject,
            "host": host.as_str(),
            "client": visit.client().to_string(),
        }),
    }
}

/// Somebody did not come in.
#[must_use]
pub fn sign_in_refused(
    visit: &Visit<'_>,
    error: &SignInError,
    organization: Option<OrganizationId>,
    particulars: &Particulars,
) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization,
        name: "sign-in.refused",
        code: Some(error.code),
        correlation: visit.correlation().to_owned(),
        details: json!({
            "claim": error.claim.map(vestibule_policies::ClaimName::outside),
            "cause": error.cause,
            "reason": error.reason,
            "account": error.account.as_ref().map(vestibule_policies::SecurityId::as_str),
            "sign_in": particulars,
            "client": visit.client().to_string(),
        }),
    }
}

/// A session ended.
#[must_use]
pub fn session_ended(
    at: Timestamp,
    organization: OrganizationId,
    session: RootId,
    reason: EndedBy,
    code: Option<Code>,
) -> Event {
    Event {
        at,
        organization: Some(organization),
        name: "session.ended",
        code,
        correlation: String::new(),
        details: json!({ "session": session.to_string(), "by": reason.as_str() }),
    }
}

/// A session ended because its person's account is not what it was.
#[must_use]
pub fn session_ended_by_directory(
    at: Timestamp,
    organization: OrganizationId,
    session: RootId,
    cause: &'static str,
) -> Event {
    let mut event = session_ended(at, organization, session, EndedBy::Directory, None);
    event.details =
        json!({ "session": session.to_string(), "by": EndedBy::Directory.as_str(), "cause": cause });
    event
}

/// Somebody was given the address of a test sign-in.
#[must_use]
pub fn test_issued(at: Timestamp, organization: OrganizationId, connection: ConnectionId) -> Event {
    Event {
        at,
        organization: Some(organization),
        name: "test.issued",
        code: None,
        correlation: String::new(),
        details: json!({ "connection": connection.to_string() }),
    }
}

/// A test sign-in came to its end, and whoever has its address may read what the provider said of this person.
#[must_use]
pub(crate) fn test_concluded(visit: &Visit<'_>, organization: OrganizationId, report: &Report) -> Event {
    let fault = report.fault.as_ref();
    Event {
        at: visit.app.wall.now(),
        organization: Some(organization),
        name: "test.concluded",
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({
            "connection": report.connection,
            "code": fault.map(|fault| fault.code.as_str()),
            "cause": fault.and_then(|fault| fault.cause.as_deref()),
            "upn": report.claim(ClaimName::Upn),
            "security_id": report.claim(ClaimName::SecurityId),
            "client": visit.client().to_string(),
        }),
    }
}

/// Something was done about a person's device or password.
#[must_use]
pub(crate) fn about_person(
    visit: &Visit<'_>,
    organization: OrganizationId,
    name: &'static str,
    claims: &Claims,
) -> Event {
    let security_id = claims.security_id.as_ref().map(vestibule_policies::SecurityId::as_str);
    about(visit, organization, name, (claims.principal_name(), security_id))
}

/// Somebody chose a new password on the way in. Whether it leads further is not known yet; the directory has it already.
#[must_use]
pub(crate) fn password_changed(visit: &Visit<'_>, organization: OrganizationId, proof: &Proof) -> Event {
    let upn = proof.attributes.values(&ClaimNames::default().upn).and_then(|upn| upn.values.first());
    let who = (upn.map(String::as_str), Some(proof.upstream.subject.as_str()));
    about(visit, organization, "password.changed", who)
}

fn about(
    visit: &Visit<'_>,
    organization: OrganizationId,
    name: &'static str,
    (upn, security_id): (Option<&str>, Option<&str>),
) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization: Some(organization),
        name,
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({ "upn": upn, "security_id": security_id, "client": visit.client().to_string() }),
    }
}

/// An operator made a link that makes somebody an administrator.
#[must_use]
pub fn bootstrapped(at: Timestamp, organization: OrganizationId, email_tag: &str) -> Event {
    Event {
        at,
        organization: Some(organization),
        name: "administrator.bootstrapped",
        code: None,
        correlation: String::new(),
        details: json!({ "email": email_tag }),
    }
}

/// Something was done about a person of the built-in identity.
#[must_use]
pub(crate) fn about_identity(visit: &Visit<'_>, name: &'static str, person: PersonId) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization: None,
        name,
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({ "person": person.to_string(), "client": visit.client().to_string() }),
    }
}

/// Somebody asked for a link to a new password of a person, and it was sent.
#[must_use]
pub(crate) fn reset_asked(
    at: Timestamp,
    person: PersonId,
    (correlation, client): (&str, std::net::IpAddr),
) -> Event {
    Event {
        at,
        organization: None,
        name: "password.reset-asked",
        code: None,
        correlation: correlation.to_owned(),
        details: json!({ "person": person.to_string(), "client": client.to_string() }),
    }
}

/// An operator made a link with which somebody who lost everything sets their account up anew (SGN-16).
#[must_use]
pub fn recovery_issued(at: Timestamp, person: PersonId) -> Event {
    Event {
        at,
        organization: None,
        name: "administrator.recovery-issued",
        code: None,
        correlation: String::new(),
        details: json!({ "person": person.to_string() }),
    }
}

/// Somebody runs an organisation from now on (LOG-02).
#[must_use]
pub(crate) fn administrator_joined(
    visit: &Visit<'_>,
    organization: OrganizationId,
    person: PersonId,
) -> Event {
    Event { organization: Some(organization), ..about_identity(visit, "administrator.joined", person) }
}

/// A mail server took a mail. The address stands as a MAC, which is the same for all mails to it.
#[must_use]
pub(crate) fn mail_sent(at: Timestamp, mail: &MailRow) -> Event {
    let MailRow { id, class, recipient, attempts, .. } = mail;
    Event {
        at,
        organization: mail.organization,
        name: "mail.sent",
        code: None,
        correlation: String::new(),
        details: json!({ "mail": id, "class": class, "recipient": recipient, "attempts": attempts }),
    }
}

/// A mail will not be sent any more.
#[must_use]
pub(crate) fn mail_dropped(at: Timestamp, mail: &MailRow, reason: Dropped, status: Option<u16>) -> Event {
    let MailRow { id, class, recipient, attempts, .. } = mail;
    Event {
        name: "mail.dropped",
        details: json!({
            "mail": id,
            "class": class,
            "recipient": recipient,
            "attempts": attempts,
            "reason": reason.as_str(),
            "status": status,
        }),
        ..mail_sent(at, mail)
    }
}

/// An administrator took devices away.
#[must_use]
pub fn token_reset(at: Timestamp, organization: OrganizationId, upn: &str, count: usize) -> Event {
    Event {
        at,
        organization: Some(organization),
        name: "token.reset",
        code: None,
        correlation: String::new(),
        details: json!({ "upn": upn, "count": count }),
    }
}
