//! Sign-outs beyond our own: those that a provider sends, and the way out over a provider. Read the files in this order:
//!
//! `back_channel` (a signed token, from server to server) → `front_channel` (a frame in the provider's own page) → `upstream` (what a
//! provider may name of a root) → `ending` (what either leads to) →
//! `onward` (the other direction).

pub mod back_channel;
mod ending;
pub mod front_channel;
pub mod onward;
mod refusal;
pub mod upstream;
