//! One attribute of a person's entry, spoiled. An entry without the attribute stays as it is.

use super::fault::DirectoryFault as Fault;
use super::spoil::domain;
use crate::ldap::{Entry, Operation, Request};

pub(super) fn spoil_entry(fault: Fault, entry: &mut Entry, request: &Request) {
    let mut set = |name, value: &[u8]| change(entry, name, |values| *values = vec![value.to_vec()]);
    match fault {
        Fault::EntryOfSomebodyElse => {
            set("sAMAccountName", b"mallory");
            set("userPrincipalName", b"mallory@corp.example");
        }
        Fault::SidWellKnown => set("objectSid", &ADMINISTRATORS),
        Fault::MailEmpty => set("mail", b""),
        Fault::MailWithControls => set("mail", b"alice\n\0admin@corp.example"),
        Fault::MailWithTwoSigns => set("mail", b"alice@evil.example@corp.example"),
        Fault::UpnBinary => set("userPrincipalName", &[0xff, 0, 0xfe, b'@', 1]),
        Fault::ControlJunk => set("userAccountControl", b"512 or so"),
        Fault::EntryOutsideBase => entry.dn = entry.dn.replace(domain(&entry.dn), "DC=other,DC=example"),
        Fault::EntryRenamed => entry.dn = format!("CN=Mallory,CN=Users,{}", domain(&entry.dn)),
        Fault::SidMissing => entry.attributes.retain(|(name, _)| name != "objectSid"),
        Fault::TokensMissing => entry.attributes.retain(|(name, _)| name != "tokenGroups"),
        Fault::ControlMissing => entry.attributes.retain(|(name, _)| name != "userAccountControl"),
        Fault::RangeEndless | Fault::RangeRepeats => range(fault, entry, request),
        _ => change_values(fault, entry),
    }
}

/// Values that are not replaced, but cut, lengthened or joined by others.
fn change_values(fault: Fault, entry: &mut Entry) {
    let mut add = |name, value: &[u8]| change(entry, name, |values| values.push(value.to_vec()));
    match fault {
        Fault::SidTwice => add("objectSid", &ADMINISTRATORS),
        Fault::MailTwice => add("mail", b"mallory@corp.example"),
        Fault::UpnTwice => add("userPrincipalName", b"administrator@corp.example"),
        Fault::TokensJunk => {
            add("tokenGroups", b"");
            add("tokenGroups", b"Administrators");
            add("tokenGroups", &[1, 5, 0, 0, 0, 0, 0, 5]);
        }
        Fault::TokensOfOthers => add("tokenGroups", &OF_OTHERS),
        Fault::TokensTruncated => change(entry, "tokenGroups", |values| values.truncate(values.len() / 2)),
        Fault::GuidTooShort => each(entry, "objectGUID", |guid| guid.truncate(15)),
        Fault::GuidTooLong => each(entry, "objectGUID", |guid| guid.push(0)),
        Fault::SidTruncated => each(entry, "objectSid", |sid| sid.truncate(27)),
        Fault::SidRevisionTwo => each(entry, "objectSid", |sid| drop(sid.splice(..1, [2]))),
        // The first of the three numbers that are the domain.
        Fault::SidOfAnotherDomain => {
            each(entry, "objectSid", |sid| drop(sid.splice(12..16, [0xde, 0xad, 0xbe, 0xef])));
        }
        // The limit is 15 (MS-DTYP §2.4.2.2).
        Fault::SidTooLong => each(entry, "objectSid", |sid| {
            sid.splice(1..2, [16]);
            sid.resize(8 + 16 * 4, 1);
        }),
        _ => {}
    }
}

/// `S-1-5-21-1-2-3-2001`.
const OF_OTHERS: [u8; 28] =
    [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0xd1, 7, 0, 0];

/// `S-1-5-32-544`.
const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];

fn change(entry: &mut Entry, name: &str, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    if let Some((_, values)) = entry.attributes.iter_mut().find(|(own, _)| own == name) {
        change(values);
    }
}

fn each(entry: &mut Entry, name: &str, spoil: impl FnMut(&mut Vec<u8>)) {
    change(entry, name, |values| values.iter_mut().for_each(spoil));
}

/// Whichever attribute is asked for that may come in parts, as one value of a row without an end, or as the first one for ever.
fn range(fault: Fault, entry: &mut Entry, request: &Request) {
    let Operation::Search(search) = &request.operation else { return };
    for asked in &search.attributes {
        let (name, range) = asked.split_once(";range=").unwrap_or((asked, "0-*"));
        let first = range.split('-').next().and_then(|first| first.parse::<u32>().ok());
        let in_parts = ["memberOf", "tokenGroups"].into_iter().find(|own| own.eq_ignore_ascii_case(name));
        let (Some(first), Some(name)) = (first, in_parts) else { continue };
        let first = if fault == Fault::RangeRepeats { 0 } else { first };
        entry.attributes.retain(|(own, _)| !own.starts_with(name));
        let value = if name == "memberOf" {
            format!("CN=Endless {first},OU=Groups,{}", domain(&entry.dn)).into_bytes()
        } else {
            [[1, 2, 0, 0], [0, 0, 0, 5], [21, 0, 0, 0], first.to_le_bytes()].concat()
        };
        entry.attributes.push((format!("{name};range={first}-{first}"), vec![value]));
    }
}
