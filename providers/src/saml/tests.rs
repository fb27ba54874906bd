//! Octets in, a proof or a fault out: the whole decision against messages that somebody else's code has written and signed.

mod accepted;
mod attacks;
mod documents;
mod flooding;
mod refused;
mod world;
