//! Finding one person, and what the directory says of them. One name in two domains never crosses: what could be either is nobody.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use vestibule_policies::ClaimNames;
use vestibule_policies::code::Code;
use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;

use super::account::{self, Account};
use super::connection::{Answer, Connection, Lost, Query, Scope};
use super::domain::Domain;
use super::entry::Entry;
use super::groups;
use super::kin::Kin;
use super::name::{TypedName, by_account, by_principal};
use super::naming::Naming;
use crate::error::SignInError;

/// What is read of a person.
pub const ATTRIBUTES: [&str; 15] = [
    "objectSid",
    "objectGUID",
    "sAMAccountName",
    "userPrincipalName",
    "mail",
    "displayName",
    "cn",
    "givenName",
    "sn",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "accountExpires",
    "pwdLastSet",
    "primaryGroupID",
    "tokenGroups",
];
/// More than one is too many already.
const MOST: i32 = 3;

/// Parts of an attribute that are fetched one after the other, and how long that may take.
const MOST_PARTS: usize = 16;
const PARTS: Duration = Duration::from_secs(10);

/// Reads a person by the name of their entry, with all of their groups, however many parts those come in.
pub(super) async fn read(
    connection: &mut Connection,
    dn: &str,
    within: Duration,
) -> Result<(Vec<Entry>, Answer), Lost> {
    let (mut entries, answer) = connection.search(&entry(dn, &ATTRIBUTES), within).await?;
    let broken = |error: SignInError| Lost::Broken(error.reason);
    let Some(whole) = entries.first_mut().filter(|_| answer.is_success()) else {
        return Ok((entries, answer));
    };
    let start = Instant::now();
    for _ in 0..MOST_PARTS {
        if start.elapsed() > PARTS {
            return Err(Lost::Slow(PARTS));
        }
        let Some(next) = whole.take_part("tokenGroups").map_err(broken)? else {
            return Ok((entries, answer));
        };
        let part = format!("tokenGroups;range={next}-*");
        let (more, answer) = connection.search(&entry(dn, &[&part]), within).await?;
        match more.into_iter().next().filter(|_| answer.is_success()) {
            Some(more) => whole.add_part(more),
            None => return Ok((Vec::new(), answer)),
        }
    }
    Err(Lost::Broken("the groups of a person come in too many parts".to_owned()))
}

fn entry<'a>(dn: &'a str, attributes: &'a [&'a str]) -> Query<'a> {
    Query { base: dn, scope: Scope::Base, filter: "(objectClass=*)", attributes, most: 1 }
}

/// Whom a name means.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) domain: Arc<Domain>,
    pub(super) naming: Arc<Naming>,
    pub(super) dn: String,
    pub(super) security_id: SecurityId,
    names: Names,
}

/// `sAMAccountName` and `userPrincipalName`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Names(Option<String>, Option<String>);

impl Names {
    fn of(entry: &Entry) -> Result<Self, SignInError> {
        let text = |name| entry.text(name).map(|text| text.map(str::to_lowercase));
        Ok(Self(text("sAMAccountName")?, text("userPrincipalName")?))
    }
}

/// The people of a domain who have this name.
pub(super) async fn find(domain: &Arc<Domain>, name: &TypedName) -> Result<Vec<Found>, SignInError> {
    let naming = domain.naming().await?;
    let filter = match name {
        TypedName::DownLevel { account, .. } | TypedName::Bare { account } => by_account(account),
        TypedName::Principal { user, suffix } => {
            let explicit = by_principal(&format!("{user}@{suffix}"));
            // annex c.4: every account has a UPN of its account name and the domain's DNS name beside the explicit one.
            if *suffix == domain.config.name {
                format!("(|{explicit}{})", by_account(user))
            } else {
                explicit
            }
        }
    };
    let query = Query {
        base: &naming.base,
        scope: Scope::Subtree,
        filter: &filter,
        attributes: &Found::ATTRIBUTES,
        most: MOST,
    };
    let entries = domain.entries(&query).await?;
    let found = entries.into_iter().map(|entry| found(domain, &naming, name, &entry));
    found.filter_map(Result::transpose).collect()
}

/// A lying directory must not turn one person into another: the entry has to be what was asked for, in the domain that was asked. A
/// directory that is only generous, with accents or widths, has nobody of that name either.
fn found(
    domain: &Arc<Domain>,
    naming: &Arc<Naming>,
    name: &TypedName,
    entry: &Entry,
) -> Result<Option<Found>, SignInError> {
    let (account, principal) = (entry.text("sAMAccountName")?, entry.text("userPrincipalName")?);
    let same = |found: Option<&str>, asked: &str| {
        found.is_some_and(|found| found.to_lowercase() == asked.to_lowercase())
    };
    let is_meant = match name {
        TypedName::DownLevel { account: asked, .. } | TypedName::Bare { account: asked } => {
            same(account, asked)
        }
        TypedName::Principal { user, suffix } => {
            same(principal, &format!("{user}@{suffix}"))
                || (*suffix == domain.config.name && same(account, user))
        }
    };
    if !is_meant || !entry.is_below(&naming.base) {
        tracing::warn!(directory.domain = domain.config.name, "the directory gave an entry for another name");
        return Ok(None);
    }
    Found::of(domain, naming, entry).map(Some)
}

/// The entry's SID, which has to be an account's of this domain.
pub(super) fn own_security_id(domain: &Domain, entry: &Entry) -> Result<SecurityId, SignInError> {
    let security_id = entry.security_id()?;
    if security_id.domain().as_ref() == Some(&domain.sid) {
        return Ok(security_id);
    }
    let reason = format!("{} has the SID {} of another domain", entry.dn, security_id.as_str());
    Err(SignInError::new(Code::AdAnswer, reason))
}

/// A person's entry, read and held against what was found before.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) attributes: RawAttributes,
    pub(super) account: Account,
}

impl Found {
    /// What is looked for to know somebody again.
    pub(super) const ATTRIBUTES: [&str; 3] = ["objectSid", "sAMAccountName", "userPrincipalName"];

    /// The owner of an entry, by its SID, which has to be of this domain.
    pub(super) fn of(domain: &Arc<Domain>, naming: &Arc<Naming>, entry: &Entry) -> Result<Self, SignInError> {
        Ok(Self {
            security_id: own_security_id(domain, entry)?,
            names: Names::of(entry)?,
            domain: Arc::clone(domain),
            naming: Arc::clone(naming),
            dn: entry.dn.clone(),
        })
    }

    /// The one entry that a read by its name gave, and its account if it may sign in. It has to be the one that was found, under the
    /// same names: what was looked for must not become somebody else between two answers.
    pub(super) async fn read(
        &self,
        entries: Vec<Entry>,
        kin: &Kin,
        now: Timestamp,
    ) -> Result<Person, SignInError> {
        let [entry] = <[Entry; 1]>::try_from(entries)
            .map_err(|_| SignInError::new(Code::AdAnswer, format!("the entry {} cannot be read", self.dn)))?;
        let is_the_same = own_security_id(&self.domain, &entry)? == self.security_id
            && Names::of(&entry)? == self.names
            && entry.dn.to_lowercase() == self.dn.to_lowercase();
        if !is_the_same {
            let reason = format!("the entry {} is another one's by now", self.dn);
            return Err(SignInError::new(Code::AdAnswer, reason));
        }
        let account = Account::of(&entry)?;
        account.check(now).map_err(account::Bar::refusal)?;
        let attributes = self.attributes(&entry, kin).await?;
        Ok(Person { attributes, account })
    }

    async fn attributes(&self, entry: &Entry, kin: &Kin) -> Result<RawAttributes, SignInError> {
        let names = ClaimNames::default();
        let account = entry.needed("sAMAccountName")?;
        let implicit = || vec![format!("{account}@{}", self.domain.config.name)];
        let principal = Some(entry.texts("userPrincipalName")).filter(|all| !all.is_empty());
        let shown = Some(entry.texts("displayName")).filter(|all| !all.is_empty());
        for name in principal.iter().flatten() {
            kin.check_principal(name)?;
        }
        let groups = groups::of(&self.domain, &self.naming, (entry, kin)).await?;
        let (ids, labels): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
        let all = [
            (names.sid, vec![self.security_id.as_str().to_owned()]),
            (names.upn, principal.unwrap_or_else(implicit)),
            (names.oid, entry.object_id()?.map(|id| id.to_string()).into_iter().collect()),
            (names.email, entry.texts("mail")),
            (names.display_name, shown.unwrap_or_else(|| entry.texts("cn"))),
            (names.given_name, entry.texts("givenName")),
            (names.family_name, entry.texts("sn")),
            (names.groups, ids),
            (RawAttributes::GROUP_NAMES.to_owned(), labels),
        ];
        Ok(RawAttributes::gathered(all, Source::Directory))
    }
}
