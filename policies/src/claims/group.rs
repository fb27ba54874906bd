//! The stable identifier of a group: a SID, or a value behind the prefix of the connection that brought it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::is_unseen;

const MAX_BYTES: usize = 256;

/// At most 256 bytes, no control or unseen characters, case counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupId(String);

/// Why a text is not a group identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a group identifier has 1 to 256 bytes and no control characters")]
pub struct GroupFault;

impl GroupId {
    /// Reads the identifier.
    ///
    /// # Errors
    /// [`GroupFault`].
    pub fn parse(text: &str) -> Result<Self, GroupFault> {
        if text.is_empty() || text.len() > MAX_BYTES || text.chars().any(is_unseen) {
            return Err(GroupFault);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it is compared and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for GroupId {
    type Error = GroupFault;

    fn try_from(text: String) -> Result<Self, GroupFault> {
        Self::parse(&text)
    }
}

impl From<GroupId> for String {
    fn from(group: GroupId) -> Self {
        group.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_characters() {
        assert_eq!(GroupId::parse("okta:00g1").unwrap().as_str(), "okta:00g1");
        assert!(GroupId::parse(&"a".repeat(MAX_BYTES)).is_ok());
        for text in ["", "a\nb", "a\0", "a\u{202e}b", &"a".repeat(MAX_BYTES + 1)] {
            assert_eq!(GroupId::parse(text), Err(GroupFault), "{text:?}");
        }
        assert!(serde_json::from_str::<GroupId>("\"\"").is_err());
    }
}
