//! The proof that something was verified, and by what.
//!
//! Only the verifying modules of this crate can make one, so that no path to a session can leave a check out by mistake.

/// A value that was verified. Its constructor is private to this crate.
#[derive(Debug)]
pub struct Verified<T> {
    value: T,
    evidence: Evidence,
}

/// What a verification rests on; it goes into the audit event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The issuer, to the letter.
    pub issuer: String,
    /// The id of the key that signed, where the token named one.
    pub key_id: Option<String>,
    /// The signature's algorithm.
    pub algorithm: &'static str,
}

impl<T> Verified<T> {
    pub(crate) fn new(value: T, evidence: Evidence) -> Self {
        Self { value, evidence }
    }

    /// What was verified.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// On what grounds.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Verified<U> {
        Verified { value: change(self.value), evidence: self.evidence }
    }
}
