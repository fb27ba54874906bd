//! The section `[[directories]]`: the Active Directory domains and Entra tenants that connections may speak for.
//! Each domain, tenant and UPN suffix belongs to one of them, or claims could not be told apart (`CLAIM-SCOPE`).

use vestibule_policies::{Directory, DirectoryAuthority, DirectoryName, DomainSid, HostName, ObjectId};

use super::super::{
    fault::FaultCode,
    reader::{Reported, Table, Unique},
};

pub(in super::super) fn read(root: &mut Table<'_>) -> Result<Option<Vec<Directory>>, Reported> {
    let mut taken = Taken { names: Unique::new(), authorities: Unique::new(), suffixes: Unique::new() };
    root.sections("directories", |table| taken.read(table))
}

/// What the directories so far have taken.
struct Taken {
    names: Unique<DirectoryName>,
    authorities: Unique<String>,
    suffixes: Unique<String>,
}

impl Taken {
    fn read(&mut self, table: &mut Table<'_>) -> Result<Directory, Reported> {
        let name = table.value("name", |item| self.names.take(item.parse(DirectoryName::parse)?, item));
        let authority = self.authority(table);
        let upn_suffixes = table.value_or("upn_suffixes", Vec::new(), |item| {
            item.each(|suffix| {
                let host = suffix.parse(HostName::parse)?;
                self.suffixes.take(host.to_string(), suffix)
            })
        });
        Ok(Directory { name: name?, authority: authority?, upn_suffixes: upn_suffixes? })
    }

    fn authority(&mut self, table: &mut Table<'_>) -> Result<DirectoryAuthority, Reported> {
        let domain = table.maybe("domain_sid", |item| {
            let domain = item.parse(DomainSid::parse)?;
            self.authorities.take(domain.as_str().to_owned(), item)?;
            Ok(domain)
        });
        let tenant = table.maybe("entra_tenant", |item| {
            let tenant = item.parse(ObjectId::parse_text)?;
            self.authorities.take(tenant.to_string(), item)
        });
        match (domain?, tenant?) {
            (Some(domain), None) => Ok(DirectoryAuthority::Domain(domain)),
            (None, Some(tenant)) => Ok(DirectoryAuthority::EntraTenant(tenant)),
            (None, None) => {
                Err(table.fault("domain_sid", FaultCode::Missing, "set domain_sid or entra_tenant"))
            }
            (Some(_), Some(_)) => {
                let message = "a directory is a domain or a tenant; set domain_sid or entra_tenant, not both";
                Err(table.fault("entra_tenant", FaultCode::Invalid, message))
            }
        }
    }
}
