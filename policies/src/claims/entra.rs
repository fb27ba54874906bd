//! Who somebody is in an Entra tenant (annex c.7).

use serde::{Deserialize, Serialize};

use crate::{ObjectId, RawAttributes};

/// A tenant and an object of it. The object's identifier is the tenant's own: it is not the `objectGUID` of a directory that the
/// account may have been synchronised from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraIdentity {
    /// The tenant (`tid`).
    pub tenant: ObjectId,
    /// The object in it (`oid`).
    pub object: ObjectId,
    /// Whether the tenant has them as a guest (AAD-14).
    #[serde(default)]
    pub guest: bool,
}

impl EntraIdentity {
    /// The attribute that holds the tenant.
    pub const TENANT: &'static str = "entra_tid";
    /// The attribute that holds the object.
    pub const OBJECT: &'static str = "entra_oid";
    /// The attribute that is there, as `true`, for a guest of the tenant (AAD-14).
    pub const GUEST: &'static str = "entra_guest";

    /// Reads it from what the provider brought; none where either half is missing, malformed or there twice.
    #[must_use]
    pub fn of(raw: &RawAttributes) -> Option<Self> {
        let one = |name: &str| match raw.values(name)?.values.as_slice() {
            [value] => ObjectId::parse_text(value).ok(),
            _ => None,
        };
        let guest = raw.values(Self::GUEST).is_some();
        Some(Self { tenant: one(Self::TENANT)?, object: one(Self::OBJECT)?, guest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    const TENANT: &str = "11111111-2222-4333-8444-555555555555";
    const OBJECT: &str = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6";

    #[test]
    fn both_halves_have_to_be_there_once() {
        for (tenant, object, holds) in [
            (&[TENANT][..], &[OBJECT][..], true),
            (&[], &[OBJECT], false),
            (&[TENANT], &[], false),
            (&[TENANT], &["alice"], false),
            (&[TENANT, TENANT], &[OBJECT], false),
        ] {
            let mut raw = RawAttributes::default();
            let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
            raw.push(EntraIdentity::TENANT, owned(tenant), Source::IdToken);
            raw.push(EntraIdentity::OBJECT, owned(object), Source::IdToken);
            assert_eq!(EntraIdentity::of(&raw).is_some(), holds, "{tenant:?} {object:?}");
            assert_ne!(EntraIdentity::of(&raw).map(|entra| entra.guest), Some(true));
            raw.push(EntraIdentity::GUEST, owned(&["true"]), Source::Api);
            assert_ne!(EntraIdentity::of(&raw).map(|entra| entra.guest), Some(false));
        }
    }
}
