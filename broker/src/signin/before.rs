//! What this browser held for the organisation before a sign-in of it ends.

use std::sync::Arc;

use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::time::Timestamp;

use crate::deployment::Tenant;
use crate::http::cookie::CookieName;
use crate::http::visit::Visit;
use crate::session::{Found, Root};
use crate::store::roots::{EndedBy, Key, RootId};

use super::handoff::Wanted;
use super::transaction::{Transaction, under_way};

/// A root that lives or lived in this browser, and the sign-ins beside this one.
#[derive(Debug)]
pub(super) struct Before {
    /// It ends with the new sign-in.
    pub(super) live: Option<Arc<Root>>,
    /// It ended before.
    pub(super) ended: Option<Ended>,
    /// Other tabs: whatever root they are about to make, a browser keeps one.
    pub(super) beside: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Ended {
    pub(super) root: RootId,
    signed_out_at: Option<Timestamp>,
}

impl Before {
    pub(super) async fn of(
        visit: &Visit<'_>,
        (tenant, audience): (&Tenant, Audience),
        this: &Transaction,
    ) -> Result<Self, Code> {
        let (app, cookies) = (visit.app, visit.cookies());
        let mut beside = under_way(app, &cookies);
        beside.retain(|id| *id != this.spend_id());
        let name = CookieName::root(tenant.organization.id, audience);
        let found = match cookies.value(&name).and_then(Token::hash_of) {
            Some(token) => {
                app.sessions.root(&app.store, &app.keys, &token).await.map_err(|error| error.code())?
            }
            None => Found::Unknown,
        };
        let (live, ended) = match found {
            Found::Live(root) => (Some(root), None),
            Found::Ended { root, by, at, succeeded } => {
                let signed_out = by == EndedBy::SignOut && !succeeded;
                (None, Some(Ended { root, signed_out_at: signed_out.then_some(at) }))
            }
            Found::Unknown => (None, None),
        };
        Ok(Self { live, ended, beside })
    }

    /// Whether the person signed out since this sign-in began: then it does not bring them back, whoever holds the browser
    /// now and however willingly the provider answers (interface 3).
    pub(super) fn forbids(&self, this: &Transaction) -> bool {
        let signed_out = self.ended.as_ref().and_then(|ended| ended.signed_out_at);
        signed_out.is_some_and(|at| predates(this, at))
    }

    /// Every other root that this browser may hold for the organisation.
    pub(super) fn siblings(&self) -> Vec<Key> {
        let live = self.live.as_ref().map(|root| Key::Id(root.id));
        let ended = self.ended.as_ref().map(|ended| Key::Id(ended.root));
        live.into_iter().chain(ended).chain(self.beside.iter().cloned().map(Key::Origin)).collect()
    }
}

/// Whether a sign-in began before a sign-out, or without asking for more than the sign-out has ended.
pub(super) fn predates(this: &Transaction, signed_out: Timestamp) -> bool {
    this.wanted == Wanted::Session || this.started < signed_out
}
