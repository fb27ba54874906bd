//! An answer that has met its browser: the one way from a proof to a session, whatever protocol brought it.

use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::HostName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::ports::Gate;
use vestibule_providers::step::{Context, Prompt, Proof};
use vestibule_providers::verified::Verified;
use vestibule_providers::{Answer, SignInError, Step};

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::cookie::SetCookie;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::store::spends::{Spend, spend};

use super::admission::{self, Administrator, For, Proven, Subscriber};
use super::before::Before;
use super::dispatch::{self, Next};
use super::finish;
use super::ourselves::Ourselves;
use super::stop::{Particulars, Stop};
use super::transaction::Transaction;

/// An answer that has met its browser.
pub(super) struct Arrival<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) connection: &'a ConnectionPolicy,
    pub(super) transaction: Transaction,
    to: Option<(HostName, Audience)>,
}

/// A session that was opened: where the browser goes with it.
pub(super) struct Opened {
    pub(super) location: String,
    pub(super) cookies: Vec<SetCookie>,
}

/// What else is used up with a transaction: an assertion, until when it could be presented again.
pub(super) struct Also {
    pub(super) id: String,
    pub(super) until: Timestamp,
}

impl<'a> Arrival<'a> {
    /// With the host that the sign-in opens: a workspace of the organisation, or the console.
    pub(super) fn new(
        app: &App,
        (tenant, connection): (&'a Tenant, &'a ConnectionPolicy),
        transaction: Transaction,
    ) -> Self {
        let opened = |hosts: &[HostName]| hosts.iter().find(|host| transaction.opens(host)).cloned();
        let workspace = opened(&tenant.organization.workspaces).map(|host| (host, Audience::Subscriber));
        let console = || opened(&app.settings().hosts.console).map(|host| (host, Audience::Administrator));
        Self { to: workspace.or_else(console), tenant, connection, transaction }
    }

    /// The host that this sign-in opens, if it still is one.
    pub(super) fn host(&self) -> Option<&HostName> {
        self.to.as_ref().map(|(host, _)| host)
    }

    /// What is known of it, should it stop.
    pub(super) fn particulars(&self) -> Particulars {
        Particulars {
            connection: Some(self.connection.name.to_string()),
            host: self.host().map(ToString::to_string),
            subject: None,
        }
    }

    /// A refusal with everything that is known.
    pub(super) fn stop(
        &self,
        visit: &Visit<'_>,
        error: SignInError,
        known: Particulars,
        cookies: Vec<SetCookie>,
    ) -> Stop {
        let stop = Stop::new(error).at(self.tenant).of_a_transaction().about(known).with_cookies(cookies);
        match self.host() {
            Some(host) => stop.retry(&visit.app.settings().origin(host)),
            None => stop,
        }
    }

    /// Once, also after a restart and on another server, and before any call to the provider.
    pub(super) async fn spend(&self, app: &App, also: Option<Also>) -> Result<(), SignInError> {
        if self.transaction.has_expired(app.session_clock.now()) {
            return Err(SignInError::new(Code::SignInExpired, "the sign-in began too long ago"));
        }
        let this = Also { id: self.transaction.spend_id(), until: self.transaction.expires() };
        let spent = match also {
            None => {
                let write = app.store.write_one(move |transaction| {
                    Box::pin(async move { spend(transaction, &this.id, this.until).await })
                });
                write.await
            }
            Some(also) => {
                let write = app.store.write(move |transaction| {
                    Box::pin(async move {
                        let first = spend(transaction, &this.id, this.until).await?;
                        let second = spend(transaction, &also.id, also.until).await?;
                        Ok(if first == Spend::First { second } else { first })
                    })
                });
                write.await
            }
        };
        match spent {
            Ok(Spend::First) => Ok(()),
            Ok(Spend::Again) => Err(SignInError::new(Code::SignInReplay, "this sign-in was used before")),
            Err(error) => Err(error.into()),
        }
    }

    /// What the provider's answer proves.
    pub(super) async fn prove(
        &self,
        app: &App,
        answer: Answer,
        gate: Option<&dyn Gate>,
    ) -> Result<Verified<Proof>, SignInError> {
        let internal = |what: &str| SignInError::new(Code::Internal, what);
        let provider = self.tenant.provider(self.connection.id);
        let provider = provider.ok_or_else(|| internal("the connection has no provider"))?;
        let us = Ourselves::of(app, self.tenant, self.connection, &self.transaction)?;
        let context = Context { gate, ..us.context(app, &self.transaction) };
        match provider.advance(&context, answer).await? {
            Step::Done(proof) => Ok(*proof),
            Step::Prompt(Prompt::ChangePassword(due)) => {
                let reason = "the password is right and has to be changed first";
                Err(SignInError::new(Code::AdPasswordDue, reason).with_cause(due.cause()))
            }
            Step::Prompt(Prompt::Password) => Err(internal("a provider asked for a password again")),
            Step::Redirect(_) | Step::PostForm(_) => Err(internal("a provider asked for a second trip")),
        }
    }

    /// What this browser held before, unless it forbids this sign-in.
    pub(super) async fn before(&self, visit: &Visit<'_>) -> Result<Before, SignInError> {
        let audience = self.to.as_ref().map_or(Audience::Subscriber, |(_, audience)| *audience);
        let before = Before::of(visit, (self.tenant, audience), &self.transaction)
            .await
            .map_err(|code| SignInError::new(code, "the browser's root session cannot be read"))?;
        if before.forbids(&self.transaction) {
            return Err(signed_out());
        }
        Ok(before)
    }

    /// Opens a session on what was proved: of a workspace, or of the console.
    pub(super) async fn open(
        &self,
        visit: &Visit<'_>,
        proven: Proven,
        before: Before,
    ) -> Result<Opened, SignInError> {
        match self.to.as_ref().ok_or_else(host_gone)? {
            (host, Audience::Subscriber) => self.open_for::<Subscriber>(visit, host, (proven, before)).await,
            (host, Audience::Administrator) => {
                Box::pin(self.open_for::<Administrator>(visit, host, (proven, before))).await
            }
        }
    }

    async fn open_for<A: For>(
        &self,
        visit: &Visit<'_>,
        host: &HostName,
        (proven, before): (Proven, Before),
    ) -> Result<Opened, SignInError> {
        let app = visit.app;
        let grant = admission::enter::<A>(self.tenant, host, proven)
            .map_err(|refusal| SignInError::new(refusal.code(), format!("admission: {refusal:?}")))?;
        let arrival = finish::Arrival { tenant: self.tenant, host, transaction: &self.transaction, before };
        let finished = finish::finish(visit, grant, arrival).await.map_err(|code| match code {
            Code::OidcFresh => signed_out(),
            _ => SignInError::new(code, "the session could not be opened"),
        })?;
        let mut cookies = finished.cookies;
        cookies.push(self.transaction.drop_cookie());
        let location = finish::complete_address(&app.settings().origin(host), &finished.code);
        Ok(Opened { location, cookies })
    }

    /// Opens a session on what a provider's answer proved, and sends the browser there.
    pub(super) async fn open_with(
        &self,
        visit: &Visit<'_>,
        proof: &Verified<Proof>,
        before: Before,
    ) -> Result<Reply, SignInError> {
        let Opened { location, cookies } =
            match dispatch::next(self.tenant, self.connection, proof, visit.app.wall.now()).await? {
                Next::Finish(proven) => self.open(visit, proven, before).await?,
                Next::SecondStep(_) => {
                    return Err(SignInError::new(Code::Internal, "a second step after a provider's answer"));
                }
            };
        Ok(reply::see_other(&location, &cookies, visit.app.settings().scheme))
    }
}

/// The host of a sign-in was taken from the organisation while it was under way.
pub(super) fn host_gone() -> SignInError {
    SignInError::new(Code::AdmissionHost, "the host of this sign-in is no longer the organisation's")
}

fn signed_out() -> SignInError {
    SignInError::new(Code::OidcFresh, "the person signed out after this sign-in began")
}
