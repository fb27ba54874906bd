//! May this person enter, may this session remain? The last decision of a sign-in, and the one that is asked again when
//! anything that it read has changed.
//!
//! The clauses are data and both questions walk the same list. What makes this class of product fail is a path that
//! forgets one switch: a clause added here is asked everywhere, and the tests demand a switch for it.

mod clauses;
#[cfg(test)]
pub(crate) mod samples;
mod switch;

use crate::{Audience, ClaimName, Claims, Code, ConnectionId, HostName, Organization, PersonId};

pub use clauses::{CLAUSES, Clause, Serves, is_on};
pub use switch::Switch;

/// Which of the two questions is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// At the end of a sign-in, and when a session comes to a further host.
    Enter,
    /// Of a live session, after the organisation's policy has changed.
    Remain,
}

/// What a sign-in is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To get a session.
    SignIn,
    /// To try a connection out; never grants anything.
    Trial,
}

/// Everything that admission looks at. The organisation is as it is now, the rest as the sign-in proved it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The organisation as it is now.
    pub organization: &'a Organization,
    /// The workspace host in question; `None` when only the root session is.
    pub host: Option<&'a HostName>,
    /// As what the person comes.
    pub audience: Audience,
    /// The connection of the sign-in, or [`ConnectionId::BUILT_IN`].
    pub connection: ConnectionId,
    /// Who it is at the built-in identity.
    pub person: Option<PersonId>,
    /// The authority that vouched at the sign-in.
    pub authority: &'a str,
    /// What it said.
    pub claims: &'a Claims,
    /// What the sign-in is for.
    pub purpose: Purpose,
}

/// The proof that every clause was asked and none refused. Only [`decide`] makes one, and it cannot be copied.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an admission that nobody takes admits nobody"]
pub struct Admitted {
    question: Question,
}

/// Why somebody may not enter or remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The host is none of the organisation's workspaces.
    #[error("the host is not a workspace of the organisation")]
    NoWorkspace,
    /// The connection is gone.
    #[error("the connection has been removed")]
    ConnectionRemoved,
    /// The connection is switched off.
    #[error("the connection is switched off")]
    ConnectionOff,
    /// The connection now trusts another authority.
    #[error("the connection now trusts another authority")]
    ConnectionReplaced,
    /// Its kind does not let this audience in (PRV-02).
    #[error("this kind of connection does not serve this audience")]
    AudienceNotServed,
    /// Another connection, or none, is the workspace's method (PRV-16), or that of the administrators (AAD-13).
    #[error("the connection is not the method of sign-in")]
    NotTheMethod,
    /// A required claim has no value.
    #[error("the claim {} is required", .0.outside())]
    ClaimMissing(ClaimName),
    /// The connection may no longer assert this claim.
    #[error("the claim {} is outside what the connection may assert", .0.outside())]
    OutOfScope(ClaimName),
    /// None of the person's groups is admitted.
    #[error("none of the groups is admitted")]
    GroupNotAdmitted,
    /// The person does not run this organisation.
    #[error("the person is no administrator of the organisation")]
    NoMembership,
    /// A guest of a tenant runs no organisation (AAD-14).
    #[error("the person is a guest of their tenant, and no guest is an administrator")]
    Guest,
    /// A trial ends here.
    #[error("a trial sign-in grants nothing")]
    TrialGrantsNothing,
}

/// Asks every clause that serves the question; the first refusal decides.
///
/// # Errors
/// [`Refusal`], with its stable [`code`](Refusal::code).
pub fn decide(question: Question, facts: &Facts<'_>) -> Result<Admitted, Refusal> {
    CLAUSES
        .iter()
        .filter(|clause| clause.serves.includes(question))
        .try_for_each(|clause| (clause.test)(facts))?;
    Ok(Admitted { question })
}

impl Admitted {
    /// Which question was asked: who may remain has not thereby entered.
    #[must_use]
    pub const fn question(&self) -> Question {
        self.question
    }
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NoWorkspace => Code::AdmissionHost,
            Self::ConnectionRemoved => Code::AdmissionConnection,
            Self::ConnectionOff => Code::AdmissionOff,
            Self::ConnectionReplaced => Code::AdmissionReplaced,
            Self::AudienceNotServed => Code::AdmissionAudience,
            Self::NotTheMethod => Code::AdmissionMethod,
            Self::ClaimMissing(claim) => claim.code(),
            Self::OutOfScope(_) => Code::ClaimScope,
            Self::GroupNotAdmitted => Code::AdmissionGroup,
            Self::NoMembership => Code::AdmissionMembership,
            Self::Guest => Code::AdmissionGuest,
            Self::TrialGrantsNothing => Code::AdmissionTrial,
        }
    }
}

#[cfg(test)]
mod tests;
