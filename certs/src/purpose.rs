//! What a data key is for. One purpose's key never opens what another's has sealed, so a cookie cannot be replayed
//! as a row of the store or as a hand-over code.

use std::fmt;

/// The purposes of data keys; each has its own keys in the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Secrets in rows of the store.
    Rows,
    /// Values in browsers' cookies.
    Cookies,
    /// Codes that carry a sign-in from one host to another.
    Handover,
    /// The `sub` that applications see.
    Pseudonym,
    /// The chain over audit blocks.
    Audit,
    /// The tag in `state` and `RelayState`.
    State,
}

impl Purpose {
    /// All of them, in the order in which a new ring makes their keys.
    pub const ALL: [Self; 6] =
        [Self::Rows, Self::Cookies, Self::Handover, Self::Pseudonym, Self::Audit, Self::State];

    /// The name in the store; it also enters every derived key, so it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Cookies => "cookies",
            Self::Handover => "handover",
            Self::Pseudonym => "pseudonym",
            Self::Audit => "audit",
            Self::State => "state",
        }
    }

    /// Reads an exact name; everything else is `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn names_survive_reading() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
        }
        for name in ["", "Rows", "rows ", "row"] {
            assert_eq!(Purpose::parse(name), None, "{name}");
        }
    }
}
