//! What administrators, and programs of theirs, do to an organisation.
//!
//! The console and the API are two ways to the same verbs. Each verb asks [`Actor::may`] before it looks at anything else, so that
//! neither way can forget it; what it changes and the event that tells of it stand in one transaction, which asks once more
//! ([`Actor::write`]).

pub mod administrators;
pub mod clients;
pub mod connections;
pub mod directories;
pub mod events;
pub mod organization;
mod refusal;
pub mod sessions;
pub mod settings;
mod standing;
pub mod workspace;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::Organization;
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::deployment::Tenant;
use crate::session::{Root, step_up};
use crate::store::roots::{self, RootId};
use crate::store::{self, StoreError, Transaction, organizations};

use self::clients::Client;
pub use self::refusal::{FieldFault, Refusal};
pub use self::standing::Version;

/// Somebody who acts on one organisation.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The organisation, as it was when the request came.
    pub tenant: Arc<Tenant>,
    /// Who it is.
    pub by: By,
    /// What they may do there.
    access: Access,
}

/// Who acts.
#[derive(Debug, Clone)]
pub enum By {
    /// A person, by their live session.
    Person(Arc<Root>),
    /// A program, by an access token of its secure client (API-03).
    Client(Arc<Client>),
}

/// How far a person has come with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The page with its form is asked for.
    Shown,
    /// The form comes back.
    Sent,
}

impl Actor {
    /// The administrator of a live session; none who is not, or no longer, one of this organisation.
    #[must_use]
    pub fn of_session(tenant: &Arc<Tenant>, root: &Arc<Root>) -> Option<Self> {
        let access = access_of(&tenant.organization, root)?;
        Some(Self { tenant: Arc::clone(tenant), by: By::Person(Arc::clone(root)), access })
    }

    /// The program of a secure client. What it may do is what its maker may do now; none whose maker is no administrator any more
    /// (ADM-27).
    #[must_use]
    pub fn of_client(tenant: &Arc<Tenant>, client: Client) -> Option<Self> {
        let membership = tenant.organization.membership(client.maker)?;
        let access = membership.access.clone();
        Some(Self { tenant: Arc::clone(tenant), by: By::Client(Arc::new(client)), access })
    }

    /// May they do that, now? The one place that says so, for the console and the API alike.
    ///
    /// # Errors
    /// `ACCESS-DENIED` where their access does not open it, `ACCESS-BUILT-IN` where it takes somebody of the built-in identity, else
    /// `STEP-UP` where they have to prove themselves first.
    pub fn may(&self, operation: Operation, stage: Stage, now: Timestamp) -> Result<(), Code> {
        let demands = operation.demands();
        if !operation.is_open_to(&self.access) {
            return Err(Code::AccessDenied);
        }
        if demands.built_in && self.person().is_none() {
            return Err(Code::AccessBuiltIn);
        }
        let is_recent = match (&self.by, stage) {
            (By::Person(root), Stage::Shown) => step_up::is_recent(root, now),
            (By::Person(root), Stage::Sent) => step_up::is_in_grace(root, now),
            // A program's secret is no browser that somebody left open.
            (By::Client(_), _) => true,
        };
        if demands.recent && !is_recent { Err(Code::StepUp) } else { Ok(()) }
    }

    /// Writes what a verb comes to, if they still may when it is written.
    ///
    /// # Errors
    /// What [`Actor::still`] says, what the work refuses, or the store's.
    async fn write<T, W>(&self, app: &App, operation: Operation, work: W) -> Result<T, Code>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<Result<T, Code>, sqlx::Error>>
            + Send
            + 'static,
    {
        let by = self.clone();
        let write = app.store.write(move |transaction| {
            Box::pin(async move {
                match by.still(transaction, operation).await? {
                    Ok(()) => work(transaction).await,
                    Err(code) => Ok(Err(code)),
                }
            })
        });
        write.await.map_err(|error| lost(&error))?
    }

    /// The same as [`Actor::may`] once more, in the transaction that writes: whoever was removed, lowered or signed out while their request was under way
    /// changes nothing any more. Nothing must be written after a refusal.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn still(
        &self,
        transaction: &mut Transaction,
        operation: Operation,
    ) -> Result<Result<(), Code>, sqlx::Error> {
        let organization = organizations::look(&mut *transaction, self.tenant.organization.id).await?;
        let access = organization.as_ref().and_then(|organization| match &self.by {
            By::Person(root) => access_of(organization, root),
            By::Client(client) => Some(organization.membership(client.maker)?.access.clone()),
        });
        if !access.is_some_and(|access| operation.is_open_to(&access)) {
            return Ok(Err(Code::AccessDenied));
        }
        let stands = match &self.by {
            By::Person(root) => roots::stands(transaction, root.id).await?,
            By::Client(client) => store::clients::by_id(transaction, client.id).await?.is_some(),
        };
        Ok(if stands { Ok(()) } else { Err(Code::SignInRequired) })
    }

    /// Whether a page is worth a link for them.
    #[must_use]
    pub fn reaches(&self, operation: Operation) -> bool {
        operation.is_open_to(&self.access) && (!operation.demands().built_in || self.person().is_some())
    }

    /// What they may do.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// The person at the built-in identity whose access this is, where it is one's: a program's is its maker's.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match &self.by {
            By::Person(root) => root.person(),
            By::Client(client) => Some(client.maker),
        }
    }

    /// The session that they act by; a program has none.
    #[must_use]
    pub fn session(&self) -> Option<RootId> {
        match &self.by {
            By::Person(root) => Some(root.id),
            By::Client(_) => None,
        }
    }

    /// What they are called before others.
    #[must_use]
    pub fn name(&self) -> String {
        let root = match &self.by {
            By::Person(root) => root,
            By::Client(client) => return client.name.clone(),
        };
        let claims = &root.facts.claims;
        let email = claims.email.as_ref().map(Email::as_str);
        claims.display_name.as_deref().or(email).unwrap_or_default().to_owned()
    }
}

/// What the administrator of a session may do in an organisation as it is now.
fn access_of(organization: &Organization, root: &Root) -> Option<Access> {
    organization.access_of(root.connection, root.person(), &root.facts.claims)
}

/// What the store cannot say is an operator's matter; whoever asked learns the code.
fn lost(error: &StoreError) -> Code {
    tracing::error!(administration.error = %error, "the store fails administration");
    error.code()
}
