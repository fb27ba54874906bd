//! The names of the broker's own hosts (interface 2). They are kept apart from each other and from the two domains, for
//! a host name alone decides what a request may reach.

use std::ops::Deref;

use vestibule_policies::HostName;

use super::super::{
    fault::FaultCode,
    reader::{Item, Reported, Table},
};

/// The broker's own hosts by what they serve; all names are distinct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// Sign-in pages, callbacks and the `OpenID` provider.
    pub accounts: HostNames,
    /// The SAML service provider.
    pub saml: HostNames,
    /// The console and the API.
    pub console: HostNames,
}

impl Hosts {
    /// Every name of every host.
    pub fn all(&self) -> impl Iterator<Item = &HostName> {
        [&self.accounts, &self.saml, &self.console].into_iter().flat_map(|names| names.iter())
    }
}

/// One or more names of one host, as a slice. The first is the canonical one, with which links are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNames {
    canonical: HostName,
    all: Vec<HostName>,
}

impl HostNames {
    /// The canonical name and its aliases.
    #[must_use]
    pub fn new(canonical: HostName, aliases: Vec<HostName>) -> Self {
        let all = std::iter::once(canonical.clone()).chain(aliases).collect();
        Self { canonical, all }
    }

    /// The name with which links are built.
    #[must_use]
    pub const fn canonical(&self) -> &HostName {
        &self.canonical
    }

    fn read(item: &Item<'_>) -> Result<Self, Reported> {
        let mut names = item.each(|name| name.parse(HostName::parse))?.into_iter();
        let canonical =
            names.next().ok_or_else(|| item.invalid("name at least one host, or leave the key out"))?;
        Ok(Self::new(canonical, names.collect()))
    }
}

impl Deref for HostNames {
    type Target = [HostName];

    fn deref(&self) -> &[HostName] {
        &self.all
    }
}

/// The names of the section `[server]`.
pub(super) struct Names {
    pub(super) base_domain: HostName,
    pub(super) workspace_domain: HostName,
    pub(super) hosts: Hosts,
}

impl Names {
    /// Reads the two domains and `[server.hosts]`, whose defaults lie in the base domain.
    pub(super) fn read(table: &mut Table<'_>) -> Result<Self, Reported> {
        let base_domain = table.parse_or("base_domain", "vestibule.localhost", HostName::parse);
        let workspace_domain = match table.optional("workspace_domain") {
            Some(item) => item.parse(HostName::parse),
            None => base_domain.clone(),
        };
        let hosts =
            table.section_or_empty("hosts", |hosts| Hosts::read(hosts, &base_domain, &workspace_domain));
        Ok(Self { base_domain: base_domain?, workspace_domain: workspace_domain?, hosts: hosts? })
    }
}

impl Hosts {
    fn read(
        table: &mut Table<'_>,
        base_domain: &Result<HostName, Reported>,
        workspace_domain: &Result<HostName, Reported>,
    ) -> Result<Self, Reported> {
        let accounts = names(table, "accounts", base_domain);
        let saml = names(table, "saml", base_domain);
        let console = names(table, "console", base_domain);
        let hosts = Self { accounts: accounts?, saml: saml?, console: console? };
        let domains = base_domain.as_ref().into_iter().chain(workspace_domain);
        hosts.distinct_from(domains.collect(), table)?;
        Ok(hosts)
    }

    fn distinct_from<'a>(&'a self, mut taken: Vec<&'a HostName>, table: &Table<'_>) -> Result<(), Reported> {
        let mut outcome = Ok(());
        for (key, names) in [("accounts", &self.accounts), ("saml", &self.saml), ("console", &self.console)] {
            for name in names.iter() {
                if taken.contains(&name) {
                    let message = format!("{name} already has another use; give this host a name of its own");
                    outcome = Err(table.fault(key, FaultCode::Invalid, message));
                }
                taken.push(name);
            }
        }
        outcome
    }
}

fn names(
    table: &mut Table<'_>,
    key: &'static str,
    base_domain: &Result<HostName, Reported>,
) -> Result<HostNames, Reported> {
    match (table.optional(key), base_domain) {
        (Some(item), _) => HostNames::read(&item),
        (None, Ok(base)) => table
            .parse_or(key, &format!("{key}.{base}"), HostName::parse)
            .map(|host| HostNames::new(host, Vec::new())),
        (None, Err(reported)) => Err(*reported),
    }
}
