//! What people type about themselves: user name, telephone number, names, a backup code, and the organisation that they want to go to.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vestibule_broker::http::route::ConsoleRoute;
use vestibule_broker::person::{BackupCodes, Passkey, Phone, Profile, Taken, UserName};
use vestibule_broker::signin::built_in::identifier;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::master_key::MasterKey;
use vestibule_policies::ids::PersonId;
use vestibule_policies::time::Timestamp;

const PERSON: PersonId = PersonId::from_bytes([1; 8]);

static KEYS: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::create(&MasterKey::generate().expect("randomness")).expect("keys").0);
static CODES: LazyLock<BackupCodes> = LazyLock::new(|| {
    BackupCodes::generate(&KEYS, PERSON, Timestamp::from_seconds(1)).expect("randomness").0
});

fuzz_target!(|data: &[u8]| {
    let Some(text) = vestibule_fuzz::text(data) else { return };
    if let Some(name) = UserName::parse(text) {
        assert_eq!(name.as_str(), text);
        assert!(text.len() <= 254 && !text.contains(|c: char| c.is_control() || c.is_whitespace()));
        assert_eq!(UserName::try_from(text.to_owned()).as_ref(), Ok(&name));
    }
    if let Some(phone) = Phone::parse(text) {
        assert!(phone.as_str().is_ascii() && phone.as_str().len() <= 40);
        assert_eq!(Phone::parse(phone.as_str()).as_ref(), Some(&phone));
    }
    for name in [Profile::display_name(text), Passkey::name(text)].into_iter().flatten() {
        assert!(name.trim() == name && !name.is_empty() && !name.contains(char::is_control));
    }
    // Fifty random bits are in no input.
    let (left, taken) = CODES.clone().take(&KEYS, PERSON, text);
    assert!(taken == Taken::Wrong && left == *CODES);
    if let Some(slug) = identifier(text) {
        assert_eq!(identifier(slug.as_str()).as_ref(), Some(&slug));
        assert_eq!(identifier(&format!("https://any.example/go/{slug}")), Some(slug));
    }
    if let Some(route) = ConsoleRoute::of(text) {
        assert_eq!(route.path(), text);
    }
});
