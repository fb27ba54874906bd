//! An entry as the directory gave it, and the one way to read each of its attributes: what has to be there once is there once, or
//! that is a fault (LDAP-17).

use std::collections::HashMap;

use vestibule_policies::code::Code;
use vestibule_policies::object_id::ObjectId;
use vestibule_policies::security_id::SecurityId;

use crate::error::SignInError;

/// One entry. Attribute names count without their case (RFC 4512 §2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) dn: String,
    attributes: HashMap<String, Vec<Vec<u8>>>,
}

impl Entry {
    pub(super) fn of(found: ldap3::SearchEntry) -> Self {
        let ldap3::SearchEntry { dn, attrs, bin_attrs } = found;
        let texts = attrs.into_iter().map(|(name, values)| {
            (name.to_ascii_lowercase(), values.into_iter().map(String::into_bytes).collect::<Vec<_>>())
        });
        // The library keeps what happens to be UTF-8 apart from what is not; an identifier may be either.
        let mut attributes: HashMap<String, Vec<Vec<u8>>> = texts.collect();
        for (name, values) in bin_attrs {
            attributes.entry(name.to_ascii_lowercase()).or_default().extend(values);
        }
        Self { dn, attributes }
    }

    /// Every value, as octets.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        self.attributes.get(&name.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Where an attribute goes on that came in a part: the number of its next value (MS-ADTS §3.1.1.3.1.3.3). The values of the part
    /// join the attribute.
    pub(super) fn take_part(&mut self, name: &str) -> Result<Option<usize>, SignInError> {
        let start = format!("{};range=", name.to_ascii_lowercase());
        let parts: Vec<_> = self.attributes.keys().filter(|key| key.starts_with(&start)).cloned().collect();
        let [part] = parts.as_slice() else {
            let several = || Err(fault(format!("{name} came in several parts at once")));
            return if parts.is_empty() { Ok(None) } else { several() };
        };
        let values = self.attributes.remove(part).unwrap_or_default();
        let whole = self.attributes.entry(name.to_ascii_lowercase()).or_default();
        let (first, last) =
            part.strip_prefix(&start).and_then(|range| range.split_once('-')).unwrap_or_default();
        let follows = first.parse() == Ok(whole.len()) && !values.is_empty();
        whole.extend(values);
        match (follows, last) {
            (true, "*") => Ok(None),
            (true, last) if last.parse() == Ok(whole.len() - 1) => Ok(Some(whole.len())),
            _ => Err(fault(format!("{name} came in parts that do not follow each other"))),
        }
    }

    /// Adds a further part, as it was asked for.
    pub(super) fn add_part(&mut self, other: Self) {
        for (name, values) in other.attributes.into_iter().filter(|(name, _)| name.contains(";range=")) {
            self.attributes.insert(name, values);
        }
    }

    /// The one value, or none.
    pub(super) fn only(&self, name: &str) -> Result<Option<&[u8]>, SignInError> {
        match self.values(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(fault(format!("{name} has several values"))),
        }
    }

    /// The one value as text, or none.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, SignInError> {
        let Some(value) = self.only(name)? else { return Ok(None) };
        std::str::from_utf8(value).map(Some).map_err(|_| fault(format!("{name} is no text")))
    }

    /// The one value as text.
    pub(super) fn needed(&self, name: &str) -> Result<&str, SignInError> {
        self.text(name)?.ok_or_else(|| fault(format!("{name} is missing")))
    }

    /// Every value that is text, for what goes on to the mapping of claims.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// The one value as a number, or none.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, SignInError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| fault(format!("{name} is no number")))
    }

    /// `objectSid`, which every account and group has.
    pub(super) fn security_id(&self) -> Result<SecurityId, SignInError> {
        let bytes = self.only("objectSid")?.ok_or_else(|| fault("objectSid is missing"))?;
        SecurityId::from_bytes(bytes).map_err(|error| fault(format!("objectSid: {error}")))
    }

    /// `objectGUID`.
    pub(super) fn object_id(&self) -> Result<Option<ObjectId>, SignInError> {
        let Some(bytes) = self.only("objectGUID")? else { return Ok(None) };
        let id =
            ObjectId::from_directory_bytes(bytes).map_err(|error| fault(format!("objectGUID: {error}")))?;
        Ok(Some(id))
    }

    /// Whether it lies in that part of the tree.
    pub(super) fn is_below(&self, base: &str) -> bool {
        let (dn, base) = (self.dn.to_lowercase(), base.to_lowercase());
        dn == base || dn.strip_suffix(&base).is_some_and(|above| above.ends_with(','))
    }
}

fn fault(reason: impl std::fmt::Display) -> SignInError {
    SignInError::new(Code::AdAnswer, format!("the directory's entry cannot be used: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(attributes: &[(&str, &[&[u8]])]) -> Entry {
        let values = |values: &[&[u8]]| values.iter().map(|value| value.to_vec()).collect();
        let attributes = attributes.iter().map(|(name, all)| (name.to_lowercase(), values(all)));
        Entry { dn: "CN=Alice,OU=Staff,DC=corp,DC=example".to_owned(), attributes: attributes.collect() }
    }

    #[test]
    fn one_value_is_one_value() {
        let found = entry(&[("mail", &[b"a@corp.example"]), ("cn", &[b"a", b"b"]), ("junk", &[b"\xff"])]);
        assert_eq!(found.text("Mail").unwrap(), Some("a@corp.example"));
        assert_eq!(found.text("sn").unwrap(), None);
        assert!(found.text("cn").is_err());
        assert!(found.text("junk").is_err());
        assert!(found.needed("sn").is_err());
        assert!(found.number("mail").is_err());
    }

    #[test]
    fn identifiers_are_read_from_their_octets_or_not_at_all() {
        let sid = b"\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\xc7\xf7\xfe\xd7\x7c\x77\x55\xc8\x94\x5a\xce\x01\xf5\x03\x00\x00";
        let good = entry(&[
            ("objectSid", &[sid]),
            ("objectGUID", &[b"\xae\x4f\x1d\xf8\xec\x7d\xd0\x11\xa7\x65\x00\xa0\xc9\x1e\x6b\xf6"]),
        ]);
        assert_eq!(good.security_id().unwrap().as_str(), "S-1-5-21-3623811015-3361044348-30300820-1013");
        assert_eq!(good.object_id().unwrap().unwrap().to_string(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
        for bad in [
            entry(&[]),
            entry(&[("objectSid", &[sid, sid])]),
            entry(&[("objectSid", &[&sid[..27]])]),
            entry(&[("objectSid", &[b"\x02\x05\x00\x00"])]),
        ] {
            assert!(bad.security_id().is_err(), "{bad:?}");
        }
        assert!(entry(&[("objectGUID", &[b"fifteen octets!"])]).object_id().is_err());
    }

    #[test]
    fn an_attribute_in_parts_is_put_together_in_its_order() {
        let values = |count: usize| vec![&b"x"[..]; count];
        let part =
            |range: &str, count: usize| entry(&[(&format!("tokenGroups;range={range}"), &values(count))]);
        let mut whole = part("0-1", 2);
        assert_eq!(whole.take_part("tokenGroups").unwrap(), Some(2));
        whole.add_part(part("2-3", 2));
        assert_eq!(whole.take_part("tokenGroups").unwrap(), Some(4));
        whole.add_part(part("4-*", 1));
        assert_eq!(whole.take_part("tokenGroups").unwrap(), None);
        assert_eq!(whole.values("tokenGroups").len(), 5);
        assert_eq!(entry(&[("tokenGroups", &values(3))]).take_part("tokenGroups").unwrap(), None);
        for (range, count) in
            [("0-2", 2), ("1-2", 2), ("0-", 1), ("", 1), ("0-1", 0), ("-1-*", 1), ("5-*", 1)]
        {
            assert!(part(range, count).take_part("tokenGroups").is_err(), "{range}");
        }
    }

    #[test]
    fn an_entry_lies_below_whole_components_only() {
        let found = entry(&[]);
        assert!(found.is_below("dc=CORP,dc=example"));
        assert!(found.is_below("DC=example"));
        assert!(!found.is_below("C=corp,DC=example"));
        assert!(!found.is_below("DC=partner,DC=example"));
    }
}
