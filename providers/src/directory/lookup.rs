//! The directory for others (annex c.3): finding people and groups by how their names begin, and everything about one of whom
//! another provider brought a UPN or a SID only.

use async_trait::async_trait;
use ldap3::ldap_escape;
use vestibule_policies::DirectoryName;
use vestibule_policies::code::Code;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;

use super::connection::{Query, Scope};
use super::domain::Domain;
use super::entry::Entry;
use super::kin::Kin;
use super::name::{PEOPLE, TypedName, by_security_id};
use super::person::{Found, own_security_id};
use super::{DirectoryProvider, bind};
use crate::error::SignInError;

/// The longest list, in entries.
const LONGEST: usize = 50;

/// By what somebody is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A user principal name.
    Principal(String),
    /// An account's SID.
    SecurityId(SecurityId),
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// People.
    Person,
    /// Groups.
    Group,
}

/// One of the accounts that were found, to choose from (LIB-03, CLM-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its directory.
    pub directory: DirectoryName,
    /// For ever.
    pub security_id: SecurityId,
    /// `sAMAccountName`.
    pub account: String,
    /// What people call it.
    pub display_name: Option<String>,
    /// Of a person.
    pub principal: Option<String>,
}

/// A directory that others may ask.
#[async_trait]
pub trait Directory: Send + Sync {
    /// At most fifty people or groups of one domain whose account name, display name or UPN begins so. Nothing begins with nothing.
    ///
    /// # Errors
    /// When the domain is not one of the connection's, is switched off (LIB-10), or cannot be asked.
    async fn list(
        &self,
        directory: &DirectoryName,
        kind: Kind,
        start: &str,
    ) -> Result<Vec<Listed>, SignInError>;

    /// Everything about one person, in the form that a sign-in by the directory itself gives; `None` for nobody.
    ///
    /// # Errors
    /// When two people fit, the account may not sign in, or the directory cannot be asked.
    async fn resolve(&self, key: &Key, now: Timestamp) -> Result<Option<RawAttributes>, SignInError>;
}

#[async_trait]
impl Directory for DirectoryProvider {
    async fn list(
        &self,
        directory: &DirectoryName,
        kind: Kind,
        start: &str,
    ) -> Result<Vec<Listed>, SignInError> {
        let domain = self.enabled().find(|domain| domain.config.directory == *directory);
        let domain = domain.ok_or_else(|| bind::refusal("domain-disabled"))?;
        let start = start.trim();
        if start.is_empty() {
            return Ok(Vec::new());
        }
        let naming = domain.naming().await?;
        let filter = beginning(kind, start);
        let query = Query {
            base: &naming.base,
            scope: Scope::FirstPage,
            filter: &filter,
            attributes: &["objectSid", "sAMAccountName", "displayName", "cn", "userPrincipalName"],
            most: i32::try_from(LONGEST).unwrap_or(i32::MAX),
        };
        // More than fifty is not an error here: the list is to be narrowed.
        let (entries, answer) = domain.search(&query).await?;
        if !matches!(answer.code, 0 | 4) {
            let reason = format!("a search ended with result {}: {}", answer.code, answer.text);
            return Err(SignInError::new(Code::AdAnswer, reason));
        }
        entries.iter().take(LONGEST).map(|entry| listed(domain, entry)).collect()
    }

    async fn resolve(&self, key: &Key, now: Timestamp) -> Result<Option<RawAttributes>, SignInError> {
        let found = match key {
            Key::Principal(principal) => match TypedName::parse(principal) {
                Some(name @ TypedName::Principal { .. }) => match self.find(&name).await {
                    Ok(found) => found,
                    Err(refused) if matches!(refused.cause, Some("unknown-name" | "domain-disabled")) => {
                        return Ok(None);
                    }
                    Err(error) => return Err(error),
                },
                _ => return Ok(None),
            },
            Key::SecurityId(id) => match self.by_security_id(id).await? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        let entries = found.domain.person(&found.dn).await?;
        let kin = Kin::of(&found.domain, &self.domains).await;
        Ok(Some(found.read(entries, &kin, now).await?.attributes))
    }
}

impl DirectoryProvider {
    async fn by_security_id(&self, id: &SecurityId) -> Result<Option<Found>, SignInError> {
        let domain = self.enabled().find(|domain| id.domain().as_ref() == Some(&domain.sid));
        let Some(domain) = domain else { return Ok(None) };
        let naming = domain.naming().await?;
        let filter = format!("(&{PEOPLE}{})", by_security_id(&id.to_bytes()));
        let query = Query {
            base: &naming.base,
            scope: Scope::Subtree,
            filter: &filter,
            attributes: &Found::ATTRIBUTES,
            most: 2,
        };
        match domain.entries(&query).await?.as_slice() {
            [] => Ok(None),
            [entry] if own_security_id(domain, entry)? == *id => Found::of(domain, &naming, entry).map(Some),
            _ => {
                Err(SignInError::new(Code::AdAnswer, format!("another entry than {} was found", id.as_str())))
            }
        }
    }
}

fn beginning(kind: Kind, start: &str) -> String {
    let start = ldap_escape(start);
    let what = match kind {
        Kind::Person => PEOPLE,
        Kind::Group => "(objectCategory=group)",
    };
    format!(
        "(&{what}(|(sAMAccountName={start}*)(displayName={start}*)(cn={start}*)(userPrincipalName={start}*)))"
    )
}

fn listed(domain: &Domain, entry: &Entry) -> Result<Listed, SignInError> {
    let shown = entry.text("displayName")?.or(entry.text("cn")?);
    Ok(Listed {
        directory: domain.config.directory.clone(),
        security_id: own_security_id(domain, entry)?,
        account: entry.needed("sAMAccountName")?.to_owned(),
        display_name: shown.map(str::to_owned),
        principal: entry.text("userPrincipalName")?.map(str::to_owned),
    })
}
