//! Sign-outs that a provider sends. Read the files in this order:
//!
//! `back_channel` (a signed token, from server to server) → `front_channel` (a frame in the provider's own page) → `upstream` (what a
//! provider may name of a root) → `ending` (what either leads to).

pub mod back_channel;
mod ending;
pub mod front_channel;
mod refusal;
pub mod upstream;
