//! What a provider is told of us in one transaction.

use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::step::Context;

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::route::SamlRoute;

use super::state::state_of;
use super::transaction::Transaction;
use super::{callback, saml};

/// Texts that a [`Context`] borrows.
pub(super) struct Ourselves {
    state: String,
    redirect_uri: String,
    entity_id: String,
}

impl Ourselves {
    /// For this transaction of this connection.
    pub(super) fn of(
        app: &App,
        tenant: &Tenant,
        connection: &ConnectionPolicy,
        transaction: &Transaction,
    ) -> Result<Self, SignInError> {
        let settings = app.settings();
        let redirect_uri = match connection.kind {
            KindName::Saml => saml::address(&settings, SamlRoute::Acs),
            _ => callback::redirect_uri(&settings, connection),
        };
        let state = state_of(app, transaction).ok_or_else(|| SignInError::new(Code::Internal, "state"))?;
        Ok(Self { state, redirect_uri, entity_id: tenant.entity_id(&settings, connection.id) })
    }

    pub(super) fn context<'a>(&'a self, app: &App, transaction: &'a Transaction) -> Context<'a> {
        Context {
            now: app.wall.now(),
            seed: &transaction.seed,
            state: &self.state,
            redirect_uri: &self.redirect_uri,
            entity_id: &self.entity_id,
            started: transaction.started_by_wall(app),
            freshness: transaction.freshness(app),
            gate: None,
        }
    }
}
