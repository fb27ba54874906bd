//! The catalogue itself: whole, unique, and different from its twins.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::*;
use crate::saml::{Certificate, names};

fn setting() -> &'static Setting {
    static SETTING: OnceLock<Setting> = OnceLock::new();
    SETTING.get_or_init(|| {
        let key = || Arc::new(Key::generate_rsa(2048).unwrap());
        let (trusted, service) = (key(), key());
        Setting {
            request: Request {
                request_id: Some("_request".to_owned()),
                acs: "https://sp.example/acs".to_owned(),
                audience: "https://sp.example".to_owned(),
                issuer: "https://idp.example".to_owned(),
                now: 1_800_000_000,
            },
            identity: Identity {
                sid: Some("S-1-5-21-9-9-9-1104".to_owned()),
                upn: Some("alice@corp.example".to_owned()),
                oid: Some("6f0d5b3e-0000-4000-8000-000000000000".to_owned()),
                email: Some("alice@corp.example".to_owned()),
                ..Identity::default()
            },
            certificate: Certificate::default().of(&trusted),
            trusted,
            attacker: key(),
            encryption: Some(Certificate::default().of(&service)),
            skew: 180,
            context: Some(names::PASSWORD_PROTECTED.to_owned()),
            forced: true,
        }
    })
}

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| catalogue(setting()))
}

#[test]
fn every_row_is_there() {
    let rows: HashSet<_> = cases().iter().map(|case| case.row).collect();
    let wanted = (7..=11).chain([3, 4, 14, 15, 20, 21, 23, 24, 25, 26, 27, 29, 32]).chain(40..=50);
    let wanted = wanted.chain(53..=63).chain([66, 68, 69, 70, 71, 72, 73]);
    for number in wanted {
        assert!(rows.contains(format!("SAML-{number:02}").as_str()), "SAML-{number:02}");
    }
}

#[test]
fn names_are_unique_and_twins_are_accepted() {
    let accepted: HashMap<_, _> = cases()
        .iter()
        .filter(|case| case.verdict == Verdict::Accepted)
        .map(|case| (case.name.as_str(), case))
        .collect();
    let names: HashSet<_> = cases().iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases().len());
    for case in cases() {
        let twin = accepted.get(case.twin.as_str()).unwrap_or_else(|| panic!("{}", case.name));
        assert_eq!(twin.form, case.form, "{}", case.name);
        assert!(case.name == case.twin || case.message != twin.message, "{}", case.name);
    }
}

/// An attack whose splice found nothing would be the good message.
#[test]
fn every_attack_shows_beside_its_twin() {
    let of = |case: &Case| outline(&String::from_utf8_lossy(&case.message));
    let goods: HashMap<_, _> = Form::ALL.map(|form| (twin(form), form)).into_iter().collect();
    let goods: HashMap<_, _> = cases()
        .iter()
        .filter(|case| goods.contains_key(&case.name))
        .map(|case| (&case.name, of(case)))
        .collect();
    // These differ in a signature alone.
    let hidden = ["one octet of the value", "response by another key"];
    let same = cases().iter().filter(|case| matches!(case.verdict, Verdict::Refused(_)));
    let same = same.filter(|case| case.row != "SAML-66" && goods[&case.twin] == of(case));
    let same: Vec<_> = same.map(|case| &case.name).collect();
    let unexpected = same.iter().filter(|name| !hidden.iter().any(|hidden| name.contains(hidden)));
    assert_eq!(unexpected.collect::<Vec<_>>(), Vec::<&&String>::new());
}

/// The text with everything random taken out: what is written in Base64, except whether it is empty, and IDs
/// but for which of them are the same.
fn outline(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split('<') {
        let secret = piece.starts_with("ds:SignatureValue>") || piece.starts_with("ds:DigestValue>");
        let piece = if secret && piece.len() > 24 { "ds:Value>" } else { piece };
        out.push('<');
        out.push_str(piece);
    }
    let mut ids: Vec<&str> = Vec::new();
    for id in xml.split('_').skip(1).filter_map(|rest| rest.get(..32)) {
        if id.bytes().all(|octet| octet.is_ascii_hexdigit()) && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.iter().enumerate().fold(out, |out, (place, id)| out.replace(id, &place.to_string()))
}

#[test]
fn the_mutator_repeats_itself_and_changes_most() {
    let good = &cases()[0].message;
    let changed = (0..500).filter(|seed| mutate(*seed, good) != *good).count();
    assert!(changed > 450, "{changed}");
    for seed in 0..100 {
        assert_eq!(mutate(seed, good), mutate(seed, good));
        let _ = mutate(seed, b"");
        let _ = mutate(seed, b"\xff<");
        let _ = mutate(seed, "<é>ü</é>".as_bytes());
    }
}
