//! What is written down of every sign-in, so that somebody can prove later who came in, how, and why (LOG-12).
//!
//! Strangers cannot fill the store: their refusals have a budget a minute, and what is beyond is counted (OPS-16).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;

use crate::http::visit::Visit;
use crate::session::Root;
use crate::signin::finish::NewRoot;
use crate::store::audit::{Event, append};
use crate::store::roots::EndedBy;
use crate::store::{Store, StoreError};

/// Events of strangers in a window.
const BUDGET: u32 = 120;
/// Dropped groups that an event names; it counts all.
const MOST_GROUPS: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);

/// What stands behind a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A transaction or a session of ours: its event is always written.
    Transaction,
    /// Nothing that we made.
    Stranger,
}

/// Writes refusals, within the budget.
#[derive(Debug, Default)]
pub struct Audit {
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    began: Option<Timestamp>,
    written: u32,
    beyond: u64,
}

impl Audit {
    /// Writes a refusal, or counts it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn refusal(&self, store: &Store, event: Event, evidence: Evidence) -> Result<(), StoreError> {
        if evidence == Evidence::Stranger && !self.within_budget(event.at) {
            return Ok(());
        }
        store.write(move |transaction| Box::pin(async move { append(transaction, &event).await })).await
    }

    fn within_budget(&self, now: Timestamp) -> bool {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.began.is_none_or(|began| now.since(began) >= WINDOW) {
            window.began = Some(now);
            window.written = 0;
        }
        if window.written < BUDGET {
            window.written += 1;
            return true;
        }
        window.beyond += 1;
        false
    }

    /// Writes what was only counted, as one event.
    ///
    /// # Errors
    /// When the store cannot be written; then it is counted on.
    pub async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let beyond = std::mem::take(&mut self.window.lock().unwrap_or_else(PoisonError::into_inner).beyond);
        if beyond == 0 {
            return Ok(());
        }
        let event = Event {
            at: now,
            organization: None,
            name: "sign-in.refused-strangers",
            code: None,
            correlation: String::new(),
            details: json!({ "count": beyond }),
        };
        let written =
            store.write(move |transaction| Box::pin(async move { append(transaction, &event).await })).await;
        if written.is_err() {
            self.window.lock().unwrap_or_else(PoisonError::into_inner).beyond += beyond;
        }
        written
    }
}

/// Somebody came in: who, how, and on what evidence; and which groups were not believed.
#[must_use]
pub(crate) fn signed_in(visit: &Visit<'_>, root: &NewRoot, host: &HostName) -> Vec<Event> {
    let NewRoot { row, facts, evidence, dropped_groups } = root;
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
            "upn": facts.claims.upn.as_ref().map(vestibule_policies::Upn::as_str),
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
) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization,
        name: "sign-in.refused",
        code: Some(error.code),
        correlation: visit.correlation().to_owned(),
        details: json!({
            "claim": error.claim.map(vestibule_policies::ClaimName::outside),
            "reason": error.reason,
            "client": visit.client().to_string(),
        }),
    }
}

/// A session ended.
#[must_use]
pub fn session_ended(now: Timestamp, root: &Root, reason: EndedBy, code: Option<Code>) -> Event {
    Event {
        at: now,
        organization: Some(root.organization),
        name: "session.ended",
        code,
        correlation: String::new(),
        details: json!({ "session": root.id.to_string(), "subject": root.facts.subject, "by": reason.as_str() }),
    }
}
