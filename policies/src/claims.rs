//! What is known about a person after mapping: the normalised claims of CLM-01, each with its provenance.

mod entra;
mod group;
mod principal;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Code, Email, ObjectId, SecurityId, Upn};

pub use entra::EntraIdentity;
pub use group::{GroupFault, GroupId};
pub use principal::PrincipalKey;

/// The four claims that may be demanded (CLM-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimName {
    /// The Windows SID.
    #[serde(rename = "sid")]
    SecurityId,
    /// The user principal name.
    #[serde(rename = "upn")]
    Upn,
    /// The directory's object identifier.
    #[serde(rename = "oid")]
    ObjectId,
    /// The e-mail address.
    #[serde(rename = "email")]
    Email,
}

impl ClaimName {
    /// All four, in the order in which they are judged.
    pub const ALL: [Self; 4] = [Self::SecurityId, Self::Upn, Self::ObjectId, Self::Email];

    /// The name in tokens, pages and assertions (CLM-02).
    #[must_use]
    pub const fn outside(self) -> &'static str {
        match self {
            Self::SecurityId => "cip_sid",
            Self::Upn => "cip_upn",
            Self::ObjectId => "cip_oid",
            Self::Email => "cip_email",
        }
    }

    /// The word in a manifest.
    #[must_use]
    pub const fn config(self) -> &'static str {
        match self {
            Self::SecurityId => "sid",
            Self::Upn => "upn",
            Self::ObjectId => "oid",
            Self::Email => "email",
        }
    }

    /// Reads the word in a manifest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.config() == text)
    }

    /// The stable code of a fault in this claim (CLM-05).
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::SecurityId => Code::ClaimSid,
            Self::Upn => Code::ClaimUpn,
            Self::ObjectId => Code::ClaimOid,
            Self::Email => Code::ClaimEmail,
        }
    }
}

/// The normalised claims of one person, as one connection brought them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The Windows SID, always an account of a directory that the connection speaks for.
    pub security_id: Option<SecurityId>,
    /// The user principal name.
    pub upn: Option<Upn>,
    /// The directory's object identifier.
    pub object_id: Option<ObjectId>,
    /// The e-mail address.
    pub email: Option<Email>,
    /// For display; at most 256 characters.
    pub display_name: Option<String>,
    /// For display; at most 256 characters.
    pub given_name: Option<String>,
    /// For display; at most 256 characters.
    pub family_name: Option<String>,
    /// Whom an Entra tenant knows the person as; of a connection of kind `azure-ad` always, of others never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entra: Option<EntraIdentity>,
    /// Stable group identifiers; at most 5,000, each once.
    pub groups: Vec<GroupId>,
    /// The groups as they were sent, for display; one for each of `groups`.
    pub group_names: Vec<String>,
    /// Outside name of a claim to `<connection>:<source>`, as in `cip_sid` to `okta:id_token`.
    pub provenance: BTreeMap<String, String>,
}

impl Claims {
    /// The user principal name as text.
    #[must_use]
    pub fn principal_name(&self) -> Option<&str> {
        self.upn.as_ref().map(Upn::as_str)
    }

    /// Whether the claim has a value.
    #[must_use]
    pub const fn has(&self, name: ClaimName) -> bool {
        match name {
            ClaimName::SecurityId => self.security_id.is_some(),
            ClaimName::Upn => self.upn.is_some(),
            ClaimName::ObjectId => self.object_id.is_some(),
            ClaimName::Email => self.email.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_four_claims() {
        for name in ClaimName::ALL {
            assert_eq!(ClaimName::parse(name.config()), Some(name));
            assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{}\"", name.config()));
            assert_eq!(name.outside(), format!("cip_{}", name.config()));
            assert_eq!(name.code().as_str(), format!("CLAIM-{}", name.config().to_uppercase()));
        }
        assert_eq!(ClaimName::parse("SID"), None);
    }

    #[test]
    fn each_claim_is_seen_where_it_stands() {
        let none = Claims::default();
        let all = Claims {
            security_id: SecurityId::parse_text("S-1-5-21-1-2-3-4").ok(),
            upn: Upn::parse("alice@corp.example").ok(),
            object_id: ObjectId::parse_text("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").ok(),
            email: Email::parse("alice@corp.example").ok(),
            ..Claims::default()
        };
        for name in ClaimName::ALL {
            assert!(all.has(name), "{name:?}");
            assert!(!none.has(name), "{name:?}");
        }
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Claims>(&json).unwrap(), all);
    }
}
