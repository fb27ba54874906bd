//! Well-behaved counterparts of the broker: the people of the demo, an OIDC and a SAML provider, an
//! application, a directory.
//!
//! They serve the demo and the tests alike, are libraries that are handed their listeners, and keep everything
//! in bounded memory.

pub mod application;
mod bounded;
mod call;
pub mod directory;
mod language;
mod message;
pub mod openid;
mod parameters;
pub mod people;
mod reply;
pub mod rsa_key;
pub mod saml;
