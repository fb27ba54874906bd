//! An administrator's own page: what there is, and the ways to change it (SGN-07, MFA-08 to MFA-23, PWD-15).

use askama::Template;

use super::account::DeviceFact;
use super::address::navigable_or_root;
use super::frame::{Door, Fact, Forms, Frame, Html, Value, html};
use super::join::backup_file;
use super::language::Language;
use super::texts::{
    PasskeyTexts, ProfileTexts, RecoveryTexts, join_texts, passkey_texts, profile_texts, texts,
};

/// What the page names.
#[derive(Debug, Clone, Copy)]
pub struct ProfilePage<'a> {
    /// The organisation that is administered.
    pub organization: &'a str,
    /// The name for people.
    pub person: &'a str,
    /// What is typed at the sign-in.
    pub user_name: &'a str,
    /// Where mail goes.
    pub email: &'a str,
    /// The recovery phone, in clear (MFA-08).
    pub phone: &'a str,
    /// Whole days since the password was chosen (PWD-15).
    pub password_days: u64,
    /// The registered authenticator app.
    pub device: Option<DeviceFact<'a>>,
    /// The passkeys.
    pub passkeys: &'a [PasskeyFact<'a>],
    /// Whether there may be another one.
    pub may_add: bool,
    /// The backup codes.
    pub backup: BackupFact<'a>,
    /// The way back: a URL of the console.
    pub console: &'a str,
    /// Paths of this host.
    pub addresses: ProfileAddresses<'a>,
    /// What has just been done.
    pub notice: Option<ProfileNotice>,
}

/// What is known of a passkey.
#[derive(Debug, Clone, Copy)]
pub struct PasskeyFact<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// The day on which it was made.
    pub made: &'a str,
    /// The day on which it was last used.
    pub used: Option<&'a str>,
    /// A path of this host, where it is removed.
    pub remove: &'a str,
}

/// What is known of a set of backup codes (MFA-10).
#[derive(Debug, Clone, Copy)]
pub struct BackupFact<'a> {
    /// How many there were.
    pub count: usize,
    /// How many of them were used.
    pub used: usize,
    /// The day on which they were made.
    pub made: &'a str,
}

/// Where the forms are.
#[derive(Debug, Clone, Copy)]
pub struct ProfileAddresses<'a> {
    /// Of another password.
    pub password: &'a str,
    /// Of another authenticator app.
    pub device: &'a str,
    /// Of another passkey.
    pub passkeys: &'a str,
    /// Of other backup codes.
    pub backup_codes: &'a str,
    /// Of another recovery phone.
    pub phone: &'a str,
    /// Of another address.
    pub email: &'a str,
}

/// What has just been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileNotice {
    /// The password is another one, and the person's other sessions have ended.
    PasswordChanged,
    /// The authenticator app is another one.
    DeviceChanged,
    /// There is one more passkey.
    PasskeyAdded,
    /// There is one less.
    PasskeyRemoved,
    /// The recovery phone is another one.
    PhoneChanged,
    /// The address is another one.
    EmailChanged,
}

/// An administrator's own page.
#[must_use]
pub fn profile(page: &ProfilePage<'_>, language: Language) -> Html {
    let (words, names) = (profile_texts(language), texts(language));
    let own = Own {
        frame: Frame::new(language, words.heading, Door::Open),
        texts: words,
        facts: [
            Fact { name: words.name, value: Value::Name(page.person) },
            Fact { name: words.user_name, value: Value::Name(page.user_name) },
            Fact { name: words.email, value: Value::Name(page.email) },
            Fact { name: names.facts.organization, value: Value::Name(page.organization) },
        ],
        notice: page.notice.map(|notice| match notice {
            ProfileNotice::PasswordChanged => words.password_changed,
            ProfileNotice::DeviceChanged => words.device_changed,
            ProfileNotice::PasskeyAdded => passkey_texts(language).added,
            ProfileNotice::PasskeyRemoved => passkey_texts(language).removed,
            ProfileNotice::PhoneChanged => words.phone_changed,
            ProfileNotice::EmailChanged => words.email_changed,
        }),
        password_age: (words.password_age)(page.password_days),
        registered: page.device.map(|device| (words.registered)(device.registered)),
        passkey_texts: passkey_texts(language),
        passkeys: page.passkeys.iter().map(|one| Listed::of(one, language)).collect(),
        may_add: page.may_add,
        codes: (words.codes)(page.backup.count, page.backup.made, page.backup.used),
        phone: page.phone,
        console: navigable_or_root(page.console),
        addresses: ProfileAddresses {
            password: navigable_or_root(page.addresses.password),
            device: navigable_or_root(page.addresses.device),
            passkeys: navigable_or_root(page.addresses.passkeys),
            backup_codes: navigable_or_root(page.addresses.backup_codes),
            phone: navigable_or_root(page.addresses.phone),
            email: navigable_or_root(page.addresses.email),
        },
    };
    html(&own, Forms::None)
}

#[derive(Template)]
#[template(path = "profile.html")]
struct Own<'a> {
    frame: Frame,
    texts: &'static ProfileTexts,
    facts: [Fact<'a>; 4],
    notice: Option<&'static str>,
    password_age: String,
    registered: Option<String>,
    passkey_texts: &'static PasskeyTexts,
    passkeys: Vec<Listed<'a>>,
    may_add: bool,
    codes: String,
    phone: &'a str,
    console: &'a str,
    addresses: ProfileAddresses<'a>,
}

/// One passkey in the list.
struct Listed<'a> {
    name: &'a str,
    fact: String,
    remove: String,
    address: &'a str,
}

impl<'a> Listed<'a> {
    fn of(one: &PasskeyFact<'a>, language: Language) -> Self {
        let words = passkey_texts(language);
        Self {
            name: one.name,
            fact: (words.one)(one.made, one.used),
            remove: (words.remove)(one.name),
            address: navigable_or_root(one.remove),
        }
    }
}

/// What the page with new backup codes names.
#[derive(Debug, Clone, Copy)]
pub struct NewCodesPage<'a> {
    /// A path of this host, where the way goes on.
    pub back: &'a str,
    /// Whose codes they are.
    pub account: &'a str,
    /// Where they are good.
    pub issuer: &'a str,
    /// The codes, which are shown now and never again.
    pub codes: &'a [&'a str],
}

/// New backup codes in place of the ones before (MFA-09, MFA-11).
#[must_use]
pub fn new_codes(page: &NewCodesPage<'_>, language: Language) -> Html {
    let words = profile_texts(language);
    let sheet = CodesSheet {
        frame: Frame::new(language, words.new_codes, Door::Open),
        texts: words,
        recovery: &join_texts(language).recovery,
        back: navigable_or_root(page.back),
        codes: page.codes,
        file: backup_file((page.issuer, page.account), page.codes),
    };
    html(&sheet, Forms::ToOwnOrigin)
}

#[derive(Template)]
#[template(path = "new_codes.html")]
struct CodesSheet<'a> {
    frame: Frame,
    texts: &'static ProfileTexts,
    recovery: &'static RecoveryTexts,
    back: &'a str,
    codes: &'a [&'a str],
    file: String,
}
