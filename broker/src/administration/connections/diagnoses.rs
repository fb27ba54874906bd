//! How many connections are looked at for administrators at once: each may call many addresses, and take a minute.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use vestibule_policies::ids::OrganizationId;

/// All together.
const MOST: usize = 16;

/// Whose connections are looked at now: one of each organisation, so that none of them stands in the way of the others.
#[derive(Debug, Default)]
pub struct Diagnoses(Mutex<HashSet<OrganizationId>>);

/// One that is under way; it ends when this is dropped.
#[derive(Debug)]
pub struct Diagnosis<'a> {
    of: &'a Diagnoses,
    organization: OrganizationId,
}

impl Diagnoses {
    /// Begins one, unless this organisation has one under way or there are too many.
    #[must_use]
    pub fn begin(&self, organization: OrganizationId) -> Option<Diagnosis<'_>> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = under_way.len() < MOST && under_way.insert(organization);
        // Made only where it may: one that is dropped ends what is under way.
        may.then(|| Diagnosis { of: self, organization })
    }
}

impl Drop for Diagnosis<'_> {
    fn drop(&mut self) {
        self.of.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.organization);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_has_one_under_way_and_stands_in_nobodys_way() {
        let (all, id) = (Diagnoses::default(), |number| OrganizationId::from_bytes([number; 8]));
        let first = all.begin(id(0)).unwrap();
        assert!(all.begin(id(0)).is_none(), "one is under way");
        let others: Vec<_> = (1..16).map(|number| all.begin(id(number)).unwrap()).collect();
        assert!(all.begin(id(99)).is_none(), "too many");
        drop(first);
        assert!(all.begin(id(99)).is_some());
        drop(others);
    }
}
