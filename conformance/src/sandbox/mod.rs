//! Well-behaved counterparts of the broker: the people of the demo, an OIDC provider, an application.
//!
//! They serve the demo and the tests alike, are libraries without a listener of their own, and keep
//! everything in bounded memory.

pub mod application;
mod language;
pub mod openid;
pub mod people;
mod reply;
pub mod rsa_key;
