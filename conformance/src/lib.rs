//! The other side of the wire: well-behaved providers, misbehaving ones, and a browser to meet them with.
//!
//! Nothing here uses a crate of the workspace: an oracle that shares our code shares our bugs.
#![forbid(unsafe_code)]

#[cfg(any(feature = "hostile", feature = "sandbox", feature = "suite"))]
pub mod clock;
#[cfg(feature = "hostile")]
pub mod hostile;
#[cfg(any(feature = "hostile", feature = "sandbox"))]
mod ldap;
#[cfg(any(feature = "hostile", feature = "sandbox"))]
pub mod saml;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "suite")]
pub mod suite;
#[cfg(feature = "suite")]
pub mod wire;
