//! Groups, and who is in which, directly or through others.

use super::dn::Dn;
use super::world::World;

/// Places in [`World::groups`], in ascending order.
pub(super) type Membership = Vec<usize>;

pub(super) struct Group {
    pub(super) dn: Dn,
    /// `sAMAccountName` and the leaf of the DN.
    pub(super) name: String,
    pub(super) security_id: Vec<u8>,
    pub(super) object_id: [u8; 16],
    /// `groupType` (MS-ADTS §2.2.12): a global security group, or a built-in local one.
    pub(super) kind: i64,
    /// The groups that this one is itself a member of.
    pub(super) groups: Membership,
}

impl Group {
    /// A global security group.
    pub(super) const GLOBAL: i64 = -2_147_483_646;
    /// A local group of every domain's controllers.
    pub(super) const BUILTIN: i64 = -2_147_483_643;
    /// What is stored.
    pub(super) const STORED: &[&str] = &[
        "objectClass",
        "cn",
        "member",
        "distinguishedName",
        "whenCreated",
        "memberOf",
        "name",
        "objectGUID",
        "objectSid",
        "sAMAccountName",
        "sAMAccountType",
        "groupType",
        "objectCategory",
    ];
}

impl World {
    /// Those groups and all that they stand in, themselves included. A circle ends where it began.
    pub(super) fn closure(&self, direct: &[usize]) -> Membership {
        let mut reached = vec![false; self.groups.len()];
        let mut waiting = direct.to_vec();
        while let Some(place) = waiting.pop() {
            if let Some(seen @ false) = reached.get_mut(place) {
                *seen = true;
                waiting.extend(self.groups.get(place).into_iter().flat_map(|group| &group.groups));
            }
        }
        reached.iter().enumerate().filter(|(_, reached)| **reached).map(|(place, _)| place).collect()
    }

    /// That group and all that stand in it, itself included.
    pub(super) fn inside(&self, place: usize) -> Membership {
        let mut inside = vec![place];
        // Each round adds one level; the list is sorted for the search in it.
        loop {
            let found: Vec<_> = (0..self.groups.len())
                .filter(|candidate| inside.binary_search(candidate).is_err())
                .filter(|&candidate| {
                    let group = self.groups.get(candidate);
                    group.is_some_and(|group| {
                        group.groups.iter().any(|above| inside.binary_search(above).is_ok())
                    })
                })
                .collect();
            if found.is_empty() {
                return inside;
            }
            inside.extend(found);
            inside.sort_unstable();
        }
    }

    /// The DNs of those who are in this group directly.
    pub(super) fn members(&self, place: usize) -> Vec<Vec<u8>> {
        let accounts = self.accounts.iter().filter(|account| account.groups.binary_search(&place).is_ok());
        let groups = self.groups.iter().filter(|group| group.groups.contains(&place));
        let members = accounts.map(|account| &account.dn).chain(groups.map(|group| &group.dn));
        members.map(|dn| dn.as_str().as_bytes().to_vec()).collect()
    }
}
