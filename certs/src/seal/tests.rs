//! What a seal refuses: each row differs from a good value in one thing.

use super::*;

fn key(id: u8, byte: u8) -> SealingKey {
    SealingKey::new(KeyId([id; 4]), &[byte; 32]).unwrap()
}

fn sealer() -> Sealer {
    Sealer::new(Purpose::Cookies, key(1, 7), vec![key(2, 8)])
}

fn fault<T>(result: Result<T, SealError>) -> SealError {
    result.err().unwrap()
}

#[test]
fn a_value_survives_and_costs_33_bytes() {
    let sealed = sealer().seal(b"plain", b"host").unwrap();
    assert_eq!(sealed.len(), 5 + OVERHEAD);
    assert_eq!(sealer().seal(b"", b"").unwrap().len(), 33);
    assert_eq!(**sealer().open(&sealed, b"host").unwrap(), *b"plain");
    assert_ne!(sealer().seal(b"plain", b"host").unwrap(), sealed, "a fresh nonce each time");
}

#[test]
fn every_single_bit_counts() {
    let sealed = sealer().seal(b"p", b"host").unwrap();
    for place in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[place / 8] ^= 1 << (place % 8);
        assert!(sealer().open(&altered, b"host").is_err(), "bit {place}");
    }
}

#[test]
fn a_value_elsewhere_is_refused() {
    let sealed = sealer().seal(b"plain", b"host").unwrap();
    let same_key_other_purpose = Sealer::new(Purpose::Rows, key(1, 7), vec![]);
    let same_key_other_id = Sealer::new(Purpose::Cookies, key(3, 7), vec![]);
    let mut renamed = sealed.clone();
    renamed[1..5].copy_from_slice(&[3; 4]);
    assert_eq!(fault(sealer().open(&sealed, b"hosts")), SealError::Refused, "bound");
    assert_eq!(fault(same_key_other_purpose.open(&sealed, b"host")), SealError::Refused, "purpose");
    assert_eq!(fault(same_key_other_id.open(&sealed, b"host")), SealError::UnknownKey, "key id");
    assert_eq!(fault(same_key_other_id.open(&renamed, b"host")), SealError::Refused, "renamed key");
}

#[test]
fn retired_keys_open_but_do_not_seal() {
    let old = Sealer::new(Purpose::Cookies, key(2, 8), vec![]).seal(b"old", b"").unwrap();
    assert_eq!(**sealer().open(&old, b"").unwrap(), *b"old");
    assert_eq!(sealer().seal(b"new", b"").unwrap()[1..5], [1; 4]);
    assert_eq!(sealer().current(), KeyId([1; 4]));
}

#[test]
fn the_header_is_read_before_the_cipher() {
    let sealed = sealer().seal(b"", b"").unwrap();
    let mut version = sealed.clone();
    version[0] = 2;
    assert_eq!(fault(sealer().open(&version, b"")), SealError::UnknownVersion);
    for length in [0, 1, 4, 5, 16, 17, 32] {
        assert_eq!(fault(sealer().open(&sealed[..length], b"")), SealError::TooShort, "{length}");
    }
}

#[test]
fn text_is_canonical_and_bounded() {
    let text = sealer().seal_text(b"plain", b"host").unwrap();
    assert_eq!(**sealer().open_text(&text, b"host").unwrap(), *b"plain");
    let rows = [
        ("padding", format!("{text}=="), SealError::NotText),
        ("newline", format!("{text}\n"), SealError::NotText),
        ("empty", String::new(), SealError::TooShort),
        ("too long", "A".repeat(TEXT_LIMIT + 1), SealError::TooLong),
        ("at the limit", "A".repeat(TEXT_LIMIT), SealError::UnknownVersion),
    ];
    for (name, text, expected) in rows {
        assert_eq!(fault(sealer().open_text(&text, b"host")), expected, "{name}");
    }
    assert_eq!(fault(sealer().seal_text(&[0; TEXT_LIMIT], b"")), SealError::TooLong);
}

#[test]
fn debug_and_hex_show_names_only() {
    assert_eq!(format!("{:?}", sealer()), "Sealer(cookies under 01010101, 1 retired)");
    assert_eq!(KeyId::from_hex("01010101"), Some(KeyId([1; 4])));
    assert_eq!(KeyId::from_hex("0101010"), None);
}
