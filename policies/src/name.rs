//! Names that people choose: slugs, connections, directories, host names.
//!
//! Each has one spelling. They end up in addresses, cookies, log lines and group prefixes, so the alphabet is narrow
//! and everything is checked once, here, also when a stored value is read back.

use std::{fmt, net::Ipv4Addr};

use serde::{Deserialize, Serialize};

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Wrong length or alphabet; carries what is expected.
    #[error("expected {0}")]
    Shape(&'static str),
    /// The product or its operator uses this word itself.
    #[error("`{0}` is reserved")]
    Reserved(String),
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads the name.
            ///
            /// # Errors
            /// [`NameFault`] says which rule it breaks.
            pub fn parse(text: &str) -> Result<Self, NameFault> {
                $check(text).map(Self)
            }

            /// The name in its one spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameFault;

            fn try_from(text: String) -> Result<Self, NameFault> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name! {
    /// An organisation's short name: `[a-z][a-z0-9-]{2,39}` and none of [`Slug::RESERVED`] (PRV-17).
    Slug, slug
}
name! {
    /// A connection's name within its organisation: `[a-z][a-z0-9-]{0,39}`.
    ConnectionName, short_name
}
name! {
    /// A directory's name within its organisation: `[a-z][a-z0-9-]{0,39}`.
    DirectoryName, short_name
}
name! {
    /// A DNS name in lower case: no port, no trailing dot, no IP address, at most 253 bytes (RFC 1123 §2.1).
    HostName, host_name
}

impl Slug {
    /// Words that are hosts, paths or roles of the product itself.
    pub const RESERVED: &'static [&'static str] = &[
        "core",
        "saml",
        "go",
        "api",
        "start",
        "sign-in",
        "oauth2",
        "static",
        "accounts",
        "console",
        "www",
        "status",
        "operator",
        "landing",
        "account",
        "admin",
        "administrator",
        "demo",
        "sandbox",
        "support",
        "help",
        "mail",
        "security",
        "login",
        "logout",
        "sign-out",
        "well-known",
        "vestibule",
        "app",
        "apps",
        "auth",
    ];
}

fn slug(text: &str) -> Result<String, NameFault> {
    if Slug::RESERVED.contains(&text) {
        return Err(NameFault::Reserved(text.to_owned()));
    }
    if text.len() < 3 {
        return Err(NameFault::Shape("3 to 40 of a-z, 0-9 and -, a letter first"));
    }
    short_name(text)
}

fn short_name(text: &str) -> Result<String, NameFault> {
    let letter_first = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if letter_first && plain && text.len() <= 40 {
        Ok(text.to_owned())
    } else {
        Err(NameFault::Shape("at most 40 of a-z, 0-9 and -, a letter first"))
    }
}

fn host_name(text: &str) -> Result<String, NameFault> {
    let host = text.to_ascii_lowercase();
    if host.len() <= 253 && host.split('.').all(is_label) && !is_address(&host) {
        Ok(host)
    } else {
        Err(NameFault::Shape("a host name without port or trailing dot, not an IP address"))
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Browsers read any name whose last label is a number as an IPv4 address (WHATWG URL, "ends in a number").
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let hexadecimal =
        last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    host.parse::<Ipv4Addr>().is_ok() || hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(Slug::parse("acme").unwrap().as_str(), "acme");
        assert_eq!(Slug::parse(&"a".repeat(40)).unwrap().as_str().len(), 40);
        for word in Slug::RESERVED {
            assert!(Slug::parse(word).is_err(), "{word}");
        }
        assert_eq!(Slug::parse("saml"), Err(NameFault::Reserved("saml".to_owned())));
        let long = "a".repeat(41);
        for text in ["ac", "Acme", "1acme", "-acme", "ac_me", "ac.me", "acmé", "acme ", "", &long] {
            assert!(matches!(Slug::parse(text), Err(NameFault::Shape(_))), "{text:?}");
        }
    }

    #[test]
    fn connection_and_directory_names() {
        assert_eq!(ConnectionName::parse("o").unwrap().to_string(), "o");
        assert!(DirectoryName::parse("corp-2").is_ok());
        for text in ["", "2corp", "corp:x", "Corp", "corp\n"] {
            assert!(ConnectionName::parse(text).is_err(), "{text:?}");
            assert!(DirectoryName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn host_names() {
        assert_eq!(HostName::parse("ACME.corp.example").unwrap().as_str(), "acme.corp.example");
        for text in [
            "acme.corp.example:443",
            "acme.corp.example.",
            ".example",
            "a..example",
            "-a.example",
            "a-.example",
            "127.0.0.1",
            "1.2.3",
            "0x7f",
            "x.0x7f",
            "[::1]",
            "::1",
            "a_b.example",
            "bücher.example",
            "",
            "a/b",
        ] {
            assert!(HostName::parse(text).is_err(), "{text:?}");
        }
        assert!(HostName::parse(&format!("{}.example", "a".repeat(64))).is_err());
        assert!(HostName::parse(&format!("{}example", "a.".repeat(124))).is_err());
    }

    #[test]
    fn stored_values_are_checked_again() {
        assert_eq!(serde_json::from_str::<Slug>("\"acme\"").unwrap().as_str(), "acme");
        assert!(serde_json::from_str::<Slug>("\"saml\"").is_err());
        assert!(serde_json::from_str::<HostName>("\"127.0.0.1\"").is_err());
    }
}
