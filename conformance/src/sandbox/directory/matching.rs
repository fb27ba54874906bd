//! Filters, prepared once for a search and then asked of each object.

use std::collections::BTreeSet;

use super::attributes::known;
use super::dn::Dn;
use super::group::Membership;
use super::world::{Object, World};
use crate::ldap::{Filter, Part};

/// All bits of the value are set (MS-ADTS §3.1.1.3.4.4.1).
const BITS: &str = "1.2.840.113556.1.4.803";
/// Along a chain of memberships (MS-ADTS §3.1.1.3.4.4.3).
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";

pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Present(String),
    Equal(String, Vec<u8>),
    /// The object's SID is one of these: who reads the names of groups asks for hundreds of them at once.
    SecurityIds(BTreeSet<Vec<u8>>),
    Substrings(String, Vec<(Part, String)>),
    AtLeast(String, i64),
    AtMost(String, i64),
    Bits(String, i64),
    /// The object is one of these groups.
    Is(Membership),
    /// The object is itself a member of one of these.
    MemberOf(Membership),
    Never,
}

impl World {
    pub(super) fn prepare(&self, filter: &Filter) -> Test {
        let all = |filters: &[Filter]| filters.iter().map(|filter| self.prepare(filter)).collect();
        match filter {
            Filter::And(filters) => Test::All(all(filters)),
            Filter::Or(filters) => security_ids(filters).unwrap_or_else(|| Test::Any(all(filters))),
            Filter::Not(filter) => Test::Not(Box::new(self.prepare(filter))),
            Filter::Present(name) => Test::Present(name.clone()),
            Filter::Substrings(name, parts) => {
                let parts = parts.iter().map(|(part, value)| (*part, lower(value))).collect();
                Test::Substrings(name.clone(), parts)
            }
            Filter::AtLeast(name, value) => number(value, |value| Test::AtLeast(name.clone(), value)),
            Filter::AtMost(name, value) => number(value, |value| Test::AtMost(name.clone(), value)),
            Filter::Equal(name, value) => match name.to_lowercase().as_str() {
                "member" | "memberof" => self.membership(name, value, false),
                _ => Test::Equal(name.clone(), value.clone()),
            },
            Filter::Rule { rule, attribute, value } => match rule.as_str() {
                BITS => number(value, |value| Test::Bits(attribute.clone(), value)),
                IN_CHAIN => self.membership(attribute, value, true),
                _ => Test::Never,
            },
        }
    }

    fn membership(&self, attribute: &str, value: &[u8], chain: bool) -> Test {
        let dn = std::str::from_utf8(value).ok().and_then(Dn::parse);
        let found = dn.and_then(|dn| self.find(&dn));
        match (attribute.to_lowercase().as_str(), found) {
            ("member", Some(Object::Account(account))) => Test::Is(self.above(&account.groups, chain)),
            ("member", Some(Object::Group(_, group))) => Test::Is(self.above(&group.groups, chain)),
            ("memberof", Some(Object::Group(place, _))) => {
                Test::MemberOf(if chain { self.inside(place) } else { vec![place] })
            }
            (_, _) => Test::Never,
        }
    }

    fn above(&self, direct: &[usize], chain: bool) -> Membership {
        if chain { self.closure(direct) } else { direct.to_vec() }
    }

    pub(super) fn matches(&self, test: &Test, object: Object, now: i64) -> bool {
        let any = |name: &str, judge: &dyn Fn(&[u8]) -> bool| {
            self.filterable(object, name, now).iter().any(|value| judge(value))
        };
        let any_number = |name: &str, judge: &dyn Fn(i64) -> bool| {
            any(name, &|value| lower(value).parse().is_ok_and(judge))
        };
        match test {
            Test::All(tests) => tests.iter().all(|test| self.matches(test, object, now)),
            Test::Any(tests) => tests.iter().any(|test| self.matches(test, object, now)),
            Test::Not(test) => !self.matches(test, object, now),
            Test::Present(name) => any(name, &|_| true),
            Test::Equal(name, asserted) => any(name, &|value| equal(name, value, asserted)),
            Test::SecurityIds(ids) => any("objectSid", &|value| ids.contains(value)),
            Test::Substrings(name, parts) => any(name, &|value| holds(&lower(value), parts)),
            Test::AtLeast(name, bound) => any_number(name, &|value| value >= *bound),
            Test::AtMost(name, bound) => any_number(name, &|value| value <= *bound),
            Test::Bits(name, bits) => any_number(name, &|value| value & bits == *bits),
            Test::Is(groups) => {
                matches!(object, Object::Group(place, _) if groups.binary_search(&place).is_ok())
            }
            Test::MemberOf(groups) => {
                let direct = match object {
                    Object::Account(account) => &account.groups,
                    Object::Group(_, group) => &group.groups,
                    Object::Plain(_) => return false,
                };
                direct.iter().any(|place| groups.binary_search(place).is_ok())
            }
            Test::Never => false,
        }
    }

    /// No filter sees what is computed.
    fn filterable(&self, object: Object, name: &str, now: i64) -> Vec<Vec<u8>> {
        let known = known(object, name).filter(|name| !name.contains("omputed") && *name != "tokenGroups");
        known.map_or(vec![], |name| self.values(object, name, now))
    }
}

/// Nothing but SIDs in octets, of which the first is their version.
fn security_ids(filters: &[Filter]) -> Option<Test> {
    let ids = filters.iter().map(|filter| match filter {
        Filter::Equal(name, value) if name.eq_ignore_ascii_case("objectSid") => {
            Some(value).filter(|value| value.first() == Some(&1)).cloned()
        }
        _ => None,
    });
    ids.collect::<Option<_>>().map(Test::SecurityIds)
}

fn number(value: &[u8], test: impl FnOnce(i64) -> Test) -> Test {
    lower(value).parse().map_or(Test::Never, test)
}

fn equal(attribute: &str, value: &[u8], asserted: &[u8]) -> bool {
    match attribute.to_lowercase().as_str() {
        "objectguid" | "logonhours" => value == asserted,
        // The text of a SID does as well as its octets.
        "objectsid" => {
            let is_text = asserted.starts_with(b"S-");
            value == asserted || is_text && security_id(value).is_some_and(|text| text.as_bytes() == asserted)
        }
        "objectcategory" => {
            let (stored, asked) = (lower(value), lower(asserted));
            // `user` names a class whose category is that of a person.
            let asked = if asked == "user" { "person".to_owned() } else { asked };
            stored == asked || stored.starts_with(&format!("cn={asked},"))
        }
        "distinguishedname" | "ncname" => {
            let [stored, asked] =
                [value, asserted].map(|name| std::str::from_utf8(name).ok().and_then(Dn::parse));
            stored.is_some() && stored == asked
        }
        _ => lower(value) == lower(asserted),
    }
}

/// `S-1-5-…` of its octets (MS-DTYP §2.4.2).
pub(super) fn security_id(octets: &[u8]) -> Option<String> {
    let (&[1, _], rest) = octets.split_first_chunk()? else { return None };
    let (authority, rest) = rest.split_at_checked(6)?;
    let authority = authority.iter().fold(0_u64, |sum, octet| (sum << 8) | u64::from(*octet));
    let (parts, _) = rest.as_chunks();
    Some(
        parts
            .iter()
            .fold(format!("S-1-{authority}"), |text, part| format!("{text}-{}", u32::from_le_bytes(*part))),
    )
}

fn holds(value: &str, parts: &[(Part, String)]) -> bool {
    let mut rest = value;
    parts.iter().all(|(part, wanted)| {
        let after = match part {
            Part::Initial => rest.strip_prefix(wanted.as_str()),
            Part::Any => rest.split_once(wanted.as_str()).map(|(_, after)| after),
            Part::Final => rest.strip_suffix(wanted.as_str()).map(|_| ""),
        };
        rest = after.unwrap_or_default();
        after.is_some()
    })
}

fn lower(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).to_lowercase()
}
