//! From group values to stable identifiers that no other provider can forge.
//!
//! Every identifier is either a SID within the connection's scope or stands behind the connection's own prefix. A value
//! that comes with the SID or the prefix of somebody else is dropped and reported.

use std::collections::HashSet;

use crate::{
    Attribute, ConnectionPolicy, EntraIdentity, GroupId, KindName, ObjectId, RawAttributes, Scope,
    SecurityId, Source, text::displayable,
};

/// More groups than any directory puts into a token.
const MAX_GROUPS: usize = 5_000;
const MAX_REPORTED_CHARACTERS: usize = 256;
/// The prefixes that belong to kinds of provider and not to a connection by its name.
const KIND_PREFIXES: [&str; 2] = ["okta:", "entra:"];

/// Groups that are kept, each with its value for display, and the values that are not.
#[derive(Debug, Default)]
pub(super) struct Grouped {
    pub(super) kept: Vec<(GroupId, String)>,
    pub(super) dropped: Vec<String>,
}

/// Maps the values of the group attribute. Beyond 5,000 none is kept: which of them would be a matter of chance.
pub(super) fn map(raw: &RawAttributes, policy: &ConnectionPolicy, scope: &Scope<'_>) -> Grouped {
    let attribute = groups_of(raw, policy);
    let values = attribute.map_or(&[][..], |attribute| &attribute.values);
    if values.len() > MAX_GROUPS {
        let reason = format!("all of {} groups: more than {MAX_GROUPS}", values.len());
        return Grouped { kept: Vec::new(), dropped: vec![reason] };
    }
    let names = names(raw, attribute);
    let (mut grouped, mut seen) = (Grouped::default(), HashSet::new());
    let tenant = EntraIdentity::of(raw).map(|entra| entra.tenant);
    for (value, name) in values.iter().zip(names.chain(std::iter::repeat(None))) {
        match identify(value.trim(), tenant, policy, scope) {
            Some(group) if seen.contains(&group) => {}
            Some(group) => {
                seen.insert(group.clone());
                grouped.kept.push((group, name.unwrap_or_else(|| value.trim().to_owned())));
            }
            None => grouped.dropped.extend(displayable(value, MAX_REPORTED_CHARACTERS)),
        }
    }
    grouped
}

/// The attribute with the groups: the one that the connection names, or what the provider's own API told.
pub(super) fn groups_of<'a>(raw: &'a RawAttributes, policy: &ConnectionPolicy) -> Option<&'a Attribute> {
    let told = || raw.values(RawAttributes::GROUPS).filter(|groups| groups.source == Source::Api);
    raw.values(&policy.names.groups).or_else(told)
}

/// The names of the groups in their order, where a directory or the provider's own API told them apart from their identifiers.
fn names<'a>(
    raw: &'a RawAttributes,
    groups: Option<&Attribute>,
) -> impl Iterator<Item = Option<String>> + use<'a> {
    let source = groups.map(|groups| groups.source);
    let names = raw.values(RawAttributes::GROUP_NAMES).filter(|names| {
        matches!(source, Some(Source::Directory | Source::Api))
            && source == Some(names.source)
            && Some(names.values.len()) == groups.map(|groups| groups.values.len())
    });
    let values = names.map_or(&[][..], |names| &names.values);
    values.iter().map(|name| displayable(name, MAX_REPORTED_CHARACTERS))
}

fn identify(
    value: &str,
    tenant: Option<ObjectId>,
    policy: &ConnectionPolicy,
    scope: &Scope<'_>,
) -> Option<GroupId> {
    match policy.kind {
        KindName::Okta => GroupId::parse(&format!("okta:{value}")).ok(),
        KindName::AzureAd => {
            let (tenant, group) = (tenant?, ObjectId::parse_text(value).ok()?);
            GroupId::parse(&format!("entra:{tenant}:{group}")).ok()
        }
        KindName::Oidc
        | KindName::Gateway
        | KindName::Saml
        | KindName::ActiveDirectory
        | KindName::ActiveDirectoryToken
        | KindName::Local => {
            if let Ok(sid) = SecurityId::parse_text(value) {
                return scope.admits_security_id(&sid).then(|| GroupId::parse(sid.as_str()).ok())?;
            }
            // A connection of another kind may well be called `okta`; its name opens no prefix that is a kind's.
            let own = format!("{}:", policy.name);
            if KIND_PREFIXES.iter().any(|prefix| value.starts_with(prefix) || own == *prefix) {
                return None;
            }
            GroupId::parse(&format!("{own}{value}")).ok()
        }
    }
}
