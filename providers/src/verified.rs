//! The proof that something was verified, and by what.
//!
//! Only the verifying modules of this crate can make one, so that no path to a session can leave a check out by mistake.

use vestibule_policies::raw::RawAttributes;

use crate::step::{Proof, UpstreamSession};

/// A value that was verified. Its constructor is private to this crate.
#[derive(Debug)]
pub struct Verified<T> {
    value: T,
    evidence: Evidence,
}

/// A proof that waits for its second step, in the form in which the broker seals it.
///
/// The seal stands for the verification while it waits: whoever could make one of these could let anybody in. The store's one
/// reader opens what its one writer sealed, for a ticket that is good once (architecture 2, step 7).
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    attributes: RawAttributes,
    upstream: UpstreamSession,
    domain: String,
}

impl Kept {
    /// The proof again.
    #[must_use]
    pub fn resume(self) -> Verified<Proof> {
        let evidence = Evidence { issuer: self.domain, key_id: None, algorithm: LDAP_BIND };
        Verified::new(Proof { attributes: self.attributes, upstream: self.upstream, hint: None }, evidence)
    }
}

impl Verified<Proof> {
    /// What waits of a directory's proof; no other kind has a second step of ours.
    #[must_use]
    pub fn keep(&self) -> Option<Kept> {
        (self.evidence.algorithm == LDAP_BIND).then(|| Kept {
            attributes: self.value.attributes.clone(),
            upstream: self.value.upstream.clone(),
            domain: self.evidence.issuer.clone(),
        })
    }
}

/// What a directory's proof rests on, in the place of a signature's algorithm.
pub(crate) const LDAP_BIND: &str = "ldap-bind";

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
