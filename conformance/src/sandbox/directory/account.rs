//! One account of the domain: what it is called, what it may, and what its attributes say.

use super::dn::Dn;
use super::group::Membership;
use super::time::{NEVER, file_time, generalised};
use super::world::Names;

/// What becomes of an account's sign-in with the right password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It succeeds.
    Ready,
    /// The password is too old: `data 532`.
    PasswordExpired,
    /// An administrator demands another password: `data 773`.
    MustChangePassword,
    /// Disabled: `data 533`.
    Disabled,
    /// Past its last day: `data 701`.
    Expired,
    /// Locked by an administrator's hand until unlocked: `data 775`, with a wrong password too.
    Locked,
    /// Not at this hour: `data 530`.
    OutsideLogonHours,
    /// Not from this computer: `data 531`.
    OtherWorkstation,
}

impl AccountState {
    /// The code in the text of the refused bind (Win32 error in hexadecimal); `None` for [`Self::Ready`].
    #[must_use]
    pub const fn data(self) -> Option<&'static str> {
        match self {
            Self::Ready => None,
            Self::PasswordExpired => Some("532"),
            Self::MustChangePassword => Some("773"),
            Self::Disabled => Some("533"),
            Self::Expired => Some("701"),
            Self::Locked => Some("775"),
            Self::OutsideLogonHours => Some("530"),
            Self::OtherWorkstation => Some("531"),
        }
    }
}

pub(super) struct Account {
    /// `sAMAccountName`, at most 20 characters.
    pub(super) name: String,
    pub(super) dn: Dn,
    /// The leaf of its DN.
    pub(super) common_name: String,
    pub(super) upn: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) display_name: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) security_id: Vec<u8>,
    pub(super) object_id: [u8; 16],
    pub(super) password: String,
    pub(super) state: AccountState,
    /// The groups that it is itself a member of, without the primary group.
    pub(super) groups: Membership,
    /// A service account's password has no end.
    pub(super) password_never_expires: bool,
    /// Seconds since 1970.
    pub(super) created: i64,
    pub(super) password_set: i64,
    pub(super) wrong: Wrong,
    /// Binds that succeeded, and those that did not.
    pub(super) binds: (u64, u64),
}

/// Wrong passwords of one window.
#[derive(Clone, Copy, Default)]
pub(super) struct Wrong {
    pub(super) count: u32,
    /// When the last one came; seconds since 1970.
    pub(super) last: i64,
    /// When there were too many.
    pub(super) locked: Option<i64>,
}

const DAY: i64 = 86_400;
/// `userAccountControl` (MS-ADTS §2.2.16): disabled, an ordinary account, no end of the password.
const DISABLED: u32 = 0x2;
const ORDINARY: u32 = 0x200;
const NEVER_EXPIRES: u32 = 0x1_0000;
/// Bits of the computed attribute alone.
const LOCKED: u32 = 0x10;
const PASSWORD_EXPIRED: u32 = 0x80_0000;

impl Account {
    /// What is stored, in the order in which a search for everything gives it.
    pub(super) const STORED: &[&str] = &[
        "objectClass",
        "cn",
        "sn",
        "givenName",
        "distinguishedName",
        "whenCreated",
        "displayName",
        "memberOf",
        "name",
        "objectGUID",
        "userAccountControl",
        "badPwdCount",
        "pwdLastSet",
        "primaryGroupID",
        "objectSid",
        "accountExpires",
        "logonHours",
        "userWorkstations",
        "sAMAccountName",
        "sAMAccountType",
        "userPrincipalName",
        "lockoutTime",
        "objectCategory",
        "mail",
    ];

    /// `memberOf` and the constructed attributes are not here: they need the other objects.
    pub(super) fn values(&self, attribute: &str, names: &Names, now: i64) -> Vec<Vec<u8>> {
        let text = |value: &str| vec![value.as_bytes().to_vec()];
        let number = |value: i64| vec![value.to_string().into_bytes()];
        let optional = |value: Option<&str>| value.filter(|value| !value.is_empty()).map_or(vec![], text);
        match attribute {
            "objectClass" => ["top", "person", "organizationalPerson", "user"]
                .map(|class| class.as_bytes().to_vec())
                .to_vec(),
            "cn" | "name" => text(&self.common_name),
            "sn" => optional(Some(&self.family_name)),
            "givenName" => optional(Some(&self.given_name)),
            "distinguishedName" => text(self.dn.as_str()),
            "whenCreated" => text(&generalised(self.created)),
            "displayName" => optional(Some(&self.display_name)),
            "objectGUID" => vec![self.object_id.to_vec()],
            "userAccountControl" => number(self.control().into()),
            "msDS-User-Account-Control-Computed" => number(self.computed().into()),
            "badPwdCount" => number(self.wrong.count.into()),
            "pwdLastSet" => number(self.password_last_set(now)),
            "primaryGroupID" => number(513),
            "objectSid" => vec![self.security_id.clone()],
            "accountExpires" => {
                number(if self.state == AccountState::Expired { file_time(now - DAY) } else { NEVER })
            }
            "logonHours" if self.state == AccountState::OutsideLogonHours => vec![vec![0; 21]],
            "userWorkstations" if self.state == AccountState::OtherWorkstation => text("OTHER-PC"),
            "sAMAccountName" => text(&self.name),
            // A user (MS-SAMR §2.2.1.9).
            "sAMAccountType" => number(0x3000_0000),
            "userPrincipalName" => optional(self.upn.as_deref()),
            "lockoutTime" => number(self.locked_since().map_or(0, file_time)),
            "objectCategory" => text(&names.category("Person")),
            "mail" => optional(self.mail.as_deref()),
            _ => vec![],
        }
    }

    /// Another password; whoever had to change it has.
    pub(super) fn set_password(&mut self, password: &str, now: i64) {
        password.clone_into(&mut self.password);
        self.password_set = now;
        if matches!(self.state, AccountState::PasswordExpired | AccountState::MustChangePassword) {
            self.state = AccountState::Ready;
        }
    }

    fn control(&self) -> u32 {
        let disabled = if self.state == AccountState::Disabled { DISABLED } else { 0 };
        let never = if self.password_never_expires { NEVER_EXPIRES } else { 0 };
        ORDINARY | disabled | never
    }

    fn computed(&self) -> u32 {
        let locked = if self.locked_since().is_some() { LOCKED } else { 0 };
        let old = match self.state {
            AccountState::PasswordExpired | AccountState::MustChangePassword => PASSWORD_EXPIRED,
            _ => 0,
        };
        locked | old
    }

    fn locked_since(&self) -> Option<i64> {
        if self.state == AccountState::Locked { Some(self.created) } else { self.wrong.locked }
    }

    fn password_last_set(&self, now: i64) -> i64 {
        match self.state {
            AccountState::MustChangePassword => 0,
            AccountState::PasswordExpired => file_time(now - 100 * DAY),
            _ => file_time(self.password_set),
        }
    }
}
