//! What a connection may say about people: SIDs, object ids and UPNs of the directories for which it speaks, no others.
//!
//! Without this fence any provider of an organisation could assert the SID of any person in it.

use super::{Directory, DirectoryAuthority};
use crate::{ConnectionPolicy, SecurityId, Upn};

/// The fence of one connection.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    directories: &'a [Directory],
    own: Vec<&'a Directory>,
    reach: Reach,
}

#[derive(Debug, Clone, Copy)]
enum Reach {
    /// `dangerous_any_directory`.
    Any,
    /// Only the directories that the connection lists.
    Listed,
    /// The connection lists none.
    Unlisted,
}

impl<'a> Scope<'a> {
    /// The scope of a connection among the directories of its organisation. A listed name that no directory bears
    /// opens nothing.
    #[must_use]
    pub fn of(policy: &ConnectionPolicy, directories: &'a [Directory]) -> Self {
        let own =
            directories.iter().filter(|directory| policy.directories.contains(&directory.name)).collect();
        let reach = match (policy.any_directory, policy.directories.is_empty()) {
            (true, _) => Reach::Any,
            (false, true) => Reach::Unlisted,
            (false, false) => Reach::Listed,
        };
        Self { directories, own, reach }
    }

    /// Whether it may assert this SID. Well-known and built-in SIDs are admitted from nobody, whatever the reach
    /// (annex c.1).
    #[must_use]
    pub fn admits_security_id(&self, security_id: &SecurityId) -> bool {
        match self.reach {
            Reach::Any => security_id.is_account(),
            Reach::Listed | Reach::Unlisted => self.directory_of(security_id).is_some(),
        }
    }

    /// Whether it may assert an object identifier at all: these do not say to which directory they belong.
    #[must_use]
    pub fn admits_object_id(&self) -> bool {
        match self.reach {
            Reach::Any => true,
            Reach::Listed | Reach::Unlisted => !self.own.is_empty(),
        }
    }

    /// Whether it may assert this UPN: a suffix of its own directories, or one that no directory of the organisation
    /// claims while its own are silent about suffixes.
    #[must_use]
    pub fn admits_upn(&self, upn: &Upn) -> bool {
        let suffix = comparable(&upn.suffix());
        let claims =
            |directory: &Directory| directory.upn_suffixes.iter().any(|own| comparable(own) == suffix);
        if matches!(self.reach, Reach::Any) || self.own.iter().any(|directory| claims(directory)) {
            return true;
        }
        if self.directories.iter().any(claims) {
            return false;
        }
        match self.reach {
            Reach::Any | Reach::Unlisted => true,
            Reach::Listed => self.own.iter().any(|directory| directory.upn_suffixes.is_empty()),
        }
    }

    /// The directory to whose domain the SID belongs, among those within reach.
    #[must_use]
    pub fn directory_of(&self, security_id: &SecurityId) -> Option<&'a Directory> {
        let domain = security_id.domain()?;
        let holds = |directory: &&&'a Directory| match &directory.authority {
            DirectoryAuthority::Domain(own) => *own == domain,
            DirectoryAuthority::EntraTenant(_) => false,
        };
        match self.reach {
            Reach::Any => self.directories.iter().find(|directory| holds(&directory)),
            Reach::Listed | Reach::Unlisted => self.own.iter().find(holds).copied(),
        }
    }

    /// The directory for which the connection speaks, when it is exactly one.
    #[must_use]
    pub fn only_directory(&self) -> Option<&'a Directory> {
        match self.own.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Suffixes are compared as domain names: full-width letters and punycode are other spellings of the same name
/// (UTS #46), and must not count as unclaimed.
#[must_use]
pub fn comparable(suffix: &str) -> String {
    url::Host::parse(suffix).map_or_else(|_| suffix.to_lowercase(), |host| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::samples::{directories, policy};

    fn sid(text: &str) -> SecurityId {
        SecurityId::parse_text(text).unwrap()
    }

    #[test]
    fn sids_of_its_own_directories_only() {
        let directories = directories();
        for (name, listed, text, admitted) in [
            ("own", vec!["corp"], "S-1-5-21-1-2-3-1001", true),
            ("one of two", vec!["corp", "lab"], "S-1-5-21-4-5-6-1001", true),
            ("another directory's", vec!["lab"], "S-1-5-21-1-2-3-1001", false),
            ("nobody's", vec!["corp"], "S-1-5-21-9-9-9-1001", false),
            ("no directory", vec![], "S-1-5-21-1-2-3-1001", false),
            ("unknown directory", vec!["gone"], "S-1-5-21-1-2-3-1001", false),
            ("built-in", vec!["corp"], "S-1-5-32-544", false),
            ("the domain itself", vec!["corp"], "S-1-5-21-1-2-3", false),
            ("entra tenant", vec!["cloud"], "S-1-5-21-1-2-3-1001", false),
        ] {
            let policy = policy(&listed);
            assert_eq!(Scope::of(&policy, &directories).admits_security_id(&sid(text)), admitted, "{name}");
        }
    }

    #[test]
    fn object_ids_need_a_directory() {
        let directories = directories();
        for (listed, admitted) in [(vec!["corp"], true), (vec![], false), (vec!["gone"], false)] {
            assert_eq!(Scope::of(&policy(&listed), &directories).admits_object_id(), admitted, "{listed:?}");
        }
    }

    #[test]
    fn upns_by_suffix() {
        let directories = directories();
        for (name, listed, upn, admitted) in [
            ("own", vec!["corp"], "alice@corp.example", true),
            ("own in capitals", vec!["corp"], "alice@CORP.example", true),
            ("unclaimed, own suffixes declared", vec!["corp"], "alice@else.example", false),
            ("unclaimed, own directory silent", vec!["lab"], "alice@else.example", true),
            ("claimed by another", vec!["lab"], "alice@corp.example", false),
            ("claimed, full-width letters", vec!["lab"], "alice@\u{ff43}orp.example", false),
            ("claimed, percent-encoded", vec!["lab"], "alice@%63orp.example", false),
            ("below a claimed suffix", vec!["corp"], "alice@eu.corp.example", false),
            ("no directory, unclaimed", vec![], "alice@else.example", true),
            ("no directory, claimed", vec![], "alice@corp.example", false),
            ("unknown directory", vec!["gone"], "alice@else.example", false),
        ] {
            let upn = Upn::parse(upn).unwrap();
            assert_eq!(Scope::of(&policy(&listed), &directories).admits_upn(&upn), admitted, "{name}");
        }
    }

    #[test]
    fn the_dangerous_switch_lifts_the_fence_but_not_for_built_in_sids() {
        let (directories, mut policy) = (directories(), policy(&[]));
        policy.any_directory = true;
        let scope = Scope::of(&policy, &directories);
        assert!(scope.admits_security_id(&sid("S-1-5-21-9-9-9-1001")));
        assert!(scope.admits_object_id());
        assert!(scope.admits_upn(&Upn::parse("alice@corp.example").unwrap()));
        assert!(!scope.admits_security_id(&sid("S-1-5-32-544")));
    }
}
