//! The section `[organization]`: who it is and which hosts are its own (PRV-17, interface 2).

use vestibule_policies::{ConnectionName, Edition, HostName, Slug};

use super::super::{
    fault::{FaultCode, Place},
    reader::{Item, Reported, Table, Unique},
    server::ServerConfig,
};

/// The longest name, in characters.
const NAME_LIMIT: usize = 128;

/// The section, with the edition apart: other sections are judged by it even when the rest is faulty.
pub(super) struct Heading {
    pub(super) edition: Result<Edition, Reported>,
    pub(super) identity: Result<Identity, Reported>,
}

/// Who the organisation is.
pub(super) struct Identity {
    pub(super) slug: Slug,
    pub(super) name: String,
    pub(super) workspaces: Vec<HostName>,
    /// The connection by which administrators may come.
    pub(super) administrator_sign_in: Option<ConnectionName>,
    /// The lists that the file owns.
    pub(super) manages: Manages,
    /// What no other organisation may have, and where it stands.
    pub(super) claims: Vec<(String, Place)>,
}

impl Heading {
    pub(super) fn read(table: &mut Table<'_>, config: &ServerConfig) -> Self {
        let edition = table.parse_or("edition", "global", |text| {
            Edition::parse(text).ok_or("expected \"global\" or \"japan\"")
        });
        Self { edition, identity: Identity::read(table, config) }
    }
}

impl Identity {
    fn read(table: &mut Table<'_>, config: &ServerConfig) -> Result<Self, Reported> {
        let slug = table.value("slug", |item| item.parse(Slug::parse));
        let name = table.maybe("name", |item| item.parse(name));
        let mut seen = Unique::new();
        let workspaces = table.value_or("workspaces", Vec::new(), |item| {
            item.each(|host| Ok((seen.take(workspace(host, config)?, host)?, host.place().clone())))
        });
        let administrator_sign_in = table.maybe("administrator_sign_in", |item| match item.as_text() {
            Some("") => Ok(None),
            _ => item.parse(ConnectionName::parse).map(Some),
        });
        let manages = table.value_or("manages", Manages::default(), Manages::read);
        let (slug, workspaces) = (slug?, workspaces?);
        let (administrator_sign_in, manages) = (administrator_sign_in?.flatten(), manages?);
        let hosts = workspaces.iter().map(|(host, place)| (host.to_string(), place.clone()));
        let claims = std::iter::once((slug.to_string(), table.place_of("slug"))).chain(hosts).collect();
        let workspaces = workspaces.into_iter().map(|(host, _)| host).collect();
        let name = name?.unwrap_or_else(|| slug.to_string());
        Ok(Self { slug, name, workspaces, administrator_sign_in, manages, claims })
    }
}

/// The lists of administrators that a manifest owns: whoever does not stand in it is taken out when it is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manages {
    /// `[[administrators]]` whom a connection brings.
    pub administrators: bool,
    /// `[[administrator_groups]]`.
    pub administrator_groups: bool,
}

impl Manages {
    fn read(item: &Item<'_>) -> Result<Self, Reported> {
        let mut all = Self::default();
        item.each(|one| {
            match one.text()? {
                "administrators" => all.administrators = true,
                "administrator_groups" => all.administrator_groups = true,
                "clients" => {
                    return Err(
                        one.refuse(FaultCode::NotBuilt, "a manifest does not make clients in this version")
                    );
                }
                _ => return Err(one.invalid("expected \"administrators\" or \"administrator_groups\"")),
            }
            Ok(())
        })?;
        Ok(all)
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    let length = text.chars().count();
    if text.trim() == text && (1..=NAME_LIMIT).contains(&length) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 128 characters, without spaces around them and without control characters")
    }
}

/// A host of the organisation: a free label of the workspace domain, or a domain of its own.
fn workspace(item: &Item<'_>, config: &ServerConfig) -> Result<HostName, Reported> {
    let host = item.parse(HostName::parse)?;
    match objection(&host, config) {
        Some(message) => Err(item.refuse(FaultCode::Invalid, message)),
        None => Ok(host),
    }
}

fn objection(host: &HostName, config: &ServerConfig) -> Option<&'static str> {
    let server = &config.server;
    let domains = [&server.workspace_domain, &server.base_domain];
    if domains.contains(&host) || server.hosts.all().any(|own| own == host) {
        return Some("this host is the broker's own; choose another");
    }
    // Sandbox providers live here, on another site than the broker, and are nobody's workspace.
    if is_below(host, "sandbox.localhost").is_some() || host.as_str() == "sandbox.localhost" {
        return Some("hosts of sandbox.localhost are for sandbox providers");
    }
    if is_below(host, server.workspace_domain.as_str()).is_some_and(|label| label.contains('.')) {
        return Some("a host of the workspace domain has one label before it");
    }
    // A name such as `support` under either domain would speak to people in the operator's voice.
    let labels = domains.into_iter().filter_map(|domain| is_below(host, domain.as_str()));
    labels
        .into_iter()
        .any(|label| Slug::RESERVED.contains(&label))
        .then_some("this label is reserved; choose another")
}

/// The part of a host before a domain, when the host lies below it.
fn is_below<'a>(host: &'a HostName, domain: &str) -> Option<&'a str> {
    host.as_str().strip_suffix(domain)?.strip_suffix('.')
}
