//! One sign-in across the hosts (architecture 2). Read the files in this order:
//!
//! `handoff` (the workspace sends the browser to the accounts host) → `start` (which sends it to the provider) →
//! `callback`, `posted` or `saml` (where the answer arrives; what was posted meets its browser at the `landing`) → `arrive` (it has met its browser) → `dispatch` (what comes next) → `admission` (may this person in?) →
//! `finish` (the root session) → `complete` (the workspace takes the hand-over). `trial` is the way of a test sign-in, which opens
//! nothing. `form` is what every form on the way is held to.

pub mod admission;
mod arrive;
mod before;
pub mod built_in;
pub mod callback;
pub mod complete;
pub mod directory;
pub mod dispatch;
pub mod finish;
mod form;
pub mod handoff;
pub mod landing;
mod ourselves;
mod posted;
mod resolve;
pub mod saml;
pub mod start;
pub mod state;
pub mod stop;
mod ticket;
pub mod transaction;
pub mod trial;
