//! What somebody types as their name (annex c.4): `user@suffix`, `DOMAIN\user`, or `user` where the organisation says which domain.

use std::fmt::Write as _;

use ldap3::ldap_escape;
use vestibule_policies::security_id::SecurityId;

/// The longest name, in octets.
const LONGEST: usize = 256;

/// A name as it was typed, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TypedName {
    /// A user principal name: the part before the last `@` and the suffix, in lower case.
    Principal { user: String, suffix: String },
    /// A down-level name: NetBIOS name of the domain, in upper case, and account name.
    DownLevel { domain: String, account: String },
    /// An account name alone.
    Bare { account: String },
}

impl TypedName {
    /// Reads a name; `None` for what no account can have. The last `@` divides, as in a UPN (LDAP-14).
    pub(super) fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() || typed.len() > LONGEST || typed.contains(char::is_control) {
            return None;
        }
        let name = if let Some((domain, account)) = typed.split_once('\\') {
            Self::DownLevel { domain: domain.to_uppercase(), account: account.to_owned() }
        } else if let Some((user, suffix)) = typed.rsplit_once('@') {
            Self::Principal { user: user.to_owned(), suffix: suffix.to_lowercase() }
        } else {
            Self::Bare { account: typed.to_owned() }
        };
        let (first, second) = match &name {
            Self::Principal { user, suffix } => (user.as_str(), suffix.as_str()),
            Self::DownLevel { domain, account } => (domain.as_str(), account.as_str()),
            Self::Bare { account } => (account.as_str(), "-"),
        };
        let is_usable = |part: &str| !part.is_empty() && part == part.trim() && !part.contains('\\');
        (is_usable(first) && is_usable(second)).then_some(name)
    }

    /// One spelling for all of the same account, for counting attempts at a name that nobody has.
    pub(super) fn canonical(&self) -> String {
        match self {
            Self::Principal { user, suffix } => format!("{}@{suffix}", user.to_lowercase()),
            Self::DownLevel { domain, account } => format!("{domain}\\{}", account.to_lowercase()),
            Self::Bare { account } => account.to_lowercase(),
        }
    }
}

/// What every filter for people begins with.
pub(super) const PEOPLE: &str = "(objectCategory=person)(objectClass=user)";

/// The filter for people of this account name (RFC 4515 §3; LDAP-01).
pub(super) fn by_account(account: &str) -> String {
    format!("(&{PEOPLE}(sAMAccountName={}))", ldap_escape(account))
}

/// The filter for people of this UPN.
pub(super) fn by_principal(principal: &str) -> String {
    format!("(&{PEOPLE}(userPrincipalName={}))", ldap_escape(principal))
}

/// The filter for one object by its SID.
pub(super) fn by_security_id(bytes: &[u8]) -> String {
    let mut filter = "(objectSid=".to_owned();
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(filter, "\\{byte:02x}");
    }
    filter + ")"
}

/// The filter for any of several objects by their SIDs.
pub(super) fn by_security_ids<'a>(ids: impl IntoIterator<Item = &'a SecurityId>) -> String {
    let each: String = ids.into_iter().map(|id| by_security_id(&id.to_bytes())).collect();
    format!("(|{each})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_write_a_name() {
        let principal = |user: &str, suffix: &str| {
            Some(TypedName::Principal { user: user.to_owned(), suffix: suffix.to_owned() })
        };
        assert_eq!(TypedName::parse(" Alice@CORP.example "), principal("Alice", "corp.example"));
        assert_eq!(TypedName::parse("a@b@corp.example"), principal("a@b", "corp.example"));
        assert_eq!(
            TypedName::parse("corp\\alice"),
            Some(TypedName::DownLevel { domain: "CORP".to_owned(), account: "alice".to_owned() })
        );
        assert_eq!(TypedName::parse("alice"), Some(TypedName::Bare { account: "alice".to_owned() }));
    }

    #[test]
    fn what_no_account_can_have() {
        let long = "x".repeat(257);
        for typed in [
            "",
            "  ",
            "@corp.example",
            "alice@",
            "\\alice",
            "corp\\",
            "a\\b\\c",
            "a\0b",
            "a\nb",
            "corp\\ a",
            &long,
        ] {
            assert_eq!(TypedName::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_name_is_never_a_filter() {
        assert_eq!(by_account("*"), r"(&(objectCategory=person)(objectClass=user)(sAMAccountName=\2a))");
        let injected = by_account("*)(uid=*");
        assert!(injected.ends_with(r"(sAMAccountName=\2a\29\28uid=\2a))"), "{injected}");
        assert!(by_principal("a)(|(a=b@x").contains(r"a\29\28|\28a=b@x"));
        assert_eq!(by_security_id(b"\x01\x2a"), r"(objectSid=\01\2a)");
    }

    #[test]
    fn spellings_of_one_name_count_as_one() {
        for (one, other) in [("ALICE@corp.example", "alice@CORP.example"), ("corp\\Alice", "CORP\\alice")] {
            let canonical = |typed| TypedName::parse(typed).unwrap().canonical();
            assert_eq!(canonical(one), canonical(other));
        }
    }
}
