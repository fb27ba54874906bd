//! Each fault beside the good answer, octet by octet.

mod good;
mod peer;
mod stages;

use std::collections::HashSet;
use std::time::Duration;

use tokio::task::JoinSet;

use super::fault::Stage;
use super::*;
use crate::clock::standing_at;
use crate::sandbox::directory::Settings;
use crate::sandbox::people::People;
use peer::{Peer, password, transcript};

async fn start(fault: Option<DirectoryFault>) -> HostileDirectory {
    let settings = Settings::new(People::standard(), standing_at(1_800_000_000));
    HostileDirectory::start_with(settings, fault).await.unwrap()
}

#[test]
fn each_fault_has_one_place_in_one_row() {
    let distinct: HashSet<_> = DirectoryFault::ALL.iter().collect();
    assert_eq!(distinct.len(), DirectoryFault::ALL.len());
    for fault in DirectoryFault::ALL {
        let number = fault.row().strip_prefix("LDAP-").unwrap();
        assert!((1..=20).contains(&number.parse::<u8>().unwrap()), "{fault:?}");
    }
}

/// Faults that are looked at side by side.
const LANES: usize = 12;

/// The whole conversation of a sign-in, with nothing wrong and with each fault. Silence takes its time: several at once.
#[tokio::test]
async fn each_fault_spoils_something_and_nothing_before_it() {
    let mut lanes = JoinSet::new();
    for lane in 0..LANES {
        lanes.spawn(compare(DirectoryFault::ALL.iter().skip(lane).step_by(LANES)));
    }
    lanes.join_all().await;
}

async fn compare(faults: impl Iterator<Item = &DirectoryFault>) {
    let directory = start(None).await;
    let good = transcript(&directory).await;
    assert!(good.iter().all(|answer| !answer.is_empty()));
    for fault in faults {
        directory.set(Some(*fault));
        let spoiled = transcript(&directory).await;
        assert_ne!(spoiled, good, "{fault:?}");
        let same = spoiled.iter().zip(&good).take_while(|(spoiled, good)| spoiled == good).count();
        // `StartTLS`, bind of the service, search, bind with the password, without it, change.
        let first = match fault.stage() {
            Stage::StartTls => 0,
            Stage::Connection | Stage::Tls => continue,
            Stage::Search | Stage::Answer => 2,
            // A refusal alone has a text to spoil, or is to be taken for a success.
            Stage::Bind if fault.row() == "LDAP-08" || *fault == DirectoryFault::BindPretended => 4,
            Stage::Bind => 3,
            Stage::Change => 5,
        };
        assert_eq!(same, first, "{fault:?}");
    }
    directory.set(None);
    assert_eq!(transcript(&directory).await, good, "and good again");
}
