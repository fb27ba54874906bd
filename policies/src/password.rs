//! The rules for passwords of the built-in identity: what one has to be like, how often it changes, and when it is due
//! (PWD-01 to PWD-11).
//!
//! A [`Policy`] is one value, and everything it says is data; the presets stand in `preset`. It decides about a
//! [`Candidate`], which is normalised once and never cut, and about the [`Record`] of a password that is in use. Hashing and
//! asking whether a password is known to be compromised are the caller's, who hands over what came of it.

mod candidate;
mod common;
mod due;
mod fold;
mod judge;
mod policy;
mod preset;
mod similar;

#[cfg(test)]
mod tests;

pub use candidate::{Candidate, LONGEST_BYTES, TooLarge};
pub use due::{Due, Flaw, Record, TooYoung};
pub use judge::{Context, Listing, Reuse, Shortcoming};
pub use policy::{AtSignIn, Class, Compromised, Length, Policy, SHORTEST, Weak};
pub use preset::Preset;
