//! Why a verb was not carried out: a code, and for settings each key with what is wrong there.

use vestibule_policies::code::Code;

use crate::apply::MergeError;
use crate::check::Finding;
use crate::config::{Fault, FaultCode, Faults};
use crate::store::StoreError;

/// Why a verb was not carried out. Nothing of it stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One reason, for the whole.
    Code(Code),
    /// The code for the whole, and what is wrong at each key; empty keys stand for the whole.
    Faults(Code, Vec<FieldFault>),
}

/// What is wrong at a key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[schemars(title = "Fault")]
pub struct FieldFault {
    /// The dotted key within what was sent.
    pub key: String,
    /// A code of its own.
    pub code: String,
    /// A plain sentence that says what to do. It never holds a secret.
    pub message: String,
}

impl FieldFault {
    /// A value that is not allowed.
    #[must_use]
    pub fn invalid(key: &str, message: impl Into<String>) -> Self {
        Self { key: key.to_owned(), code: FaultCode::Invalid.as_str().to_owned(), message: message.into() }
    }

    /// A key that has no meaning here.
    #[must_use]
    pub fn unknown(key: &str, known: &[&str]) -> Self {
        Self {
            key: key.chars().take(200).flat_map(char::escape_debug).collect(),
            code: FaultCode::Unknown.as_str().to_owned(),
            message: format!("there is no such key here; there are: {}", known.join(", ")),
        }
    }

    /// A setting that the operator alone switches on.
    #[must_use]
    pub fn operators(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            code: FaultCode::OperatorOnly.as_str().to_owned(),
            message: "only the operator switches this on, with `vestibule apply`".to_owned(),
        }
    }
}

impl Refusal {
    /// Settings that cannot stand.
    #[must_use]
    pub fn settings(faults: Vec<FieldFault>) -> Self {
        let of = |code: FaultCode| faults.iter().any(|fault| fault.code == code.as_str());
        // The contract has a code of its own for this one (interface 5).
        let code = if of(FaultCode::SecretForm) { Code::SecretForm } else { Code::SettingsInvalid };
        Self::Faults(code, faults)
    }

    /// What was found at a provider, if anything is wrong.
    ///
    /// # Errors
    /// `CONNECTION-TEST` with every finding that is a fault.
    pub fn of_findings(findings: &[Finding]) -> Result<(), Self> {
        let fault = |finding: &Finding| {
            let message = finding
                .remedy
                .map_or_else(|| finding.detail.clone(), |remedy| format!("{}. {remedy}", finding.detail));
            Some(FieldFault { key: finding.check.clone(), code: finding.code?.to_owned(), message })
        };
        let faults: Vec<_> = findings.iter().filter_map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Self::Faults(Code::ConnectionTest, faults)) }
    }

    /// The code for the whole.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Code(code) | Self::Faults(code, _) => *code,
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Code(code)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(store.error = %error, "an administrator's request met the store");
        Self::Code(error.code())
    }
}

impl From<Fault> for FieldFault {
    fn from(fault: Fault) -> Self {
        Self { key: fault.place.key, code: fault.code.as_str().to_owned(), message: fault.message }
    }
}

impl From<Faults> for Refusal {
    fn from(faults: Faults) -> Self {
        Self::settings(faults.into_iter().map(FieldFault::from).collect())
    }
}

impl From<MergeError> for Refusal {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Faults(faults) => Self::settings(faults.into_iter().map(FieldFault::from).collect()),
            MergeError::Internal(reason) => {
                tracing::error!(administration.reason = reason, "a change could not be prepared");
                Self::Code(Code::Internal)
            }
        }
    }
}
