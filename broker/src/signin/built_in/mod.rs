//! Signing in with the built-in identity (SGN-01): administrators' forms of ours on the accounts host.
//!
//! `begin` is where `/start` comes to from the console; `sign_in` takes user name and password, `second` the one-time code, a passkey or a backup
//! code, `organization` says which organisation's console is opened, and `finish` opens it. `join` is the way of somebody new.
//! `forgotten` takes the wish for a new password, `asked` sends the link, and `reset` is where it leads.
//! What a step has proved waits under a ticket (`steps`); a person who is proved may do nothing yet but choose an organisation.

mod address;
mod asked;
mod begin;
mod change;
mod finish;
pub mod forgotten;
mod form;
mod identity;
pub mod join;
mod organization;
mod passkey;
mod passwords;
pub mod profile;
mod renew;
pub mod reset;
mod second;
mod sign_in;
mod steps;

pub use self::asked::Asked;
pub(crate) use self::asked::look_up;
pub(super) use self::begin::begin;
pub use self::change::change;
pub use self::organization::{choose, elsewhere, identifier};
pub use self::second::{backup, by_passkey, code};
pub use self::sign_in::{ask, sign_in};

use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_policies::organization::{Membership, Organization};
use vestibule_policies::permission::Access;

/// Makes somebody an administrator of an organisation; who has full access keeps it.
pub(crate) fn membership(
    person: PersonId,
    access: Access,
) -> impl FnOnce(&mut Organization) -> Result<(), Code> {
    move |organization| {
        if organization.membership(person).is_some_and(|membership| membership.access == Access::Full) {
            return Ok(());
        }
        organization.administrators.retain(|membership| membership.person != person);
        organization.administrators.push(Membership { person, access });
        Ok(())
    }
}
