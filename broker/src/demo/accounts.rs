//! The accounts of the sandboxes as the demo lists them, with what is special about one.

use vestibule_conformance::sandbox::directory::{AccountState, Listed};
use vestibule_conformance::sandbox::people::Person;

use crate::pages::{AccountNote, StartAccount};

/// One account of a sandbox.
pub(super) struct Account {
    name: String,
    pub(super) username: String,
    pub(super) password: String,
    /// For scripts.
    pub(super) state: &'static str,
    note: Option<AccountNote>,
}

impl Account {
    /// At a provider everybody's password is accepted.
    pub(super) fn of_provider(person: &Person) -> Self {
        Self {
            name: person.display_name.clone(),
            username: person.username.clone(),
            password: person.password.as_str().to_owned(),
            state: state(AccountState::Ready),
            note: person.security_id.is_none().then_some(AccountNote::WithoutIdentifiers),
        }
    }

    pub(super) fn of_directory(account: &Listed) -> Self {
        Self {
            name: account.display_name.clone(),
            username: account.username.clone(),
            password: account.password.clone(),
            state: state(account.state),
            note: note(account),
        }
    }

    pub(super) fn shown(&self) -> StartAccount<'_> {
        StartAccount { name: &self.name, username: &self.username, password: &self.password, note: self.note }
    }
}

const fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Ready => "ready",
        AccountState::PasswordExpired => "password-expired",
        AccountState::MustChangePassword => "must-change-password",
        AccountState::Disabled => "disabled",
        AccountState::Expired => "expired",
        AccountState::Locked => "locked",
        AccountState::OutsideLogonHours => "outside-logon-hours",
        AccountState::OtherWorkstation => "other-workstation",
    }
}

fn note(account: &Listed) -> Option<AccountNote> {
    Some(match account.state {
        AccountState::PasswordExpired => AccountNote::PasswordExpired,
        AccountState::MustChangePassword => AccountNote::MustChangePassword,
        AccountState::Disabled => AccountNote::Disabled,
        AccountState::Expired => AccountNote::Expired,
        AccountState::Locked => AccountNote::Locked,
        AccountState::OutsideLogonHours => AccountNote::OutsideHours,
        AccountState::OtherWorkstation => AccountNote::OtherWorkstation,
        AccountState::Ready => match account.username.as_str() {
            "lars" => AccountNote::ManyGroups,
            "mette" => AccountNote::NestedGroups,
            "nils" => AccountNote::OtherSuffix,
            "joerg" => AccountNote::SpecialCharacters,
            _ if account.mail.is_none() => AccountNote::WithoutEmail,
            _ => return None,
        },
    })
}
