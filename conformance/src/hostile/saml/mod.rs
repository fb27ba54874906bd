//! Attacks on a SAML service provider as finished messages, by row of the conformance list.
//!
//! [`catalogue`] gives each attack in every form of signing that it makes sense in, with what has to come of
//! it and with the name of an accepted message that differs in that one thing. [`mutate`] makes noise.

mod bench;
mod content;
mod document;
mod encryption;
mod fields;
mod forged;
mod good;
mod hmac;
mod mutation;
mod parties;
mod profile;
mod size;
mod text;
mod wrapping;

use std::sync::Arc;

use self::bench::Bench;
use crate::saml::{Identity, Key, Request};

pub use bench::{Case, Form, Verdict, twin};
pub use mutation::mutate;

/// The person whom every forgery names; no accepted sign-in may ever be this one.
pub const VICTIM: &str = "admin@corp.example";

/// What the service provider under attack trusts and has asked for.
#[derive(Clone, Debug)]
pub struct Setting {
    pub request: Request,
    /// Whom every accepted message names, in full.
    pub identity: Identity,
    /// The provider's signing key and its certificate in DER.
    pub trusted: Arc<Key>,
    pub certificate: Vec<u8>,
    /// Same kind of key, trusted by nobody.
    pub attacker: Arc<Key>,
    /// The service provider's encryption certificate in DER; without one nothing is encrypted.
    pub encryption: Option<Vec<u8>>,
    /// Seconds by which clocks may differ.
    pub skew: i64,
    /// The authentication context class that the request asked for, exactly.
    pub context: Option<String>,
    /// Whether the request said `ForceAuthn`.
    pub forced: bool,
}

/// Every case. The largest message has some megabytes.
#[must_use]
pub fn catalogue(setting: &Setting) -> Vec<Case> {
    let mut bench = Bench::new(setting);
    good::cases(&mut bench);
    fields::cases(&mut bench);
    parties::cases(&mut bench);
    content::cases(&mut bench);
    wrapping::cases(&mut bench);
    profile::cases(&mut bench);
    forged::cases(&mut bench);
    hmac::cases(&mut bench);
    document::cases(&mut bench);
    text::cases(&mut bench);
    size::cases(&mut bench);
    encryption::cases(&mut bench);
    bench.done()
}

#[cfg(test)]
mod tests;
