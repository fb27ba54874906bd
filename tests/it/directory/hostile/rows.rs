//! The faults by their conformance rows, so that the rows run side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use vestibule_conformance::hostile::directory::DirectoryFault;

use super::{places, try_fault};

/// Worlds of one test that are tried at once.
const LANES: usize = 6;

/// Every row has a test below.
const ROWS: [&str; 15] = [
    "LDAP-01", "LDAP-02", "LDAP-04", "LDAP-05", "LDAP-06", "LDAP-07", "LDAP-08", "LDAP-09", "LDAP-10",
    "LDAP-14", "LDAP-15", "LDAP-16", "LDAP-17", "LDAP-18", "LDAP-19",
];

#[test]
fn every_fault_belongs_to_a_test() {
    let rows: BTreeSet<&str> = DirectoryFault::ALL.iter().map(|fault| fault.row()).collect();
    assert_eq!(rows, BTreeSet::from(ROWS));
}

#[tokio::test]
async fn a_found_entry_is_the_one_that_was_asked_for() {
    faults(&["LDAP-01", "LDAP-02"], 5).await;
}

#[tokio::test]
async fn only_a_bind_that_succeeded_is_a_success() {
    faults(&["LDAP-04"], 12).await;
}

#[tokio::test]
async fn no_referral_is_followed() {
    faults(&["LDAP-05"], 2).await;
}

#[tokio::test]
async fn without_tls_no_password_is_sent() {
    faults(&["LDAP-06"], 7).await;
}

#[tokio::test]
async fn a_wrong_certificate_is_refused() {
    faults(&["LDAP-07"], 5).await;
}

#[tokio::test]
async fn a_reason_that_is_odd_is_no_reason() {
    faults(&["LDAP-08"], 4).await;
}

#[tokio::test]
async fn identifiers_and_addresses_are_whole_and_single() {
    faults(&["LDAP-09", "LDAP-10", "LDAP-14", "LDAP-17"], 15).await;
}

#[tokio::test]
async fn groups_are_complete_or_there_is_no_session() {
    faults(&["LDAP-15"], 6).await;
}

#[tokio::test]
async fn an_account_without_its_state_is_refused() {
    faults(&["LDAP-16"], 2).await;
}

#[tokio::test]
async fn what_never_ends_or_is_no_ldap_costs_little() {
    faults(&["LDAP-18"], 13).await;
}

#[tokio::test]
async fn a_controller_that_is_away_harms_nobody_else() {
    faults(&["LDAP-19"], 5).await;
}

/// The faults of these rows; rows that lost faults prove nothing.
async fn faults(rows: &[&str], count: usize) {
    let faults: Vec<_> = DirectoryFault::ALL.iter().filter(|fault| rows.contains(&fault.row())).collect();
    assert_eq!(faults.len(), count, "{rows:?}");
    let (lanes, mut tried) = (Arc::new(Semaphore::new(LANES)), JoinSet::new());
    for (fault, places) in
        faults.into_iter().flat_map(|fault| places(*fault).into_iter().map(move |places| (*fault, places)))
    {
        let lanes = Arc::clone(&lanes);
        tried.spawn(async move {
            let _lane = lanes.acquire_owned().await;
            try_fault(fault, places).await;
        });
    }
    tried.join_all().await;
}
