//! An OpenID provider that misbehaves to order: every [`Fault`] spoils one thing of a sign-in that is
//! good everywhere else, so that a refusal can have but one reason.
//!
//! [`HostileProvider`] is the counterpart on loopback, [`catalogue`] the list of faults by conformance row
//! with what the broker has to make of each.
//! [`saml`] is the same for SAML, as messages without a counterpart, and [`directory`] for LDAP. [`HashRanges`] is a service of
//! compromised passwords.

mod authorize;
mod body;
mod catalogue;
pub mod directory;
mod document;
mod elliptic;
mod fault;
mod jws;
mod keys;
mod metadata;
mod misbehaviour;
mod provider;
mod ranges;
mod redeem;
pub mod saml;
mod serve;
mod served;
mod state;
mod token;

#[cfg(feature = "suite")]
#[cfg(test)]
mod tests;

pub use catalogue::{Row, Verdict, catalogue};
pub use fault::{
    AnswerFault, ClientAuth, Edit, Embedded, Encoding, Endpoint, EsForm, Fault, HmacKey, KeyFault,
    Misbehaviour, Place, Signing,
};
pub use provider::{HostileProvider, Setup};
pub use ranges::{HashRanges, RangeCall};
pub use served::Served;
pub use state::{Call, SUBJECT};
