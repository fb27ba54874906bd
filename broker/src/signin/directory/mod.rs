//! Signing in at a directory: forms of ours on the accounts host (AD-16, TOK-01).
//!
//! `password` takes name and password, `change` a password that is due, and `second` the one-time code or the registration of a
//! device. The transaction is the browser's, as with every other kind; it is spent by the step that completes it. `gate` counts
//! attempts before the directory is asked.

pub(crate) mod account;
mod change;
pub(in super::super) mod device;
mod form;
mod gate;
mod password;
mod second;
pub(crate) mod tokens;

pub use self::change::change;
pub use self::password::{ask, password};
pub use self::second::{register, token};

pub(super) use self::device::remember_person as remember_device;
pub(super) use self::form::address;
pub(super) use self::gate::{AttemptGate, account as attempted, count_forgotten};
