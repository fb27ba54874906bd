//! What a connection to Active Directory has, with a token or without: its domains, and how attempts are counted (AD-01 to AD-21).

use std::time::Duration;

use vestibule_policies::{Directory, DirectoryAuthority, DirectoryName, HostName, limits::parse_duration};
use vestibule_providers::config::{ControllerAddress, DirectoryConfig, DomainConfig};

use super::{
    super::super::{
        fault::FaultCode,
        reader::{Item, Reported, Table, Unique, Usual},
        secret::SecretSource,
    },
    Surroundings, trust,
};

const RECHECK: Duration = Duration::from_mins(10);
const SHORTEST_RECHECK: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_hours(24);
const ATTEMPTS: u32 = 5;
const MOST_ATTEMPTS: u32 = 100;
const WINDOW: Duration = Duration::from_mins(15);
const SHORTEST_WINDOW: Duration = Duration::from_mins(1);
/// Domains of one connection, and controllers of one domain.
const MOST: usize = 32;
/// Characters of a NetBIOS name (annex c.4).
const NETBIOS: usize = 15;
const LONGEST_USER: usize = 1024;

/// What the section gives.
pub(super) struct Read {
    pub(super) config: DirectoryConfig,
    /// Of each domain, in their order.
    pub(super) bind_passwords: Vec<SecretSource>,
}

pub(super) fn read(table: &mut Table<'_>, around: Surroundings<'_>) -> Result<Read, Reported> {
    let recheck = table.maybe("recheck", recheck);
    let attempts = table.value_or("lockout_attempts", ATTEMPTS, attempts);
    let window =
        table.value_or("lockout_window", WINDOW, |item| bounded(item, SHORTEST_WINDOW, "expected 1m to 24h"));
    // The chain of every domain that has none of its own.
    let common = table.maybe("ca", trust);
    let mut taken = Taken { directories: Unique::new(), names: Unique::new(), netbios: Unique::new() };
    let domains = table.sections("domains", |table| taken.domain(table, around));
    // Every key is asked for before the first fault ends the reading: one that nobody asked for counts as unknown.
    let default_domain = table.maybe("default_domain", |item| default_domain(item, domains.as_ref().ok()));
    let domains = match domains? {
        Some(domains) if !domains.is_empty() && domains.len() <= MOST => domains,
        Some(_) | None => {
            return Err(table.fault("domains", FaultCode::Missing, "set 1 to 32 [[connections.domains]]"));
        }
    };
    let (mut domains, bind_passwords): (Vec<_>, Vec<_>) = domains.into_iter().unzip();
    let common = common?;
    for domain in &mut domains {
        if domain.trust.is_none() {
            domain.trust.clone_from(&common);
        }
    }
    let recheck = recheck?.unwrap_or(Some(RECHECK));
    let config = DirectoryConfig {
        default_domain: default_domain?,
        recheck_ms: recheck.map(millis),
        lockout_attempts: attempts?,
        lockout_window_ms: millis(window?),
        domains,
    };
    Ok(Read { config, bind_passwords })
}

/// What the domains so far have taken: no two may be the same.
struct Taken {
    directories: Unique<DirectoryName>,
    names: Unique<String>,
    netbios: Unique<String>,
}

impl Taken {
    fn domain(
        &mut self,
        table: &mut Table<'_>,
        around: Surroundings<'_>,
    ) -> Result<(DomainConfig, SecretSource), Reported> {
        let directory = table.value("directory", |item| {
            let name = self.directories.take(item.parse(DirectoryName::parse)?, item)?;
            declared(item, name, around.directories)
        });
        let name =
            table.value("name", |item| self.names.take(item.parse(HostName::parse)?.to_string(), item));
        let netbios = table.maybe("netbios", |item| self.netbios.take(netbios(item)?, item));
        let enabled = table.value_or("enabled", true, Item::flag);
        let servers = table.value_or("servers", Vec::new(), |item| servers(item, around));
        let trust = table.maybe("ca", trust);
        let bind_user = table.value("bind_user", bind_user);
        let bind_password = table.value("bind_password", SecretSource::read);
        table.not_built(&[("resource_location", Usual::Empty)])?;
        let config = DomainConfig {
            directory: directory?,
            name: name?,
            netbios: netbios?,
            enabled: enabled?,
            servers: servers?,
            trust: trust?,
            bind_user: bind_user?,
        };
        Ok((config, bind_password?))
    }
}

/// One of the connection's own domains; any name will do where they cannot be told, which is a fault of its own.
fn default_domain(
    item: &Item<'_>,
    domains: Option<&Option<Vec<(DomainConfig, SecretSource)>>>,
) -> Result<DirectoryName, Reported> {
    let name = item.parse(DirectoryName::parse)?;
    match domains {
        Some(Some(domains)) if !domains.iter().any(|(domain, _)| domain.directory == name) => {
            Err(item.invalid(format_args!("no domain of this connection is the directory {name}")))
        }
        Some(_) | None => Ok(name),
    }
}

fn declared(
    item: &Item<'_>,
    name: DirectoryName,
    declared: Option<&[Directory]>,
) -> Result<DirectoryName, Reported> {
    let Some(declared) = declared else { return Ok(name) };
    match declared.iter().find(|directory| directory.name == name).map(|directory| &directory.authority) {
        Some(DirectoryAuthority::Domain(_)) => Ok(name),
        Some(DirectoryAuthority::EntraTenant(_)) => {
            Err(item
                .invalid(format_args!("the directory {name} is an Entra tenant; give one with a domain_sid")))
        }
        None => Err(item.invalid(format_args!("there is no directory {name}"))),
    }
}

fn netbios(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    let usable = |c: char| c.is_ascii_alphanumeric() || "-_.!@#$%^&()'{}~".contains(c);
    if (1..=NETBIOS).contains(&text.len()) && text.chars().all(usable) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(item.invalid("expected a NetBIOS name of 1 to 15 characters, such as CORP"))
    }
}

fn servers(item: &Item<'_>, around: Surroundings<'_>) -> Result<Vec<ControllerAddress>, Reported> {
    let mut seen = Unique::new();
    let servers = item.each(|element| {
        let address = element.parse(|text| around.addresses.controller(text))?;
        seen.take(address, element)
    })?;
    if servers.len() > MOST {
        Err(item.invalid("there are too many servers; at most 32"))
    } else {
        Ok(servers)
    }
}

/// A name that the directory takes for a bind: UPN, `DOMAIN\name` or a DN.
fn bind_user(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    if (1..=LONGEST_USER).contains(&text.len()) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(item.invalid("expected a name such as svc@corp.example, CORP\\svc or a DN"))
    }
}

/// `off` is never.
fn recheck(item: &Item<'_>) -> Result<Option<Duration>, Reported> {
    if item.text()? == "off" {
        return Ok(None);
    }
    bounded(item, SHORTEST_RECHECK, "expected 10s to 24h, or off").map(Some)
}

fn bounded(item: &Item<'_>, shortest: Duration, expected: &'static str) -> Result<Duration, Reported> {
    let duration = item.parse(parse_duration)?;
    if (shortest..=LONGEST).contains(&duration) { Ok(duration) } else { Err(item.invalid(expected)) }
}

fn attempts(item: &Item<'_>) -> Result<u32, Reported> {
    item.number(1, MOST_ATTEMPTS)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
