//! The attribute bag as a provider sent it, before mapping: names to the letter (CLM-10), values in their order, and
//! where each came from. How much may arrive at all is bounded by the provider that reads it off the wire.

use serde::{Deserialize, Serialize};

/// Attributes in the order in which they were pushed; each name once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawAttributes(Vec<Attribute>);

/// One attribute; at least one value, none of them empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The name to the letter.
    pub name: String,
    /// The values in their order.
    pub values: Vec<String>,
    /// Where they came from.
    pub source: Source,
}

/// Where an attribute came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A verified ID token.
    IdToken,
    /// The userinfo endpoint.
    Userinfo,
    /// The provider's own API.
    Api,
    /// A verified SAML assertion.
    Assertion,
    /// A directory over LDAP.
    #[serde(rename = "ldap")]
    Directory,
}

impl Source {
    /// The word in provenance and audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::Userinfo => "userinfo",
            Self::Api => "api",
            Self::Assertion => "assertion",
            Self::Directory => "ldap",
        }
    }
}

impl RawAttributes {
    /// Groups that the provider's own API told, whatever a connection calls those of tokens.
    pub const GROUPS: &'static str = "groups";
    /// Names of the groups, in the order of their identifiers; believed from a directory or a provider's own API alone.
    pub const GROUP_NAMES: &'static str = "group_names";

    /// Adds values. Blank ones count as missing. A name that another source has brought already keeps what it has; the
    /// same source adds to it, so that a name sent twice shows as several values instead of hiding one.
    pub fn push(&mut self, name: impl Into<String>, values: Vec<String>, source: Source) {
        let values: Vec<String> = values.into_iter().filter(|value| !value.trim().is_empty()).collect();
        let name = name.into();
        if values.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|attribute| attribute.name == name) {
            Some(present) if present.source == source => present.values.extend(values),
            Some(_) => {}
            None => self.0.push(Attribute { name, values, source }),
        }
    }

    /// Attributes of one source, each name once. Blank values count as missing.
    #[must_use]
    pub fn gathered(attributes: impl IntoIterator<Item = (String, Vec<String>)>, source: Source) -> Self {
        let kept = attributes.into_iter().filter_map(|(name, mut values)| {
            values.retain(|value| !value.trim().is_empty());
            (!values.is_empty()).then_some(Attribute { name, values, source })
        });
        Self(kept.collect())
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.0.iter()
    }

    /// The attribute of exactly this name (CLM-10: case counts).
    #[must_use]
    pub fn values(&self, name: &str) -> Option<&Attribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    /// Takes over the attributes whose names are missing here.
    pub fn fill_from(&mut self, other: Self) {
        for attribute in other.0 {
            if self.values(&attribute.name).is_none() {
                self.0.push(attribute);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values<const N: usize>(values: [&str; N]) -> Vec<String> {
        values.map(str::to_owned).to_vec()
    }

    #[test]
    fn names_are_taken_to_the_letter() {
        let mut raw = RawAttributes::default();
        raw.push("cip_upn", values(["alice@corp.example"]), Source::IdToken);
        assert!(raw.values("cip_upn").is_some());
        assert!(raw.values("CIP_UPN").is_none());
    }

    #[test]
    fn blank_values_are_missing() {
        let mut raw = RawAttributes::default();
        raw.push("cip_oid", values(["", "  "]), Source::IdToken);
        assert_eq!(raw.values("cip_oid"), None);
        raw.push("cip_oid", values(["", "x"]), Source::Userinfo);
        assert_eq!(raw.values("cip_oid").unwrap().values, ["x"]);
    }

    #[test]
    fn the_first_source_wins_and_one_source_cannot_hide_a_second_value() {
        let mut raw = RawAttributes::default();
        raw.push("cip_sid", values(["one"]), Source::IdToken);
        raw.push("cip_sid", values(["two"]), Source::Userinfo);
        assert_eq!(raw.values("cip_sid").unwrap().values, ["one"]);
        raw.push("cip_sid", values(["three"]), Source::IdToken);
        assert_eq!(raw.values("cip_sid").unwrap().values, ["one", "three"]);
    }

    #[test]
    fn filling_adds_only_what_is_missing() {
        let (mut raw, mut api) = (RawAttributes::default(), RawAttributes::default());
        raw.push("cip_sid", values(["one"]), Source::IdToken);
        api.push("cip_sid", values(["two"]), Source::Api);
        api.push("cip_oid", values(["three"]), Source::Api);
        raw.fill_from(api);
        assert_eq!(raw.values("cip_sid").unwrap().values, ["one"]);
        assert_eq!(raw.values("cip_oid").unwrap().source, Source::Api);
    }

    #[test]
    fn sources_have_one_word_each() {
        for source in [Source::IdToken, Source::Userinfo, Source::Api, Source::Assertion, Source::Directory] {
            assert_eq!(serde_json::to_string(&source).unwrap(), format!("\"{}\"", source.as_str()));
        }
    }
}
