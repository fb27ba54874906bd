//! What a directory says of itself: that it is an Active Directory, of which domain, under which names (annex c.4). A controller
//! of another domain than the configured one is believed in nothing.

use std::sync::Arc;

use vestibule_policies::code::Code;
use vestibule_policies::security_id::DomainSid;

use super::connection::{Query, Scope};
use super::domain::Domain;
use super::entry::Entry;
use crate::error::SignInError;

/// `LDAP_CAP_ACTIVE_DIRECTORY_OID` (MS-ADTS §3.1.1.3.4.3.1).
const IS_ACTIVE_DIRECTORY: &[u8] = b"1.2.840.113556.1.4.800";
const ROOT: [&str; 6] = [
    "defaultNamingContext",
    "configurationNamingContext",
    "dnsHostName",
    "supportedCapabilities",
    "currentTime",
    "domainFunctionality",
];
const MOST_SUFFIXES: usize = 1_000;
const MOST_DOMAINS: i32 = 500;

/// The names of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Naming {
    /// `DC=corp,DC=example`.
    pub(super) base: String,
    /// In upper case.
    pub(super) netbios: String,
    /// The DNS names of every domain of the forest, in lower case.
    pub(super) domains: Vec<String>,
    /// The forest's alternative UPN suffixes, in lower case.
    pub(super) suffixes: Vec<String>,
}

/// Asks for everything.
pub(super) async fn learn(domain: &Arc<Domain>) -> Result<Naming, SignInError> {
    let root = root(domain).await?;
    let base = base_of(domain, &root)?;
    check_domain(domain, &base).await?;
    let container = format!("CN=Partitions,{}", root.needed("configurationNamingContext")?);
    let filter = format!("(&(objectClass=crossRef)(nCName={}))", ldap3::ldap_escape(base.as_str()));
    let crossing = one(domain, (&container, Scope::Subtree, &filter), &["nETBIOSName", "dnsRoot"]).await?;
    let dns = crossing.needed("dnsRoot")?;
    if !dns.eq_ignore_ascii_case(&domain.config.name) {
        return Err(other(domain, &format!("it calls itself {dns}")));
    }
    let netbios = crossing.needed("nETBIOSName")?.to_uppercase();
    if domain.config.netbios.as_ref().is_some_and(|expected| !expected.eq_ignore_ascii_case(&netbios)) {
        return Err(other(domain, &format!("its NetBIOS name is {netbios}")));
    }
    let partitions = one(domain, (&container, Scope::Base, "(objectClass=*)"), &["uPNSuffixes"]).await?;
    let suffixes =
        partitions.texts("uPNSuffixes").iter().take(MOST_SUFFIXES).map(|one| one.to_lowercase()).collect();
    let domains = domains(domain, &container).await?;
    Ok(Naming { base, netbios, domains, suffixes })
}

/// Every domain of the forest, as its configuration lists them.
async fn domains(domain: &Arc<Domain>, container: &str) -> Result<Vec<String>, SignInError> {
    let query = Query {
        base: container,
        scope: Scope::Subtree,
        filter: "(&(objectClass=crossRef)(nETBIOSName=*))",
        attributes: &["dnsRoot"],
        most: MOST_DOMAINS,
    };
    let crossings = domain.entries(&query).await?;
    crossings.iter().map(|one| Ok(one.needed("dnsRoot")?.to_lowercase())).collect()
}

/// The entry at the root, which every server has (RFC 4512 §5.1).
pub(super) async fn root(domain: &Arc<Domain>) -> Result<Entry, SignInError> {
    let root = one(domain, ("", Scope::Base, "(objectClass=*)"), &ROOT).await?;
    if root.values("supportedCapabilities").iter().any(|value| value == IS_ACTIVE_DIRECTORY) {
        Ok(root)
    } else {
        Err(other(domain, "it is no Active Directory"))
    }
}

fn base_of(domain: &Arc<Domain>, root: &Entry) -> Result<String, SignInError> {
    let base = root.needed("defaultNamingContext")?;
    let dns = dns_of(base);
    if dns == domain.config.name {
        Ok(base.to_owned())
    } else {
        Err(other(domain, &format!("its naming context is {base}")))
    }
}

/// The domain's own SID is what makes it this domain and no other.
async fn check_domain(domain: &Arc<Domain>, base: &str) -> Result<(), SignInError> {
    let head = one(domain, (base, Scope::Base, "(objectClass=*)"), &["objectSid"]).await?;
    let sid = head.security_id()?;
    match DomainSid::parse(sid.as_str()) {
        Ok(sid) if sid == domain.sid => Ok(()),
        Ok(_) | Err(_) => Err(other(
            domain,
            &format!(
                "its SID is {}, and the directory {} has {}",
                sid.as_str(),
                domain.config.directory,
                domain.sid.as_str()
            ),
        )),
    }
}

fn other(domain: &Arc<Domain>, why: &str) -> SignInError {
    let reason = format!("what answers is no controller of {}: {why}", domain.config.name);
    SignInError::new(Code::AdDomain, reason)
}

/// The one entry that there is.
pub(super) async fn one(
    domain: &Arc<Domain>,
    (base, scope, filter): (&str, Scope, &str),
    attributes: &[&str],
) -> Result<Entry, SignInError> {
    let query = Query { base, scope, filter, attributes, most: 2 };
    let mut found = domain.entries(&query).await?;
    match (found.pop(), found.pop()) {
        (Some(entry), None) => Ok(entry),
        (None, _) => Err(other(domain, &format!("it has nothing at {base} for {filter}"))),
        (Some(_), Some(_)) => Err(other(domain, &format!("it has several entries at {base} for {filter}"))),
    }
}

/// `corp.example` from `DC=corp,DC=example`; nothing for what is no domain's name.
pub(super) fn dns_of(base: &str) -> String {
    let labels = base.split(',').map(|part| {
        let (kind, label) = part.trim().split_once('=')?;
        kind.trim().eq_ignore_ascii_case("dc").then(|| label.trim().to_lowercase())
    });
    labels.collect::<Option<Vec<_>>>().map(|labels| labels.join(".")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_naming_context_is_a_domain_name() {
        assert_eq!(dns_of("DC=Corp,DC=Example"), "corp.example");
        assert_eq!(dns_of("dc=corp, dc=example"), "corp.example");
        assert_eq!(dns_of("OU=x,DC=corp"), "");
        assert_eq!(dns_of(""), "");
    }
}
