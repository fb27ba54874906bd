//! The report of a test sign-in, for an administrator: whether the connection works, what to do where it does not, and what the
//! provider sent. A test opens no session, and the page says so.

mod question;
mod report;

use vestibule_providers::saml::examination::Clause;

use super::frame::Html;
use super::language::Language;

pub use self::question::{Asked, TrialQuestionPage, trial_question};

/// The report of a test sign-in.
#[must_use]
pub fn trial(page: &TrialPage<'_>, language: Language) -> Html {
    report::report(page, language)
}

/// What the report says. Texts come as they are to be read; the page escapes them.
#[derive(Debug, Clone)]
pub struct TrialPage<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// The connection's name.
    pub connection: &'a str,
    /// Its kind as the manifest writes it, such as `saml`.
    pub kind: &'a str,
    /// When the sign-in ended, or the ticket was made.
    pub when: &'a str,
    /// What came of it.
    pub verdict: TrialVerdict<'a>,
    /// Every check, in the order in which they are made; empty for kinds without a list.
    pub checks: Vec<(Check, CheckState)>,
    /// What the provider sent, by its names.
    pub attributes: Vec<(&'a str, &'a [String])>,
    /// What became of it, by the names that applications see.
    pub claims: Vec<TrialClaim<'a>>,
    /// How far the provider's clock is ahead of ours.
    pub clock_skew_seconds: Option<i64>,
    /// The provider's certificates.
    pub certificates: Vec<TrialCertificate<'a>>,
    /// Where another test begins: a path or URL of our own hosts.
    pub again_url: &'a str,
    /// The same report as JSON: a path or URL of our own hosts. Anything else is left out.
    pub json_url: Option<&'a str>,
}

/// A claim as the report lists it.
#[derive(Debug, Clone)]
pub struct TrialClaim<'a> {
    /// Its name outside.
    pub name: &'a str,
    /// Its values, or the first of them.
    pub values: Vec<&'a str>,
    /// How many more there are.
    pub more: usize,
}

/// What came of a test sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialVerdict<'a> {
    /// It would have let the person in.
    Passed,
    /// It would not.
    Refused {
        /// What the visitor of a real sign-in reads, such as `SAML-AUDIENCE`.
        code: &'a str,
        /// The claim at fault, such as `cip_sid`.
        claim: Option<&'a str>,
        /// The name of the cause, if it has one.
        cause: Option<&'a str>,
        /// What was found, as the log has it.
        reason: &'a str,
    },
}

/// A question that is asked on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Of the response.
    Clause(Clause),
    /// Of the attributes: whether they give every claim that the connection requires.
    Claims,
}

impl Check {
    /// Reads its name in reports: that of a clause, or `claims`.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        match Clause::ALL.into_iter().find(|clause| clause.id() == id) {
            Some(clause) => Some(Self::Clause(clause)),
            None => (id == "claims").then_some(Self::Claims),
        }
    }
}

impl From<Clause> for Check {
    fn from(clause: Clause) -> Self {
        Self::Clause(clause)
    }
}

/// How far a check came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// It held.
    Passed,
    /// It did not.
    Failed,
    /// An earlier one had failed, or there was nothing to ask.
    NotReached,
}

/// A certificate of the provider.
#[derive(Debug, Clone, Copy)]
pub struct TrialCertificate<'a> {
    /// Its holder's name.
    pub subject: &'a str,
    /// The begin of its validity.
    pub not_before: &'a str,
    /// The end of its validity.
    pub not_after: &'a str,
    /// SHA-256.
    pub fingerprint: &'a str,
    /// The kind of key, such as `RSA 3072`.
    pub key: &'a str,
    /// Whether it counts.
    pub state: CertificateState,
}

/// Whether a certificate counts now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateState {
    /// It does.
    Valid,
    /// It does for that many days more.
    EndsSoon(i64),
    /// It does not.
    NotValid,
}
