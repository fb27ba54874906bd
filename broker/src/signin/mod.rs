//! One sign-in across the hosts (architecture 2). Read the files in this order:
//!
//! `handoff` (the workspace sends the browser to the accounts host) → `start` (which sends it to the provider) →
//! `callback` (where the answer arrives) → `dispatch` (what comes next) → `admission` (may this person in?) →
//! `finish` (the root session) → `complete` (the workspace takes the hand-over).

pub mod admission;
mod before;
pub mod callback;
pub mod complete;
pub mod dispatch;
pub mod finish;
pub mod handoff;
pub mod start;
pub mod state;
pub mod stop;
pub mod transaction;
