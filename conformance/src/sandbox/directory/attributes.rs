//! The values of an object's attributes, those that are computed among them, and how many of them an answer has.

use super::account::Account;
use super::group::Group;
use super::world::{Object, World};
use crate::ldap::Entry;

/// Values of one attribute that an answer has at most (MS-ADTS §3.1.1.3.1.3.3).
const RANGE: usize = 1500;

/// Computed for an object that is named; a search over many refuses it.
pub(super) const TOKEN_GROUPS: &str = "tokenGroups";
/// Computed, and given only to who asks for it by name.
const CONTROL_COMPUTED: &str = "msDS-User-Account-Control-Computed";

/// What a search asks of each entry.
pub(super) struct Wanted<'a> {
    pub(super) attributes: &'a [String],
    pub(super) types_only: bool,
    pub(super) now: i64,
}

impl World {
    pub(super) fn entry(&self, object: Object, wanted: &Wanted) -> Entry {
        let everything = wanted.attributes.is_empty() || wanted.attributes.iter().any(|name| name == "*");
        let stored = stored(object).into_iter().filter(|_| everything);
        let mut attributes = Vec::new();
        for name in stored.chain(wanted.attributes.iter().map(String::as_str)) {
            self.add(object, name, wanted, &mut attributes);
        }
        Entry { dn: object.dn().as_str().to_owned(), attributes }
    }

    /// The attribute by this name, perhaps with `;range=0-99` behind it.
    fn add(&self, object: Object, asked: &str, wanted: &Wanted, to: &mut Vec<(String, Vec<Vec<u8>>)>) {
        let (name, range) =
            asked.split_once(";range=").map_or((asked, None), |(name, range)| (name, Some(range)));
        let Some(name) = known(object, name) else { return };
        if to.iter().any(|(given, _)| given == name) {
            return;
        }
        let values = self.values(object, name, wanted.now);
        if values.is_empty() {
            return;
        }
        let limited = name != TOKEN_GROUPS && (range.is_some() || values.len() > RANGE);
        let (name, values) = if limited {
            let Some(part) = slice(&values, range.unwrap_or("0-*")) else { return };
            if range.is_none() {
                // The whole attribute is there as well, without a value.
                to.push((name.to_owned(), vec![]));
            }
            (format!("{name};range={}", part.0), part.1)
        } else {
            (name.to_owned(), values)
        };
        to.push((name, if wanted.types_only { vec![] } else { values }));
    }

    pub(super) fn values(&self, object: Object, name: &str, now: i64) -> Vec<Vec<u8>> {
        let names = |places: &[usize]| {
            let groups = places.iter().filter_map(|place| self.groups.get(*place));
            groups.map(|group| group.dn.as_str().as_bytes().to_vec()).collect()
        };
        match (object, name) {
            (Object::Plain(plain), _) => {
                let found = plain.attributes.iter().find(|(known, _)| *known == name);
                found.map_or(vec![], |(_, values)| values.clone())
            }
            (Object::Account(account), "memberOf") => names(&account.groups),
            (Object::Group(_, group), "memberOf") => names(&group.groups),
            (Object::Account(account), TOKEN_GROUPS) => {
                let primary = self.groups.iter().position(|group| group.name == "Domain Users");
                let direct: Vec<_> = account.groups.iter().copied().chain(primary).collect();
                let groups = self.closure(&direct);
                groups
                    .iter()
                    .filter_map(|place| self.groups.get(*place))
                    .map(|g| g.security_id.clone())
                    .collect()
            }
            (Object::Account(account), _) => account.values(name, &self.names, now),
            (Object::Group(place, group), _) => self.group_values(place, group, name),
        }
    }

    fn group_values(&self, place: usize, group: &Group, name: &str) -> Vec<Vec<u8>> {
        let text = |value: &str| vec![value.as_bytes().to_vec()];
        match name {
            "objectClass" => vec![b"top".to_vec(), b"group".to_vec()],
            "cn" | "name" | "sAMAccountName" => text(&group.name),
            "member" => self.members(place),
            "distinguishedName" => text(group.dn.as_str()),
            "whenCreated" => text("20240101000000.0Z"),
            "objectGUID" => vec![group.object_id.to_vec()],
            "objectSid" => vec![group.security_id.clone()],
            // A group, or one that is known on each computer by the same SID (MS-SAMR §2.2.1.9).
            "sAMAccountType" => text(if group.kind == Group::BUILTIN { "536870912" } else { "268435456" }),
            "groupType" => text(&group.kind.to_string()),
            "objectCategory" => text(&self.names.category("Group")),
            _ => vec![],
        }
    }
}

fn stored(object: Object<'_>) -> Vec<&str> {
    match object {
        Object::Plain(plain) => plain.attributes.iter().map(|(name, _)| *name).collect(),
        Object::Group(..) => Group::STORED.to_vec(),
        Object::Account(_) => Account::STORED.to_vec(),
    }
}

/// The attribute's own spelling, if objects of this kind have it.
pub(super) fn known<'a>(object: Object<'a>, name: &str) -> Option<&'a str> {
    let computed: &[&str] =
        if matches!(object, Object::Account(_)) { &[TOKEN_GROUPS, CONTROL_COMPUTED] } else { &[] };
    stored(object).into_iter().chain(computed.iter().copied()).find(|known| known.eq_ignore_ascii_case(name))
}

/// The part that `0-99` or `1500-*` asks for, with its real bounds; `*` stands for the end.
fn slice(values: &[Vec<u8>], range: &str) -> Option<(String, Vec<Vec<u8>>)> {
    let (first, last) = range.split_once('-')?;
    let first: usize = first.parse().ok()?;
    let asked = if last == "*" { usize::MAX } else { last.parse().ok()? };
    let last = asked.min(first.checked_add(RANGE - 1)?).min(values.len().checked_sub(1)?);
    let part = values.get(first..=last)?.to_vec();
    let end = if last + 1 == values.len() { "*".to_owned() } else { last.to_string() };
    Some((format!("{first}-{end}"), part))
}
