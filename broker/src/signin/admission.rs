//! The only caller of the decision, and the only maker of grants (architecture 2, step 8).
//!
//! A session, or an access to a host, is opened from a grant alone; a grant is made here alone, from a proof that is taken
//! by value. No route can forget a switch, because no route can do without this.

use std::marker::PhantomData;
use std::sync::Arc;

use vestibule_certs::secret::Secret;
use vestibule_policies::admission::{Admitted, Facts, Purpose, Question, Refusal, decide};
use vestibule_policies::claims::{Claims, PrincipalKey};
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::PersonId;
use vestibule_policies::name::HostName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::step::UpstreamSession;
use vestibule_providers::verified::Evidence;

use crate::deployment::Tenant;
use crate::session::Root;

/// A person whom a provider proved, with claims that were mapped within the connection's scope.
#[derive(Debug)]
pub struct Proven {
    pub(super) connection: ConnectionPolicy,
    /// Who it is, across sign-ins.
    pub(super) principal: PrincipalKey,
    pub(super) claims: Claims,
    pub(super) upstream: UpstreamSession,
    /// What shows the provider at a sign-out whose session is meant.
    pub(super) hint: Option<Arc<Secret>>,
    pub(super) evidence: Evidence,
    /// Who it is at the built-in identity.
    pub(super) person: Option<PersonId>,
    /// Groups that the connection does not speak for, for the audit.
    pub(super) dropped_groups: Vec<String>,
}

/// Whom a session is for. A grant for one is of no use where the other is meant.
pub trait For {
    /// The same as a value.
    const AUDIENCE: Audience;
}

/// Opens applications.
#[derive(Debug)]
pub struct Subscriber;

impl For for Subscriber {
    const AUDIENCE: Audience = Audience::Subscriber;
}

/// Opens the console, and never an application.
#[derive(Debug)]
pub struct Administrator;

impl For for Administrator {
    const AUDIENCE: Audience = Audience::Administrator;
}

impl Proven {
    /// After a one-time code that was right (RFC 8176).
    #[must_use]
    pub(super) fn with_one_time_code(mut self) -> Self {
        self.upstream.methods.push("otp".to_owned());
        self
    }

    /// Its claims alone, to be shown to somebody: no way leads from them to a grant.
    #[must_use]
    pub(super) fn into_claims(self) -> Claims {
        self.claims
    }
}

/// Leave to open one root session.
#[derive(Debug)]
pub struct SessionGrant<A: For> {
    proven: Proven,
    _admitted: Admitted,
    _audience: PhantomData<A>,
}

impl<A: For> SessionGrant<A> {
    pub(super) fn into_proven(self) -> Proven {
        self.proven
    }
}

/// Leave to open one access of a root to one host.
#[derive(Debug)]
pub struct AccessGrant {
    root: Arc<Root>,
    host: HostName,
    _admitted: Admitted,
}

impl AccessGrant {
    pub(super) fn root(&self) -> &Arc<Root> {
        &self.root
    }

    pub(super) fn host(&self) -> &HostName {
        &self.host
    }
}

/// May this person in, through this host?
///
/// # Errors
/// The clause that says no.
pub fn enter<A: For>(tenant: &Tenant, host: &HostName, proven: Proven) -> Result<SessionGrant<A>, Refusal> {
    let facts = Facts {
        organization: &tenant.organization,
        host: workspace(A::AUDIENCE, Some(host)),
        audience: A::AUDIENCE,
        connection: proven.connection.id,
        person: proven.person,
        authority: &proven.upstream.issuer,
        claims: &proven.claims,
        purpose: Purpose::SignIn,
    };
    let admitted = decide(Question::Enter, &facts)?;
    Ok(SessionGrant { proven, _admitted: admitted, _audience: PhantomData })
}

/// The console is nobody's workspace.
fn workspace(audience: Audience, host: Option<&HostName>) -> Option<&HostName> {
    host.filter(|_| audience == Audience::Subscriber)
}

/// May this live root into one more host?
///
/// # Errors
/// The clause that says no.
pub fn enter_again(tenant: &Tenant, host: HostName, root: Arc<Root>) -> Result<AccessGrant, Refusal> {
    let admitted = asked(Question::Enter, tenant, &root, Some(&host))?;
    Ok(AccessGrant { root, host, _admitted: admitted })
}

/// Asks about a live root. Gives no grant.
///
/// # Errors
/// The clause that says no.
pub fn ask(question: Question, tenant: &Tenant, root: &Root, host: Option<&HostName>) -> Result<(), Refusal> {
    asked(question, tenant, root, host).map(drop)
}

fn asked(
    question: Question,
    tenant: &Tenant,
    root: &Root,
    host: Option<&HostName>,
) -> Result<Admitted, Refusal> {
    let facts = Facts {
        organization: &tenant.organization,
        host: workspace(root.audience, host),
        audience: root.audience,
        connection: root.connection,
        person: root.person(),
        authority: &root.facts.upstream.issuer,
        claims: &root.facts.claims,
        purpose: Purpose::SignIn,
    };
    decide(question, &facts)
}
