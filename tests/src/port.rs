//! Ports for servers that are started by number, or come back under the same one.
//!
//! The kernel's own choice will not do for them: between the look and the start it may hand the same number to
//! somebody else's outgoing connection, of which this run has hundreds.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below what Linux gives to outgoing connections (`ip_local_port_range`, from 32768), above what services have.
const FIRST: u16 = 12_000;
const COUNT: u16 = 20_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of loopback on which nobody listens, and which this process gives out once.
///
/// # Panics
/// If every one of them is taken.
#[must_use]
pub fn free() -> u16 {
    // Runs beside one another begin far apart.
    let start = std::process::id().wrapping_mul(7919);
    (0..COUNT)
        .map(|_| u32::from(NEXT.fetch_add(1, Ordering::Relaxed)))
        .map(|turn| FIRST + u16::try_from(start.wrapping_add(turn) % u32::from(COUNT)).unwrap_or_default())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free port")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_out_twice() {
        let mut ports: Vec<u16> = (0..500).map(|_| free()).collect();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 500);
        assert!(ports.iter().all(|port| (FIRST..FIRST + COUNT).contains(port)));
    }
}
