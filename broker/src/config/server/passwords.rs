//! The section `[passwords]`: the rules for passwords of the built-in identity, which belongs to the deployment, and where
//! compromised ones are looked up.

use std::path::PathBuf;

use vestibule_policies::password::Preset;

use super::super::{
    address::{AddressFault, Addresses},
    fault::FaultCode,
    reader::{Item, Reported, Table},
};
use crate::passwords::compromised::list::{self, ListFault};

/// The service that most of the world asks.
const SERVICE: &str = "https://api.pwnedpasswords.com";

/// The section `[passwords]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passwords {
    /// The rules.
    pub preset: Preset,
    /// Where compromised passwords are looked up.
    pub compromised: CompromisedSource,
}

/// Where compromised passwords are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompromisedSource {
    /// Nowhere.
    Off,
    /// A service that is asked by range; its address, without a slash at its end.
    Service(String),
    /// A list of `SHA1:COUNT` in the order of hashes.
    File(PathBuf),
}

impl Passwords {
    /// Reads the section; without addresses, which is when other sections are faulty, the one here is not judged.
    pub(super) fn read(table: &mut Table<'_>, addresses: Option<Addresses<'_>>) -> Result<Self, Reported> {
        let preset = table.value_or("preset", Preset::Global, |item| {
            let expected = || format!("expected {}", Preset::ALL.map(Preset::as_str).join(", "));
            item.parse(|text| Preset::parse(text).ok_or_else(expected))
        });
        let usual = CompromisedSource::Service(SERVICE.to_owned());
        let compromised =
            table.value_or("compromised", usual, |item| CompromisedSource::read(item, addresses));
        Ok(Self { preset: preset?, compromised: compromised? })
    }
}

impl CompromisedSource {
    fn read(item: &Item<'_>, addresses: Option<Addresses<'_>>) -> Result<Self, Reported> {
        match (item.as_text(), item.only_entry()) {
            (Some("off"), _) => Ok(Self::Off),
            (Some(_), _) => item.parse(|text| service(text, addresses)).map(Self::Service),
            (None, Some(("file", file))) => listed(&file).map(Self::File),
            (None, Some(_) | None) => Err(item.invalid("expected an address, \"off\", or { file = \"…\" }")),
        }
    }
}

fn service(text: &str, addresses: Option<Addresses<'_>>) -> Result<String, AddressFault> {
    addresses.map_or_else(|| Ok(text.to_owned()), |addresses| addresses.operators(text))
}

fn listed(file: &Item<'_>) -> Result<PathBuf, Reported> {
    let path = file.path()?;
    match list::look_at(&path) {
        Ok(()) => Ok(path),
        Err(fault @ ListFault::Unreadable { .. }) => Err(file.refuse(FaultCode::Missing, fault.to_string())),
        Err(fault @ ListFault::NoEntry { .. }) => Err(file.invalid(fault)),
    }
}
