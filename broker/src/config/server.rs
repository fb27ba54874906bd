//! `vestibule.toml`: what the server as a whole is told (interface 5). Keys of parts that are not built are refused by
//! name unless they say nothing or their default (interface 1).

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use ipnet::IpNet;

use super::{
    address::{Addresses, OwnListeners},
    fault::{FaultCode, Faults},
    files::read_text,
    reader::{self, Author, Item, Origin, Reported, TEXT_LIMIT, Table, Usual},
    secret::MasterKeySource,
};

pub use self::{
    front::{Server, TlsFiles},
    hosts::{HostNames, Hosts},
    mail::{MailCredentials, MailSecurity, MailSenders, MailServer, MailSettings},
    passwords::{CompromisedSource, Passwords},
    scheme::PublicScheme,
};

mod front;
mod hosts;
mod mail;
mod passwords;
mod scheme;

/// The server's configuration.
#[derive(Debug)]
pub struct ServerConfig {
    /// Where it listens and under which names.
    pub server: Server,
    /// Where it keeps what it knows.
    pub store: StoreConfig,
    /// The key that wraps every other key.
    pub master_key: MasterKeySource,
    /// Where it may go.
    pub outbound: Outbound,
    /// The rules for passwords of the built-in identity.
    pub passwords: Passwords,
    /// Through whom mail goes; none: no mail is sent.
    pub mail: Option<Arc<MailSettings>>,
}

/// The section `[store]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The file of the embedded store.
    pub sqlite: PathBuf,
}

/// The section `[outbound]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Private networks that addresses of organisations may reach; none by default.
    pub allow_private: Vec<IpNet>,
    /// Name servers that are asked instead of the system's, for directories: addresses with their ports.
    pub dns: Vec<SocketAddr>,
}

/// Reads the server's configuration.
///
/// # Errors
/// Every fault of the file.
pub fn read_server(path: &Path) -> Result<ServerConfig, Faults> {
    let text = read_text(path, TEXT_LIMIT)
        .map_err(|fault| Faults::of_file(path, FaultCode::Unreadable, fault.to_string()))?;
    parse_server(&text, path, super::folder(path))
}

/// Reads the text of a server's configuration; relative paths count from `base`. Any text is safe to give.
///
/// # Errors
/// Every fault of the text.
pub fn parse_server(text: &str, file: &Path, base: &Path) -> Result<ServerConfig, Faults> {
    let origin = Origin { file, author: Author::Operator(base) };
    reader::read(text, origin, |root| {
        let server = root.section_or_empty("server", Server::read);
        let store = root.section_or_empty("store", |table| StoreConfig::read(table, base));
        let master_key = root.section_or_empty("secrets", |table| master_key(table, base));
        let outbound = root.section_or_empty("outbound", Outbound::read);
        let mail = root.section_or_empty("mail", MailSettings::read);
        let known = server.as_ref().ok().zip(outbound.as_ref().ok());
        let addresses =
            known.map(|(server, outbound)| Addresses::new(server, outbound, OwnListeners::Refused));
        let passwords = root.section_or_empty("passwords", |table| Passwords::read(table, addresses));
        Ok(ServerConfig {
            server: server?,
            store: store?,
            master_key: master_key?,
            outbound: outbound?,
            passwords: passwords?,
            mail: mail?.map(Arc::new),
        })
    })
}

impl StoreConfig {
    fn read(table: &mut Table<'_>, base: &Path) -> Result<Self, Reported> {
        let sqlite = table.value_or("url", base.join("vestibule.db"), |item| {
            let url = item.text()?;
            if url.starts_with("postgres:") || url.starts_with("postgresql:") {
                return Err(item
                    .refuse(FaultCode::NotBuilt, "this version has the embedded store alone: sqlite:FILE"));
            }
            let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
            match path.filter(|path| !path.is_empty() && !path.contains([':', '?', '\0'])) {
                Some(path) => Ok(base.join(path)),
                None => Err(item.invalid("expected sqlite:FILE")),
            }
        });
        Ok(Self { sqlite: sqlite? })
    }
}

impl Outbound {
    fn read(table: &mut Table<'_>) -> Result<Self, Reported> {
        let allow_private = table.value_or("allow_private", Vec::new(), networks);
        let dns = table.value_or("dns", Vec::new(), |item| item.each(|element| element.parse(name_server)));
        table.not_built(&[("proxy", Usual::Empty), ("bypass", Usual::Empty)])?;
        Ok(Self { allow_private: allow_private?, dns: dns? })
    }
}

fn master_key(table: &mut Table<'_>, base: &Path) -> Result<MasterKeySource, Reported> {
    let default = MasterKeySource::File(base.join("master.key"));
    let master_key = table.value_or("master_key", default, MasterKeySource::read);
    table.not_built(&[("previous_master_keys", Usual::Empty)])?;
    master_key
}

fn networks(item: &Item<'_>) -> Result<Vec<IpNet>, Reported> {
    item.each(|element| element.parse(network))
}

/// A name server such as `10.0.0.53`, with a port where it is not 53.
fn name_server(text: &str) -> Result<SocketAddr, &'static str> {
    let address = text.parse::<SocketAddr>();
    let address = address.or_else(|_| text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53)));
    address.map_err(|_| "expected the address of a name server, such as 10.0.0.53")
}

/// A network such as `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    parsed.map(|network| network.trunc()).map_err(|_| "expected a network such as 10.0.0.0/8")
}
