//! A directory that answers as Active Directory does: binds with its codes, entries with their binary identifiers,
//! groups in groups, pages and ranges, and the change of one's own password. Over TLS, or by `StartTLS`.
//!
//! Sources: RFC 4511 for the protocol, MS-ADTS and MS-DTYP for what is in it; the answers to binds, searches and
//! changes were compared with those of a Samba domain controller. One thing is as real domains have it and as
//! nobody wishes: **a bind with an empty password succeeds**, as nobody (RFC 4513 §5.1.2).

mod account;
mod administration;
mod attributes;
mod bind;
mod cast;
mod dn;
mod group;
mod matching;
mod modify;
mod root;
mod search;
mod serve;
mod session;
mod time;
mod tls;
mod world;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use account::AccountState;
pub use serve::Door;
pub use tls::{DirectoryTls, TlsError};

#[cfg(feature = "hostile")]
pub(crate) use serve::disconnection;
#[cfg(feature = "hostile")]
pub(crate) use session::{After, Session};
#[cfg(feature = "hostile")]
pub(crate) use tls::{Authority, VALID, Years};

use super::people::People;
use crate::clock::Clock;
use world::World;

/// What a directory is made from.
#[derive(Clone)]
pub struct Settings {
    /// DNS name of the domain and of its forest: `corp.example`.
    pub domain: String,
    /// `NetBIOS` name of the domain, at most 15 characters: `CORP`.
    pub netbios: String,
    /// Domains that UPNs may have besides the forest's own: `mail.corp.example`.
    pub upn_suffixes: Vec<String>,
    /// DNS and `NetBIOS` names of further domains that its forest lists, without their people.
    pub relatives: Vec<(String, String)>,
    /// Who is there besides this directory's own accounts, whose passwords are derived from theirs.
    pub people: People,
    /// The time, in seconds since 1970.
    pub clock: Clock,
    pub lockout: Lockout,
}

/// When wrong passwords lock an account.
#[derive(Clone, Copy, Debug)]
pub struct Lockout {
    /// Wrong passwords that lock; 0 locks never.
    pub threshold: u32,
    /// Seconds after which wrong passwords are forgotten.
    pub window: i64,
    /// Seconds until a locked account opens by itself.
    pub duration: i64,
}

impl Settings {
    /// `corp.example`, with ten wrong passwords in half an hour, which lock for half an hour.
    #[must_use]
    pub fn new(people: People, clock: Clock) -> Self {
        Self {
            domain: "corp.example".to_owned(),
            netbios: "CORP".to_owned(),
            upn_suffixes: vec!["mail.corp.example".to_owned()],
            relatives: vec![],
            people,
            clock,
            lockout: Lockout { threshold: 10, window: 1800, duration: 1800 },
        }
    }
}

/// An account as the demo's start page shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// `sAMAccountName`.
    pub username: String,
    pub upn: Option<String>,
    pub mail: Option<String>,
    pub display_name: String,
    /// Secret, and shown.
    pub password: String,
    pub state: AccountState,
    /// Groups that it is itself in.
    pub groups: usize,
}

/// What the directory has had to do since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Connections that are open.
    pub connections: usize,
    /// The most that were open at a time.
    pub most_connections: usize,
    /// Requests that were answered.
    pub round_trips: u64,
}

/// The directory: one domain, in memory.
pub struct Directory {
    world: Mutex<World>,
    service_password: String,
    domain_id: String,
    clock: Clock,
    lockout: Lockout,
    connections: Mutex<(usize, usize)>,
    round_trips: AtomicU64,
    recreated: AtomicUsize,
}

impl Directory {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let now = (settings.clock)();
        let cast = cast::play(&settings, now);
        Self {
            world: Mutex::new(cast.world),
            service_password: cast.service_password,
            domain_id: cast.domain_id,
            clock: settings.clock,
            lockout: settings.lockout,
            connections: Mutex::default(),
            round_trips: AtomicU64::new(0),
            recreated: AtomicUsize::new(0),
        }
    }

    /// `S-1-5-21-…`, the part that every SID of the domain begins with.
    #[must_use]
    pub fn domain_sid(&self) -> &str {
        &self.domain_id
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        (self.clock)()
    }
}
