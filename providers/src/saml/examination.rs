//! What a response was held against, clause by clause: the same list for a sign-in, where the first refusal ends it, and for a
//! test sign-in, which shows how far it came.

use vestibule_policies::raw::RawAttributes;

use crate::error::SignInError;
use crate::step::Proof;
use crate::verified::Verified;

/// One question that is asked of every response, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant is its name")]
pub enum Clause {
    Message,
    Xml,
    Status,
    Structure,
    Decryption,
    Signature,
    Version,
    Issuer,
    Destination,
    Request,
    IssueInstant,
    Confirmation,
    Conditions,
    Audience,
    Statement,
    Session,
    Context,
    Freshness,
    Subject,
}

impl Clause {
    /// All of them, in order. Decryption is asked only of what is encrypted.
    pub const ALL: [Self; 19] = [
        Self::Message,
        Self::Xml,
        Self::Status,
        Self::Structure,
        Self::Decryption,
        Self::Signature,
        Self::Version,
        Self::Issuer,
        Self::Destination,
        Self::Request,
        Self::IssueInstant,
        Self::Confirmation,
        Self::Conditions,
        Self::Audience,
        Self::Statement,
        Self::Session,
        Self::Context,
        Self::Freshness,
        Self::Subject,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Xml => "xml",
            Self::Status => "status",
            Self::Structure => "structure",
            Self::Decryption => "decryption",
            Self::Signature => "signature",
            Self::Version => "version",
            Self::Issuer => "issuer",
            Self::Destination => "destination",
            Self::Request => "request",
            Self::IssueInstant => "issue-instant",
            Self::Confirmation => "confirmation",
            Self::Conditions => "conditions",
            Self::Audience => "audience",
            Self::Statement => "statement",
            Self::Session => "session",
            Self::Context => "context",
            Self::Freshness => "freshness",
            Self::Subject => "subject",
        }
    }
}

/// What became of one response, in full: for a test sign-in.
#[derive(Debug)]
pub struct Examination {
    /// The clauses that held, up to the first that did not.
    pub passed: Passed,
    /// What the assertion says, once its signature held.
    pub attributes: Option<RawAttributes>,
    /// How far the provider's clock is ahead of ours, in seconds.
    pub skew: Option<i64>,
    /// The proof, or the clause that refused it.
    pub outcome: Result<Verified<Proof>, SignInError>,
}

/// The clauses that held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed(Vec<Clause>);

impl Passed {
    pub(super) fn add(&mut self, clause: Clause) {
        self.0.push(clause);
    }

    /// In the order in which they were asked.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.0
    }
}
