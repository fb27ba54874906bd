//! Why a sign-in stopped: one value with three faces (page, log, audit).
//!
//! The page shows the code and the claim's name; the log and the audit get the whole reason; a stranger learns neither.

use vestibule_policies::claims::ClaimName;
use vestibule_policies::code::Code;
use vestibule_policies::security_id::SecurityId;

/// A sign-in that stops here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct SignInError {
    /// What people see.
    pub code: Code,
    /// The claim that is at fault, for the page to name (CLM-05).
    pub claim: Option<ClaimName>,
    /// The stable name of the cause, finer than the code, where the kind has one: for the administrator alone.
    pub cause: Option<&'static str>,
    /// Whose password was tried, where the name is an account's: for the audit alone. A visitor never learns whether it is.
    pub account: Option<SecurityId>,
    /// For the administrator alone. Control characters are escaped and the length is bounded, because parts of it come
    /// from outside.
    pub reason: String,
}

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 400;

impl SignInError {
    /// A refusal with its reason for the administrator.
    #[must_use]
    pub fn new(code: Code, reason: impl AsRef<str>) -> Self {
        let reason = reason.as_ref().chars().flat_map(printable).take(LONGEST_REASON).collect();
        Self { code, claim: None, cause: None, account: None, reason }
    }

    /// The same, naming the cause.
    #[must_use]
    pub fn with_cause(self, cause: &'static str) -> Self {
        Self { cause: Some(cause), ..self }
    }

    /// The same, about this account.
    #[must_use]
    pub fn with_account(self, account: &SecurityId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    /// The same, naming the claim at fault.
    #[must_use]
    pub fn with_claim(self, claim: ClaimName) -> Self {
        Self { claim: Some(claim), ..self }
    }
}

/// A provider's text must not start a new line or colour a terminal in anybody's log (CWE-117).
fn printable(c: char) -> impl Iterator<Item = char> {
    let escaped = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}');
    let (plain, escape) = if escaped { (None, Some(c.escape_unicode())) } else { (Some(c), None) };
    plain.into_iter().chain(escape.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_text_cannot_start_a_line_or_grow_without_bound() {
        let error = SignInError::new(Code::OidcError, "denied\r\n\u{1b}[31mroot signed in");
        assert_eq!(error.reason, "denied\\u{d}\\u{a}\\u{1b}[31mroot signed in");
        assert_eq!(SignInError::new(Code::OidcError, "x".repeat(10_000)).reason.len(), LONGEST_REASON);
    }
}
