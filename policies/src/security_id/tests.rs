//! Vectors of annex c.1, every refusal of LDAP-09, and every encoding of annex c.3.

use base64::{Engine, prelude::*};

use super::*;

const TEXT: &str = "S-1-5-21-3623811015-3361044348-30300820-1013";
const BASE64: &str = "AQUAAAAAAAUVAAAAx/f+13x3VciUWs4B9QMAAA==";

#[test]
fn known_vectors_in_both_directions() {
    for (text, base64) in
        [(TEXT, BASE64), ("S-1-5-32-544", "AQIAAAAAAAUgAAAAIAIAAA=="), ("S-1-1-0", "AQEAAAAAAAEAAAAA")]
    {
        let sid = SecurityId::parse_text(text).unwrap();
        assert_eq!(BASE64_STANDARD.encode(sid.to_bytes()), base64, "{text}");
        assert_eq!(SecurityId::from_bytes(&BASE64_STANDARD.decode(base64).unwrap()).unwrap(), sid);
        assert_eq!(sid.as_str(), text);
    }
}

#[test]
fn every_length_and_large_authorities_make_the_round_trip() {
    for count in 1..=15_u32 {
        for authority in [0, 5, u64::from(u32::MAX), 1 << 32, (1 << 48) - 1] {
            let subs = (0..count).map(|n| n.wrapping_mul(0x9E37_79B9)).collect();
            let text = Parts { authority, subs }.to_string();
            let sid = SecurityId::parse_text(&text).unwrap();
            assert_eq!(SecurityId::from_bytes(&sid.to_bytes()).unwrap().as_str(), text);
        }
    }
    assert_eq!(
        SecurityId::from_bytes(&[1, 1, 0, 1, 0, 0, 0, 0, 9, 0, 0, 0]).unwrap().as_str(),
        "S-1-0x000100000000-9"
    );
}

#[test]
fn one_sid_has_one_spelling() {
    for text in ["S-1-05-0021-1-2-3-4", "S-1-0x000000000005-21-1-2-3-4", "S-1-5-21-1-2-3-0000000004"] {
        assert_eq!(SecurityId::parse_text(text).unwrap().as_str(), "S-1-5-21-1-2-3-4");
    }
    let upper = SecurityId::parse_text("S-1-0xABCDEF012345-1").unwrap();
    assert_eq!(upper.as_str(), "S-1-0xabcdef012345-1");
}

#[test]
fn malformed_bytes_are_refused() {
    let good = BASE64_STANDARD.decode(BASE64).unwrap();
    let changed = |at: usize, to: u8| {
        let mut bytes = good.clone();
        bytes[at] = to;
        bytes
    };
    let sixteen = [vec![1, 16, 0, 0, 0, 0, 0, 5], vec![0; 64]].concat();
    for (name, bytes, fault) in [
        ("empty", vec![], SecurityIdFault::Length),
        ("revision", changed(0, 2), SecurityIdFault::Revision),
        ("no sub-authority", vec![1, 0, 0, 0, 0, 0, 0, 5], SecurityIdFault::Count),
        ("sixteen", sixteen, SecurityIdFault::Count),
        ("truncated", good[..27].to_vec(), SecurityIdFault::Length),
        ("one sub-authority short", good[..24].to_vec(), SecurityIdFault::Length),
        ("trailing", [good.clone(), vec![0]].concat(), SecurityIdFault::Length),
        ("count too low", changed(1, 4), SecurityIdFault::Length),
    ] {
        assert_eq!(SecurityId::from_bytes(&bytes), Err(fault), "{name}");
    }
}

#[test]
fn malformed_text_is_refused() {
    let sixteen = format!("S-1-5{}", "-1".repeat(16));
    for (name, text, fault) in [
        ("lower case", "s-1-5-21-1-2-3-4", SecurityIdFault::Text),
        ("revision", "S-2-5-21-1-2-3-4", SecurityIdFault::Text),
        ("no sub-authority", "S-1-5", SecurityIdFault::Count),
        ("sixteen", &sixteen, SecurityIdFault::Count),
        ("empty part", "S-1-5-21--2-3-4", SecurityIdFault::Text),
        ("sign", "S-1-5-21-+1-2-3-4", SecurityIdFault::Text),
        ("too large", "S-1-5-21-4294967296-2-3-4", SecurityIdFault::Number),
        ("eleven digits", "S-1-5-21-00000000001-2-3-4", SecurityIdFault::Text),
        ("large decimal authority", "S-1-4294967296-1", SecurityIdFault::Number),
        ("short hex authority", "S-1-0x05-1", SecurityIdFault::Text),
        ("space", "S-1-5-21-1-2-3-4 ", SecurityIdFault::Text),
        ("other digits", "S-1-5-21-١-2-3-4", SecurityIdFault::Text),
    ] {
        assert_eq!(SecurityId::parse_text(text), Err(fault), "{name}");
    }
}

#[test]
fn every_encoding_is_recognised() {
    let of_text = BASE64_STANDARD.encode(TEXT);
    let url = BASE64_URL_SAFE_NO_PAD.encode(BASE64_STANDARD.decode(BASE64).unwrap());
    for (name, value) in [
        ("text", TEXT),
        ("white space", &format!("  {TEXT}\n")),
        ("braces", &format!("{{{TEXT}}}")),
        ("quotes", &format!("\"{TEXT}\"")),
        ("base64", BASE64),
        ("unpadded", BASE64.trim_end_matches('=')),
        ("url alphabet", &url),
        ("base64 of text", &of_text),
        ("unpadded base64 of text", of_text.trim_end_matches('=')),
    ] {
        assert_eq!(SecurityId::decode(value).map(String::from).as_deref(), Ok(TEXT), "{name}");
    }
}

#[test]
fn what_is_no_encoding_is_refused() {
    let twice = BASE64_STANDARD.encode(BASE64);
    let long = "A".repeat(600);
    for (name, value) in [
        ("empty", ""),
        ("word", "alice"),
        ("email", "alice@corp.example"),
        ("base64 twice", &twice),
        ("truncated base64", &BASE64[..36]),
        ("mixed alphabets", "AQUAAAAAAAUVAAAAx_f+13x3VciUWs4B9QMAAA=="),
        ("long", &long),
    ] {
        assert_eq!(SecurityId::decode(value), Err(SecurityIdFault::Encoding), "{name}");
    }
    assert_eq!(SecurityId::decode("S-1-5-x"), Err(SecurityIdFault::Text));
}

#[test]
fn only_a_domain_has_accounts() {
    let sid = SecurityId::parse_text(TEXT).unwrap();
    assert!(sid.is_account());
    assert_eq!(sid.domain(), DomainSid::parse("S-1-5-21-3623811015-3361044348-30300820").ok());
    for text in [
        "S-1-5-32-544",
        "S-1-1-0",
        "S-1-5-21-1-2-3",
        "S-1-5-21-1-2-3-4-5",
        "S-1-5-22-1-2-3-4",
        "S-1-15-21-1-2-3-4",
    ] {
        assert!(!SecurityId::parse_text(text).unwrap().is_account(), "{text}");
    }
    for text in ["S-1-5-21-1-2", "S-1-5-21-1-2-3-4", "S-1-5-32-544-1", "S-1-1-0", "corp"] {
        assert!(DomainSid::parse(text).is_err(), "{text}");
    }
}

#[test]
fn stored_values_are_checked_again() {
    let json = format!("\"{TEXT}\"");
    assert_eq!(serde_json::from_str::<SecurityId>(&json).unwrap().as_str(), TEXT);
    assert!(serde_json::from_str::<SecurityId>("\"S-1\"").is_err());
    assert!(serde_json::from_str::<DomainSid>(&json).is_err());
}
