//! `user@domain` in its two meanings: the user principal name and the e-mail address (CLM-04; LDAP-14).
//!
//! They are different types, because a UPN is no mailbox and neither is a key. Compared without regard to case, shown
//! as they came. Whatever two programs could read differently (a second `@`, a quoted part, unseen characters) is
//! refused.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};

use crate::text::is_unseen;

const MAX_BYTES: usize = 1024;

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// No `@`, or more than one.
    #[error("expected exactly one @")]
    At,
    /// Nothing before or after the `@`.
    #[error("a part of the address is empty")]
    Empty,
    /// White space, a control or an unseen character.
    #[error("white space or unseen characters in the address")]
    Character,
    /// A quoted local part.
    #[error("quotes in the address")]
    Quoted,
    /// A dot at the end.
    #[error("the address ends with a dot")]
    TrailingDot,
    /// More than 1024 bytes.
    #[error("the address is longer than 1024 bytes")]
    TooLong,
}

macro_rules! address {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Address);

        impl $name {
            /// Reads the address; at most 1024 bytes.
            ///
            /// # Errors
            /// [`AddressFault`] says which rule it breaks.
            pub fn parse(text: &str) -> Result<Self, AddressFault> {
                Address::parse(text).map(Self)
            }

            /// As it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.original
            }

            /// What follows the `@`, in lower case.
            #[must_use]
            pub fn suffix(&self) -> String {
                self.0.folded.rsplit('@').next().unwrap_or_default().to_owned()
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.folded == other.0.folded
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.folded.hash(state);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.original)
            }
        }

        impl TryFrom<String> for $name {
            type Error = AddressFault;

            fn try_from(text: String) -> Result<Self, AddressFault> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(address: $name) -> Self {
                address.0.original
            }
        }
    };
}

address! {
    /// A user principal name. It may change and may be given to another person: never a key (CLM-15).
    Upn
}
address! {
    /// An e-mail address. Never a key.
    Email
}

#[derive(Debug, Clone)]
struct Address {
    original: String,
    folded: String,
}

impl Address {
    fn parse(text: &str) -> Result<Self, AddressFault> {
        if text.len() > MAX_BYTES {
            return Err(AddressFault::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || is_unseen(c)) {
            return Err(AddressFault::Character);
        }
        if text.contains('"') {
            return Err(AddressFault::Quoted);
        }
        let (local, domain) = text.split_once('@').ok_or(AddressFault::At)?;
        if domain.contains('@') {
            return Err(AddressFault::At);
        }
        if local.is_empty() || domain.is_empty() {
            return Err(AddressFault::Empty);
        }
        if domain.ends_with('.') {
            return Err(AddressFault::TrailingDot);
        }
        Ok(Self { original: text.to_owned(), folded: text.to_lowercase() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn case_is_kept_and_not_compared() {
        let upn = Upn::parse("Alice.Andersen@Corp.Example").unwrap();
        assert_eq!(upn.as_str(), "Alice.Andersen@Corp.Example");
        assert_eq!(upn.suffix(), "corp.example");
        assert_eq!(upn, Upn::parse("alice.andersen@corp.example").unwrap());
        assert_ne!(upn, Upn::parse("alice.anderson@corp.example").unwrap());
        assert_eq!(Email::parse("BØRGE@corp.example").unwrap(), Email::parse("børge@corp.example").unwrap());
        let set: HashSet<Upn> = ["a@corp.example", "A@CORP.example"].map(|t| Upn::parse(t).unwrap()).into();
        assert_eq!(set.len(), 1);
    }

    #[test]
    fn refusals() {
        let long = format!("{}@corp.example", "a".repeat(MAX_BYTES));
        for (name, text, fault) in [
            ("empty", "", AddressFault::At),
            ("no at", "alice", AddressFault::At),
            ("two at", "alice@corp.example@evil.example", AddressFault::At),
            ("quoted", "\"alice@corp.example\"@evil.example", AddressFault::Quoted),
            ("no local part", "@corp.example", AddressFault::Empty),
            ("no domain", "alice@", AddressFault::Empty),
            ("space", "alice @corp.example", AddressFault::Character),
            ("trailing line", "alice@corp.example\n", AddressFault::Character),
            ("NUL", "alice\0@corp.example", AddressFault::Character),
            ("zero width", "al\u{200b}ice@corp.example", AddressFault::Character),
            ("read backwards", "alice\u{202e}@corp.example", AddressFault::Character),
            ("trailing dot", "alice@corp.example.", AddressFault::TrailingDot),
            ("long", &long, AddressFault::TooLong),
        ] {
            assert_eq!(Upn::parse(text), Err(fault), "{name}");
            assert_eq!(Email::parse(text), Err(fault), "{name}");
        }
    }

    #[test]
    fn is_stored_as_it_came_and_checked_again() {
        let json = serde_json::to_string(&Email::parse("Bob@Corp.Example").unwrap()).unwrap();
        assert_eq!(json, "\"Bob@Corp.Example\"");
        assert_eq!(serde_json::from_str::<Email>(&json).unwrap().as_str(), "Bob@Corp.Example");
        assert!(serde_json::from_str::<Email>("\"bob\"").is_err());
    }
}
