//! What a test sign-in found, as it is kept and shown.

use serde::{Deserialize, Serialize};
use vestibule_certs::x509::Certificate;
use vestibule_policies::claims::{ClaimName, Claims};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::saml::examination::{Clause, Examination};
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::step::Proof;

use crate::app::App;
use crate::deployment::Tenant;

/// Attributes that are shown; a person with more has still been judged by all of them.
const MOST_ATTRIBUTES: usize = 200;
/// Values of one attribute that are shown.
const MOST_VALUES: usize = 50;
/// Groups that are shown among the claims; the report counts all.
const MOST_GROUPS: usize = 20;

/// What came of a test sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub organization: String,
    pub connection: String,
    pub kind: String,
    /// When, by the wall.
    pub at: Timestamp,
    /// Each question by its name; empty where the kind has no list of them.
    pub checks: Vec<(String, CheckState)>,
    /// What stopped it; nothing if it went well.
    pub fault: Option<Fault>,
    pub attributes: Vec<(String, Vec<String>)>,
    pub claims: Vec<(String, String)>,
    /// How many groups there are, of which the first are among the claims.
    #[serde(default)]
    pub groups_total: usize,
    pub clock_skew_seconds: Option<i64>,
    pub certificates: Vec<CertificateReport>,
}

/// What became of one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    Passed,
    Failed,
    NotReached,
}

/// Why a sign-in would be refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    pub code: String,
    pub claim: Option<String>,
    pub cause: Option<String>,
    pub reason: String,
}

/// One certificate of the provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateReport {
    pub subject: String,
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
    pub fingerprint: String,
    pub key: String,
    pub valid: bool,
}

/// The claim that may have many values.
pub(super) const GROUPS: &str = "groups";

/// The last question: do the attributes give the claims that the connection requires?
pub(super) const CLAIMS: &str = "claims";

impl Report {
    pub(super) fn of(app: &App, tenant: &Tenant, connection: &ConnectionPolicy) -> Self {
        let now = app.wall.now();
        let certificates = tenant.provider(connection.id).map(|one| one.certificates()).unwrap_or_default();
        Self {
            organization: tenant.organization.name.clone(),
            connection: connection.name.to_string(),
            kind: connection.kind.as_str().to_owned(),
            at: now,
            checks: Vec::new(),
            fault: None,
            attributes: Vec::new(),
            claims: Vec::new(),
            groups_total: 0,
            clock_skew_seconds: None,
            certificates: certificates.iter().map(|one| described(one, now)).collect(),
        }
    }

    /// How far the provider's list of questions was gone through.
    pub(super) fn examined(&mut self, examination: &Examination) {
        self.clock_skew_seconds = examination.skew;
        if let Some(attributes) = &examination.attributes {
            self.attributes = shown(attributes);
        }
        let passed = examination.passed.clauses();
        let failed = examination.outcome.as_ref().err().and_then(|error| failed_clause(passed, error));
        for clause in Clause::ALL {
            let state = match (passed.contains(&clause), failed == Some(clause)) {
                (true, _) => CheckState::Passed,
                (false, true) => CheckState::Failed,
                // Nothing was encrypted.
                (false, false) if clause == Clause::Decryption => continue,
                (false, false) => CheckState::NotReached,
            };
            self.checks.push((clause.id().to_owned(), state));
        }
    }

    pub(super) fn proved(&mut self, proof: &Proof) {
        self.attributes = shown(&proof.attributes);
    }

    pub(super) fn mapped(&mut self, claims: &Claims) {
        let four = [
            (ClaimName::SecurityId, claims.security_id.as_ref().map(ToString::to_string)),
            (ClaimName::Upn, claims.upn.as_ref().map(ToString::to_string)),
            (ClaimName::ObjectId, claims.object_id.as_ref().map(ToString::to_string)),
            (ClaimName::Email, claims.email.as_ref().map(ToString::to_string)),
        ];
        let four = four.into_iter().filter_map(|(name, value)| Some((name.outside().to_owned(), value?)));
        let names = [
            ("name", &claims.display_name),
            ("given_name", &claims.given_name),
            ("family_name", &claims.family_name),
        ];
        let names = names.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let groups = claims
            .groups
            .iter()
            .take(MOST_GROUPS)
            .map(|group| (GROUPS.to_owned(), group.as_str().to_owned()));
        self.claims = four.chain(names).chain(groups).collect();
        self.groups_total = claims.groups.len();
    }

    /// A claim that was mapped.
    #[must_use]
    pub fn claim(&self, name: ClaimName) -> Option<&str> {
        self.claims.iter().find(|(outside, _)| outside == name.outside()).map(|(_, value)| value.as_str())
    }

    pub(super) fn conclude(&mut self, outcome: Result<(), SignInError>) {
        let mapped = match &outcome {
            Ok(()) => CheckState::Passed,
            Err(error) if error.claim.is_some() => CheckState::Failed,
            Err(_) => CheckState::NotReached,
        };
        self.checks.push((CLAIMS.to_owned(), mapped));
        self.fault = outcome.err().map(|error| Fault {
            code: error.code.as_str().to_owned(),
            claim: error.claim.map(|claim| claim.outside().to_owned()),
            cause: error.cause.map(str::to_owned),
            reason: error.reason,
        });
    }
}

/// The question at which it stopped: the first that was not answered well, in their order.
fn failed_clause(passed: &[Clause], error: &SignInError) -> Option<Clause> {
    let encryption = [SamlFault::EncryptionForm, SamlFault::EncryptionAlgorithm, SamlFault::EncryptionKey];
    let decrypting = encryption.into_iter().any(|fault| error.cause == Some(fault.id()));
    Clause::ALL
        .into_iter()
        .find(|clause| !passed.contains(clause) && (*clause != Clause::Decryption || decrypting))
}

fn shown(attributes: &RawAttributes) -> Vec<(String, Vec<String>)> {
    let some = attributes.iter().take(MOST_ATTRIBUTES);
    some.map(|one| (one.name.clone(), one.values.iter().take(MOST_VALUES).cloned().collect())).collect()
}

fn described(certificate: &Certificate, now: Timestamp) -> CertificateReport {
    CertificateReport {
        subject: certificate.subject().to_owned(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        fingerprint: certificate.fingerprint(),
        key: certificate.key().describe(),
        valid: certificate.is_valid_at(now.seconds()),
    }
}
