//! LDAP v3 (RFC 4511) as the counterparts need it: requests read, answers written, octets kept as octets.
//!
//! A codec of our own, because the hostile directory has to write what no library will, and because a filter for
//! `objectSid` asserts octets that are no text, which the available server codec refuses to read.

mod answer;
pub(crate) mod ber;
mod control;
mod filter;
mod frame;
mod request;

pub(crate) use answer::{Answer, Entry, Outcome};
pub(crate) use control::Paging;
pub(crate) use filter::{Filter, Part};
pub(crate) use frame::{Incoming, read_request};
pub(crate) use request::{Change, ChangeKind, Operation, Request, Scope, Search};

/// `StartTLS` (RFC 4511 §4.14.1).
pub(crate) const START_TLS: &str = "1.3.6.1.4.1.1466.20037";
/// Notice of disconnection (RFC 4511 §4.4.1).
pub(crate) const DISCONNECTION: &str = "1.3.6.1.4.1.1466.20036";

#[cfg(test)]
mod tests;
