//! The reverse proxy: carries a request that the guard let through to the application behind a route, and its answer back.
//!
//! Rules kept: what an application reads about a person comes from the broker alone (interface 4); a message
//! is framed once on each side (RFC 9112 §6.3); bodies stream and are never collected. Who is signed in is
//! decided before [`forward`] is called.

mod cookies;
mod error;
mod forward;
mod headers;
mod identity;
mod idle;
mod names;
mod upstream;

#[cfg(test)]
mod tests;

pub use error::ForwardError;
pub use forward::{Passage, PublicOrigin, forward};
pub use identity::{GroupsHeader, IdentityFault, IdentityHeaders};
pub use names::{IdentityNames, NameFault, RouteNames};
pub use upstream::{BoxError, PoolLimits, ProxyBody, UpstreamPool};
