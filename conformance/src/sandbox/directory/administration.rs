//! What an administrator of the domain does, and what a test asks of it. A name is a `sAMAccountName`; a change to
//! nobody does nothing and answers `false`.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::account::{Account, AccountState, Wrong};
use super::cast::{SERVICE, guid};
use super::{Directory, Listed, Load};

impl Directory {
    /// Everybody, in the order of their creation, without the service account.
    #[must_use]
    pub fn accounts(&self) -> Vec<Listed> {
        let world = self.world();
        let people = world.accounts.iter().filter(|account| account.name != SERVICE);
        people
            .map(|account| Listed {
                username: account.name.clone(),
                upn: account.upn.clone(),
                mail: account.mail.clone(),
                display_name: account.display_name.clone(),
                password: account.password.clone(),
                state: account.state,
                groups: account.groups.len(),
            })
            .collect()
    }

    /// UPN and password of the account that a service looks people up with. It may read and no more.
    #[must_use]
    pub fn service_account(&self) -> (String, String) {
        let domain = &self.world().names.domain;
        (format!("{SERVICE}@{domain}"), self.service_password.clone())
    }

    /// Whether somebody who binds by this name means that account.
    #[cfg(feature = "hostile")]
    pub(crate) fn is_service(&self, name: &str) -> bool {
        let world = self.world();
        let meant = world.meant(name).and_then(|place| world.accounts.get(place));
        meant.is_some_and(|account| account.name == SERVICE)
    }

    pub fn set_disabled(&self, name: &str) -> bool {
        self.set_state(name, AccountState::Disabled)
    }

    pub fn set_state(&self, name: &str, state: AccountState) -> bool {
        self.change(name, |account| account.state = state)
    }

    /// Another UPN; everything else stays.
    pub fn rename_upn(&self, name: &str, upn: &str) -> bool {
        self.change(name, |account| account.upn = Some(upn.to_owned()))
    }

    /// Another e-mail address, or none.
    pub fn set_mail(&self, name: &str, mail: Option<&str>) -> bool {
        self.change(name, |account| account.mail = mail.map(str::to_owned))
    }

    /// The account goes and another of the same name, UPN and password comes: a new SID, a new object id.
    pub fn recreate(&self, name: &str) -> bool {
        let count = self.recreated.fetch_add(1, Ordering::Relaxed);
        // Beyond every relative identifier of the cast.
        let relative = u32::try_from(count).unwrap_or_default().saturating_add(900_000);
        self.change(name, |account| {
            account.security_id.truncate(24);
            account.security_id.extend(relative.to_le_bytes());
            account.object_id = guid(account.password.as_bytes(), &format!("{count} {}", account.name));
            account.wrong = Wrong::default();
        })
    }

    pub fn set_password(&self, name: &str, password: &str) -> bool {
        let now = self.now();
        self.change(name, |account| account.set_password(password, now))
    }

    pub fn delete(&self, name: &str) -> bool {
        let mut world = self.world();
        let before = world.accounts.len();
        world.accounts.retain(|account| !account.name.eq_ignore_ascii_case(name));
        world.accounts.len() < before
    }

    /// Forgets wrong passwords, and opens what an administrator had locked.
    pub fn unlock(&self, name: &str) -> bool {
        self.change(name, |account| {
            account.wrong = Wrong::default();
            if account.state == AccountState::Locked {
                account.state = AccountState::Ready;
            }
        })
    }

    /// Binds of this account that succeeded, and those that did not.
    #[must_use]
    pub fn binds(&self, name: &str) -> (u64, u64) {
        self.world().account(name).map_or((0, 0), |account| account.binds)
    }

    #[must_use]
    pub fn load(&self) -> Load {
        let (connections, most_connections) =
            *self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        Load { connections, most_connections, round_trips: self.round_trips.load(Ordering::Relaxed) }
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Account)) -> bool {
        self.world().account(name).map(change).is_some()
    }
}
