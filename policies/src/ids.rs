//! The broker's own identifiers: 64 random bits, written as 16 lower-case hex digits.
//!
//! Organisation, connection and person have types of their own, so that one cannot stand where the other is meant.
//! There is one written form each: upper-case or short spellings are refused, not repaired.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 16 lower-case hexadecimal digits")]
pub struct IdFault;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 8]);

        impl $name {
            /// The identifier made of these eight bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 8]) -> Self {
                Self(bytes)
            }

            /// Its eight bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", u64::from_be_bytes(self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdFault;

            fn from_str(text: &str) -> Result<Self, IdFault> {
                hex_bytes(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdFault;

            fn try_from(text: String) -> Result<Self, IdFault> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

identifier! {
    /// Names an organisation for ever, whatever its slug becomes.
    OrganizationId
}
identifier! {
    /// Names a connection for ever; a connection that is removed and made again has another one.
    ConnectionId
}
identifier! {
    /// Names a secure client for ever.
    ClientId
}
identifier! {
    /// Names a person of the built-in identity for ever, whatever their user name or address becomes.
    PersonId
}

identifier! {
    /// Names an invitation as long as it stands, however often its mail is sent again.
    InvitationId
}

impl ConnectionId {
    /// Stands where a connection is named, for the built-in identity, which every organisation has without one (SGN-01).
    pub const BUILT_IN: Self = Self([0; 8]);
    /// Stands where a connection is named, for what is counted of secure clients.
    pub const CLIENTS: Self = Self([0, 0, 0, 0, 0, 0, 0, 1]);
    /// Stands there for wishes for a link to a new password: who asks for too many holds nobody's sign-in.
    pub const FORGOTTEN: Self = Self([0, 0, 0, 0, 0, 0, 0, 2]);
}

fn hex_bytes(text: &str) -> Result<[u8; 8], IdFault> {
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 16 || !text.bytes().all(lower_hex) {
        return Err(IdFault);
    }
    u64::from_str_radix(text, 16).map(u64::to_be_bytes).map_err(|_| IdFault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_and_read_in_one_form() {
        let id = OrganizationId::from_bytes([0, 1, 2, 3, 4, 5, 6, 0xff]);
        assert_eq!(id.to_string(), "00010203040506ff");
        assert_eq!("00010203040506ff".parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"00010203040506ff\"");
        assert_eq!(serde_json::from_str::<OrganizationId>(&json).unwrap(), id);
    }

    #[test]
    fn other_spellings_are_refused() {
        for (name, text) in [
            ("upper case", "00010203040506FF"),
            ("short", "00010203040506f"),
            ("long", "00010203040506ff0"),
            ("sign", "+0010203040506ff"),
            ("not hex", "00010203040506fg"),
            ("empty", ""),
        ] {
            assert_eq!(text.parse::<ConnectionId>(), Err(IdFault), "{name}");
        }
        assert!(serde_json::from_str::<ConnectionId>("\"x\"").is_err());
    }
}
