//! The start page of `demo`: what the reader sees, every sign-in with its sandbox accounts, and first help
//! (interface 1 and 2).

use askama::Template;
use vestibule_policies::edition::{MATRIX, Maturity};

use super::address::{navigable, navigable_or_root};
use super::frame::{Door, Forms, Frame, Html, html};
use super::language::Language;
use super::qr::Qr;
use super::texts::{StartTexts, start_texts};

/// What the start page lists.
#[derive(Debug, Clone)]
pub struct StartPage<'a> {
    /// The address of this page by name, such as `http://vestibule.localhost:8080/`.
    pub base: &'a str,
    /// Every name that the demo answers to, without a port, for a browser that does not resolve `*.localhost`.
    pub hosts: Vec<&'a str>,
    /// The sign-ins, in the order they are shown.
    pub sign_ins: Vec<StartSignIn<'a>>,
    /// Which kind lets whom in.
    pub matrix: [StartMatrixRow; MATRIX.len()],
    /// Somebody who may open the console.
    pub administrator: StartAdministrator<'a>,
}

/// One kind of provider, and whom it lets in.
#[derive(Debug, Clone, Copy)]
pub struct StartMatrixRow {
    /// The provider's name for people; none of the built-in identity.
    pub title: Option<&'static str>,
    /// Subscribers; administrators in the editions `global` and `japan`.
    pub served: [Option<Maturity>; 3],
}

/// The demo's administrator, who is enrolled already.
#[derive(Debug, Clone, Copy)]
pub struct StartAdministrator<'a> {
    /// The console.
    pub url: &'a str,
    /// What to type first.
    pub username: &'a str,
    /// What to type second.
    pub password: &'a str,
    /// The secret for people who type it into an authenticator app.
    pub secret: &'a str,
    /// The secret for cameras: `otpauth://totp/…`.
    pub uri: &'a str,
}

/// One organisation of the demo and its sandbox provider.
#[derive(Debug, Clone)]
pub struct StartSignIn<'a> {
    /// The connection's kind as the configuration writes it, such as `okta`.
    pub kind: &'a str,
    /// The provider's name for people, such as `Okta`.
    pub title: &'a str,
    /// The workspace, whose first visit signs in.
    pub url: &'a str,
    /// A path of this host that begins a test sign-in, which opens nothing and shows every check.
    pub test: String,
    /// Where the provider begins a sign-in by itself, if it can.
    pub begun_by_provider: Option<&'a str>,
    /// Where the password is typed at the broker itself.
    pub directory: Option<StartDirectory<'a>>,
    /// Where its administrators sign in by this provider, if they do.
    pub console: Option<&'a str>,
    /// Accounts of the sandbox provider.
    pub accounts: Vec<StartAccount<'a>>,
    /// Accounts that show something special, behind one more click.
    pub more: Vec<StartAccount<'a>>,
}

impl StartSignIn<'_> {
    /// Whether they are listed there already, to the last password.
    fn has_accounts_of(&self, other: &StartSignIn<'_>) -> bool {
        self.accounts == other.accounts && self.more == other.more
    }
}

/// What is different where no provider stands between.
#[derive(Debug, Clone, Copy)]
pub struct StartDirectory<'a> {
    /// The person's own page, for password and device.
    pub account: &'a str,
    /// Whether the first sign-in registers a device for one-time codes.
    pub registers_device: bool,
}

/// An account of a sandbox provider. It opens nothing but the sandbox, so that its password may stand on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartAccount<'a> {
    /// The person's name.
    pub name: &'a str,
    /// What to type first.
    pub username: &'a str,
    /// What to type second.
    pub password: &'a str,
    /// What is special about it.
    pub note: Option<AccountNote>,
}

/// What comes of a sign-in with an account, where it is not the usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountNote {
    /// Its provider knows no SID and no object id of it.
    WithoutIdentifiers,
    /// Its directory has no e-mail address for it.
    WithoutEmail,
    /// The password is too old.
    PasswordExpired,
    /// An administrator wants another password.
    MustChangePassword,
    /// It is disabled.
    Disabled,
    /// Its last day is past.
    Expired,
    /// An administrator locked it.
    Locked,
    /// It has no hour at which it may sign in.
    OutsideHours,
    /// It may use another computer only.
    OtherWorkstation,
    /// It is in 5,000 groups.
    ManyGroups,
    /// It is in a chain of groups that ends in its beginning.
    NestedGroups,
    /// Its UPN has another suffix than the domain's name.
    OtherSuffix,
    /// Its name means something in every notation that it passes through.
    SpecialCharacters,
}

/// The start page of the demo.
#[must_use]
pub fn start(page: &StartPage<'_>, language: Language) -> Html {
    let texts = start_texts(language);
    let entries = page.sign_ins.iter().enumerate().map(|(at, one)| Entry {
        same: page.sign_ins.iter().take(at).find(|other| other.has_accounts_of(one)),
        kind: one.kind,
        label: (texts.sign_in_with)(one.title),
        title: one.title,
        url: navigable_or_root(one.url),
        test: navigable_or_root(&one.test),
        begun_by_provider: one.begun_by_provider.and_then(navigable),
        account: one.directory.and_then(|directory| navigable(directory.account)),
        about: match one.directory {
            Some(directory) if directory.registers_device => Some(texts.device),
            Some(_) => Some(texts.directory),
            None => one.console.map(|_| texts.by_provider),
        },
        console: one.console.and_then(navigable),
        accounts: &one.accounts,
        more: &one.more,
    });
    let overview = Overview {
        frame: Frame::new(language, texts.heading, Door::Open),
        texts,
        entries: entries.collect(),
        matrix: &page.matrix,
        base: navigable_or_root(page.base),
        hosts: &page.hosts,
        console: navigable_or_root(page.administrator.url),
        administrator: page.administrator,
        qr: Qr::of(page.administrator.uri),
    };
    html(&overview, Forms::None)
}

#[derive(Template)]
#[template(path = "start.html")]
struct Overview<'a> {
    frame: Frame,
    texts: &'static StartTexts,
    entries: Vec<Entry<'a>>,
    matrix: &'a [StartMatrixRow],
    base: &'a str,
    hosts: &'a [&'a str],
    console: &'a str,
    administrator: StartAdministrator<'a>,
    qr: Option<Qr>,
}

struct Entry<'a> {
    /// The one before it that has the same accounts.
    same: Option<&'a StartSignIn<'a>>,
    kind: &'a str,
    label: String,
    title: &'a str,
    url: &'a str,
    test: &'a str,
    begun_by_provider: Option<&'a str>,
    account: Option<&'a str>,
    console: Option<&'a str>,
    about: Option<&'static str>,
    accounts: &'a [StartAccount<'a>],
    more: &'a [StartAccount<'a>],
}
