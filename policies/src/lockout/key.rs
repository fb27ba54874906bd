//! Under what attempts are counted, and what holds for each.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use super::{Rule, Tally};

/// In one window from one address: an office behind one address mistypes less.
const OF_ADDRESS: u32 = 50;
/// Of everybody together, for one connection.
const OF_EVERYBODY: Rule = Rule { attempts: 1000, window: Duration::from_mins(1) };

/// What an attempt is counted under, within one connection. Accounts are counted at every connection of the organisation that
/// goes to the same directory, each with its own rule, so that the strictest of them holds.
///
/// An attempt from a browser that signed in as this account before is counted under [`Key::AccountFromDevice`], and else
/// under [`Key::Account`], so that strangers lock nobody out of their own browser; either way under [`Key::Address`] and
/// [`Key::Everybody`] as well. Only a browser that signed in here before goes on where `Everybody` is held. The domain
/// may so see twice `attempts` of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The account, whatever the spelling: its SID where the name was found, else a hash of the normalised name. People
    /// type passwords into the wrong field, so no name as it was typed.
    Account(String),
    /// The account, from a browser whose device cookie is of a sign-in of this very account.
    AccountFromDevice {
        /// As in [`Key::Account`].
        account: String,
        /// Says which device.
        device: String,
    },
    /// Where the browser is.
    Address(Network),
    /// The whole connection.
    Everybody,
}

impl Key {
    /// What holds for this key, given the connection's own rule for an account.
    #[must_use]
    pub fn rule(&self, of_account: Rule) -> Rule {
        match self {
            Key::Account(_) | Key::AccountFromDevice { .. } => of_account,
            Key::Address(_) => Rule { attempts: OF_ADDRESS, window: of_account.window },
            Key::Everybody => OF_EVERYBODY,
        }
    }

    /// The tally before the first attempt.
    #[must_use]
    pub fn tally(&self) -> Tally {
        match self {
            Key::Account(_) | Key::AccountFromDevice { .. } => Tally::InARow { count: 0, last: None },
            // Of many people somebody always mistypes: a row of theirs would never end.
            Key::Address(_) | Key::Everybody => Tally::Rolling { begin: None, before: 0, count: 0 },
        }
    }
}

impl fmt::Display for Key {
    /// The key's one text, for the store: no two keys share it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Account(account) => write!(f, "account:{account}"),
            // The length keeps the two parts apart, whatever they contain.
            Key::AccountFromDevice { account, device } => {
                write!(f, "device:{}:{device}:{account}", device.len())
            }
            Key::Address(network) => write!(f, "address:{network}"),
            Key::Everybody => f.write_str("everybody"),
        }
    }
}

/// The part of an address that its holder cannot change at will: all of an IPv4 address, the first half of an IPv6 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network of a client address. An IPv4 address inside an IPv6 one (`::ffff:203.0.113.7`) is the IPv4 address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            // RFC 4291 §2.5.4: a household or an office has a /64 and chooses within.
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}/32"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}
