//! Where a provider's answer arrives: the one way from an answer to a session.
//!
//! First the tag, then the browser; then the transaction is spent, whatever comes of it; only then is anybody called.

use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::name::HostName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::oidc::callback::Authorization;
use vestibule_providers::step::Context;
use vestibule_providers::{Answer, SignInError, Step};

use crate::app::App;
use crate::config::Server;
use crate::deployment::Tenant;
use crate::http::cookie::CookieName;
use crate::http::origin::check_destination;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::store::spends::{Spend, spend};

use super::admission;
use super::before::Before;
use super::dispatch::{self, Next};
use super::finish::{self, Arrival};
use super::state::{State, state_of};
use super::stop::{Particulars, Stop};
use super::transaction::Transaction;

/// The route that a connection's answers arrive at.
#[must_use]
pub fn route_of(connection: &ConnectionPolicy) -> AccountsRoute {
    match connection.kind {
        KindName::Okta => AccountsRoute::OktaCallback,
        // The others have routes of their own as soon as they are built; until then no connection is of such a kind.
        KindName::Oidc
        | KindName::AzureAd
        | KindName::Gateway
        | KindName::Saml
        | KindName::ActiveDirectory
        | KindName::ActiveDirectoryToken
        | KindName::Local => AccountsRoute::OidcCallback(connection.id),
    }
}

/// The redirect URI of a connection, which its provider has to be told.
#[must_use]
pub fn redirect_uri(server: &Server, connection: &ConnectionPolicy) -> String {
    format!("{}{}", server.origin(server.accounts()), route_of(connection).path())
}

/// Answers a callback.
///
/// # Errors
/// Where the sign-in stops.
pub async fn callback(visit: &Visit<'_>, arrived_at: &AccountsRoute) -> Result<Reply, Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "an answer arrived inside another page"))?;
    let (state, answer) =
        Authorization::parse(visit.parts.uri.query().unwrap_or_default()).map_err(Stop::new)?;
    let state = state.and_then(|text| State::parse(visit.app, &text)).ok_or_else(|| {
        Stop::because(Code::SignInState, "the answer's state is missing or is none of ours")
    })?;
    let deployment = visit.app.deployment.load();
    let tenant = deployment.by_connection(state.connection).ok_or_else(|| {
        Stop::because(Code::AdmissionConnection, "the answer is for a connection that is no longer there")
    })?;
    let connection =
        tenant.organization.connection(state.connection).filter(|one| route_of(one) == *arrived_at);
    let connection = connection.ok_or_else(|| {
        Stop::because(Code::SignInState, "the answer arrived at another kind's address").at(tenant)
    })?;
    let transaction = transaction(visit, tenant, &state)?;
    let landing = Landing { tenant, connection, transaction };
    let cookies = vec![landing.transaction.drop_cookie()];
    let origin = landing.host().map(|host| visit.app.settings().origin(host));
    let mut known = Particulars {
        connection: Some(connection.name.to_string()),
        host: landing.host().map(ToString::to_string),
        subject: None,
    };
    landing.arrive(visit, answer, &mut known).await.map_err(|error| {
        let stop = Stop::new(error).at(tenant).of_a_transaction().about(known).with_cookies(cookies);
        match origin {
            Some(origin) => stop.retry(&origin),
            None => stop,
        }
    })
}

/// The transaction of this browser that the state names. A mismatch spends nothing of the browser's.
fn transaction(visit: &Visit<'_>, tenant: &Tenant, state: &State) -> Result<Transaction, Stop> {
    let cookies = visit.cookies();
    let value = cookies.value(&CookieName::Transaction(state.number.clone())).ok_or_else(|| {
        let stop = Stop::because(Code::SignInCookie, "the browser did not send the cookie of this sign-in")
            .at(tenant);
        match tenant.organization.workspaces.first() {
            Some(host) => stop.retry(&visit.app.settings().origin(host)),
            None => stop,
        }
    })?;
    Transaction::open(visit.app, &state.number, value)
        .filter(|transaction| state.is_of(transaction))
        .ok_or_else(|| Stop::because(Code::SignInState, "the answer belongs to another sign-in").at(tenant))
}

/// An answer that has met its browser.
struct Landing<'a> {
    tenant: &'a Tenant,
    connection: &'a ConnectionPolicy,
    transaction: Transaction,
}

impl<'a> Landing<'a> {
    /// The workspace that this sign-in opens, if it still is one.
    fn host(&self) -> Option<&'a HostName> {
        self.tenant.organization.workspaces.iter().find(|host| self.transaction.opens(host))
    }

    async fn arrive(
        self,
        visit: &Visit<'_>,
        answer: Authorization,
        known: &mut Particulars,
    ) -> Result<Reply, SignInError> {
        let app = visit.app;
        self.spend(app).await?;
        let before = Before::of(visit, self.tenant, &self.transaction)
            .await
            .map_err(|code| SignInError::new(code, "the browser's root session cannot be read"))?;
        if before.forbids(&self.transaction) {
            return Err(SignInError::new(Code::OidcFresh, "the person signed out after this sign-in began"));
        }
        let host = self.host().ok_or_else(|| {
            SignInError::new(
                Code::AdmissionHost,
                "the workspace of this sign-in is no longer the organisation's",
            )
        })?;
        let proof = self.prove(app, answer).await?;
        known.subject = Some(proof.value().upstream.subject.clone());
        let Next::Finish(proven) = dispatch::next(self.tenant, self.connection, &proof)?;
        let grant = admission::enter(self.tenant, host, proven)
            .map_err(|refusal| SignInError::new(refusal.code(), format!("admission: {refusal:?}")))?;
        let arrival = Arrival { tenant: self.tenant, host, transaction: &self.transaction, before };
        let finished = finish::finish(visit, grant, arrival).await.map_err(|code| match code {
            Code::OidcFresh => SignInError::new(code, "the person signed out after this sign-in began"),
            _ => SignInError::new(code, "the session could not be opened"),
        })?;
        let mut cookies = finished.cookies;
        cookies.push(self.transaction.drop_cookie());
        let location = finish::complete_address(&app.settings().origin(host), &finished.code);
        Ok(reply::see_other(&location, &cookies, app.settings().scheme))
    }

    /// Once, also after a restart and on another server, and before any call to the provider.
    async fn spend(&self, app: &App) -> Result<(), SignInError> {
        if self.transaction.has_expired(app.session_clock.now()) {
            return Err(SignInError::new(Code::SignInExpired, "the sign-in began too long ago"));
        }
        let (id, expires) = (self.transaction.spend_id(), self.transaction.expires());
        let spent = app
            .store
            .write_one(move |transaction| Box::pin(async move { spend(transaction, &id, expires).await }));
        match spent.await {
            Ok(Spend::First) => Ok(()),
            Ok(Spend::Again) => Err(SignInError::new(Code::SignInReplay, "this sign-in was used before")),
            Err(error) => Err(SignInError::new(error.code(), error.to_string())),
        }
    }

    async fn prove(
        &self,
        app: &App,
        answer: Authorization,
    ) -> Result<vestibule_providers::verified::Verified<vestibule_providers::step::Proof>, SignInError> {
        let internal = |what: &str| SignInError::new(Code::Internal, what);
        let provider = self.tenant.provider(self.connection.id);
        let provider = provider.ok_or_else(|| internal("the connection has no provider"))?;
        let state = state_of(app, &self.transaction).ok_or_else(|| internal("state"))?;
        let context = Context {
            now: app.wall.now(),
            seed: &self.transaction.seed,
            state: &state,
            redirect_uri: &redirect_uri(&app.settings(), self.connection),
            freshness: self.transaction.freshness(app),
        };
        match provider.advance(&context, Answer::Authorization(answer)).await? {
            Step::Done(proof) => Ok(*proof),
            Step::Redirect(_) => Err(internal("a provider asked for a second trip")),
        }
    }
}
