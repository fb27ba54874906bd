//! A directory that misbehaves to order: the good one of the sandbox, behind a server that spoils exactly one thing of
//! it, so that a refusal can have but one reason. Without a fault it is good: each negative has its positive.
//!
//! [`DirectoryFault`] lists what can be wrong, each with its conformance row.

mod attributes;
mod fault;
mod octets;
mod serve;
mod server;
mod spoil;
mod state;

#[cfg(test)]
mod tests;

pub use fault::DirectoryFault;
pub use server::HostileDirectory;
pub use state::{Seen, SeenBind, SeenSearch};
