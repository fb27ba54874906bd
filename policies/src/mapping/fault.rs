//! Why attributes do not make claims: which claim, which attribute, which reason (CLM-05).

use serde::{Deserialize, Serialize};

use crate::{ClaimName, Code};

/// A fault in one claim. Holds no value of the attribute: it may be shown and logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("attribute `{attribute}` ({}): {reason}", .claim.outside())]
pub struct ClaimFault {
    /// The claim.
    pub claim: ClaimName,
    /// The attribute that was read for it, as the provider names it.
    pub attribute: String,
    /// The reason.
    pub reason: ClaimReason,
}

/// The reason of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ClaimReason {
    /// It is required and has no value.
    #[error("missing")]
    Missing,
    /// It has a value that cannot be read; says why.
    #[error("malformed: {0}")]
    Malformed(String),
    /// It has more than one value, and choosing one would be guessing who the person is.
    #[error("more than one value")]
    SeveralValues,
    /// It belongs to a directory for which the connection does not speak.
    #[error("outside what the connection may assert")]
    OutOfScope,
}

impl ClaimFault {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self.reason {
            ClaimReason::OutOfScope => Code::ClaimScope,
            ClaimReason::Missing | ClaimReason::Malformed(_) | ClaimReason::SeveralValues => {
                self.claim.code()
            }
        }
    }
}
